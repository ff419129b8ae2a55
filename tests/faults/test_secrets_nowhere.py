"""A whole session of a sender and receiver writes no secret anywhere, and the watch over every test would see one.

Promises P10 and P11 of the reliability anchors: keys, tokens, assertions, passphrases and proxy passwords are looked
for in the workspace (history and WAL, while it is open and after), logs, settings, drafts, exports and crash details.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.faults.secret_scanner import scan_bytes, text_secret
from tests.session.conftest import a_session
from workbench import logs
from workbench.errors import WorkbenchError
from workbench.keys import encrypted_pem, generate_private_pem, load_private_pem
from workbench.session import signing
from workbench.session.bulk import BulkOrder
from workbench.session.environment_views import EnvironmentEdit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.secrets_watch import Watch
    from workbench.session.session import Session

SERVICE = "northgate-emergency-department"
PASSPHRASE = "canary passphrase of the vault"
OF_A_FILE = "canary passphrase of a key file"
OF_THE_PROXY = "canary-password-of-the-proxy"
KINDS = ("private key", "access token", "signature of an assertion", "passphrase", "secret environment-")


@pytest.fixture
def program_log() -> Iterator[None]:
    """The log of the program on its file, with everything that is said."""
    root = logging.getLogger()
    level, before = root.level, tuple(root.handlers)
    logs.set_up(verbose=False)
    root.setLevel(logging.DEBUG)
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()


def _log_failure(error: BaseException, *told: object) -> None:
    logging.getLogger("workbench.session").error("it failed with %s", told, exc_info=error)


async def _keys(session: Session, out: Path) -> None:
    """Everything that is done with keys."""
    pem = generate_private_pem(2048)
    file = out.parent / "theirs.pem"
    file.write_text(encrypted_pem(load_private_pem(pem), OF_A_FILE), encoding="utf-8")
    await session.keys.import_file(str(file), environment="int", passphrase=OF_A_FILE, kid="theirs")
    page = await session.keys.create("embedded")
    await session.keys.rotate(page.keys[0].kid)
    await session.keys.export("theirs", str(out / "exported.pem"), OF_A_FILE)
    await session.keys.save_public_set("", str(out / "jwks.json"))
    with pytest.raises(WorkbenchError):
        await session.keys.import_file(str(file), environment="int", passphrase="wrong, but long enough")


async def _environment(session: Session) -> None:
    """A proxy with a password, of an environment that is not used."""
    place = replace(session._engine.environment_of("int"), proxy="http://127.0.0.1:9", proxy_user="someone")
    await session.environments.keep(EnvironmentEdit(place, proxy_password=OF_THE_PROXY))


async def _traffic(session: Session, out: Path) -> list[str]:
    """Messages out and in, refused and failed ones too, and what can be exported of them: texts for the clipboard."""
    offer = await session.offer()
    draft = await session.new_draft("referral-full", SERVICE, offer.patients[0].id)
    await session.save_draft(draft.id, draft.text)
    sent = await session.send(draft.id, draft.text)
    await session.retry(sent.exchange)
    await session.play("validation")
    await session.doctor.test()
    sandbox = session._parts.sandbox
    assert sandbox is not None
    sandbox.sandbox.tokens._tokens.clear()
    await session.retry(sent.exchange)  # 401 first
    sandbox.sandbox.register(session._engine.current_environment().client_id, {"keys": []})
    await session.doctor.test()  # refused
    sandbox.register()
    (out / "message.json").write_text(draft.text, encoding="utf-8")
    rows = await session.bulk.send("b", BulkOrder((str(out / "message.json"),)))
    for name in ("bulk.csv", "bulk.json"):
        await session.bulk.save(str(out / name), rows)
    await session.settle()
    texts = []
    for row in await session.conversations():
        texts.append(repr(await session.conversation(row.id)))
    for known in await session._engine.history.queries.recent(500):
        id = known.exchange.id
        texts += [repr(await session.detail(id)), await session.foreign.curl(id)]
    texts += [repr(await session.status()), repr(await session.keys.page()), repr(await session.doctor.page())]
    for authorization in ("Bearer canary-token-in-curl-text", "Basic Y2FuYXJ5OnBhc3N3b3Jk"):
        command = shlex.join(["curl", "https://a.example/x", "-H", f"Authorization: {authorization}", "-d", draft.text])
        (call,) = await session.foreign.read(command)
        await session.foreign.draft(call)
    return texts


@pytest.mark.usefixtures("program_log")
@pytest.mark.expects_warnings
def test_a_whole_session_writes_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clean_environment: Path, secrets_watch: Watch
) -> None:
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
    out, workspace = tmp_path / "out", tmp_path / "workspace"
    out.mkdir()

    async def work() -> None:
        async with a_session(workspace, passphrase=PASSPHRASE) as session:
            await _keys(session, out)
            await _environment(session)
            texts = await _traffic(session, out)
            token = next(iter(session._engine.tokens._kept.values()))
            try:
                raise RuntimeError(f"Authorization: {token.authorization()} for {session!r} {token!r}")
            except RuntimeError as error:
                _log_failure(error, token, session._engine.keys.load("theirs"))
            with (out / "stacks.txt").open("w", encoding="utf-8") as stacks:
                faulthandler.dump_traceback(stacks)
            await session.keys.lock()
            with pytest.raises(WorkbenchError):
                await session.keys.unlock("canary that does not open")
            await session.keys.unlock(PASSPHRASE)
            assert (workspace / "history.db-wal").stat().st_size > 0, "it is looked at while its WAL is there"
            assert secrets_watch.hits(clean_environment, out) == []
            for text in texts:
                assert scan_bytes("clipboard", text.encode(), secrets_watch.secrets) == []

    asyncio.run(work())
    known = [secret.name for secret in secrets_watch.secrets]
    for kind in KINDS:
        assert any(name.startswith(kind) for name in known), f"the watch saw no {kind}: {known}"
    assert (workspace / "history.db").stat().st_size > 0
    assert any("bars-workbench.log" in file.name for file in clean_environment.rglob("*")), "there is a log"
    assert secrets_watch.hits(clean_environment, out) == []
    more = [text_secret(text, text) for text in ("canary-token-in-curl-text", OF_A_FILE, OF_THE_PROXY)]
    assert secrets_watch.found(more, clean_environment, out) == []


def test_the_watch_over_every_test_sees_a_secret_that_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secrets_watch: Watch
) -> None:
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
    workspace = tmp_path / "workspace"

    async def work() -> str:
        async with a_session(workspace, passphrase=PASSPHRASE) as session:
            await session.renew_token()
            (token,) = session._engine.tokens._kept.values()
            draft = await session.new_draft("referral-full", SERVICE, (await session.offer()).patients[0].id)
            await session.save_draft(draft.id, json.dumps({"note": token.reveal()}))
            return token.reveal()

    token = asyncio.run(work())
    (hit,) = {hit.secret for hit in secrets_watch.hits()}
    assert hit == f"access token {token[:4]}..."
    secrets_watch.clear()
