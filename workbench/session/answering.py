"""Answers on purpose and faults on purpose of the own receiver and of the embedded sandbox, as a person changes them.

What differs from the table that comes with the program is kept in `answers.json` of the workspace; faults are not kept.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.messages import nhs_number, tree
from workbench.receiver import AnswerRule, Fault, FaultSetting, How, When
from workbench.receiver.answer_rule import NOBODY, OWN
from workbench.receiver.faults import AMOUNTS, REPLY_FAULTS
from workbench.session.answer_views import FaultRow, LimitRow, RuleChoices, RuleEdit, RuleProblem
from workbench.session.answer_words import answer_words, kind_words, when_words
from workbench.session.events import Noticed, ReceiverChanged
from workbench.session.views import Tone
from workbench.standard.events import Event
from workbench.standard.outcomes import outcome_codes, receiver_code
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import JsonObject
    from workbench.receiver import AnswerBook, Faults
    from workbench.sandbox import ProxyLimits, Sandbox
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking

FILE = "answers.json"
PAGES = ("own", "sandbox")
_CALLS = (
    "process-message",
    "metadata",
    "message-definition",
    "slot-search",
    "appointment-search",
    "appointment-read",
    "service-request-search",
    "service-request-read",
)
_TITLES: Mapping[Fault, tuple[str, str]] = {
    Fault.WAIT: ("Wait before the answer", " ms"),
    Fault.SLOW: ("Slow body", " B/s"),
    Fault.UNREAD: ("Drop before it is read", ""),
    Fault.LOST: ("Drop the connection", ""),
    Fault.CUT: ("Cut the body short", ""),
    Fault.ERROR: ("Answer 5xx", ""),
    Fault.MALFORMED: ("Malformed body", ""),
    Fault.WRONG_IDS: ("Echo wrong ids", ""),
    Fault.WRONG_TYPE: ("Wrong content type", ""),
    Fault.TWICE: ("Send the reply twice", ""),
    Fault.ORDER: ("Replies out of order", ""),
    Fault.NEVER: ("Send no reply", ""),
}
_REPLIES = (("validation-interim", "interim_s"), ("validation-full", "full_s"), ("safeguarding-dna", "dna_s"))


class Answering:
    """The use cases; called on the I/O thread. `page` is `own` or `sandbox`."""

    def __init__(
        self, engine: Engine, own: tuple[AnswerBook, Faults], sandbox: Sandbox | None, masking: Masking
    ) -> None:
        self._engine = engine
        self._masking = masking
        self._parts = {"own": own}
        self._sandbox = sandbox
        if sandbox is not None:
            self._parts["sandbox"] = (sandbox.answers, sandbox.faults)

    def load(self) -> None:
        """Take up what was changed in an earlier run; what cannot be used is told and left as it is on the disk."""
        try:
            kept = self._engine.workspace.read(FILE)
            for page, (book, _) in self._parts.items():
                book.restore(tree.as_object(kept.get(page)))
            self._restore_limits(tree.as_object(kept.get("limits")))
        except (ConfigError, InputError) as error:
            self._engine.publish(Noticed(Tone.ERROR, error.sentence, error.next_step))

    # the table

    def choices(self) -> RuleChoices:
        """What the fields of an own rule offer."""
        cases = ((case.code, f"{case.code} {case.display}") for case in use_cases().values() if not case.withdrawn)
        statuses = sorted({row.status for row in outcome_codes().values()})
        issues = sorted({issue for row in outcome_codes().values() for issue in row.issue_codes if issue.isascii()})
        calls = ((id, kind_words(When(operation=id))) for id in _CALLS)
        faults = ((fault.value, _TITLES[fault][0]) for fault in Fault if fault not in REPLY_FAULTS and _by_rule(fault))
        return RuleChoices(
            operations=(("", "Any call"), *calls),
            events=(("", "Any event"), *((event.value, event.value) for event in Event)),
            use_cases=(("", "Any use case"), *cases),
            hows=(
                (How.REFUSE.value, "Refuse it"),
                (How.TAKE.value, "Take it, keep state"),
                (How.EMPTY.value, "An empty list"),
                (How.ECHO.value, "Give it back as it was sent"),
            ),
            statuses=tuple((str(status), f"{status} {receiver_code(status)}") for status in statuses if status >= 400),
            issues=(("", "The usual one"), *((issue, issue) for issue in issues)),
            faults=(("", "None"), *faults),
        )

    async def rule(self, page: str, id: str) -> RuleEdit:
        """A rule as it is filled in; InputError where there is none. One of the program becomes a new one."""
        rule = self._book(page).named(id)
        if rule is None:
            self._book(page).switch(id, True)  # tells that there is none
            return RuleEdit()
        delays = {kind: int(seconds or 1) for kind, seconds in rule.replies}
        when = rule.when
        return RuleEdit(
            id=rule.id if rule.own else "",
            operation=when.operation,
            event=when.event,
            use_case=when.use_case,
            nhs_number=self._masking.value(next((one for one in when.patients if one != NOBODY), "")),
            service=when.service,
            organisation=when.organisation,
            how=rule.how.value if rule.how in (How.REFUSE, How.TAKE, How.EMPTY, How.ECHO) else How.TAKE.value,
            status=rule.status,
            issue=rule.issue,
            why=rule.why,
            interim_s=delays.get("validation-interim", 0),
            full_s=delays.get("validation-full", 0),
            dna_s=delays.get("safeguarding-dna", 0),
            fault=rule.fault,
        )

    def check(self, edit: RuleEdit) -> tuple[RuleProblem, ...]:
        """Why a rule cannot be kept."""
        found = []
        number = self._masking.real(edit.nhs_number).replace(" ", "")
        if number and number != NOBODY and not nhs_number.is_valid(number):
            found.append(
                RuleProblem("nhs_number", "This is no NHS number: it needs ten digits with their check digit.")
            )
        search = edit.operation.endswith("-search") or edit.operation == "message-definition"
        if edit.how == How.EMPTY.value and not search:
            found.append(RuleProblem("how", "Only a search can find nothing: choose a search as the call."))
        if edit.how == How.ECHO.value and edit.operation not in ("", "process-message"):
            found.append(
                RuleProblem("how", "Only a message can be given back: choose POST $process-message as the call.")
            )
        if edit.how == How.REFUSE.value and not 400 <= edit.status <= 599:
            found.append(RuleProblem("status", "A refusal has a status from 400 to 599."))
        return tuple(found)

    async def keep(self, page: str, edit: RuleEdit) -> str:
        """Put in an own rule, or change one; its id. InputError when it cannot be kept (`check`)."""
        problems = self.check(edit)
        id = edit.id or f"own-{self._engine.ids()[:8]}"
        replies = tuple((kind, float(getattr(edit, name))) for kind, name in _REPLIES if getattr(edit, name) > 0)
        refused = edit.how == How.REFUSE.value
        number = self._masking.real(edit.nhs_number).replace(" ", "")
        usual = _usual_issue(edit.status)
        rule = AnswerRule(
            id=id,
            when=When(
                operation=edit.operation,
                event=edit.event,
                use_case=edit.use_case,
                patients=(number,) if number else (),
                service=edit.service.strip(),
                organisation=edit.organisation.strip(),
            ),
            how=How(edit.how),
            status=edit.status if refused else 200,
            issue=(edit.issue or usual) if refused else "",
            why=edit.why.strip() or ("an answer on purpose." if refused else ""),
            replies=replies if edit.how == How.TAKE.value else (),
            early=edit.how in (How.REFUSE.value, How.ECHO.value),
            fault=edit.fault,
            source=OWN,
        )
        if problems:
            raise _unusable(problems[0].text)
        self._book(page).keep(rule)
        await self._store(page)
        return id

    async def switch(self, page: str, id: str, on: bool) -> None:
        """Have a rule hold or not."""
        self._book(page).switch(id, on)
        await self._store(page)

    async def switch_harness(self, page: str, on: bool) -> None:
        """Have all rules of the national harness hold or not."""
        self._book(page).switch_given(on)
        await self._store(page)

    def harness_on(self, page: str) -> bool:
        """Whether any rule of the national harness holds."""
        return any(on and not rule.own for rule, on in self._book(page).rules())

    async def move(self, page: str, id: str, by: int) -> None:
        """Move a rule up (negative) or down."""
        self._book(page).move(id, by)
        await self._store(page)

    async def remove(self, page: str, id: str) -> None:
        """Take out an own rule; InputError for one that came with the program."""
        self._book(page).remove(id)
        await self._store(page)

    def describe(self, page: str, id: str) -> str:
        """When a rule holds and what it answers, in words; the id itself where it is none of the table."""
        rule = self._parts[page][0].named(id) if page in self._parts else None
        if rule is None:
            return id
        return f"{when_words(rule.when)}, {kind_words(rule.when)}: {answer_words(rule)}"

    # faults

    def fault_rows(self, page: str) -> tuple[FaultRow, ...]:
        """Every fault of a receiver and how it stands."""
        return tuple(
            FaultRow(
                id=fault.value,
                title=_TITLES[fault][0],
                on=setting.on,
                every=0 if fault in REPLY_FAULTS else setting.every,
                amount=setting.amount,
                least=AMOUNTS.get(fault, (0, 0, 0))[1],
                most=AMOUNTS.get(fault, (0, 0, 0))[2],
                unit=_TITLES[fault][1],
            )
            for fault, setting in self._faults(page).settings().items()
        )

    async def set_fault(self, page: str, id: str, *, on: bool, every: int = 1, amount: int = 0) -> None:
        """Change one fault."""
        self._faults(page).set(Fault(id), FaultSetting(on, every, amount))
        self._engine.publish(ReceiverChanged(page))

    async def faults_off(self, page: str) -> None:
        """Turn every fault off, and give every number its first value."""
        self._faults(page).reset()
        self._engine.publish(ReceiverChanged(page))

    # what the platform puts up with

    def limit_rows(self) -> tuple[LimitRow, ...]:
        """The limits of the embedded sandbox; none where there is no sandbox."""
        if self._sandbox is None:
            return ()
        limits = self._sandbox.proxy.limits
        return (
            LimitRow("wait_s", "Wait for a receiver", round(limits.wait_s), 600, " s"),
            LimitRow("calls_a_minute", "Calls a minute, each caller", limits.calls_a_minute, 100_000, ""),
            LimitRow("calls_a_second", "Calls a second, all callers", limits.calls_a_second, 100_000, ""),
            LimitRow("catalogue_lookup", "Ask the catalogue each time", int(limits.catalogue_lookup), 1, ""),
        )

    async def set_limit(self, id: str, value: int) -> None:
        """Change one limit; 0 calls = no limit."""
        if self._sandbox is None:
            return
        limits = self._sandbox.proxy.limits
        self._sandbox.proxy.limits = _limited(limits, id, value)
        await self._store("sandbox")

    def _restore_limits(self, kept: JsonObject) -> None:
        if self._sandbox is None:
            return
        for id in ("wait_s", "calls_a_minute", "calls_a_second", "catalogue_lookup"):
            written = str(kept.get(id))
            if written.isdecimal():
                self._sandbox.proxy.limits = _limited(self._sandbox.proxy.limits, id, int(written))

    def _book(self, page: str) -> AnswerBook:
        return self._parts[page][0]

    def _faults(self, page: str) -> Faults:
        return self._parts[page][1]

    async def _store(self, page: str) -> None:
        content: dict[str, object] = {name: book.to_json() for name, (book, _) in self._parts.items()}
        content["limits"] = {row.id: row.value for row in self.limit_rows()}
        await asyncio.to_thread(self._engine.workspace.write, FILE, content)
        self._engine.publish(ReceiverChanged(page))


def _usual_issue(status: int) -> str:
    """The issue code that a receiver gives with a status; with 409 not the one that means success."""
    codes = next((row.issue_codes for row in outcome_codes().values() if row.code == receiver_code(status)), ())
    return next((code for code in codes if code != "duplicate"), "processing")


def _limited(limits: ProxyLimits, id: str, value: int) -> ProxyLimits:
    match id:
        case "wait_s":
            return replace(limits, wait_s=float(max(1, value)))
        case "calls_a_minute":
            return replace(limits, calls_a_minute=value)
        case "calls_a_second":
            return replace(limits, calls_a_second=value)
    return replace(limits, catalogue_lookup=bool(value))


def _by_rule(fault: Fault) -> bool:
    """Whether a rule can do it: it answers, so that what keeps from answering is not for it."""
    return fault not in (Fault.WAIT, Fault.UNREAD, Fault.ERROR)


def _unusable(text: str) -> InputError:
    return InputError(ErrorCode.INPUT_RULE, what="The rule", cause=text.rstrip("."))
