"""A keyring that blocks: waited for no longer than told, given up by a person, and its late answer changes nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from workbench.keys import Vault, VaultState
from workbench.keys.keyrings import KeyringProblem
from workbench.keys.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COST = 2**14


class Slow:
    """A keyring that answers once it is let, as one whose dialog nobody sees."""

    name = "Secret Service"

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.go = threading.Event()
        self.go.set()
        self.asked = threading.Event()
        self.answered = threading.Event()

    def get(self, item: str) -> str | None:
        return self._slowly(lambda: self.kept.get(item))

    def set(self, item: str, value: str) -> None:
        self._slowly(lambda: self.kept.update({item: value}))

    def _slowly(self, do: object) -> str | None:
        self.asked.set()
        self.go.wait()
        try:
            return do()  # type: ignore[operator, no-any-return]
        finally:
            self.answered.set()


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()


def open_vault(folder: Path, keyring: Slow) -> Vault:
    return Vault.open(folder, workspace_id="w1", passphrase=None, find_keyring=lambda: keyring, cost=COST)


def test_what_is_asked_is_given_or_raised() -> None:
    patience = Patience()
    assert patience.wait(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        patience.wait(lambda: 1 // 0)
    assert patience.keyring(lambda: None) is None


def test_a_wait_ends_with_its_time(slow: Slow) -> None:
    slow.go.clear()
    with pytest.raises(KeyringProblem, match=r"within 0\.01 seconds"):
        Patience(0.01).wait(lambda: slow.get("x"))


def test_a_person_gives_up_and_a_late_answer_changes_nothing(tmp_path: Path, slow: Slow) -> None:
    open_vault(tmp_path / "vault", slow).put("one", b"first", {})
    slow.kept, held = {}, slow.kept
    vault = open_vault(tmp_path / "vault", slow)
    assert (vault.state, "no longer in" in vault.reason) == (VaultState.LOCKED, True)

    slow.kept = held
    slow.go.clear()
    slow.asked.clear()
    slow.answered.clear()
    trying = threading.Thread(target=vault.try_keyring)
    trying.start()
    slow.asked.wait()
    vault.patience.give_up()
    trying.join(20)
    assert not trying.is_alive()
    assert vault.state is VaultState.LOCKED
    assert vault.reason == "Secret Service does not give out their lock: its answer was not waited for."

    slow.go.set()
    slow.answered.wait(20)
    assert vault.state is VaultState.LOCKED, "an answer that nobody waits for opens nothing"
    vault.try_keyring()
    assert (vault.state, vault.get("one")) == (VaultState.OPEN, b"first")


def test_opening_goes_on_without_a_keyring_that_does_not_answer(
    tmp_path: Path, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_vault(tmp_path / "vault", slow)
    slow.go.clear()
    monkeypatch.setattr(Patience.__init__, "__defaults__", (0.01, None))
    vault = open_vault(tmp_path / "vault", slow)
    assert (vault.state, "did not answer within" in vault.reason) == (VaultState.LOCKED, True)
    fresh = open_vault(tmp_path / "other", slow)
    assert (fresh.state, fresh.reason) == (
        VaultState.MEMORY,
        "Secret Service did not take a lock: it did not answer within 0.01 seconds.",
    )
    slow.go.set()
    assert not (tmp_path / "other").exists()
