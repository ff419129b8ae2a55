"""Keys and identity: the signing keys and how they are kept, the last token request, and who one can act as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.session.events import SessionEvent, StatusChanged
from workbench.session.views import IdentityDetail, KeysPage, KeyView, Status
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.table import VALUE_ROLE, Column, TableModel
from workbench.ui.panels.keys_cards import IdentityCard, KeyCard, NewKeyCard, TokenCard, VaultCard
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    HeadBar,
    RowDelegate,
    RowPaint,
    Segments,
    clear,
    column,
    list_view,
    row,
    scroll_area,
    splitter,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.ui.widgets.rows import Index

NARROW_EM = 75
TINY_EM = 50
AFTER_VAULT = 2
"""Where the chosen key or identity stands in the middle column of a narrow window."""


class KeysPanel(QWidget):
    """Lists at the left, what can be done in the middle, the chosen one at the right."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page: KeysPage | None = None
        self._kid = ""
        self._identity = ""
        self._kinds = Segments([(self.tr("Keys"), "keys"), (self.tr("Identities"), "id")])
        self._keys: TableModel[KeyView] = TableModel((Column[KeyView]("", _spoken_key),))
        self._people: TableModel[IdentityDetail] = TableModel((Column[IdentityDetail]("", _spoken_identity),))
        self._key_list = list_view(
            self._keys, RowDelegate(None, _height, _paint_key), name=self.tr("Keys"), object_name="keys"
        )
        self._people_list = list_view(
            self._people,
            RowDelegate(None, _height, _paint_identity),
            name=self.tr("Identities"),
            object_name="identities",
        )
        self._lists = QStackedWidget()
        self._lists.addWidget(self._key_list)
        self._lists.addWidget(self._people_list)
        left = Area(role="surface")
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(0)
        head = Area(row(self._kinds, None, margins=(12, 6, 12, 6)), role="surface", edges="b")
        head.setMinimumHeight(scaled(46))
        left_column.addWidget(head)
        left_column.addWidget(self._lists, 1)
        self._vault = VaultCard()
        self._new = NewKeyCard()
        self._token = TokenCard(context.actions)
        self._problem = QWidget()
        self._problem_row = QVBoxLayout(self._problem)
        self._problem_row.setContentsMargins(0, 0, 0, 0)
        self._problem.hide()
        inner = QWidget()
        self._column = column(
            self._problem, self._vault, self._new, self._token, None, margins=(16, 16, 16, 16), spacing=12
        )
        inner.setLayout(self._column)
        middle = Area(role="canvas")
        middle_column = QVBoxLayout(middle)
        middle_column.setContentsMargins(0, 0, 0, 0)
        middle_column.setSpacing(0)
        middle_column.addWidget(HeadBar(self.tr("Keys and identity")))
        middle_column.addWidget(scroll_area(inner, role="canvas"), 1)
        self._key_card = KeyCard()
        self._identity_card = IdentityCard()
        self._chosen = QWidget()
        self._chosen.setLayout(column(self._key_card, self._identity_card))
        self._identity_card.hide()
        holder = QWidget()
        self._side_column = column(self._chosen, None, margins=(12, 16, 16, 16))
        holder.setLayout(self._side_column)
        self._side = scroll_area(holder, role="canvas")
        self._inner_split = splitter(middle, self._side)
        self._inner_split.setStretchFactor(0, 1)
        self._split = splitter(left, self._inner_split)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._kinds.chosen.connect(self._on_kind)
        self._key_list.selectionModel().currentChanged.connect(self._on_key)
        self._people_list.selectionModel().currentChanged.connect(self._on_person)
        self._vault.unlock_asked.connect(self._unlock)
        self._vault.passphrase_chosen.connect(self._set_passphrase)
        self._new.asked.connect(self._create)
        self._key_card.copy_asked.connect(self._copy_public)
        self._key_card.save_asked.connect(self._save_public)
        self._identity_card.asked.connect(self._act_as)
        self._target = ""

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page."""
        self._context.bridge.submit(self._context.session.keys_page(), self._on_page)

    def on_event(self, event: SessionEvent) -> None:
        """A token came, or somebody else is acted as."""
        if isinstance(event, StatusChanged) and self.isVisible():
            self.shown()

    # the page

    def _on_page(self, page: KeysPage | None, error: BaseException | None) -> None:
        self._new.busy(False)
        if page is None:
            self._fail(error)
            return
        self._page = page
        self._show_problem("", "")
        self._keys.show(page.keys)
        self._people.show(page.identities)
        self._vault.show_vault(page.vault)
        status = self._context.status()
        if status is not None:
            self._new.show_environments(status.environments, possible=page.vault.state == "open")
        self._token.show_assertion(page.assertion)
        self._choose_key(self._kid or (page.keys[0].kid if page.keys else ""))
        self._choose_person(self._identity or next((one.id for one in page.identities if one.current), ""))

    def _choose_key(self, kid: str) -> None:
        for number in range(self._keys.rowCount()):
            if self._keys.at(number).kid == kid:
                self._key_list.setCurrentIndex(self._keys.index(number, 0))
                self._key_card.show_key(self._keys.at(number))
                self._kid = kid

    def _choose_person(self, id: str) -> None:
        for number in range(self._people.rowCount()):
            if self._people.at(number).id == id:
                self._people_list.setCurrentIndex(self._people.index(number, 0))
                self._identity_card.show_identity(self._people.at(number))
                self._identity = id

    def _on_kind(self, place: int) -> None:
        self._lists.setCurrentIndex(place)
        self._key_card.setVisible(place == 0)
        self._identity_card.setVisible(place == 1)

    def _on_key(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._kid = self._keys.at(current.row()).kid
            self._key_card.show_key(self._keys.at(current.row()))

    def _on_person(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._identity = self._people.at(current.row()).id
            self._identity_card.show_identity(self._people.at(current.row()))

    # deeds

    def _create(self, environment: str) -> None:
        self._new.busy(True)
        self._context.bridge.submit(self._context.session.create_key(environment), self._on_page)

    def _unlock(self, passphrase: str) -> None:
        self._context.bridge.submit(self._context.session.unlock_vault(passphrase), self._on_page)

    def _set_passphrase(self, passphrase: str) -> None:
        self._context.bridge.submit(self._context.session.set_passphrase(passphrase), self._on_page)

    def _copy_public(self, kid: str) -> None:
        self._context.bridge.submit(self._context.session.public_keys(kid), self._on_public)

    def _on_public(self, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
        else:
            QGuiApplication.clipboard().setText(text)

    def _save_public(self, kid: str, path: str) -> None:
        self._target = path
        self._context.bridge.submit(self._context.session.save_public_keys(kid, path), self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)

    def _act_as(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.choose_identity(id), self._on_identity)

    def _on_identity(self, status: Status | None, error: BaseException | None) -> None:
        if status is None:
            self._fail(error)
        else:
            self.shown()

    def _fail(self, error: BaseException | None) -> None:
        if isinstance(error, WorkbenchError):
            self._show_problem(error.sentence, error.next_step)
        elif error is not None:
            self._context.go.failed(error)

    def _show_problem(self, sentence: str, next_step: str) -> None:
        clear(self._problem_row)
        self._problem.setVisible(bool(sentence))
        if sentence:
            self._problem_row.addWidget(Banner("error", sentence, next_step))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three columns where there is room; then the chosen one joins the middle; then the lists stand on top."""
        super().resizeEvent(event)
        ems = self.width() / em()
        narrow, tiny = ems < NARROW_EM, ems < TINY_EM
        if narrow is self._side.isVisibleTo(self):
            self._side.setVisible(not narrow)
            if narrow:
                self._column.insertWidget(AFTER_VAULT, self._chosen)
            else:
                self._side_column.insertWidget(0, self._chosen)
        self._split.setOrientation(Qt.Orientation.Vertical if tiny else Qt.Orientation.Horizontal)
        left, right = scaled(240 if narrow else 290), scaled(350)
        if tiny:
            self._split.setSizes([scaled(132), max(1, self.height() - scaled(132))])
        else:
            self._split.setSizes([left, max(1, self.width() - left)])
        self._inner_split.setSizes([max(1, self.width() - left - right), right])


def _spoken_key(key: KeyView) -> str:
    return f"{key.kid}, {key.environments}, {key.status}, {key.about}"


def _spoken_identity(identity: IdentityDetail) -> str:
    return f"{identity.organisation}, {identity.role} {identity.practitioner}"


def _height(_: Index) -> int:
    return round(2 * em()) + scaled(46)


def _paint_key(paint: RowPaint, index: Index) -> None:
    key: KeyView = index.data(VALUE_ROLE)
    line = em()
    left, right, y = paint.box.x() + scaled(18), paint.box.right() - scaled(12), paint.box.y() + scaled(9)
    paint.text(QRectF(left, y, (right - left) * 0.5, line), key.kid, weight=600, mono=True)
    paint.text(
        QRectF(left + (right - left) * 0.45, y, (right - left) * 0.55, line),
        key.environments,
        step="caption",
        role="text2",
    )
    y += line + scaled(12)
    paint.chip(key.status, key.tone.value, left, y, most=right - left)
    paint.text(QRectF(left, y + scaled(12), right - left, line), key.about, step="caption", role="text2")
    paint.rule()


def _paint_identity(paint: RowPaint, index: Index) -> None:
    identity: IdentityDetail = index.data(VALUE_ROLE)
    line = em()
    left, right, y = paint.box.x() + scaled(18), paint.box.right() - scaled(12), paint.box.y() + scaled(9)
    paint.text(QRectF(left, y, right - left, line), identity.organisation, weight=600)
    y += line + scaled(2)
    words = f"{identity.role}, {identity.practitioner}".strip(", ")
    paint.text(QRectF(left, y, right - left, line), words, step="caption", role="text2")
    if identity.current:
        paint.chip("Acting as this one", "ok", left, y + line + scaled(12), most=right - left)
    paint.rule()


PANEL = PanelSpec(PanelId.KEYS, "Keys", "keys", KeysPanel)
