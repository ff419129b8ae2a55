"""The left column of the Keys panel: the keys and the identities, one list of them shown at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from workbench.session.key_views import KeyView
from workbench.session.views import IdentityDetail
from workbench.ui.models.table import Column, TableModel
from workbench.ui.panels.keys_rows import height, paint_identity, paint_key, spoken_identity, spoken_key
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, RowDelegate, Segments, list_view, row, tool

if TYPE_CHECKING:
    from workbench.session.key_views import KeysPage


class KeyLists(Area):
    """Both lists; what is chosen comes as the value itself, `kind_chosen` with 0 for the keys and 1 for people."""

    key_chosen = Signal(object)
    person_chosen = Signal(object)
    kind_chosen = Signal(int)
    add_asked = Signal()

    def __init__(self) -> None:
        super().__init__(role="surface")
        self._kid = ""
        self._person = ""
        self.kinds = Segments([(self.tr("Keys"), "keys"), (self.tr("Identities"), "id")])
        self._keys: TableModel[KeyView] = TableModel((Column[KeyView]("", spoken_key),))
        self._people: TableModel[IdentityDetail] = TableModel((Column[IdentityDetail]("", spoken_identity),))
        self._key_list = list_view(
            self._keys, RowDelegate(None, height, paint_key), name=self.tr("Keys"), object_name="keys"
        )
        self._people_list = list_view(
            self._people,
            RowDelegate(None, height, paint_identity),
            name=self.tr("Identities"),
            object_name="identities",
        )
        self._lists = QStackedWidget()
        self._lists.addWidget(self._key_list)
        self._lists.addWidget(self._people_list)
        add = tool(self.tr("Add a key"), "plus", self._on_add, icon_only=True, name="add-key")
        head = Area(row(self.kinds, None, add, margins=(12, 6, 12, 6)), role="surface", edges="b")
        head.setMinimumHeight(scaled(46))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._lists, 1)
        self.kinds.chosen.connect(self._on_kind)
        self._key_list.selectionModel().currentChanged.connect(self._on_key)
        self._people_list.selectionModel().currentChanged.connect(self._on_person)

    def show_page(self, page: KeysPage, kid: str = "") -> None:
        """Show keys and identities; what was chosen stays so, unless `kid` says which key is to be."""
        self._keys.show(page.keys)
        self._people.show(page.identities)
        kids, people = [key.kid for key in page.keys], [one.id for one in page.identities]
        acting = next((one.id for one in page.identities if one.current), "")
        self._choose(kids, next((one for one in (kid, self._kid) if one in kids), ""))
        place = self._person if self._person in people else acting
        if place in people:
            number = people.index(place)
            self._people_list.setCurrentIndex(self._people.index(number, 0))
            self._on_person(self._people.index(number, 0), QModelIndex())

    def _choose(self, kids: list[str], kid: str) -> None:
        """Make a key the chosen one, the first where none is named, and tell it with what is new about it."""
        if kids:
            index = self._keys.index(kids.index(kid) if kid else 0, 0)
            self._key_list.setCurrentIndex(index)
            self._on_key(index, QModelIndex())

    def _on_kind(self, place: int) -> None:
        self._lists.setCurrentIndex(place)
        self.kind_chosen.emit(place)

    def _on_key(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            key = self._keys.at(current.row())
            self._kid = key.kid
            self.key_chosen.emit(key)

    def _on_person(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            person = self._people.at(current.row())
            self._person = person.id
            self.person_chosen.emit(person)

    def _on_add(self) -> None:
        self.add_asked.emit()
