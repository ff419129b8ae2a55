"""What a receiver holds, as a pane: a table of everything of a kind, and the chosen thing as JSON text to change.

Turns gestures into questions to the session; what may be held is decided there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QModelIndex, QTimer
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.errors import InputError, WorkbenchError
from workbench.session.holding_views import HeldPage, HeldRow
from workbench.session.views import Tone
from workbench.ui.models.table import Column
from workbench.ui.panels.masked_bar import MaskedBar
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Chip,
    Combo,
    DataTable,
    EmptyState,
    Field,
    Label,
    button,
    column,
    holder,
    line,
    row,
    splitter,
    tool,
)
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.session.masking import Shown
    from workbench.ui.context import PanelContext

NARROW_EM = 60
WIDE_EM = 85
"""Below, the list has no room for whom a thing was brought by, nor for its id; below the former the editor comes with a
row that is chosen."""
NEW = ""
LINKED = "linked"
"""The kind of row that says where an organisation stands in the table of linked bookings."""
LATER_MS = 1000
"""Between two readings: a busy receiver changes all the time."""
_TONES = {
    "free": "ok",
    "booked": "waiting",
    "active": "ok",
    "in-progress": "waiting",
    "planned": "waiting",
    "referred": "waiting",
    "busy": "neutral",
}


def ask_save(parent: QWidget) -> str:
    """Where a snapshot is to be kept, or an empty text."""
    title = QCoreApplication.translate("HeldState", "Save what it holds")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, "receiver-state.json", "JSON (*.json)")
    return chosen if not chosen or chosen.lower().endswith(".json") else f"{chosen}.json"


def ask_load(parent: QWidget) -> str:
    """The snapshot a person chose, or an empty text."""
    title = QCoreApplication.translate("HeldState", "Load a saved state")
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", "JSON (*.json);;All files (*)")
    return chosen


class StatePane(QWidget):
    """The state behind one tab, `own` or `sandbox`."""

    def __init__(self, context: PanelContext, page: str) -> None:
        super().__init__()
        self._context = context
        self._page = page
        self._held: HeldPage | None = None
        self._row: HeldRow | None = None
        self._adding = False
        self._stale = False
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self._on_later)
        self._kinds = Combo(
            (
                ("slot", self.tr("Slots")),
                ("appointment", self.tr("Bookings")),
                ("referral", self.tr("Referrals")),
                ("encounter", self.tr("Encounters")),
                ("received", self.tr("Messages taken")),
                (LINKED, self.tr("Linked bookings")),
            )
        )
        self._kinds.setObjectName("held-kind")
        self._kinds.setAccessibleName(self.tr("Kind of thing"))
        self._organisations = Combo((("", self.tr("Every organisation")),))
        self._organisations.setObjectName("held-organisation")
        self._organisations.setAccessibleName(self.tr("End-user organisation"))
        self._count = Label("", step="caption", role="text3")
        self._table = self._make_table()
        self._nothing = EmptyState("box", self.tr("Nothing of this kind"), self.tr("A message brings it, or add one."))
        self._lists = QStackedWidget()
        self._lists.addWidget(self._table)
        self._lists.addWidget(self._nothing)
        self._ems = float(WIDE_EM)
        self._side = self._make_editor()
        self._split = splitter(self._make_list(), self._side)
        self._split.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_bar())
        layout.addWidget(self._make_sure())
        layout.addWidget(self._split, 1)
        self._kinds.chosen.connect(self._on_filter)
        self._organisations.chosen.connect(self._on_filter)
        self._table.chosen.connect(self._on_row)
        self._show_editor()

    def _make_table(self) -> DataTable:
        return DataTable(
            (
                Column[HeldRow](self.tr("When"), lambda one: _short(one.when), width=150, mono=True, role="text2"),
                Column[HeldRow](
                    self.tr("Status"),
                    lambda one: one.status,
                    width=160,
                    tone=lambda one: _TONES.get(one.status, "neutral"),
                ),
                Column[HeldRow](self.tr("About"), lambda one: one.about, width=110),
                Column[HeldRow](self.tr("Service"), lambda one: one.service, role="text2"),
                Column[HeldRow](self.tr("Brought by"), lambda one: one.organisation, width=104, role="text2"),
                Column[HeldRow](self.tr("Id"), lambda one: one.id, width=120, mono=True, role="text3"),
            ),
            name=self.tr("What it holds"),
            object_name="held",
        )

    def _make_list(self) -> QWidget:
        area = Area(role="surface")
        area.setLayout(column(self._lists, margins=(0, 0, 0, 0), spacing=0))
        return area

    def _make_bar(self) -> Area:
        self._add = button(self.tr("Add"), self._on_add, icon="plus", name="held-add")
        self._save_all = button(self.tr("Save to a file"), self._on_save_all, icon="download", name="held-save")
        self._load_all = button(self.tr("Load a file"), self._on_load_all, icon="upload", name="held-load")
        self._forget = button(self.tr("Reset"), self._on_forget, icon="trash", kind="ghost", name="held-reset")
        return Area(
            row(
                self._kinds,
                self._organisations,
                (self._count, 1),
                self._add,
                self._save_all,
                self._load_all,
                self._forget,
                margins=(16, 8, 16, 8),
                spacing=8,
            ),
            role="canvas",
            edges="b",
        )

    def _make_sure(self) -> QWidget:
        self._sure_words = Label("", wrap=True)
        self._sure = Area(
            row(
                (self._sure_words, 1),
                button(self.tr("Forget it"), self._on_sure, kind="danger", name="held-reset-sure"),
                button(self.tr("Keep it"), self._on_keep, name="held-reset-keep"),
                margins=(16, 8, 16, 8),
                spacing=8,
            ),
            role="canvas",
            edges="b",
        )
        self._sure.hide()
        return self._sure

    def _make_editor(self) -> QWidget:
        self._title = Label("", weight=600, elide=True)
        self._chip = Chip()
        self._copy_id = tool(self.tr("Close"), "close", self._on_close, icon_only=True, name="held-close")
        self._holder = Combo()
        self._holder.setObjectName("held-holder")
        self._holder_field = Field(self.tr("Held by"), self._holder)
        self._brought = line(name="held-brought", placeholder=self.tr("ODS code"))
        self._brought_field = Field(self.tr("Brought by"), self._brought)
        self._masked = MaskedBar(self._context, "held")
        self._masked.unmask_wanted.connect(self._on_unmask)
        self._text = CodeEditor()
        self._text.setObjectName("held-text")
        self._text.setAccessibleName(self.tr("The resource as JSON"))
        self._problem = Banner("error", "")
        self._problem.hide()
        self._keep = button(self.tr("Save"), self._on_keep_text, kind="primary", name="held-keep")
        self._remove = button(self.tr("Remove"), self._on_remove, icon="trash", name="held-remove")
        self._editor = QStackedWidget()
        work = QWidget()
        work.setLayout(
            column(
                row((self._title, 1), self._chip, self._copy_id, spacing=8),
                row((self._holder_field, 1), (self._brought_field, 1), spacing=12),
                row(self._masked, None),
                (self._text, 1),
                self._problem,
                row(self._keep, self._remove, None, spacing=8),
                margins=(16, 12, 16, 12),
                spacing=10,
            )
        )
        self._editor.addWidget(
            EmptyState("edit", self.tr("Nothing chosen"), self.tr("Choose a row to read or change it."))
        )
        self._editor.addWidget(work)
        self._text.edited.connect(self._on_typed)
        return holder(column(self._editor, margins=(0, 0, 0, 0)))

    # what the panel asks of it

    def refresh(self) -> None:
        """Read anew what is held, at most once a second; a text that is being changed stays as it is.

        It goes once people are masked, or no longer: then it is read anew too.
        """
        if self._masked.switched() and self._row is not None:
            self._text.show_text("", xml=False)
            self._ask_text(self._row)
        if self._later.isActive():
            self._stale = True
        else:
            self._ask()

    def _on_later(self) -> None:
        if self._stale:
            self._ask()

    def _ask(self) -> None:
        self._stale = False
        self._later.start()
        self._context.bridge.submit(self._context.session.held.page(self._page), self._on_page)

    def _on_page(self, page: HeldPage | None, error: BaseException | None) -> None:
        if page is None:
            self._fail(error)
            return
        self._held = page
        every = ("", self.tr("Every organisation"))
        self._organisations.show_choices((every, *((code, code) for code in page.organisations)))
        self._holder.show_choices(page.holders)
        self._show_rows()

    # the list

    def _chosen_rows(self) -> list[HeldRow]:
        if self._held is None:
            return []
        kind, organisation = self._kinds.value(), self._organisations.value()
        return [
            one
            for one in self._held.rows
            if one.kind == kind and (not organisation or one.organisation == organisation)
        ]

    def _show_rows(self) -> None:
        rows = self._chosen_rows()
        self._table.show_rows(rows)
        self._lists.setCurrentIndex(0 if rows else 1)
        self._add.setEnabled(self._kinds.value() != "received")
        hidden = self._held is not None and self._held.total > len(self._held.rows)
        words = self.tr("{count} shown").format(count=len(rows))
        self._count.setText(words if not hidden else self.tr("{words}, the rest is left out").format(words=words))
        if self._row is not None:
            place = next((n for n, one in enumerate(rows) if one.id == self._row.id), -1)
            if place >= 0:
                self._table.choose(place)

    def _on_filter(self, _: str) -> None:
        self._on_keep()
        self._on_close()
        self._show_rows()

    def _on_row(self, chosen: HeldRow) -> None:
        if self._row is not None and self._row.id == chosen.id and not self._adding:
            self._row = chosen
            return
        self._row, self._adding = chosen, False
        self._ask_text(chosen)

    def _ask_text(self, chosen: HeldRow, *, unmasked: bool = False) -> None:
        asked = self._context.session.held.shown(chosen.holder, chosen.kind, chosen.id, unmasked=unmasked)
        self._context.bridge.submit(asked, partial(self._on_shown, chosen.id))

    def _on_unmask(self) -> None:
        if self._row is not None:
            self._ask_text(self._row, unmasked=True)

    # one thing

    def _on_add(self) -> None:
        self._row, self._adding = None, True
        holder_ = self._holder.value() or (self._held.holders[0][0] if self._held is not None else "")
        asked = self._context.session.held.blank(holder_, self._kinds.value())
        self._context.bridge.submit(asked, self._on_text)

    def _on_shown(self, id: str, shown: Shown | None, error: BaseException | None) -> None:
        if shown is None:
            self._fail(error)
        elif self._row is not None and self._row.id == id:  # else another one was chosen meanwhile
            self._masked.show_state(shown.masked)
            self._on_text(shown.text, None)

    def _on_text(self, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
            return
        self._text.show_text(text, xml=False)
        self._show_editor()

    def _show_editor(self) -> None:
        chosen = self._row
        open_ = chosen is not None or self._adding
        self._editor.setCurrentIndex(1 if open_ else 0)
        self._fit()
        if not open_:
            self._text.show_text("", xml=False)
        self._problem.hide()
        words = self._kinds.currentText()
        self._title.setText(self.tr("New: {kind}").format(kind=words) if chosen is None else chosen.id)
        self._chip.setVisible(chosen is not None)
        if chosen is not None:
            self._chip.show_status(chosen.status or self.tr("no status"), _TONES.get(chosen.status, "neutral"))
            self._holder.choose(chosen.holder)
        self._brought.setText(chosen.organisation if chosen is not None else self._organisations.value())
        several = self._held is not None and len(self._held.holders) > 1
        linked = self._kinds.value() == LINKED
        self._holder_field.setVisible(several and not linked)
        self._brought_field.setVisible(not linked)
        self._holder.setEnabled(chosen is None)
        if chosen is None:
            self._masked.show_state(False)
            self._masked.hide()
        editable = chosen is None or (chosen.editable and not self._masked.masked)
        self._text.setReadOnly(not editable)
        self._brought.setReadOnly(not editable)
        self._keep.setVisible(editable)
        self._remove.setVisible(chosen is not None)
        self._remove.setEnabled(chosen is not None and chosen.removable)
        reason = (
            "" if chosen is None or chosen.removable else self.tr("A slot of the diary is always there: make it busy.")
        )
        self._remove.setToolTip(reason)
        self._on_typed()

    def _on_typed(self) -> None:
        self._problem.hide()
        self._keep.setEnabled(self._adding or self._row is not None)

    def _on_keep_text(self) -> None:
        id, holder_ = (NEW, self._holder.value()) if self._row is None else (self._row.id, self._row.holder)
        work = self._context.session.held.keep(
            holder_, self._kinds.value(), id, self._text.toPlainText(), self._brought.text()
        )
        self._context.bridge.submit(work, self._on_kept)

    def _on_kept(self, id: str | None, error: BaseException | None) -> None:
        if id is None:
            self._show_problem(error)
            return
        self._on_close()
        self._ask()

    def _on_remove(self) -> None:
        if self._row is not None:
            work = self._context.session.held.remove(self._row.holder, self._row.kind, self._row.id)
            self._context.bridge.submit(work, self._on_removed)

    def _on_removed(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._show_problem(error)
            return
        self._on_close()
        self._ask()

    def _on_close(self) -> None:
        self._row, self._adding = None, False
        self._table.setCurrentIndex(QModelIndex())
        self._show_editor()

    def _show_problem(self, error: BaseException | None) -> None:
        if isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
            self._problem.show()
            if isinstance(error, InputError) and error.place is not None:
                self._text.go_to(error.place.line, error.place.column or 1)
        else:
            self._fail(error)

    # everything

    def _on_forget(self) -> None:
        organisation = self._organisations.value()
        self._sure_words.setText(
            self.tr("Forget everything that {organisation} brought?").format(organisation=organisation)
            if organisation
            else self.tr("Forget everything that is held? Slots of the diary stay.")
        )
        self._sure.show()

    def _on_keep(self) -> None:
        self._sure.hide()

    def _on_sure(self) -> None:
        self._sure.hide()
        work = self._context.session.held.reset(self._page, self._organisations.value())
        self._context.bridge.submit(work, self._on_reset)

    def _on_reset(self, count: int | None, error: BaseException | None) -> None:
        if count is None:
            self._fail(error)
            return
        self._context.go.toast(Tone.OK, self.tr("{count} things are forgotten.").format(count=count))
        self._on_close()
        self._ask()

    def _on_save_all(self) -> None:
        path = ask_save(self) if self._masked.confirmed() else ""
        if path:
            self._context.bridge.submit(self._context.session.held.save(self._page, path), self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._context.go.toast(Tone.OK, self.tr("Saved. The file holds what patients said: treat it so."))

    def _on_load_all(self) -> None:
        path = ask_load(self)
        if path:
            self._context.bridge.submit(self._context.session.held.load(self._page, path), self._on_loaded)

    def _on_loaded(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
            return
        self._context.go.toast(Tone.OK, self.tr("The saved state is held now."))
        self._on_close()
        self._ask()

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ems = self.width() / em()
        narrow = ems < NARROW_EM
        self._ems = ems
        self._fit()
        for one, words in ((self._save_all, self.tr("Save to a file")), (self._load_all, self.tr("Load a file"))):
            one.setText("" if narrow else words)
            one.setAccessibleName(words)
            one.setToolTip(words)
        side = scaled(460)
        self._split.setSizes([max(scaled(200), self.width() - side), min(side, self.width() // 2)])

    def _fit(self) -> None:
        """In a narrow pane the list has all the room until a row is chosen."""
        narrow, open_ = self._ems < NARROW_EM, self._editor.currentIndex() == 1
        beside = (2, 3, 4, 5) if narrow and open_ else (4, 5) if self._ems < WIDE_EM else ()
        self._table.hide_columns(beside)
        self._side.setVisible(open_ or not narrow)


def _short(when: str) -> str:
    """A FHIR instant to the minute, as it is written."""
    return when[:16].replace("T", " ")
