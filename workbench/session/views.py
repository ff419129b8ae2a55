"""What panels show, as frozen values: the window turns them into pixels and decides nothing.

They carry words ready for the screen and ids to act on; they must not carry secrets or database handles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.correlation import Link
    from workbench.directory import Service
    from workbench.directory.silences import Silence
    from workbench.doctor import Diagnosis, Explanation
    from workbench.evidence.lanes import Lanes
    from workbench.exchange import Exchange
    from workbench.headers import DecodedHeader, HeaderChoices
    from workbench.history import ConversationRow
    from workbench.messages import Layer, Message, Summary
    from workbench.rules import Verdict
    from workbench.rules.sifting import Silenced
    from workbench.session.answer_views import AnswerRow
    from workbench.session.belonging import Why
    from workbench.standard import VersionProfile


class Tone(StrEnum):
    """The status vocabulary of the window: shape, word and colour derive from it."""

    OK = "ok"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """One environment for the pill and its menu."""

    id: str
    title: str
    subtitle: str
    ready: bool
    """Whether it can be used as it is; `reason` says what is missing."""
    reason: str = ""
    production: bool = False
    host: str = ""
    """Host name that a send to production asks for."""
    colour: str = "own"
    """Name of its colours."""
    unverified: str = ""
    """The host whose certificate is not checked in this session, empty when it is checked."""
    clock: str = ""
    """How far this machine's clock is from the environment's and what that means; empty while they agree."""


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Who the workbench acts as."""

    id: str
    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class TokenView:
    """The token chip: state in words, for whom, and until when."""

    tone: Tone
    text: str
    client: str = ""
    kid: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReceiverView:
    """Whether the workbench's own receiver listens, and where."""

    listening: bool
    address: str
    """`127.0.0.1:8443`, empty when it does not listen."""
    base_url: str
    text: str
    lan: bool = False
    problem: str = ""
    due: int = 0
    """Replies that rules want and that have not gone out yet."""
    due_at: datetime | None = None
    """When the next of them goes out."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the shell shows outside the panels."""

    environment: EnvironmentView
    environments: tuple[EnvironmentView, ...]
    identity: IdentityView
    identities: tuple[IdentityView, ...]
    token: TokenView
    receiver: ReceiverView
    awaited: int
    """Replies that are waited for."""
    rules: str
    """`Rules 0.1.0, 61 rules`."""
    workspace: str
    """Name of the workspace; `read only` is said in `notice`."""
    read_only: bool = False
    notice: str = ""
    masked: bool = False
    """Whether people are masked."""
    serial: int = field(default=0, compare=False)
    """Counts up: of two that cross on their way the higher one is newer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a picker; a row with a reason is greyed."""

    id: str
    title: str
    subtitle: str = ""
    group: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ComposeOffer:
    """What can be composed, to whom and about whom, in the present environment."""

    messages: tuple[Choice, ...]
    """id = `template/use-case`."""
    services: tuple[Choice, ...]
    patients: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as Compose shows it."""

    id: str
    title: str
    text: str
    """The source, JSON or XML."""
    syntax: str
    message: str
    """id of the Choice it was made from; empty for an opened file."""
    service: str
    patient: str
    versions: VersionProfile
    file: str = ""
    """Name of the file it was opened from."""


@dataclass(frozen=True, slots=True)
class DraftVerdict:
    """The verdict on a draft with what goes beside it."""

    draft: str
    text: str
    """The text that was judged: a verdict on an older text is dropped."""
    verdict: Verdict
    headers: tuple[DecodedHeader, ...]
    choices: HeaderChoices
    """What a person changed about the headers."""
    message: Message | None
    """The text as a message, None where it is none."""
    summary: Summary | None
    likely: str
    """`A correct receiver answers 400 (REC_BAD_REQUEST)`, or that it accepts."""
    rules: int
    silenced: tuple[Silenced, ...] = ()
    """Findings that are known noise of the service; they are not in the verdict."""
    owners: tuple[tuple[str, str], ...] = ()
    """(path, words) of every resource that a finding is in."""
    too_large: bool = False
    """Whether the text is so large that its message is not handed on."""


@dataclass(frozen=True, slots=True)
class NoiseView:
    """What a person does not want to see: layers that are switched off, and what is silenced for services."""

    off: frozenset[Layer]
    silences: tuple[Silence, ...]
    may_keep: bool
    """Whether the workspace can be written, so that another choice stays."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of a send, in one sentence, with the exchange it left in the history."""

    exchange: str
    conversation: str
    tone: Tone
    text: str
    """`Sent to Northgate ED: 200 in 412 ms`."""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What became of one file of a bulk send."""

    number: int
    """Its place among the files, from 1."""
    path: str
    message: str
    """What it is, in a few words; empty where it could not be read."""
    service: str
    status: int | None
    """None where there was no answer, or nothing was sent."""
    tone: Tone
    text: str
    seconds: float | None = None
    request_id: str = ""
    correlation_id: str = ""
    exchange: str = ""
    """Empty where nothing was sent."""
    unchecked: bool = False
    """Whether it was sent without a check of the server's certificate."""


@dataclass(frozen=True, slots=True)
class ExchangeDetail:
    """Everything the inspector shows of one exchange."""

    exchange: Exchange
    title: str
    subtitle: str
    """`12:20:47, receiver to sender, 94 ms`."""
    request: Message | None
    response: Message | None
    verdict: Verdict | None
    answer_verdict: Verdict | None
    summary: Summary
    answer_summary: Summary | None
    headers: tuple[DecodedHeader, ...]
    answer_headers: tuple[DecodedHeader, ...]
    links: tuple[Link, ...]
    """Why it is part of its conversation."""
    chips: tuple[tuple[Tone, str], ...]
    skew_s: float | None
    """The other side's clock minus ours, seconds; None when it sent no date."""
    wire_request: str
    """Head and body as text for reading, secrets cut out."""
    wire_response: str
    silenced: tuple[Silenced, ...] = ()
    """Findings that are known noise of the service that was called; they are in neither verdict."""
    why: tuple[Why, ...] = ()
    """Why it is part of its conversation, and what speaks against it, with the ids."""
    diagnosis: Diagnosis | None = None
    """Why it was refused, as found out on this machine."""
    explanation: Explanation | None = None
    """What an answer that is an error means."""
    masked: bool = False
    """Whether people are masked in all of it."""
    answered_by: str = ""
    """Which rule of a receiver in this program answered, in words; empty where none did."""
    dated: str = ""
    """Whose time a sign-in was dated by, where that was not this machine's."""


@dataclass(frozen=True, slots=True)
class IdentityDetail:
    """An identity with everything that goes into the access headers."""

    id: str
    organisation: str
    ods_code: str
    practitioner: str
    role: str
    role_profile: str
    software: str
    service: str
    current: bool


@dataclass(frozen=True, slots=True)
class ServiceDetail:
    """A service of the directory."""

    id: str
    name: str
    target: str
    """`https://fhir.nhs.uk/Id/dos-service-id|2000011147`."""
    value: str
    system: str
    role: str
    organisation: str
    ods_code: str
    environments: str
    use_cases: tuple[str, ...]
    notes: str
    own: bool
    address: str
    """Where the embedded sandbox sends messages for it; empty when it is not routed."""
    entry: Service
    """As the directory keeps it: what is changed."""
    seen: str = ""
    """What it last said that it takes, and when; empty where it was never asked in this environment."""
    seen_tone: Tone = Tone.NEUTRAL
    """OK while what it said counts, NEUTRAL once that is too old."""
    header: str = ""
    """The target identifier as it is sent, encoded."""


@dataclass(frozen=True, slots=True)
class ServiceCheck:
    """What a service said about itself just now."""

    service: str
    rows: tuple[tuple[Tone, str, str], ...]
    """(tone, what was asked, answer)."""
    exchange: str
    """Id of the first of its calls in the history."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One call in a live log."""

    time: datetime
    method: str
    path: str
    caller: str
    about: str
    tone: Tone
    status: str
    answered_by: str
    seconds: float | None
    exchange: str = ""
    """id in the history; empty in the sandbox's own log."""


@dataclass(frozen=True, slots=True)
class ReceiverPage:
    """One tab of the Receiver panel: the workbench's own receiver, or the embedded sandbox."""

    id: str
    """`own` or `sandbox`."""
    title: str
    listening: bool
    heading: str
    sentence: str
    base_url: str
    log: tuple[LogEntry, ...]
    state: tuple[tuple[str, str], ...]
    answers: tuple[AnswerRow, ...]
    problem: str = ""
    problem_step: str = ""
    """What to do about the problem."""
    free_port: int = 0
    """A port that is free, where the one wanted is not; 0 = nothing to offer."""
    badges: tuple[tuple[Tone, str], ...] = ()
    """What stays in sight in the head."""


class StepState(StrEnum):
    """How far a scenario step is."""

    TO_COME = "to-come"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ExpectationView:
    """One expectation with its result; None while it is to come."""

    text: str
    passed: bool | None
    step: int


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a scenario."""

    number: int
    actor: str
    other: str
    sentence: str
    must_come_back: str
    state: StepState
    took: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario with its last or present run."""

    id: str
    title: str
    sentence: str
    group: str
    state: StepState
    """TO_COME = never run."""
    status: str
    """`Passed`, `1 failed`, `Running`, `Not run`."""
    steps: tuple[StepView, ...]
    expectations: tuple[ExpectationView, ...]
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """One line of `On this machine`."""

    icon: str
    title: str
    subtitle: str
    tone: Tone
    word: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page: what is ready on this machine."""

    ready: tuple[ReadyRow, ...]
    show_at_start: bool


@dataclass(frozen=True, slots=True)
class AboutRow:
    """One fact for About."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting with its label, help, value and where the value comes from."""

    name: str
    label: str
    help: str
    kind: str
    """`choice`, `integer`, `boolean` or `text`."""
    value: str
    choices: tuple[tuple[str, str], ...]
    """(value, words) of a choice."""
    minimum: int
    maximum: int
    origin: str
    """`default`, `workspace`, `app`, or the flag or variable that overrides it (then it is read-only)."""
    read_only: bool
    section: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The Settings panel."""

    settings: tuple[SettingView, ...]
    workspace: tuple[tuple[str, str], ...]
    about: tuple[AboutRow, ...]


@dataclass(frozen=True, slots=True)
class ConversationView:
    """One conversation with its swim lanes."""

    row: ConversationRow
    lanes: Lanes
    tone: Tone
    chip: str
    """`Answered in 2 h 18 min`."""
