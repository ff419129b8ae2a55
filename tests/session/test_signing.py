"""Keys and the vault as a person meets them: memory, passphrase, locked, files, rotation; no private word anywhere.

Also key_words, key_views and key_serving.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import ConfigError, ErrorCode, InputError, StoreError, VaultError
from workbench.exchange import Failure, Request, Response
from workbench.keys import KeyFacts, Standing, Vault, encrypted_pem, generate_private_pem, load_private_pem, read_keys
from workbench.session import signing
from workbench.session.key_views import KeyDeed
from workbench.session.key_words import key_view, vault_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.key_views import KeysPage, KeyView
    from workbench.session.session import Session

PASSPHRASE = "a few words in a row"
OTHER = "quite another passphrase"
SOON = datetime(2026, 11, 25, 13, 58, tzinfo=UTC)
TITLES = {"int": "INT", "embedded": "Embedded sandbox"}


@pytest.fixture(scope="module")
def pem() -> bytes:
    return generate_private_pem(2048)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of 2,048 bits, which take a tenth of the time to make."""
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))


def the(page: KeysPage, kid: str) -> KeyView:
    return next(key for key in page.keys if key.kid == kid)


def test_without_a_keyring_the_sandbox_key_lives_in_memory_and_a_passphrase_opens_the_way(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    async def work(session: Session) -> None:
        page = await session.keys.page()
        assert page.vault.state == "memory"
        assert page.vault.next_step
        assert [(key.status, key.note) for key in page.keys] == [
            ("In memory for this run", "It is forgotten when the program ends.")
        ]
        with pytest.raises(VaultError) as raised:
            await session.keys.create("embedded")
        assert raised.value.next_step
        with pytest.raises(VaultError):
            await session.keys.set_passphrase("short")

        assert (await session.keys.set_passphrase(PASSPHRASE)).vault.state == "open"
        page = await session.keys.create("embedded")
        (mine,) = [key for key in page.keys if key.status == "In use"]
        assert (mine.bits, mine.signs_for) == (4096, "Embedded sandbox")

        keys = json.loads(await session.keys.copy_public_set(mine.kid))["keys"]
        assert [key["kid"] for key in keys] == [mine.kid, "sandbox-1"]
        assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in keys for name in key}
        await session.keys.save_public_set("", str(tmp_path / "jwks.json"))
        assert mine.kid in (tmp_path / "jwks.json").read_text("utf-8")

        status = await session.renew_token()
        assert status.token.kid == mine.kid
        claims = dict((await session.keys.page()).assertion)
        assert mine.kid in str(claims)

    play(work)


@pytest.mark.usefixtures("quick")
@pytest.mark.usefixtures("quick")
def test_the_public_key_sets_are_served_at_an_address_as_they_stand(play: Callable[..., Any]) -> None:
    async def fetched(session: Session, url: str, method: str = "GET") -> tuple[int, Any]:
        answer = await session._engine.client("embedded")(Request(method, url))
        assert isinstance(answer, Response)
        return answer.status, json.loads(answer.body)

    async def work(session: Session) -> None:
        await session.keys.set_passphrase(PASSPHRASE)
        page = await session.keys.create("int")
        first = the(page, "int-1")
        assert (first.served, KeyDeed.SERVE in first.deeds) == ("", True)
        first = the(await session.keys.serve(), "int-1")
        assert first.served.endswith("/int/jwks.json")
        assert first.fetched.startswith("Nobody has fetched it yet. Only this machine can reach it")
        status, found = await fetched(session, first.served)
        assert (status, [key["kid"] for key in found["keys"]]) == (200, ["int-1"])
        await session.keys.rotate("int-1")
        _, found = await fetched(session, first.served)
        assert {key["kid"] for key in found["keys"]} == {"int-1", "int-2"}, "as they stand now"
        assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in found["keys"] for name in key}
        _, every = await fetched(session, first.served.replace("/int/", "/"))
        assert len(every["keys"]) > len(found["keys"])
        assert the(await session.keys.page(), "int-1").fetched.startswith("Fetched 3 times, last at ")

        assert (await fetched(session, first.served.replace("/int/", "/nowhere/")))[0] == 404
        assert (await fetched(session, first.served, "POST"))[0] == 405
        again = the(await session.keys.serve(), "int-1")
        assert again.served == first.served, "once is enough"
        assert the(await session.keys.unserve(), "int-1").served == ""
        assert isinstance(await session._engine.client("embedded")(Request("GET", first.served)), Failure)
        await session.keys.serve()  # closing the session ends it

    play(work)


@pytest.mark.usefixtures("quick")
def test_another_passphrase_opens_the_keys_from_now_on(tmp_path: Path) -> None:
    async def first() -> None:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            assert (await session.keys.page()).vault.changes
            with pytest.raises(VaultError):
                await session.keys.change_passphrase(OTHER, OTHER)
            page = await session.keys.change_passphrase(PASSPHRASE, OTHER)
            assert page.vault.state == "open"
            session.keys.stop_waiting()  # nothing is waited for

    async def again() -> None:
        with pytest.raises(VaultError):
            async with a_session(tmp_path / "w", passphrase=PASSPHRASE):
                pass
        async with a_session(tmp_path / "w", passphrase=OTHER) as session:
            await session.renew_token()

    asyncio.run(first())
    asyncio.run(again())


def test_a_locked_vault_says_so_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    async def make() -> str:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            page = await session.keys.page()
            return next(key.kid for key in page.keys if key.status == "In use")

    async def again(kid: str) -> None:
        async with a_session(tmp_path / "w") as session:
            page = await session.keys.page()
            assert page.vault.state == "locked"
            assert "passphrase" in page.vault.next_step
            assert (the(page, kid).status, the(page, kid).deeds) == ("Locked", {KeyDeed.COPY, KeyDeed.SERVE})
            with pytest.raises(VaultError) as raised:
                await session.keys.unlock("not the passphrase")
            assert raised.value.sentence
            page = await session.keys.unlock(PASSPHRASE)
            assert page.vault.state == "open"
            assert the(page, kid).usable
            assert (await session.renew_token()).token.kid

            page = await session.keys.lock()
            assert (page.vault.text, the(page, kid).status) == (
                "The keys of this workspace are locked: They were locked by hand.",
                "Locked",
            )
            assert (await session.status()).token.kid == "", "no token outlives it"
            assert (await session.renew_token()).token.kid != kid, "the sandbox goes on with a key in memory"
            page = await session.keys.unlock(PASSPHRASE)
            assert [(key.kid, key.status) for key in page.keys] == [(kid, "In use")]

    asyncio.run(again(asyncio.run(make())))


@pytest.mark.usefixtures("quick")
def test_a_key_is_rotated_with_both_in_the_set_and_the_old_one_signing_until_told_otherwise(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            page = await session.keys.page()
            (old,) = page.keys
            assert (old.kid, KeyDeed.ROTATE in old.deeds, KeyDeed.SIGN in old.deeds) == ("sandbox-1", True, False)
            page = await session.keys.rotate("sandbox-1")
            assert [(key.kid, key.status) for key in page.keys] == [
                ("sandbox-2", "Waits to sign"),
                ("sandbox-1", "In use until rotated"),
            ]
            assert "sign with it now, and retire sandbox-1 later" in the(page, "sandbox-2").note
            both = json.loads(await session.keys.copy_public_set("sandbox-1"))["keys"]
            assert [key["kid"] for key in both] == ["sandbox-2", "sandbox-1"]
            assert (await session.renew_token()).token.kid == "sandbox-1"

            page = await session.keys.sign_with("sandbox-2")
            assert [(key.kid, key.status) for key in page.keys] == [
                ("sandbox-2", "In use"),
                ("sandbox-1", "Not in use"),
            ]
            assert (await session.renew_token()).token.kid == "sandbox-2"
            page = await session.keys.retire("sandbox-1")
            assert (the(page, "sandbox-1").status, the(page, "sandbox-1").deeds) == (
                "Retired",
                {KeyDeed.SIGN, KeyDeed.DELETE},
            )
            assert "sandbox-1" not in await session.keys.copy_public_set("sandbox-2")
            with pytest.raises(ConfigError):
                await session.keys.delete("sandbox-2")
            page = await session.keys.delete("sandbox-1")
            assert [key.kid for key in page.keys] == ["sandbox-2"]
            assert (await session.renew_token()).token.kid == "sandbox-2"

    asyncio.run(work())


@pytest.mark.usefixtures("quick")
def test_an_environment_that_names_its_key_is_not_moved_to_another_behind_its_back(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE):
            pass
        file = tmp_path / "w" / "environments.json"
        content = json.loads(file.read_text("utf-8"))
        embedded = next(one for one in content["environments"] if one["id"] == "embedded")
        embedded["key"] = "sandbox-1"
        file.write_text(json.dumps(content), "utf-8")
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            page = await session.keys.create("embedded")
            assert (the(page, "sandbox-1").signs_for, the(page, "sandbox-2").signs_for) == ("Embedded sandbox", "")
            with pytest.raises(ConfigError) as raised:
                await session.keys.sign_with("sandbox-2")
            assert (raised.value.code, raised.value.sentence) == (
                ErrorCode.CONFIG_KEY_NAMED,
                "Embedded sandbox is set to sign with sandbox-1 and no other key.",
            )

    asyncio.run(work())


@pytest.mark.usefixtures("quick")
def test_keys_come_from_files_and_leave_encrypted_only(tmp_path: Path, pem: bytes) -> None:
    mine = tmp_path / "int-7.pem"
    mine.write_text(encrypted_pem(load_private_pem(pem), OTHER))
    second = generate_private_pem(2048)
    both = tmp_path / "both.pem"
    both.write_bytes(pem + second)

    async def work() -> None:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            keys = session.keys
            with pytest.raises(InputError) as locked:
                await keys.import_file(str(mine), environment="int")
            assert locked.value.code is ErrorCode.INPUT_KEY_PASSPHRASE
            (found,) = await keys.look(str(mine), OTHER)
            assert (found.kid, found.about) == ("int-7", f"RSA 2048, thumbprint {found.thumbprint[:12]}...")
            page = await keys.import_file(str(mine), environment="int", passphrase=OTHER)
            view = the(page, "int-7")
            assert (view.status, view.signs_for, view.environments) == ("In use", "INT", "INT")
            assert view.note == "It has 2,048 bits, which is taken; new keys have 4,096."

            with pytest.raises(InputError) as several:
                await keys.import_file(str(both), environment="int")
            first, other = await keys.look(str(both))
            assert (several.value.code, several.value.sentence) == (
                ErrorCode.INPUT_KEY_SEVERAL,
                f"both.pem holds 2 private keys: {first.thumbprint}, {other.thumbprint}.",
            )
            with pytest.raises(InputError) as twice:
                await keys.import_file(str(both), environment="int", thumbprint=first.thumbprint)
            assert twice.value.sentence == "both.pem cannot be used as a signing key: it is here already, as int-7."
            page = await keys.import_file(
                str(both), environment="int", thumbprint=other.thumbprint, kid="int-8", known=False
            )
            assert (the(page, "int-8").status, the(page, "int-7").status) == ("Not published", "In use until rotated")
            page = await keys.mark_published("int-8")
            assert the(page, "int-8").status == "Waits to sign"
            assert "INT may know it from" in the(page, "int-8").note
            with pytest.raises(InputError) as named:
                await keys.import_file(str(both), environment="int", thumbprint="zz")
            assert "none has a thumbprint that begins with zz" in named.value.sentence

            out = tmp_path / "out.pem"
            with pytest.raises(VaultError) as short:
                await keys.export("int-7", str(out), "fourteen chars")
            assert (short.value.code, out.exists()) == (ErrorCode.VAULT_SHORT_PASSPHRASE, False)
            await keys.export("int-7", str(out), OTHER)
            assert out.stat().st_mode & 0o777 == 0o600
            assert read_keys(out.read_bytes(), OTHER)[0].thumbprint == first.thumbprint
            with pytest.raises(StoreError):
                await keys.export("int-7", str(tmp_path / "no" / "out.pem"), OTHER)
            (tmp_path / "large.pem").write_bytes(b" " * (1024 * 1024 + 1))
            with pytest.raises(InputError) as large:
                await keys.look(str(tmp_path / "large.pem"))
            assert large.value.code is ErrorCode.INPUT_TOO_LARGE

    asyncio.run(work())
    kept = b"".join(file.read_bytes() for file in (tmp_path / "w").rglob("*") if file.is_file())
    for secret in (b"PRIVATE KEY", OTHER.encode(), PASSPHRASE.encode()):
        assert secret not in kept


def a_key(kid: str, *, published: datetime | None = None, **changed: Any) -> KeyFacts:
    facts = {
        "bits": 4096,
        "created": SOON - timedelta(days=2),
        "environments": ("int",),
        "thumbprint": kid,
        "stored": "here",
        "usable": True,
        "in_memory": False,
        "jwk": (),
        "standing": Standing.SIGNS,
        "since": SOON - timedelta(days=2),
    }
    return KeyFacts(kid=kid, published=published, **{**facts, **changed})


def test_the_words_of_a_rotation_follow_its_steps() -> None:
    old = a_key("int-1", published=SOON - timedelta(days=1))

    def told(new: KeyFacts, now: datetime) -> tuple[str, KeyDeed | None, str]:
        signs = new if new.standing is Standing.SIGNS else old
        view = key_view(new, (new, old), TITLES, {"int": signs.kid}, now)
        return view.status, view.advised, view.note

    waits = {"standing": Standing.WAITS, "since": SOON}
    local = (SOON + timedelta(hours=1)).astimezone()
    assert told(a_key("int-2", **waits), SOON) == (
        "Not published",
        KeyDeed.PUBLISHED,
        "INT does not know it yet: publish the key set and say so here. int-1 signs until you say otherwise.",
    )
    assert told(a_key("int-2", published=SOON, **waits), SOON + timedelta(minutes=59)) == (
        "Waits to sign",
        None,
        f"INT may know it from {local:%H:%M} on: it keeps a key set that it has read for an hour."
        " int-1 signs until you say otherwise.",
    )
    assert told(a_key("int-2", published=SOON, **waits), SOON + timedelta(hours=1)) == (
        "Waits to sign",
        KeyDeed.SIGN,
        "INT has had the time to read it: sign with it now, and retire int-1 later.",
    )
    assert told(a_key("int-2", published=SOON, since=SOON), SOON + timedelta(hours=2)) == ("In use", None, "")
    new = a_key("int-2", published=SOON, since=SOON)
    assert key_view(old, (new, old), TITLES, {"int": "int-2"}, SOON + timedelta(hours=2)).note == (
        "It still stands in the key set. Retire it once nothing signed with it is under way."
    )
    first = a_key("int-1")
    assert key_view(first, (first,), TITLES, {"int": "int-1"}, SOON).note == (
        "INT does not know it yet: publish the key set and say so here."
    )
    late = a_key("int-2", published=SOON + timedelta(hours=9, minutes=50), **waits)
    then = (SOON + timedelta(hours=10, minutes=50)).astimezone()
    assert f"from {then:%H:%M} on {then.day} {then:%B} on" in told(late, SOON - timedelta(hours=3))[2]


def test_what_can_be_done_with_the_vault_depends_on_what_opens_it(tmp_path: Path) -> None:
    class Ring:
        name = "Secret Service"
        kept: str | None = None

        def get(self, _: str) -> str | None:
            return self.kept

        def set(self, _: str, value: str) -> None:
            self.kept = value

    ring = Ring()

    def opened(folder: str, *, keyring: Ring | None = None, words: str | None = None) -> Vault:
        return Vault.open(
            tmp_path / folder, workspace_id="w", passphrase=words, find_keyring=lambda: keyring, cost=2**14
        )

    def deeds(vault: Vault) -> tuple[str, bool, bool, str]:
        view = vault_view(vault)
        return view.state, view.asks, view.tries, view.recovery

    assert deeds(opened("m")) == ("memory", True, False, "")
    assert deeds(opened("p", words=PASSPHRASE)) == ("open", False, False, "")
    assert deeds(opened("p")) == ("locked", True, False, "")
    vault = opened("k", keyring=ring)
    assert deeds(vault) == ("open", False, False, "none")
    assert deeds(opened("k")) == ("locked", False, True, "")
    assert vault_view(opened("k")).text == (
        "The keys of this workspace are locked: Their lock is kept by Secret Service; "
        "this machine offers no keyring now."
    )
    vault.set_recovery(PASSPHRASE)
    assert deeds(vault) == ("open", False, False, "set")
    assert deeds(opened("k")) == ("locked", True, True, "")
    assert deeds(opened("k", words=PASSPHRASE)) == ("open", False, False, "set"), "headless, by its passphrase"
