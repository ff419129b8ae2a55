"""Start here: three ways to begin, what is ready on this machine, and what to try next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.session.events import SessionEvent, StatusChanged
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Card, Chip, KeyCap, Label, Pic, button, check, clear, column, page, row, separator

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from workbench.session.views import ComposeOffer, DraftView, StartPage

REFERRAL = "referral-full/a1t1"
"""The message the page offers to fill in: 111 to ED, with a safeguarding concern."""
NARROW_EM = 50


class StartPanel(QWidget):
    """The page a person sees first."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._ready = QWidget()
        self._ready_rows = QVBoxLayout(self._ready)
        self._ready_rows.setContentsMargins(0, 0, 0, 0)
        self._ready_rows.setSpacing(scaled(8))
        self._shown = check(self.tr("Show this at start"), True, name="show-start")
        self._shown.toggled.connect(self._on_shown)
        self._cards = QGridLayout()
        self._cards.setSpacing(scaled(16))
        self._lower = QGridLayout()
        self._lower.setSpacing(scaled(16))
        self._top = self._three()
        self._machine = Card(
            column(
                Label(self.tr("On this machine"), weight=600), self._ready, None, margins=(18, 14, 18, 14), spacing=10
            )
        )
        self._learn = self._next()
        title = Label(self.tr("Start here"), step="title", weight=600)
        sentence = self.tr("Everything below works now: no account, no network, no set-up. All patients are made up.")
        foot = row(
            self._shown,
            None,
            Label(self.tr("Press"), step="caption", role="text3"),
            KeyCap("Ctrl K"),
            Label(self.tr("for every command"), step="caption", role="text3"),
            spacing=6,
        )
        body = page(
            24,
            title,
            Label(sentence, role="text2", wrap=True),
            8,
            self._cards,
            self._lower,
            foot,
            spacing=12,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(body)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read what is ready."""
        self._context.bridge.submit(self._context.session.start_page(), self._on_page)

    def on_event(self, event: SessionEvent) -> None:
        """Something may have become ready."""
        if isinstance(event, StatusChanged) and self.isVisible():
            self.shown()

    # the cards

    def _three(self) -> tuple[QWidget, ...]:
        whole = self.tr(
            "The sandbox plays a clinical assessment service: you ask, it answers, and two replies follow. "
            "Takes ten seconds."
        )
        send = self.tr("A complete 111 to ED referral is filled in for you. Change anything, see the verdict, send it.")
        file = self.tr("Drop a JSON or XML file anywhere in this window. The verdict stays on this machine.")
        return (
            self._card("timeline", self.tr("See a whole conversation"), whole, self.tr("Play it"), self._play, True),
            self._card("compose", self.tr("Send a referral"), send, self.tr("Open in Compose"), self._compose, False),
            self._card(
                "doc", self.tr("Check a message"), file, self.tr("Choose a file"), self._context.go.choose_file, False
            ),
        )

    @staticmethod
    def _card(icon: str, title: str, text: str, deed: str, slot: Callable[[], None], first: bool) -> QWidget:
        press = button(deed, slot, kind="primary" if first else "", name=f"start-{icon}")
        words = Label(text, role="text2", wrap=True)
        items = column(
            (Pic(icon, 28, role="accent"), 0, Qt.AlignmentFlag.AlignLeft),
            Label(title, step="lead", weight=600),
            words,
            None,
            (press, 0, Qt.AlignmentFlag.AlignLeft),
            margins=(20, 18, 20, 18),
            spacing=10,
        )
        card = Card(items, selected=first)
        card.setMinimumHeight(scaled(190))
        return card

    def _next(self) -> QWidget:
        deeds = (
            ("flag", self.tr("Get a reply from an emergency department"), self._safeguarding),
            ("calendar", self.tr("Book an appointment, then refer"), self._book),
            ("services", self.tr("Ask a service what it offers"), self._services),
            ("keys", self.tr("Make a key of your own"), self._keys),
            ("receiver", self.tr("See what arrives, and what is answered"), self._receiver),
        )
        rows = [
            row(Pic(icon, 16), button(words, slot, kind="link", name=f"learn-{icon}"), None, spacing=6)
            for icon, words, slot in deeds
        ]
        return Card(
            column(Label(self.tr("Learn by doing"), weight=600), *rows, None, margins=(18, 14, 18, 14), spacing=4)
        )

    def _on_page(self, start: StartPage | None, error: BaseException | None) -> None:
        if start is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._shown.blockSignals(True)
        self._shown.setChecked(start.show_at_start)
        self._shown.blockSignals(False)
        clear(self._ready_rows)
        for place, one in enumerate(start.ready):
            if place:
                self._ready_rows.addWidget(separator())
            line = QWidget()
            line.setLayout(
                row(
                    Pic(one.icon, 18),
                    (
                        column(
                            Label(one.title, weight=500),
                            Label(one.subtitle, step="caption", role="text3", elide=True),
                            spacing=1,
                        ),
                        1,
                    ),
                    Chip(one.word, one.tone.value),
                    spacing=12,
                )
            )
            self._ready_rows.addWidget(line)

    # deeds

    def _play(self) -> None:
        self._context.go.play_scenario("validation")

    def _safeguarding(self) -> None:
        self._context.go.play_scenario("safeguarding-dna")

    def _book(self) -> None:
        self._context.go.play_scenario("book-then-refer")

    def _services(self) -> None:
        self._context.go.to_panel(PanelId.SERVICES)

    def _keys(self) -> None:
        self._context.go.to_panel(PanelId.KEYS)

    def _receiver(self) -> None:
        self._context.go.to_panel(PanelId.RECEIVER)

    def _compose(self) -> None:
        self._context.bridge.submit(self._context.session.offer(REFERRAL), self._on_offer)

    def _on_offer(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        if offer is None:
            if error is not None:
                self._context.go.failed(error)
            return
        service = next((one.id for one in offer.services if not one.reason), "")
        draft = self._context.session.new_draft(REFERRAL, service, offer.patients[0].id)
        self._context.bridge.submit(draft, self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is not None:
            self._context.go.open_draft(draft)
        elif error is not None:
            self._context.go.failed(error)

    def _on_shown(self, on: bool) -> None:
        self._context.bridge.submit(self._context.session.set_show_start(on), self._on_kept)

    def _on_kept(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=self.width() / em() < NARROW_EM)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for place, card in enumerate(self._top):
            self._cards.addWidget(card, place if narrow else 0, 0 if narrow else place)
        self._lower.addWidget(self._machine, 0, 0)
        self._lower.addWidget(self._learn, 1 if narrow else 0, 0 if narrow else 1)
        for grid, shares in ((self._cards, (1, 1, 1)), (self._lower, (3, 2, 0))):
            for place, share in enumerate(shares):
                grid.setColumnStretch(place, share if not narrow or place == 0 else 0)


PANEL = PanelSpec(PanelId.START, "Start here", "start", StartPanel)
