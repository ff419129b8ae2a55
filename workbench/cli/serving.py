"""`bars-workbench sandbox` and `receive`: serve until interrupted; one JSON line when ready, one for every exchange."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import logs
from workbench.cli import output
from workbench.cli.opening import now, opened
from workbench.cli.secrets import first_line
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.sandbox import ProxyLimits
from workbench.session.ids import fresh_id
from workbench.session.options import SessionOptions
from workbench.session.standalone import DELAYS, StandaloneSandbox, keep_state
from workbench.transport.server_tls import ServerTls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.cli.arguments import Arguments
    from workbench.exchange import Address

BASE = "/booking-and-referral/FHIR/R4"
COLLECTED_AFTER = (100_000, 50, 100)
"""So many new objects, and rounds of the younger generations, before Python looks for rubbish in circles: at its usual
700 a message of some hundred objects has it look all the time, which takes a third of a receiver's rate."""


def sandbox(arguments: Arguments) -> int:
    """Serve the embedded sandbox for other programs; 0 when it was interrupted."""
    asyncio.run(_sandbox(arguments))
    return 0


def receive(arguments: Arguments) -> int:
    """Serve the receiver of a workspace; 0 when it was interrupted."""
    asyncio.run(_receive(arguments))
    return 0


async def _sandbox(arguments: Arguments) -> None:
    logs.set_up(verbose=arguments.verbose)
    interrupted = _interruption()
    served = StandaloneSandbox(
        clock=now,
        ids=fresh_id,
        timer=time.monotonic,
        ask_token=not arguments.no_token,
        tell=output.document,
        delays=DELAYS if arguments.reply_after is None else dict.fromkeys(DELAYS, arguments.reply_after),
        limits=ProxyLimits(
            wait_s=arguments.wait,
            calls_a_minute=arguments.calls_per_minute,
            calls_a_second=arguments.calls_per_second,
        ),
    )
    for text in arguments.client:
        served.register(*_client(text))
    for text in arguments.route:
        served.route(*_route(text))
    if arguments.state:
        served.restore(_text(Path(arguments.state), absent="{}"))
    address = await served.start(arguments.host, arguments.port, _tls(arguments))
    try:
        ready = {
            "ready": True,
            "base_url": f"{address.origin}{BASE}",
            "token_url": f"{address.origin}/oauth2/token",
            "jwks_url": f"{address.origin}/oauth2/jwks",
        }
        output.document(ready)
        with _collecting_seldom():
            await interrupted.wait()
    finally:
        if arguments.state:
            served.save(Path(arguments.state))
        await served.close()


async def _receive(arguments: Arguments) -> None:
    interrupted = _interruption()
    options = SessionOptions(start_sandbox=False, start_receiver=False)
    async with opened(arguments, options) as session:
        session.tell_incoming(output.document)
        if arguments.state:
            session.held.restore(_text(Path(arguments.state), absent="{}"))
        address: Address = await session.listen(arguments.host, arguments.port, _tls(arguments))
        output.document({"ready": True, "base_url": f"{address.origin}{BASE}"})
        try:
            with _collecting_seldom():
                await interrupted.wait()
        finally:
            await session.stop_receiver()
            if arguments.state:
                keep_state(Path(arguments.state), session.held.snapshot())


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """What is loaded by now stays, and what messages are made of is freed without being looked for."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _interruption() -> asyncio.Event:
    """Set by SIGINT or SIGTERM; asked for before the ready line, after which anybody may send one."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(one, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(one, stop.set)
    return stop


def _tls(arguments: Arguments) -> ServerTls | None:
    if not arguments.tls:
        if getattr(arguments, "client_ca", None):
            cause = "certificates of callers can be asked for over HTTPS only: give --tls too"
            raise ConfigError(ErrorCode.CONFIG_FLAG, what="--client-ca", cause=cause)
        return None
    certificate, key = (Path(name) for name in arguments.tls)
    authority = getattr(arguments, "client_ca", None)
    secret = arguments.tls_passphrase_file
    passphrase = first_line("--tls-passphrase-file", secret) if secret else ""
    return ServerTls.read(certificate, key, Path(authority) if authority else None, passphrase=passphrase)


def _client(text: str) -> tuple[str, dict[str, object]]:
    """`ID=FILE` as a client id and its public key set."""
    id, equals, name = text.partition("=")
    if not equals or not id or not name:
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"--client {text}", cause="write it like ID=FILE")
    try:
        value = json.loads(_text(Path(name)))
    except ValueError:
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("keys"), list):
        raise InputError(ErrorCode.INPUT_KEY, what=name, cause="it is no JSON Web Key Set: it has no list 'keys'")
    return id, value


def _route(text: str) -> tuple[str, str]:
    service, equals, url = text.partition("=")
    if not equals or not service or not url.startswith(("http://", "https://")):
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"--route {text}", cause="write it like SERVICE=URL")
    return service, url


def _text(path: Path, *, absent: str | None = None) -> str:
    """A file as text; `absent` stands for one that is not there. InputError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if absent is not None:
            return absent
        raise InputError(ErrorCode.INPUT_MISSING, what=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=str(path), cause=str(error)) from error
