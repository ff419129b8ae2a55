"""`bars-workbench keys`: signing keys of a workspace without a window; passphrases come from files, never as words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.opening import opened
from workbench.cli.secrets import first_line, passphrase
from workbench.errors import ErrorCode, VaultError
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments
    from workbench.session.key_views import KeysPage, KeyView
    from workbench.session.signing import Signing


FILE = "FILE"


def keys(arguments: Arguments) -> int:
    """Run one of the actions; VaultError, InputError and StoreError as they are raised below."""
    return asyncio.run(_keys(arguments))


async def _keys(arguments: Arguments) -> int:
    options = SessionOptions(start_sandbox=False, start_receiver=False)
    async with opened(arguments, options) as session:
        if arguments.action == "list":
            _list(await session.keys.page(), arguments.format)
        elif arguments.action == "jwks":
            await _jwks(session.keys, arguments)
        elif arguments.action == "export":
            secret = first_line("--key-passphrase-file", arguments.key_passphrase_file)
            await session.keys.export(arguments.kid, arguments.file, secret)
            output.emit(f"Wrote {arguments.kid} to {arguments.file}, encrypted by its passphrase.\n")
        elif arguments.action == "passphrase":
            output.emit(f"{await _passphrase(session.keys, arguments)}\n")
        else:
            before = {key.kid: key for key in (await session.keys.page()).keys}
            page = await _changed(session.keys, arguments)
            for key in page.keys:
                if before.get(key.kid) != key:
                    output.emit(_row(key))
    return 0


async def _changed(keys: Signing, arguments: Arguments) -> KeysPage:
    """The page after an action that changes keys."""
    if arguments.action == "create":
        output.progress("Making a key...")
        return await keys.create(arguments.environment)
    if arguments.action == "import":
        secret_file = arguments.key_passphrase_file
        return await keys.import_file(
            arguments.file,
            environment=arguments.environment,
            passphrase=first_line("--key-passphrase-file", secret_file) if secret_file else "",
            kid=arguments.kid,
            thumbprint=arguments.thumbprint,
            known=not arguments.not_published,
        )
    act = {"published": keys.mark_published, "sign": keys.sign_with, "retire": keys.retire}[arguments.action]
    return await act(arguments.kid)


async def _passphrase(keys: Signing, arguments: Arguments) -> str:
    """Have the passphrase of a file open the vault from now on: alone, or beside the system keyring; what it did.

    VaultError while the vault is locked, and for a passphrase that is too short.
    """
    new = first_line(FILE, arguments.file)
    vault = (await keys.page()).vault
    if vault.state == "locked":
        raise VaultError(ErrorCode.VAULT_LOCKED, what="another passphrase")
    if vault.changes:
        await keys.change_passphrase(passphrase(arguments) or "", new)
        return "Another passphrase opens the keys from now on."
    if vault.recovery:
        await keys.set_recovery(new)
        return "This passphrase opens the keys too, should the system keyring no longer do so."
    await keys.set_passphrase(new)
    return "This passphrase opens the keys from now on."


async def _jwks(keys: Signing, arguments: Arguments) -> None:
    if arguments.output:
        await keys.save_public_set(arguments.kid, arguments.output)
    else:
        output.emit(f"{keys.public_set(arguments.kid)}\n")


def _list(page: KeysPage, form: str) -> None:
    if form == "json":
        output.document({"vault": page.vault.state, "keys": [_document(key) for key in page.keys]})
        return
    output.emit(f"{page.vault.text}\n")
    for key in page.keys:
        output.emit(_row(key))


def _row(key: KeyView) -> str:
    lines = [f"{key.kid}  {key.environments}  {key.status}  {key.about}  thumbprint {key.thumbprint}"]
    return "\n  ".join([*lines, key.note] if key.note else lines) + "\n"


def _document(key: KeyView) -> dict[str, object]:
    return {
        "kid": key.kid,
        "environments": key.environments,
        "status": key.status,
        "signs_for": key.signs_for or None,
        "bits": key.bits,
        "created": key.created.isoformat(),
        "thumbprint": key.thumbprint,
    }
