"""Settings: one page of sections; every value says where it comes from, and what overrides it makes it read-only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.table import VALUE_ROLE, Column, TableModel
from workbench.ui.panels.settings_environments import EnvironmentsSection
from workbench.ui.panels.settings_history import HistorySection
from workbench.ui.panels.settings_packages import PackagesSection
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Card,
    Combo,
    Field,
    HeadBar,
    Label,
    PageColumn,
    RowDelegate,
    RowPaint,
    button,
    check,
    clear,
    column,
    facts_grid,
    holder,
    line,
    list_view,
    row,
    scroll_area,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from workbench.session.events import SessionEvent
    from workbench.session.views import SettingsPage, SettingView
    from workbench.ui.widgets.rows import Index

NARROW_EM = 62
SETTLING_MS = 1000
"""For so long a section that was asked for stays in view while the page gets its heights."""


def open_folder(path: str) -> None:
    """Show a folder in the system's own way."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class Setting(QWidget):
    """One setting: its control, and what became of a change. `changed(str, str)` carries name and value."""

    changed = Signal(str, str)

    def __init__(self, view: SettingView) -> None:
        super().__init__()
        self.view = view
        hint = view.help
        if view.read_only and view.origin not in ("default", "workspace", "app"):
            hint = self.tr("{help} Decided by {origin} for this run.").format(help=view.help, origin=view.origin)
        self._control, self._read, self._write = self._make(view)
        self._control.setEnabled(not view.read_only)
        self._control.setObjectName(f"setting-{view.name}")
        self._field = Field(view.label, self._control, hint=hint)
        self._field.setMaximumWidth(scaled(420))
        self.setLayout(row((self._field, 100), None))  # a row heeds the widest width when it works out heights

    def show_value(self, view: SettingView) -> None:
        """Show the value it has now; the control keeps the focus."""
        self.view = view
        self.show_problem("")
        if self._read() != view.value:
            self._control.blockSignals(True)
            self._write(view.value)
            self._control.blockSignals(False)

    def show_problem(self, text: str) -> None:
        """Say why a value was not taken; an empty text takes that back."""
        self._field.show_finding("error" if text else "", text)

    def _make(self, view: SettingView) -> tuple[QWidget, Callable[[], str], Callable[[str], None]]:
        """The control, what it holds, and the way to change that."""
        if view.kind == "boolean":
            box = check(self.tr("On"), view.value == "true")
            box.toggled.connect(self._tell)
            return (
                box,
                lambda: "true" if box.isChecked() else "false",
                lambda value: box.setChecked(value == "true"),
            )
        if view.kind == "choice":
            combo = Combo(view.choices, view.value)
            combo.chosen.connect(self._tell)
            return combo, combo.value, combo.choose
        edit = line(view.value)
        edit.editingFinished.connect(self._tell)
        return edit, edit.text, edit.setText

    def _tell(self, *_: object) -> None:
        value = self._read()
        if value != self.view.value:
            self.changed.emit(self.view.name, value)


class SettingsPanel(QWidget):
    """The panel; a list of sections at the left where there is room."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._sections: dict[str, QWidget] = {}
        self._settings: dict[str, Setting] = {}
        self._packages: PackagesSection | None = None
        self._environments: EnvironmentsSection | None = None
        self._history: HistorySection | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._settling.timeout.connect(self._forget_wanted)
        self._wanted = ""
        """A section that is to stay in view until the page has its heights: what is in it is read bit by bit."""
        self._filling = False
        self._changing = ""
        self._folder = ""
        self._shape: object = None
        """The page without its values: while it stays the same, controls stay where they are, with the focus."""
        self._titles: TableModel[str] = TableModel((Column[str]("", str),))
        self._names = list_view(
            self._titles,
            RowDelegate(None, _height, _paint_title),
            name=self.tr("Sections"),
            object_name="setting-sections",
        )
        self._names.setFixedWidth(scaled(190))
        self._names.selectionModel().currentChanged.connect(self._on_title)
        self._inner = QWidget()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(scaled(16), scaled(16), scaled(16), scaled(16))
        self._column.setSpacing(scaled(12))
        outer = QVBoxLayout(self._inner)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(PageColumn(self._column))
        self._scroll = scroll_area(self._inner, role="canvas")
        self._scroll.verticalScrollBar().rangeChanged.connect(self._show_wanted)
        self._scroll.verticalScrollBar().actionTriggered.connect(self._forget_wanted)
        self._left = Area(role="surface", edges="r")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, scaled(8), 1, 0)
        left.addWidget(self._names)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(HeadBar(self.tr("Settings")))
        layout.addLayout(row(self._left, (self._scroll, 1), spacing=0), 1)

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page."""
        self._context.bridge.submit(self._context.session.settings_page(), self._on_page)

    def on_event(self, event: SessionEvent) -> None:
        """Settings change only here and in the menus; a test of a connection goes on."""
        if self._environments is not None:
            self._environments.on_event(event)

    def show_section(self, name: str) -> None:
        """Bring a section into view."""
        self._wanted = name
        self._settling.start()
        self._show_wanted()

    # the page

    def _on_page(self, page: SettingsPage | None, error: BaseException | None) -> None:
        if page is None:
            if error is not None:
                self._context.go.failed(error)
            return
        shape = (tuple(replace(view, value="", origin="") for view in page.settings), replace(page, settings=()))
        if shape == self._shape:
            for view in page.settings:
                self._settings[view.name].show_value(view)
            if self._packages is not None and self._environments is not None and self._history is not None:
                self._history.load()
                self._packages.load()
                self._environments.load()
            return
        self._shape = shape
        kept = self._scroll.verticalScrollBar().value()
        clear(self._column)
        self._sections, self._settings = {}, {}
        for section in dict.fromkeys(view.section for view in page.settings):
            views = [view for view in page.settings if view.section == section]
            items: list[QWidget] = [holder(row((self._setting(view), 1), None)) for view in views]
            if section == "History":
                self._history = HistorySection(self._context)
                self._history.load()
                items.insert(0, self._history)
            self._add(section, items)
        self._packages = PackagesSection(self._context)
        self._packages.load()
        self._add(self.tr("Validation packages"), [self._packages])
        self._environments = EnvironmentsSection(self._context)
        self._environments.load()
        self._add(self.tr("Environments"), [self._environments])
        self._add(self.tr("Workspace"), [self._workspace(page)])
        rows = [(one.label, one.value) for one in page.about]
        self._add("About", [holder(facts_grid(rows, label_width=150))])
        self._column.addStretch(1)
        self._filling = True  # the list chooses its first row by itself, which nobody asked for
        self._titles.show(list(self._sections))
        self._filling = False
        self._scroll.verticalScrollBar().setValue(kept)
        if self._wanted:
            self._settling.start()

    def _show_wanted(self, *_: object) -> None:
        """Go to where somebody asked for; called again with each new height of the page for a while."""
        section = self._sections.get(self._wanted)
        if section is not None:
            self._scroll.verticalScrollBar().setValue(section.y())

    def _forget_wanted(self, *_: object) -> None:
        """Leave the page where it is from now on."""
        self._wanted = ""

    def _on_title(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._filling:
            self.show_section(self._titles.at(current.row()))

    def _add(self, title: str, items: list[QWidget]) -> None:
        card = Card(column(Label(title, step="lead", weight=600), *items, margins=(18, 14, 18, 16), spacing=12))
        self._sections[title] = card
        self._column.addWidget(card)

    def _setting(self, view: SettingView) -> Setting:
        made = Setting(view)
        made.changed.connect(self._on_changed)
        self._settings[view.name] = made
        return made

    def _workspace(self, page: SettingsPage) -> QWidget:
        self._folder = dict(page.workspace).get("Folder", "")
        show = button(self.tr("Open the folder"), self._on_folder, icon="folder", name="open-folder")
        return holder(column(facts_grid(page.workspace, label_width=110), row(show, None), spacing=10))

    def _on_folder(self) -> None:
        open_folder(self._folder)

    def _on_changed(self, name: str, value: str) -> None:
        self._changing = name
        self._context.bridge.submit(self._context.session.change_setting(name, value), self._on_kept)
        self._context.go.apply_setting(name, value)

    def _on_kept(self, page: SettingsPage | None, error: BaseException | None) -> None:
        setting = self._settings.get(self._changing)
        if page is not None:
            self._on_page(page, None)
        elif isinstance(error, WorkbenchError) and setting is not None:
            setting.show_problem(f"{error.sentence} {error.next_step}")
        elif error is not None:
            self._context.go.failed(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setVisible(self.width() / em() >= NARROW_EM)


def _height(_: Index) -> int:
    return round(em()) + scaled(16)


def _paint_title(paint: RowPaint, index: Index) -> None:
    place = paint.box.adjusted(scaled(18), 0, -scaled(8), 0)
    paint.text(place, index.data(VALUE_ROLE), weight=600 if paint.chosen else 400)


PANEL = PanelSpec(PanelId.SETTINGS, "Settings", "settings", SettingsPanel)
