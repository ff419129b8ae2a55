"""Keys and the vault as a person meets them: memory, passphrase, locked, public keys; no private word anywhere."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session

PASSPHRASE = "a few words in a row"


def test_without_a_keyring_the_sandbox_key_lives_in_memory_and_a_passphrase_opens_the_way(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    async def work(session: Session) -> None:
        page = await session.keys_page()
        assert page.vault.state == "memory"
        assert page.vault.next_step
        assert [key.status for key in page.keys] == ["In memory for this run"]
        with pytest.raises(VaultError) as raised:
            await session.create_key("embedded")
        assert raised.value.next_step
        with pytest.raises(VaultError):
            await session.set_passphrase("short")

        assert (await session.set_passphrase(PASSPHRASE)).vault.state == "open"
        page = await session.create_key("embedded")
        (mine,) = [key for key in page.keys if key.status == "In use"]
        assert mine.bits == 4096

        keys = json.loads(await session.public_keys(mine.kid))["keys"]
        assert [key["kid"] for key in keys] == [mine.kid]
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(keys[0])
        await session.save_public_keys(None, str(tmp_path / "jwks.json"))
        assert mine.kid in (tmp_path / "jwks.json").read_text("utf-8")

        status = await session.renew_token()
        assert status.token.kid == mine.kid
        claims = dict((await session.keys_page()).assertion)
        assert mine.kid in str(claims)

    play(work)


def test_a_locked_vault_says_so_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    async def make() -> str:
        async with a_session(tmp_path / "w", passphrase=PASSPHRASE) as session:
            page = await session.create_key("embedded")
            return next(key.kid for key in page.keys if key.status == "In use")

    async def again(kid: str) -> None:
        async with a_session(tmp_path / "w") as session:
            page = await session.keys_page()
            assert page.vault.state == "locked"
            assert "passphrase" in page.vault.next_step
            assert next(key.status for key in page.keys if key.kid == kid) == "Locked"
            with pytest.raises(VaultError) as raised:
                await session.unlock_vault("not the passphrase")
            assert raised.value.sentence
            page = await session.unlock_vault(PASSPHRASE)
            assert page.vault.state == "open"
            assert next(key.usable for key in page.keys if key.kid == kid)
            assert (await session.renew_token()).token.kid

    asyncio.run(again(asyncio.run(make())))
