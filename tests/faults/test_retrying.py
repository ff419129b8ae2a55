"""Promise P24 and faults F36 to F41: what is sent again by itself, when, how often, and with the same bytes and ids."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from tests.faults.laboratory import BODY, take
from tests.faults.test_answers import BUNDLE, answer, outcome
from tests.session.conftest import a_session
from tests.transport.builders import faulty
from workbench.session.calls import Outgoing
from workbench.session.engine import Engine
from workbench.session.events import SendProgress
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.session.events import SessionEvent
    from workbench.session.session import Session

OK = answer("200 OK", BUNDLE)
BUSY = answer("429 Too Many", outcome("REC_TOO_MANY_REQUESTS", "throttled"))
LATE = answer("408 Request Timeout", outcome("REC_TIMEOUT", "timeout"))
DUPLICATE = answer("409 Conflict", outcome("REC_CONFLICT", "duplicate"))


def told(after: str) -> bytes:
    return BUSY.replace(b"\r\n", b"\r\nRetry-After: " + after.encode() + b"\r\n", 1)


@dataclass(frozen=True, slots=True)
class Played:
    """What was sent, how long was waited between, and what came of it."""

    sent: tuple[bytes, ...]
    pauses: tuple[float, ...]
    status: int | None
    failure: str
    kept: tuple[tuple[int, str | None], ...]
    """(attempt, first exchange) of what the history holds."""
    waits: tuple[tuple[int, int], ...]
    """(attempt, of) of every pause that was shown."""


SCRIPTS: dict[str, tuple[bytes, ...]] = {
    "408 then taken": (LATE, OK),
    "408 for ever": (LATE,) * 9,
    "429 in 5 seconds": (told("5"), OK),
    "429 in an age": (told("1000000000"), OK),
    "429 at a date": (told("Thu, 31 Dec 2099 00:00:00 GMT"), OK),
    "429 with nonsense": (told("soon"), OK),
    "429 in minus one": (told("-1"), OK),
    "500 without a body": (answer("500 Error"), OK),
    "503 then 504 then taken": (answer("503 Unavailable"), answer("504 Gateway Timeout"), OK),
    "taken, then a duplicate": (LATE, DUPLICATE, OK),
    "a conflict": (answer("409 Conflict", outcome("REC_CONFLICT", "conflict")), OK),
    "400": (answer("400 Bad Request", outcome("REC_BAD_REQUEST", "invalid")), OK),
    "403 without an outcome": (answer("403 Forbidden"), OK),
    "closed without an answer": (b"", OK),
}


async def _play(session: Session, parts: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> Played:
    sent: list[bytes] = []
    pauses: list[float] = []
    shown: list[SendProgress] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.append(await take(reader))
        writer.write(parts[len(sent) - 1])

    async def rest(seconds: float) -> None:
        pauses.append(seconds)

    def listen(event: SessionEvent) -> None:
        if isinstance(event, SendProgress) and event.phase is None:
            shown.append(event)

    sender = session._parts.sender
    monkeypatch.setattr(sender, "_rest", rest)
    monkeypatch.setattr(sender, "_chance", lambda: 0.0)
    end = session.subscribe(listen)
    async with faulty(script) as origin:
        here = replace(session._engine.environment_of("sandbox").with_addresses(f"{origin}/FHIR/R4", None))
        monkeypatch.setattr(Engine, "usable_environment", lambda *_: here)
        service = session._engine.directory.services.all()[0]
        done: Exchange = await sender.persist(Outgoing("process-message", service, BODY), "a call")
        await session._engine.client("sandbox").close()
    end()
    ids = {line for request in sent for line in request.split(b"\r\n") if line.lower().startswith(b"x-request-id")}
    assert len(ids) == 1
    recent = await session._engine.history.queries.recent(len(sent))
    kept = sorted((one.exchange.attempt, one.exchange.retry_of) for one in recent)
    failure = done.failure.kind.value if done.failure is not None else ""
    status = done.response.status if done.response is not None else None
    waits = tuple((one.attempt, one.of) for one in shown)
    return Played(tuple(sent), tuple(pauses), status, failure, tuple(kept), waits)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    async def whole() -> dict[str, Played]:
        options = SessionOptions(start_sandbox=False, start_receiver=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
            async with a_session(tmp_path_factory.mktemp("retrying") / "workspace", options=options) as session:
                return {name: await _play(session, parts, patch) for name, parts in SCRIPTS.items()}

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("script", "pauses", "status"),
    [
        ("408 then taken", (2.0,), 200),
        ("408 for ever", (2.0, 4.0), 408),
        ("429 in 5 seconds", (5.0,), 200),
        ("429 in an age", (120.0,), 200),
        ("429 at a date", (120.0,), 200),
        ("429 with nonsense", (2.0,), 200),
        ("429 in minus one", (2.0,), 200),
        ("500 without a body", (2.0,), 200),
        ("503 then 504 then taken", (2.0, 4.0), 200),
        ("taken, then a duplicate", (2.0,), 409),
        ("a conflict", (), 409),
        ("400", (), 400),
        ("403 without an outcome", (), 403),
        ("closed without an answer", (), None),
    ],
)
def test_what_the_guide_asks_to_send_again_is_sent_again_and_nothing_else(
    played: dict[str, Played], script: str, pauses: tuple[float, ...], status: int | None
) -> None:
    found = played[script]
    assert (found.pauses, found.status) == (pauses, status)
    assert len(found.sent) == len(pauses) + 1
    assert len(set(found.sent)) == 1
    assert found.waits == tuple((number + 2, 3) for number in range(len(pauses)))
    assert [attempt for attempt, _ in found.kept] == list(range(1, len(found.sent) + 1))
    assert len({first for attempt, first in found.kept if attempt > 1}) <= 1


def test_an_unknown_outcome_is_left_to_a_person(played: dict[str, Played]) -> None:
    assert played["closed without an answer"].failure == "unknown"
