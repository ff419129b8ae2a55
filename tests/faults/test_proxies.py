"""Faults F57 to F59 of what lies between: proxies that refuse or are away, variables and settings of the machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.laboratory import OK, answers, send
from tests.faults.test_network import closed_port
from tests.transport.builders import IDS, client, faulty
from tests.transport.test_tls_steps import a_proxy
from workbench.errors import ErrorCode
from workbench.exchange import FailureKind, Request
from workbench.transport.system_proxy import SystemSettings, proxy_for
from workbench.transport.tls_look import Proxy

if TYPE_CHECKING:
    from tests.faults.laboratory import Told
    from workbench.exchange import Failure
    from workbench.transport.client import Client

ROOT = Path(__file__).resolve().parents[2]
TARGET = "https://target.example"
NO = b"HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\n"


def through(folder: Path, answer: bytes, **login: str) -> tuple[Told, str]:
    """A message sent through a proxy that gives this answer to CONNECT, and that proxy's name."""

    async def play() -> tuple[Told, str]:
        async with a_proxy(answer) as (address, heads):
            told = await send(folder, TARGET, proxy=Proxy(address, **login))
        assert len(heads) == 1
        return told, address.partition("//")[2]

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"),
        (NO, "403 Forbidden"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502 Bad Gateway"),
    ],
    ids=["F57 wants a sign-in", "F57 forbids", "F57 finds nobody"],
)
def test_a_proxy_that_does_not_open_the_way_is_named_with_its_reason(tmp_path: Path, answer: bytes, why: str) -> None:
    told, proxy = through(tmp_path, answer, user="me", password="a proxy secret")
    assert told.kind == "not_sent"
    assert told.sentence == f"The proxy {proxy} does not let calls through to HOST: {why}."
    assert told.kept.failure is not None
    assert "Check the proxy of the environment" in told.next_step
    assert "a proxy secret" not in repr(told)


def test_f57_a_proxy_that_is_away_is_named_and_not_the_target(tmp_path: Path) -> None:
    port = closed_port()
    told = asyncio.run(send(tmp_path, TARGET, proxy=Proxy(f"http://127.0.0.1:{port}")))
    assert (told.kind, told.sentence) == ("not_sent", f"Nothing is listening at the proxy 127.0.0.1:{port}.")


VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
CHILD = """
import asyncio, sys
from tests.transport.builders import IDS, client
from workbench.exchange import Request

async def play():
    asking = client()
    outcome = await asking.send(Request("POST", sys.argv[1] + "/x", IDS, b"{}"))
    await asking.close()
    print(outcome.response.status if outcome.response else outcome.failure.sentence)

asyncio.run(play())
"""


def test_f58_no_variable_of_the_machine_leads_a_message_elsewhere(tmp_path: Path) -> None:
    """In a process of its own, as somebody's machine has it."""
    nowhere, file = f"http://127.0.0.1:{closed_port()}", tmp_path / "file"
    variables = {**dict.fromkeys(VARIABLES, nowhere), "SSL_CERT_FILE": str(file), "SSLKEYLOGFILE": str(file)}

    async def play() -> tuple[str, str]:
        async with faulty(answers(OK + b"Content-Length: 0\r\n\r\n")) as origin:
            command = (sys.executable, "-c", CHILD, origin)
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **variables}, **pipes)
            out, err = await child.communicate()
            return out.decode().strip(), err.decode()

    assert asyncio.run(play()) == ("200", "")
    assert not file.exists(), "no secret of TLS is written"


async def _refused(asking: Client) -> Failure:
    outcome = await asking.send(Request("POST", f"{TARGET}/x", IDS, b"{}"))
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.NOT_SENT
    return outcome.failure


def test_f59_the_next_call_goes_by_the_settings_that_the_machine_has_then() -> None:
    named: dict[str, str] = {}
    settings = SystemSettings(named, lambda _: False)

    async def play() -> list[bool]:
        found = []
        async with a_proxy(NO) as (one, _), a_proxy(NO) as (two, _):
            asking = client(proxy=lambda: proxy_for(TARGET, settings))
            for place in (one, two, one):
                named["https"] = place
                failure = await _refused(asking)
                found.append(f"The proxy {place.partition('//')[2]} " in failure.sentence)
            await asking.close()
        return found

    assert asyncio.run(play()) == [True, True, True]


def test_f59_a_script_that_decides_by_now_is_said_and_nothing_is_sent() -> None:
    settings = SystemSettings({}, lambda _: False, "http://wpad.example/proxy.pac")

    async def play() -> Failure:
        asking = client(proxy=lambda: proxy_for(TARGET, settings))
        return await _refused(asking)

    failure = asyncio.run(play())
    assert failure.code is ErrorCode.CONFIG_SYSTEM_PROXY
    assert "a script names it (http://wpad.example/proxy.pac), and scripts are not run here" in failure.sentence
