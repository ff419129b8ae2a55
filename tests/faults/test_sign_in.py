"""Faults F27 to F31 of tokens: one that is refused or ends, and an endpoint that fails; nothing of a send is lost."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.faults.laboratory import BODY, take
from tests.faults.test_answers import BUNDLE, answer, outcome
from tests.faults.test_network import closed_port
from tests.session.conftest import a_session
from tests.transport.builders import faulty
from workbench.directory.directory import built_in_environments
from workbench.exchange import FailureKind
from workbench.keys import generate_private_pem
from workbench.session import signing
from workbench.session.calls import Outgoing
from workbench.session.engine import Engine
from workbench.session.options import SessionOptions
from workbench.transport.tokens import UNTOLD_S

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.session.session import Session

HERE = next(one for one in built_in_environments() if one.id == "embedded")
SIGNED_IN = b'{"access_token": "mock-%d", "expires_in": "599"}'


@dataclass
class Platform:
    """One server that gives tokens and takes messages; both as told."""

    tokens: list[bytes] = field(default_factory=list)
    """Answers of the token endpoint one after the other; later ones are good."""
    calls: list[bytes] = field(default_factory=list)
    """Answers to messages; later ones are a success."""
    asked: list[bytes] = field(default_factory=list)
    """What the token endpoint was sent."""
    got: list[bytes] = field(default_factory=list)
    """Messages that came, whole."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await take(reader)
        if b"/oauth2/token" in request.partition(b"\r\n")[0]:
            self.asked.append(request)
            good = answer("200 OK", SIGNED_IN % len(self.asked), b"Content-Type: application/json\r\n")
            writer.write(self.tokens.pop(0) if self.tokens else good)
        else:
            self.got.append(request)
            writer.write(self.calls.pop(0) if self.calls else answer("200 OK", BUNDLE))

    def bearers(self) -> list[str]:
        """The tokens that messages came with."""
        lines = (line for one in self.got for line in one.decode().split("\r\n") if line.startswith("Authorization: "))
        return [line.removeprefix("Authorization: Bearer ") for line in lines]


@dataclass(frozen=True, slots=True)
class Played:
    """One message to one platform and what became of it."""

    platform: Platform
    done: Exchange
    life: float | None
    """Seconds that the token which is kept still lives."""
    where: str
    """The token endpoint."""

    @property
    def status(self) -> int | None:
        """What the message was answered with."""
        return self.done.response.status if self.done.response is not None else None


async def _play(session: Session, platform: Platform, patch: pytest.MonkeyPatch, port: int) -> Played:
    engine = session._engine
    async with faulty(platform) as origin:
        tokens = f"http://127.0.0.1:{port}" if port else origin
        moved = replace(HERE, base_url=f"{origin}/FHIR/R4", token_url=f"{tokens}/oauth2/token")
        patch.setattr(Engine, "usable_environment", lambda *_: moved)
        patch.setattr(Engine, "known_environment", lambda *_: moved)
        service = engine.directory.services.all()[0]
        done = await session._parts.sender.send(Outgoing("process-message", service, BODY))
        await engine.client(HERE.id).close()
    kept = engine.tokens.current(moved.token_url or "", kid="sandbox-1", client_id=HERE.client_id)
    life = kept.seconds_left(time.monotonic()) if kept is not None else None
    engine.tokens.drop(moved.token_url or "")
    found = await session._parts.timeline.exchange(done.id)
    assert (found.request.body, found.failure, found.response) == (BODY, done.failure, done.response), "all is kept"
    return Played(platform, done, life, tokens.partition("//")[2])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """Every script below, played by one session one after the other."""

    async def whole() -> dict[str, Played]:
        options = SessionOptions(start_sandbox=False, start_receiver=False)
        port = closed_port()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
            patch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
            async with a_session(tmp_path_factory.mktemp("sign-in") / "workspace", options=options) as session:
                await session.keys.ensure_embedded()
                return {
                    name: await _play(session, platform, patch, port if name.startswith("F29") else 0)
                    for name, platform in scripts().items()
                }

    return asyncio.run(whole())


def ids(message: bytes) -> list[bytes]:
    wanted = (b"x-request-id", b"x-correlation-id")
    return sorted(line for line in message.split(b"\r\n") if line.partition(b":")[0].lower() in wanted)


JSON = b"Content-Type: application/json\r\n"
BROKEN = {
    "F30 no JSON": (b'{"access_token": ', "is no JSON object"),
    "F30 a page": (b"<html>Sign in</html>", "is no JSON object"),
    "F30 nested without end": (b"[" * 50_000, "is no JSON object"),
    "F30 no token": (b'{"expires_in": "599"}', "it holds no access_token"),
    "F30 a token of two lines": (b'{"access_token": "a\\r\\nB: c"}', "it holds no access_token"),
}
LIVES = ["null", '"soon"', "-5", "0", "1e99", '"nan"', "true", "[]"]
REFUSED = {
    "F31 jti": "Non-unique 'jti' claim in client_assertion JWT",
    "F31 kid": "Invalid 'kid' header in client_assertion JWT - no matching public key",
    "F31 exp": "Invalid 'exp' claim in client_assertion JWT - more than 5 minutes in future",
    "F31 key set": "The JWKS endpoint, for your client_assertion can't be reached",
}


def refused(words: str) -> bytes:
    body = {"error": "invalid_request", "error_description": words, "message_id": "rrt-1"}
    return answer("400 Bad Request", json.dumps(body).encode(), JSON)


def scripts() -> dict[str, Platform]:
    unauthorised = answer("401 Unauthorized", outcome("SEND_UNAUTHORIZED", "security"))
    expired = answer("401 Unauthorized", outcome("SEND_UNAUTHORIZED", "expired"))
    short = answer("200 OK", b'{"access_token": "short", "expires_in": "1"}', JSON)
    made = {
        "F27 refused": Platform(calls=[unauthorised]),
        "F27 refused twice": Platform(calls=[unauthorised, unauthorised]),
        "F27 refused by the receiver": Platform(calls=[answer("401 No", outcome("REC_UNAUTHORIZED", "security"))]),
        "F28 ends on the way": Platform([short], [expired]),
        "F29 down": Platform(),
    }
    made |= {name: Platform([answer("200 OK", body, JSON)]) for name, (body, _) in BROKEN.items()}
    for life in LIVES:
        body = b'{"access_token": "odd", "expires_in": %b}' % life.encode()
        made[f"F30 life {life}"] = Platform([answer("200 OK", body, JSON)])
    return made | {name: Platform([refused(words)]) for name, words in REFUSED.items()}


def test_f27_a_token_that_is_refused_is_replaced_once_and_the_message_repeated_as_it_is(
    played: dict[str, Played],
) -> None:
    found = played["F27 refused"]
    platform = found.platform
    assert (found.status, found.done.attempt, platform.bearers()) == (200, 2, ["mock-1", "mock-2"])
    first, second = platform.got
    assert ids(first) == ids(second) != []
    assert first.partition(b"\r\n\r\n")[2] == second.partition(b"\r\n\r\n")[2] == BODY
    assertions = {one.rpartition(b"client_assertion=")[2] for one in platform.asked}
    assert len(assertions) == len(platform.asked) == 2, "a fresh one for each token"


def test_f27_a_second_refusal_is_final(played: dict[str, Played]) -> None:
    found = played["F27 refused twice"]
    assert (found.status, len(found.platform.got), len(found.platform.asked)) == (401, 2, 2)


def test_a_caller_whom_the_receiver_does_not_accept_is_not_sent_to_it_again(played: dict[str, Played]) -> None:
    found = played["F27 refused by the receiver"]
    assert (found.status, len(found.platform.got), len(found.platform.asked)) == (401, 1, 1)


def test_f28_a_token_that_ends_while_it_travels_is_replaced(played: dict[str, Played]) -> None:
    found = played["F28 ends on the way"]
    assert (found.status, found.platform.bearers()) == (200, ["short", "mock-2"])
    assert ids(found.platform.got[0]) == ids(found.platform.got[1])


def test_f29_a_token_endpoint_that_is_down_keeps_the_message_here(played: dict[str, Played]) -> None:
    assert unsent(played["F29 down"]) == f"Nothing is listening at {played['F29 down'].where}."


def unsent(found: Played) -> str:
    """Why a message stayed here."""
    failure = found.done.failure
    assert failure is not None
    assert (failure.kind, found.platform.got) == (FailureKind.NOT_SENT, [])
    assert failure.next_step.endswith(".")
    return failure.sentence


@pytest.mark.parametrize("fault", BROKEN)
def test_an_answer_without_a_token_keeps_the_message_here(fault: str, played: dict[str, Played]) -> None:
    assert BROKEN[fault][1] in unsent(played[fault])


@pytest.mark.parametrize("life", LIVES)
def test_f30_a_life_that_cannot_be_meant_counts_as_a_minute(life: str, played: dict[str, Played]) -> None:
    found = played[f"F30 life {life}"]
    assert (found.status, found.platform.bearers()) == (200, ["odd"])
    assert found.life is not None
    assert UNTOLD_S - 30 < found.life <= UNTOLD_S == 60


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_of_the_token_endpoint_is_told_in_the_platforms_words(fault: str, played: dict[str, Played]) -> None:
    assert REFUSED[fault] in unsent(played[fault])
