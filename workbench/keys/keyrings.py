"""The system keyring, by an allow-list: Windows, macOS, Secret Service, KWallet. Anything else is no keyring.

It keeps one short text, the wrapping key. The library is imported late: finding a backend takes a fifth of a second.
"""

from __future__ import annotations

from typing import Protocol

SERVICE = "bars-workbench"
ALLOWED = {
    ("keyring.backends.Windows", "WinVaultKeyring"): "Windows Credential Manager",
    ("keyring.backends.macOS", "Keyring"): "macOS Keychain",
    ("keyring.backends.SecretService", "Keyring"): "Secret Service",
    ("keyring.backends.kwallet", "DBusKeyring"): "KWallet",
}
"""Backends that keep a secret from other people, by module and class, with their names on screens."""


class Keyring(Protocol):
    """What the vault asks of a keyring."""

    name: str
    """As screens show it."""

    def get(self, item: str) -> str | None:
        """A text that was kept, or None; KeyringProblem when it cannot be asked."""

    def set(self, item: str, value: str) -> None:
        """Keep a text; KeyringProblem when it cannot be kept."""


class KeyringProblem(Exception):  # noqa: N818 - an outcome the vault turns into its state
    """The keyring is locked, was refused by its owner, or is gone."""


def system_keyring() -> Keyring | None:
    """The keyring of this machine, or None where there is none that is allowed."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_keyring()
    except (KeyringError, RuntimeError):
        return None
    for one in (found, *getattr(found, "backends", ())):
        name = ALLOWED.get((type(one).__module__, type(one).__name__))
        if name is not None:
            if hasattr(one, "persist"):
                one.persist = "local machine"  # the default of Windows roams with the profile
            return _System(one, name)
    return None


class _Backend(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...


class _System:
    """A backend of the keyring library behind our protocol."""

    def __init__(self, backend: _Backend, name: str) -> None:
        self._backend = backend
        self.name = name

    def get(self, item: str) -> str | None:
        from keyring.errors import KeyringError

        try:
            return self._backend.get_password(SERVICE, item)
        except (KeyringError, RuntimeError, OSError) as error:
            raise KeyringProblem(str(error) or type(error).__name__) from error

    def set(self, item: str, value: str) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, item, value)
        except (KeyringError, RuntimeError, OSError) as error:
            raise KeyringProblem(str(error) or type(error).__name__) from error
