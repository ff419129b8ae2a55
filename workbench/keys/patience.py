"""Waiting for a system keyring that may never answer: for so long at most, or until a person gives it up.

The library asks in the keyring's own time, and nothing can interrupt it: the call is left to a thread of its own, and
what it brings after all is thrown away. Must not know the vault.
"""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from workbench.keys.keyrings import Keyring, KeyringProblem

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
PATIENCE_S = 20.0
"""How long opening a workspace waits for a keyring: a person may have to answer it first."""


class _Answer(Generic[T]):
    """What a keyring gave, or what it raised."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._error: BaseException | None = None
        try:
            self._value = ask()
        except BaseException as error:  # it belongs to whoever waits, in another thread
            self._error = error

    def take(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value


class Patience:
    """Waits for keyrings. `limit_s` may be changed at any time, None = until somebody gives up.

    `told` hears True when a wait begins and False when it is over, in the thread that waits.
    """

    def __init__(self, limit_s: float | None = PATIENCE_S, told: Callable[[bool], None] | None = None) -> None:
        self.limit_s = limit_s
        self._told = told
        self._ends: set[Callable[[], None]] = set()
        """What ends each wait that is under way."""
        self._lock = threading.Lock()

    def give_up(self) -> None:
        """End every wait that is under way; called from any thread."""
        with self._lock:
            for end in self._ends:
                end()

    def keyring(self, find: Callable[[], Keyring | None]) -> Keyring | None:
        """The keyring that `find` gives, waited for; KeyringProblem when it is not there in time."""
        found = self.wait(find)
        return _Awaited(found, self) if found is not None else None

    def wait(self, ask: Callable[[], T]) -> T:
        """What `ask` gives; KeyringProblem when it takes too long or was given up. Blocks."""
        given: SimpleQueue[_Answer[T] | None] = SimpleQueue()

        def end() -> None:
            given.put(None)

        with self._lock:
            self._ends.add(end)
        threading.Thread(target=lambda: given.put(_Answer(ask)), name="keyring", daemon=True).start()
        if self._told is not None:
            self._told(True)
        try:
            answer = given.get(timeout=self.limit_s)
        except Empty:
            raise KeyringProblem(f"it did not answer within {self.limit_s:g} seconds") from None
        finally:
            with self._lock:
                self._ends.discard(end)
            if self._told is not None:
                self._told(False)
        if answer is None:
            raise KeyringProblem("its answer was not waited for")
        return answer.take()


class _Awaited:
    """A keyring that is waited for."""

    def __init__(self, keyring: Keyring, patience: Patience) -> None:
        self.name = keyring.name
        self._keyring = keyring
        self._patience = patience

    def get(self, item: str) -> str | None:
        return self._patience.wait(lambda: self._keyring.get(item))

    def set(self, item: str, value: str) -> None:
        self._patience.wait(lambda: self._keyring.set(item, value))
