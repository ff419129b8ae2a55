"""Remembers every secret that the program holds during a test, and where it works, so that both can be compared after.

Private keys as they are read, access tokens as they come, assertions as they are signed, passphrases and everything
else that goes into a vault. The places: the folder of each workspace, and the folders of the user.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.faults.secret_scanner import Hit, key_secret, scan, text_secret
from workbench.keys import assertion, store, vault
from workbench.keys.vault import Vault
from workbench.transport import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tests.faults.secret_scanner import Secret

LONG_ENOUGH = 15


class Watch:
    """What has been seen since it was last cleared; `installed` sees it."""

    def __init__(self) -> None:
        self._keys: dict[int, RSAPrivateKey] = {}
        self._texts: dict[str, str] = {}
        self._workspaces: set[Path] = set()

    def clear(self) -> None:
        """Begin anew."""
        self._keys.clear()
        self._texts.clear()
        self._workspaces.clear()

    @property
    def secrets(self) -> list[Secret]:
        """Everything that no file may hold."""
        texts = [text_secret(f"{name} {text[:4]}...", text) for text, name in self._texts.items()]
        return [key_secret("private key", key) for key in self._keys.values()] + texts

    def hits(self, *folders: Path) -> list[Hit]:
        """Every secret in a workspace that was opened, or in one of these folders."""
        if not self._workspaces:
            return []
        return self.found(self.secrets, *folders)

    def found(self, secrets: list[Secret], *folders: Path) -> list[Hit]:
        """These secrets in the workspaces and folders."""
        return scan(_files(*self._workspaces, *folders), secrets)

    def installed(self) -> ExitStack:
        """Sees secrets until it is closed."""
        stack = ExitStack()
        stack.enter_context(patch.object(store, "load_private_pem", self._loading(store.load_private_pem)))
        stack.enter_context(patch.object(tokens, "_read", self._reading(tokens._read)))
        stack.enter_context(patch.object(assertion.jwt, "encode", self._signing(assertion.jwt.encode)))
        stack.enter_context(patch.object(vault, "derive", self._deriving(vault.derive)))
        stack.enter_context(patch.object(vault, "wrap", self._wrapping(vault.wrap)))
        stack.enter_context(patch.object(Vault, "_write", self._keeping(Vault._write)))
        stack.enter_context(patch.object(Vault, "__init__", self._opening(Vault.__init__)))
        return stack

    def _note(self, name: str, text: str) -> None:
        if len(text) >= LONG_ENOUGH:
            self._texts[text] = name

    def _loading(self, real: Callable[..., RSAPrivateKey]) -> Callable[..., RSAPrivateKey]:
        def load(pem: bytes, what: str = "The key") -> RSAPrivateKey:
            key = real(pem, what)
            self._keys[key.private_numbers().d] = key
            return key

        return load

    def _reading(self, real: Callable[..., tuple[str, float]]) -> Callable[..., tuple[str, float]]:
        def read(*told: object) -> tuple[str, float]:
            value, life = real(*told)
            self._note("access token", value)
            return value, life

        return read

    def _signing(self, real: Callable[..., str]) -> Callable[..., str]:
        def encode(*told: object, **more: object) -> str:
            made = real(*told, **more)
            self._note("signature of an assertion", made.rpartition(".")[2])
            return made

        return encode

    def _deriving(self, real: Callable[..., bytes]) -> Callable[..., bytes]:
        def derive(passphrase: str, lock: object) -> bytes:
            self._note("passphrase", passphrase)
            return real(passphrase, lock)

        return derive

    def _wrapping(self, real: Callable[..., object]) -> Callable[..., object]:
        def wrap(key: bytes, passphrase: str, **more: object) -> object:
            self._note("recovery passphrase", passphrase)
            return real(key, passphrase, **more)

        return wrap

    def _keeping(self, real: Callable[..., None]) -> Callable[..., None]:
        def write(vault_: Vault, name: str, secret: bytes, public: object) -> None:
            if not secret.startswith(b"-----"):  # a key has been noted with all its forms
                self._note(f"secret {name}", secret.decode("utf-8", "replace"))
            real(vault_, name, secret, public)

        return write

    def _opening(self, real: Callable[..., None]) -> Callable[..., None]:
        def init(vault_: Vault, folder: Path, *told: object, **more: object) -> None:
            whole = (folder.parent / "workspace.json").is_file()
            self._workspaces.add(folder.parent if whole else folder)
            real(vault_, folder, *told, **more)

        return init


def _files(*folders: Path) -> Iterator[Path]:
    """Every plain file below these folders, once."""
    seen: set[Path] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not file.is_symlink() and file not in seen:
                seen.add(file)
                yield file
