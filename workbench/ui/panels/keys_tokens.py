"""The token part of the Keys panel: the present token, a test of the whole sign-in, the doctor, and the decoder.

What a refusal means is decided in the session; here it is asked for and shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.ui.actions import ActionId
from workbench.ui.panels.doctor_views import checks_card, diagnosis_cards
from workbench.ui.widgets import (
    Banner,
    Card,
    Chip,
    Facts,
    Field,
    Label,
    Pic,
    action_button,
    announce,
    button,
    clear,
    column,
    facts_grid,
    line,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from workbench.doctor import Diagnosis
    from workbench.session.token_views import DecodedToken, Step, TokenPage
    from workbench.ui.actions import Actions
    from workbench.ui.context import PanelContext
    from workbench.ui.widgets.notices import Deed


class TokenPart(QWidget):
    """The token of the chosen environment, and what the doctor says; `refresh` reads it again.

    `changed` tells that `wants` may be another.
    """

    changed = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._diagnosis: Diagnosis | None = None
        self._kid = ""
        self._place = ""
        """Title of the environment that is shown."""
        self._doctor = QWidget()
        self._doctor_column = QVBoxLayout(self._doctor)
        self._doctor_column.setContentsMargins(0, 0, 0, 0)
        self._clock = QWidget()
        self._clock_column = QVBoxLayout(self._clock)
        self._clock_column.setContentsMargins(0, 0, 0, 0)
        self._clock.hide()
        self._said_of_clock: tuple[str, bool] = ("", False)
        self._card = TokenCard(context.actions)
        self.decoder = DecoderCard()
        """Stands where the panel puts it."""
        self.setLayout(column(self._clock, self._doctor, self._card, spacing=12))
        self._doctor.hide()
        self._card.test_asked.connect(self._test)
        self._card.forget_asked.connect(self._forget)
        self.decoder.asked.connect(self._decode)

    @property
    def wants(self) -> bool:
        """Whether something stands here that is to be seen first: a refusal, or a clock that is wrong."""
        return self._diagnosis is not None or bool(self._said_of_clock[0])

    def refresh(self) -> None:
        """Read the token and the newest refusal."""
        self._ask(self._context.session.doctor.page())

    def _ask(self, work: Coroutine[None, None, TokenPage]) -> None:
        self._context.bridge.submit(work, self._on_page)

    def _test(self) -> None:
        self._card.busy(True)
        self._ask(self._context.session.doctor.test())

    def _forget(self) -> None:
        self._ask(self._context.session.doctor.forget())

    def _on_page(self, page: TokenPage | None, error: BaseException | None) -> None:
        self._card.busy(False)
        if page is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._card.show_page(page)
        self._kid = dict(page.assertion).get("kid", "")
        known = (self._diagnosis, self._said_of_clock)
        self._show_clock(page)
        if (page.diagnosis, self._said_of_clock) != known:
            self._diagnosis = page.diagnosis
            self._show_diagnosis()
        self.changed.emit()

    def _show_clock(self, page: TokenPage) -> None:
        """Say how far the clocks differ, with the choice whose time a sign-in is dated by."""
        said = (page.clock, page.their_clock)
        if said == self._said_of_clock and page.diagnosis == self._diagnosis:
            return
        self._said_of_clock = said
        self._place = page.environment
        clear(self._clock_column)
        told = page.diagnosis is not None and page.diagnosis.checks[0].id == "clock" and not page.their_clock
        self._clock.setVisible(bool(page.clock) and not told)  # what the doctor says is not said twice
        if not page.clock or told:
            return
        place = page.environment
        deeds: tuple[Deed, ...] = ()
        if not page.needs_token:
            words = self.tr("Set the clock of this machine by a time server.")
        elif page.their_clock:
            words = self.tr("Sign-ins are dated by {place}'s time. Set the clock of this machine by a time server.")
            deeds = ((self.tr("Use this machine's time"), self._use_ours, ""),)
        else:
            words = self.tr(
                "Sign-ins dated by it are likely to be refused. Set it by a time server, or have sign-ins dated by "
                "{place}'s time until the program is closed."
            )
            deeds = ((self.tr("Use {place}'s time").format(place=place), self._use_theirs, "primary"),)
        self._clock_column.addWidget(Banner("warning", page.clock, words.format(place=place), deeds, below=bool(deeds)))
        announce(self, page.clock)

    def _use_theirs(self) -> None:
        self._ask(self._context.session.doctor.use_their_clock(True))

    def _use_ours(self) -> None:
        self._ask(self._context.session.doctor.use_their_clock(False))

    def _show_diagnosis(self) -> None:
        clear(self._doctor_column)
        self._doctor.setVisible(self._diagnosis is not None)
        if self._diagnosis is not None:
            public = (self.tr("Copy public key set"), self._copy_public, "primary")
            unknown = self._diagnosis.checks[0].id == "published"
            clock = (self.tr("Use {place}'s time").format(place=self._place), self._use_theirs, "primary")
            late = self._diagnosis.checks[0].id == "clock" and bool(self._said_of_clock[0])
            again = (self.tr("Test again"), self._test, "" if unknown or late else "primary")
            deeds = (public, again) if unknown else (clock, again) if late else (again,)
            for card in diagnosis_cards(self._diagnosis, compact=False, deeds=deeds):
                self._doctor_column.addWidget(card)
            announce(self, self._diagnosis.title)

    def _copy_public(self) -> None:
        work = self._context.session.keys.copy_public_set(self._kid)
        self._context.bridge.submit(work, self._on_public)

    def _on_public(self, text: str | None, error: BaseException | None) -> None:
        if text is not None:
            QGuiApplication.clipboard().setText(text)
        elif error is not None:
            self._context.go.failed(error)

    def _decode(self, text: str) -> None:
        self._context.bridge.submit(self._context.session.doctor.decode(text), self._on_decoded)

    def _on_decoded(self, found: DecodedToken | None, error: BaseException | None) -> None:
        if found is not None:
            self.decoder.show_token(found)
        elif isinstance(error, WorkbenchError):
            self.decoder.show_problem(error.sentence, error.next_step)
        elif error is not None:
            self._context.go.failed(error)


class TokenCard(Card):
    """The token as it stands, the last request decoded, and what a test of the sign-in found."""

    test_asked = Signal()
    forget_asked = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._chip = Chip()
        self._facts = Facts(label_width=60)
        self._none = Label(self.tr("No token has been asked for yet in this run."), role="text2", wrap=True)
        self._test = button(self.tr("Test the sign-in"), self.test_asked.emit, icon="stetho", name="test-sign-in")
        self._forget = button(self.tr("Forget it"), self.forget_asked.emit, icon="trash", name="forget-token")
        self._steps = QWidget()
        self._steps_column = QVBoxLayout(self._steps)
        self._steps_column.setContentsMargins(0, 0, 0, 0)
        self._steps.hide()
        title = row(Pic("shield", 18), Label(self.tr("Token"), weight=600), None, self._chip, spacing=8)
        renew = action_button(actions[ActionId.RENEW_TOKEN])
        self._asked = Label("", step="caption", role="text2", wrap=True)
        self.setLayout(
            column(
                title,
                row(self._test, None),
                row(renew, self._forget, None),
                self._steps,
                self._none,
                self._asked,
                self._facts,
                margins=(18, 12, 14, 14),
                spacing=10,
            )
        )

    def busy(self, on: bool) -> None:
        """While the whole way is gone."""
        self._test.setText(self.tr("Testing it...") if on else self.tr("Test the sign-in"))
        self._test.setEnabled(not on)

    def show_page(self, page: TokenPage) -> None:
        """Show how it stands; the steps of a test stay until the next one."""
        token = page.token
        until = token.expires.astimezone() if token.expires is not None else None
        words = self.tr("Good until {time:%H:%M:%S}").format(time=until) if until is not None else token.text
        self._chip.show_status(words, token.tone.value)
        self._forget.setEnabled(token.expires is not None)
        self._facts.show_facts(page.assertion)
        self._facts.setVisible(bool(page.assertion))
        self._none.setVisible(not page.assertion)
        asked = page.asked.astimezone() if page.asked is not None else None
        self._asked.setVisible(asked is not None)
        if asked is not None:
            words = self.tr("Last token request to {place}, {time:%H:%M:%S}, decoded:")
            dated = self.tr("Dated by {whose}.").format(whose=page.dated) if page.dated else ""
            self._asked.setText(f"{words.format(place=page.environment, time=asked)} {dated}".strip())
        if page.steps:
            self._show_steps(page.steps)

    def _show_steps(self, steps: tuple[Step, ...]) -> None:
        clear(self._steps_column)
        for step in steps:
            holder = QWidget()
            holder.setAccessibleName(f"{step.name}: {step.words}")
            name, tone = Label(step.name, weight=600), step.tone.value
            holder.setLayout(row(Pic(tone, 16, tone=tone), name, (Label(step.words, role="text2", wrap=True), 1)))
            self._steps_column.addWidget(holder)
        self._steps.show()


class DecoderCard(Card):
    """Reads a pasted JWT on this machine; `asked(str)`. What was pasted is forgotten once it was read."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._text = line("")
        self._text.setObjectName("jwt-text")
        self._field = Field(self.tr("A JWT, or the value of an Authorization header"), self._text)
        self._read = button(self.tr("Decode it"), self._on_read, icon="code", name="decode-jwt")
        self._found = QWidget()
        self._found_column = QVBoxLayout(self._found)
        self._found_column.setContentsMargins(0, 0, 0, 0)
        self._found.hide()
        hint = self.tr("Read on this machine only. It is neither kept nor logged, and its signature is never shown.")
        self.setLayout(
            column(
                row(Pic("code", 18), Label(self.tr("Decode a token"), weight=600), None, spacing=8),
                Label(hint, role="text2", wrap=True),
                self._field,
                row(self._read, None),
                self._found,
                margins=(18, 12, 18, 14),
                spacing=10,
            )
        )
        self._text.returnPressed.connect(self._on_read)

    def show_token(self, found: DecodedToken) -> None:
        """Header, claims and what the platform would say."""
        self._show(Banner(found.tone.value, found.sentence, found.next_step))
        grid = QWidget()
        grid.setLayout(facts_grid(found.rows, label_width=60))
        self._found_column.addWidget(grid)
        self._found_column.addWidget(checks_card(found.checks, refused=False))

    def show_problem(self, sentence: str, next_step: str) -> None:
        """It is no JWT."""
        self._show(Banner("error", sentence, next_step))

    def _show(self, first: QWidget) -> None:
        clear(self._found_column)
        self._found_column.addWidget(first)
        self._found.show()

    def _on_read(self) -> None:
        text = self._text.text()
        self._text.setText("")  # not clear(): what was pasted could be brought back by undo
        self.asked.emit(text)
