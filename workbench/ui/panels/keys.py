"""Keys and identity: the signing keys and how they are kept, the last token request, and who one can act as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.errors import ErrorCode, WorkbenchError
from workbench.session.events import SessionEvent, StatusChanged
from workbench.session.key_views import KeyDeed, KeyInFile, KeysPage
from workbench.session.views import Status, Tone
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.panels.keys_adding import AddingCard
from workbench.ui.panels.keys_card import KeyCard
from workbench.ui.panels.keys_cards import IdentityCard
from workbench.ui.panels.keys_lists import KeyLists
from workbench.ui.panels.keys_tokens import TokenPart
from workbench.ui.panels.keys_vault import VaultCard
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Area, Banner, HeadBar, clear, column, scroll_area, splitter

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtGui import QResizeEvent

NARROW_EM = 75
TINY_EM = 50


class KeysPanel(QWidget):
    """Lists at the left, what can be done in the middle, the chosen one at the right."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page: KeysPage | None = None
        self._known: set[str] = set()
        self._adds = False
        """Whether a key is being added that is to be chosen when it is there."""
        self._arranged: tuple[bool, bool, bool] | None = None
        """Whether it is narrow, the vault is open, and the token wants something, as the cards stand now."""
        self._lists = KeyLists()
        self._vault = VaultCard()
        self._adding = AddingCard()
        self._token = TokenPart(context)
        self._problem = QWidget()
        self._problem_row = QVBoxLayout(self._problem)
        self._problem_row.setContentsMargins(0, 0, 0, 0)
        self._problem.hide()
        inner = QWidget()
        self._column = column(self._problem, self._vault, self._token, self._adding, None, margins=(16, 16, 16, 16))
        self._column.setSpacing(scaled(12))
        inner.setLayout(self._column)
        middle = Area(role="canvas")
        middle_column = QVBoxLayout(middle)
        middle_column.setContentsMargins(0, 0, 0, 0)
        middle_column.setSpacing(0)
        middle_column.addWidget(HeadBar(self.tr("Keys and identity")))
        self._scroll = scroll_area(inner, role="canvas")
        middle_column.addWidget(self._scroll, 1)
        self._key_card = KeyCard()
        self._identity_card = IdentityCard()
        self._chosen = QWidget()
        self._chosen.setLayout(column(self._key_card, self._identity_card))
        self._identity_card.hide()
        holder = QWidget()
        self._side_column = column(self._chosen, None, margins=(12, 16, 16, 16))
        self._side_column.setSpacing(scaled(12))
        holder.setLayout(self._side_column)
        self._side = scroll_area(holder, role="canvas")
        self._inner_split = splitter(middle, self._side)
        self._inner_split.setStretchFactor(0, 1)
        self._split = splitter(self._lists, self._inner_split)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._lists.kind_chosen.connect(self._on_kind)
        self._lists.key_chosen.connect(self._key_card.show_key)
        self._lists.person_chosen.connect(self._identity_card.show_identity)
        self._lists.add_asked.connect(self._on_add)
        self._vault.unlock_asked.connect(self._unlock)
        self._vault.try_asked.connect(self._try_keyring)
        self._vault.stop_asked.connect(self._stop_waiting)
        self._vault.lock_asked.connect(self._lock)
        self._vault.change_chosen.connect(self._change_passphrase)
        self._vault.passphrase_chosen.connect(self._set_passphrase)
        self._vault.recovery_chosen.connect(self._set_recovery)
        self._token.changed.connect(self._on_token)
        self._adding.make_asked.connect(self._create)
        self._adding.import_asked.connect(self._import)
        self._key_card.asked.connect(self._on_deed)
        self._key_card.save_asked.connect(self._save_public)
        self._key_card.export_asked.connect(self._export)
        self._identity_card.asked.connect(self._act_as)

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page."""
        self._context.bridge.submit(self._context.session.keys.page(), self._on_page)
        self._token.refresh()

    def on_event(self, event: SessionEvent) -> None:
        """A token came, or somebody else is acted as."""
        if isinstance(event, StatusChanged) and self.isVisible():
            self.shown()

    # the page

    def _on_page(self, page: KeysPage | None, error: BaseException | None) -> None:
        self._adding.busy(False)
        if page is None:
            self._fail(error)
            return
        self._page = page
        self._show_problem("", "")
        fresh = [key.kid for key in page.keys if key.kid not in self._known]
        self._known = {key.kid for key in page.keys}
        self._vault.show_vault(page.vault)
        status = self._context.status()
        if status is not None:
            self._adding.show_environments(status.environments, possible=page.vault.state == "open")
        added = fresh[0] if fresh and self._adds else ""
        self._adds = self._adds and not added
        self._lists.show_page(page, added)
        self._arrange()

    def _on_kind(self, place: int) -> None:
        self._key_card.setVisible(place == 0)
        self._identity_card.setVisible(place == 1)

    # deeds

    def _do(self, work: Coroutine[None, None, KeysPage]) -> None:
        self._context.bridge.submit(work, self._on_page)

    def _on_add(self) -> None:
        self._scroll.ensureWidgetVisible(self._adding)
        self._adding.start()

    def _begin_to_add(self) -> None:
        self._adds = True
        self._adding.busy(True)

    def _create(self, environment: str) -> None:
        self._begin_to_add()
        self._do(self._context.session.keys.create(environment))

    def _import(self) -> None:
        self._begin_to_add()
        card = self._adding
        work = self._context.session.keys.import_file(
            card.path,
            environment=card.environment,
            passphrase=card.passphrase,
            kid=card.kid,
            thumbprint=card.thumbprint,
            known=card.known,
        )
        self._context.bridge.submit(work, self._on_imported)

    def _on_imported(self, page: KeysPage | None, error: BaseException | None) -> None:
        self._on_page(page, error)
        if page is not None:
            self._adding.imported()
        elif isinstance(error, WorkbenchError) and error.code is ErrorCode.INPUT_KEY_SEVERAL:
            work = self._context.session.keys.look(self._adding.path, self._adding.passphrase)
            self._context.bridge.submit(work, self._on_several)

    def _on_several(self, keys: tuple[KeyInFile, ...] | None, error: BaseException | None) -> None:
        if keys is None:
            self._fail(error)
        else:
            self._adding.show_choice(keys)

    def _on_deed(self, deed: str, kid: str) -> None:
        keys = self._context.session.keys
        if deed == KeyDeed.COPY:
            self._context.bridge.submit(keys.copy_public_set(kid), self._on_public)
            return
        if deed in (KeyDeed.SERVE, KeyDeed.UNSERVE):
            self._do(keys.serve() if deed == KeyDeed.SERVE else keys.unserve())
            return
        works = {
            KeyDeed.ROTATE: keys.rotate,
            KeyDeed.PUBLISHED: keys.mark_published,
            KeyDeed.SIGN: keys.sign_with,
            KeyDeed.RETIRE: keys.retire,
            KeyDeed.DELETE: keys.delete,
        }
        if deed == KeyDeed.ROTATE:
            self._begin_to_add()
        self._do(works[KeyDeed(deed)](kid))

    def _unlock(self, passphrase: str) -> None:
        self._do(self._context.session.keys.unlock(passphrase))

    def _try_keyring(self) -> None:
        self._context.bridge.submit(self._context.session.keys.try_keyring(), self._on_tried)

    def _on_tried(self, page: KeysPage | None, error: BaseException | None) -> None:
        self._vault.waiting(False)
        self._on_page(page, error)

    def _stop_waiting(self) -> None:
        self._context.session.keys.stop_waiting()

    def _change_passphrase(self, old: str, new: str) -> None:
        self._context.bridge.submit(self._context.session.keys.change_passphrase(old, new), self._on_changed)

    def _on_changed(self, page: KeysPage | None, error: BaseException | None) -> None:
        self._on_page(page, error)
        if page is not None:
            self._context.go.toast(Tone.OK, self.tr("Another passphrase opens the keys from now on."))

    def _lock(self) -> None:
        self._do(self._context.session.keys.lock())

    def _set_passphrase(self, passphrase: str) -> None:
        self._do(self._context.session.keys.set_passphrase(passphrase))

    def _set_recovery(self, passphrase: str) -> None:
        self._do(self._context.session.keys.set_recovery(passphrase))

    def _on_public(self, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
        else:
            QGuiApplication.clipboard().setText(text)
            self._context.go.toast(Tone.OK, self.tr("The public key set is on the clipboard."))

    def _save_public(self, kid: str, path: str) -> None:
        self._context.bridge.submit(self._context.session.keys.save_public_set(kid, path), self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._context.go.toast(Tone.OK, self.tr("The public key set is saved."))

    def _export(self, kid: str, path: str, passphrase: str) -> None:
        self._context.bridge.submit(self._context.session.keys.export(kid, path, passphrase), self._on_exported)

    def _on_exported(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._key_card.exported()
            self._context.go.toast(Tone.OK, self.tr("The private key is written, encrypted by its passphrase."))

    def _act_as(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.choose_identity(id), self._on_identity)

    def _on_identity(self, status: Status | None, error: BaseException | None) -> None:
        if status is None:
            self._fail(error)
        else:
            self.shown()

    def _fail(self, error: BaseException | None) -> None:
        self._adds = False
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
        self._side.setVisible(not narrow)
        self._arrange()
        self._split.setOrientation(Qt.Orientation.Vertical if tiny else Qt.Orientation.Horizontal)
        left, right = scaled(240 if narrow else 290), scaled(350)
        if tiny:
            self._split.setSizes([scaled(132), max(1, self.height() - scaled(132))])
        else:
            self._split.setSizes([left, max(1, self.width() - left)])
        self._inner_split.setSizes([max(1, self.width() - left - right), right])

    def _on_token(self) -> None:
        """What is wrong now stands on top: it is brought into view, once it has its place."""
        calm = self._arranged is None or not self._arranged[2]
        self._arrange()
        if calm and self._token.wants:
            QTimer.singleShot(0, self, self._to_what_is_wrong)

    def _to_what_is_wrong(self) -> None:
        self._scroll.ensureWidgetVisible(self._token, 0, 0)
        self._scroll.verticalScrollBar().setValue(self._token.y())

    def _arrange(self) -> None:
        """Put the cards where they belong: what wants something comes first, a vault that is open last."""
        narrow = self.width() / em() < NARROW_EM
        quiet = self._page is not None and self._page.vault.state == "open"
        urgent = self._token.wants
        if self._arranged == (narrow, quiet, urgent):
            return
        self._arranged = (narrow, quiet, urgent)
        middle: list[QWidget] = [self._problem, *([] if quiet else [self._vault])]
        side: list[QWidget] = [self._chosen, *([self._vault] if quiet else [])]
        work: list[QWidget] = [self._token, self._adding, self._token.decoder]
        lead, rest = (work[:1], work[1:]) if urgent else ([], work)
        for layout, cards in (
            (self._column, [*middle, *lead, *side[:1], *rest, *side[1:]] if narrow else [*middle, *work]),
            (self._side_column, [] if narrow else side),
        ):
            for place, card in enumerate(cards):
                layout.removeWidget(card)
                layout.insertWidget(place, card)


PANEL = PanelSpec(PanelId.KEYS, "Keys", "keys", KeysPanel)
