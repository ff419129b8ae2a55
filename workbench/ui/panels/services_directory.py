"""The directory as a table that can be searched, and the chosen service with what it offers when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.session.views import ComposeOffer, DraftView, ServiceDetail, Tone
from workbench.ui.models.table import Column
from workbench.ui.panels.services_card import ServiceSide
from workbench.ui.panels.services_editor import ServiceEditor
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Combo,
    DataTable,
    EmptyState,
    HeadBar,
    Label,
    SearchField,
    button,
    splitter,
    tool,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.directory import Service
    from workbench.session.call_views import ImportResult
    from workbench.ui.context import PanelContext

NARROW_EM = 70
TINY_EM = 45
WIDE = (2, 4, 5, 6)
"""Columns that a very narrow window leaves out; the card below shows them."""
EVERY, FAVOURITES = "", "favourites"
_TAG, _PLACE = "tag:", "environment:"


def ask_import(parent: QWidget) -> str:
    """The file of services a person chose, or an empty text."""
    title = QCoreApplication.translate("Directory", "Import services")
    kinds = QCoreApplication.translate("Directory", "Services (*.json *.csv);;All files (*)")
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return chosen


def ask_export(parent: QWidget) -> str:
    """Where the services are to be kept, with the ending of what was chosen, or an empty text."""
    title = QCoreApplication.translate("Directory", "Export services")
    chosen, kind = QFileDialog.getSaveFileName(parent, title, "services.csv", "CSV (*.csv);;JSON (*.json)")
    known = chosen.lower().endswith((".csv", ".json"))
    return chosen if known or not chosen else chosen + (".json" if "json" in kind else ".csv")


class DirectoryPage(QWidget):
    """The page; `calls_wanted(str)` tells the service that calls are wanted to."""

    calls_wanted = Signal(str)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._all: tuple[ServiceDetail, ...] = ()
        self._wanted = ""
        self.current: ServiceDetail | None = None
        self._search = SearchField(self.tr("Search services"))
        self._search.setObjectName("service-search")
        self._search.setMinimumWidth(scaled(160))
        self._kind = Combo([(EVERY, self.tr("All"))])
        self._kind.setObjectName("service-filter")
        self._kind.setAccessibleName(self.tr("Which services are shown"))
        self._count = Label("", step="caption", role="text3")
        head = HeadBar(
            self.tr("Services"),
            self._kind,
            self._search,
            tool(self.tr("Import services"), "download", self._on_import, icon_only=True, name="import-services"),
            tool(self.tr("Export services"), "upload", self._on_export, icon_only=True, name="export-services"),
            button(self.tr("Add"), self._on_add, icon="plus", name="add-service"),
            beside=self._count,
        )
        self._table = self._made_table()
        none = EmptyState("search", self.tr("No service fits"), self.tr("Fewer letters find more."))
        self._lists = QStackedWidget()
        self._lists.addWidget(self._table)
        self._lists.addWidget(none)
        left = Area(role="surface")
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(0)
        left_column.addWidget(head)
        left_column.addWidget(self._lists, 1)
        self.side = ServiceSide(context)
        self._editor = ServiceEditor()
        self._sides = QStackedWidget()
        self._sides.addWidget(self.side)
        self._sides.addWidget(self._editor)
        self._split = splitter(left, self._sides)
        self._split.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._table.chosen.connect(self._on_chosen)
        self._search.searched.connect(self._on_searched)
        self._kind.chosen.connect(self._on_searched)
        self.side.changed.connect(self.shown)
        self.side.edit_wanted.connect(self._on_edit)
        self.side.calls_wanted.connect(self.calls_wanted)
        self.side.compose_wanted.connect(self._on_compose)
        self._editor.kept.connect(self._on_kept)
        self._editor.removed.connect(self._on_removed)
        self._editor.given_up.connect(self._on_given_up)

    def _made_table(self) -> DataTable:
        return DataTable(
            (
                Column[ServiceDetail](self.tr("Name"), _name, weight=500),
                Column[ServiceDetail](self.tr("Identifier"), lambda one: one.value, width=104),
                Column[ServiceDetail](self.tr("Organisation"), lambda one: f"{one.organisation} ({one.ods_code})"),
                Column[ServiceDetail](
                    self.tr("Role"),
                    lambda one: "Own" if one.own else "Receiver",
                    width=96,
                    tone=lambda one: "note" if one.own else "",
                ),
                Column[ServiceDetail](self.tr("Tags"), lambda one: ", ".join(one.entry.tags), width=90, role="text2"),
                Column[ServiceDetail](
                    self.tr("Last asked"),
                    lambda one: one.seen.partition(": ")[0],
                    width=112,
                    role="text2",
                ),
                Column[ServiceDetail](
                    self.tr("Use cases"),
                    lambda one: str(len(one.use_cases)) if one.use_cases else "",
                    width=92,
                    right=True,
                ),
            ),
            name=self.tr("Services"),
            object_name="services",
        )

    def shown(self) -> None:
        """Read the directory."""
        self._context.bridge.submit(self._context.session.services(), self._on_services)

    def choose(self, id: str) -> None:
        """Show one service, whatever was searched for."""
        self._wanted = id
        self._sides.setCurrentWidget(self.side)
        self.shown()

    # the list

    def _on_services(self, services: tuple[ServiceDetail, ...] | None, error: BaseException | None) -> None:
        if services is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._all = services
        tags = sorted({tag for one in services for tag in one.entry.tags}, key=str.lower)
        places = sorted({id for one in services for id in one.entry.environments})
        kinds = [(EVERY, self.tr("All")), (FAVOURITES, self.tr("Favourites"))]
        kinds += [(_TAG + tag, self.tr("Tag: {tag}").format(tag=tag)) for tag in tags]
        kinds += [(_PLACE + id, self.tr("In {place}").format(place=id)) for id in places]
        self._kind.show_choices(kinds)
        self._on_searched()

    def _on_searched(self, _: str = "") -> None:
        words, kind = self._search.text().lower().split(), self._kind.value()
        found = [one for one in self._all if _fits(one, kind) and all(word in _haystack(one) for word in words)]
        self._table.show_rows(found)
        self._lists.setCurrentIndex(0 if found else 1)
        self._count.setText(str(len(found)))
        wanted = self._wanted or (self.current.id if self.current is not None else "")
        self._wanted = ""
        place = next((n for n, one in enumerate(found) if one.id == wanted), 0)
        self._table.choose(place)
        if found:
            self._on_chosen(found[place])

    def _on_chosen(self, service: ServiceDetail) -> None:
        self.current = service
        self.side.show_service(service)
        if self._sides.currentWidget() is self._editor and self._editor.id != service.id:
            self._sides.setCurrentWidget(self.side)

    # changing it

    def _on_add(self) -> None:
        self._editor.show_service(None)
        self._sides.setCurrentWidget(self._editor)

    def _on_edit(self) -> None:
        if self.current is not None:
            self._editor.show_service(self.current.entry)
            self._sides.setCurrentWidget(self._editor)

    def _on_kept(self, service: Service) -> None:
        self._context.bridge.submit(self._context.session.directory.save(service), self._on_saved)

    def _on_saved(self, service: Service | None, error: BaseException | None) -> None:
        if service is None:
            self._refused(error)
        else:
            self.choose(service.id)

    def _on_removed(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.directory.remove(id), self._on_gone)

    def _on_gone(self, _: None, error: BaseException | None) -> None:
        if error is not None:
            self._refused(error)
            return
        self.choose("")

    def _refused(self, error: BaseException | None) -> None:
        sentence = getattr(error, "sentence", "")
        if sentence:
            self._editor.show_problem(sentence, getattr(error, "next_step", ""))
        elif error is not None:
            self._context.go.failed(error)

    def _on_given_up(self) -> None:
        self._sides.setCurrentWidget(self.side)

    def _on_import(self) -> None:
        if path := ask_import(self):
            self._context.bridge.submit(self._context.session.directory.import_file(path), self._on_imported)

    def _on_imported(self, result: ImportResult | None, error: BaseException | None) -> None:
        if result is None:
            if error is not None:
                self._context.go.failed(error)
            return
        words = self.tr("{added} added, {changed} changed").format(added=result.added, changed=result.changed)
        if result.problems:
            left = self.tr("{n} rows left out. {first}").format(n=len(result.problems), first=result.problems[0])
            words = f"{words}; {left}"
        self._context.go.toast(Tone.WARNING if result.problems else Tone.OK, words)
        self.shown()

    def _on_export(self) -> None:
        if path := ask_export(self):
            self._context.bridge.submit(self._context.session.directory.export_file(path), self._on_exported)

    def _on_exported(self, count: int | None, error: BaseException | None) -> None:
        if count is not None:
            self._context.go.toast(Tone.OK, self.tr("{n} services written").format(n=count))
        elif error is not None:
            self._context.go.failed(error)

    # on to other places

    def _on_compose(self) -> None:
        self._context.bridge.submit(self._context.session.offer(), self._on_offer)

    def _on_offer(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        service = self.current
        if offer is None or service is None:
            if error is not None:
                self._context.go.failed(error)
            return
        fitting = (one.id for one in offer.messages if not service.use_cases or one.group in service.use_cases)
        message = next(fitting, offer.messages[0].id)
        draft = self._context.session.new_draft(message, service.id, offer.patients[0].id)
        self._context.bridge.submit(draft, self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is not None:
            self._context.go.open_draft(draft)
        elif error is not None:
            self._context.go.failed(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ems = self.width() / em()
        narrow = ems < NARROW_EM
        self._table.hide_columns(WIDE if ems < TINY_EM else (2, 4) if ems < NARROW_EM + 25 else ())
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        if narrow:
            self._split.setSizes([self.height() - scaled(280), scaled(280)])
        else:
            self._split.setSizes([max(1, self.width() - scaled(400)), scaled(400)])


def _name(one: ServiceDetail) -> str:
    return f"{one.name} ★" if one.entry.favourite else one.name


def _fits(one: ServiceDetail, kind: str) -> bool:
    if kind == FAVOURITES:
        return one.entry.favourite
    if kind.startswith(_TAG):
        return kind.removeprefix(_TAG) in one.entry.tags
    return kind == EVERY or kind.removeprefix(_PLACE) in one.entry.environments


def _haystack(service: ServiceDetail) -> str:
    parts = (
        service.name,
        service.value,
        service.organisation,
        service.ods_code,
        service.notes,
        *service.use_cases,
        *service.entry.use_cases,
        *service.entry.tags,
    )
    return " ".join(parts).lower()
