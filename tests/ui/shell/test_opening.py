"""Opening a workspace: a system keyring that does not answer holds nobody up who does not want to wait."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.ui.driving import LONG, Person
from workbench.app import Desk, Wanted
from workbench.keys import Vault, generate_private_pem
from workbench.keys.patience import Patience
from workbench.session import signing
from workbench.settings import AppSettings
from workbench.ui.context import PanelId
from workbench.ui.shell import opening
from workbench.ui.shell.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PASSPHRASE = "five words that nobody guesses"
NEVER_S = 3600.0
"""Longer than any test runs: whoever goes on was let go on."""


class Blocking:
    """A keyring whose question nobody answers until it is let."""

    name = "Secret Service"

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = 0

    def get(self, item: str) -> str | None:
        self.asked += 1
        self.go.wait()
        return None

    def set(self, item: str, value: str) -> None:
        self.get(item)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Blocking]:
    made = Blocking()
    monkeypatch.setattr(Vault, "open", partial(Vault.open, find_keyring=lambda: made))
    monkeypatch.setattr(Patience.__init__, "__defaults__", (NEVER_S, None))
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
    monkeypatch.setattr(opening, "KEYRING_LATE_MS", 0)
    yield made
    made.go.set()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path, keyring: Blocking) -> Iterator[Desk]:
    """A window that is being opened, and waits."""
    made = Desk(qapp, Wanted(str(tmp_path / "demo"), None, AppSettings(), {}), geometry=None)
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.close()


def test_a_person_goes_on_without_a_keyring_that_does_not_answer_and_sets_a_passphrase(
    qtbot: QtBot, desk: Desk, keyring: Blocking
) -> None:
    person = Person(qtbot, desk)
    go_on = person.find(QPushButton, "opening-go-on")
    person.until(lambda: go_on.isVisible() and keyring.asked == 1)
    assert "may be asking for your password" in person.words(desk.window.opening)
    assert desk.session is None

    person.press("opening-go-on")
    qtbot.waitUntil(lambda: desk.session is not None, timeout=LONG)
    assert not keyring.go.is_set(), "it has answered nothing yet"
    assert keyring.asked == 1, "it is not asked again behind a person's back"
    panel = person.go(PanelId.KEYS)
    person.until(lambda: "did not take a lock: its answer was not waited for" in person.words(panel))
    for name in ("new-passphrase", "new-passphrase-again"):
        person.find(QLineEdit, name).setText(PASSPHRASE)
    person.press("vault-do")
    person.until(lambda: "kept encrypted in this workspace, unlocked by a passphrase" in person.words(panel))


def test_closing_the_window_does_not_wait_for_the_keyring_either(qtbot: QtBot, desk: Desk, keyring: Blocking) -> None:
    qtbot.waitUntil(lambda: keyring.asked == 1, timeout=LONG)
    desk.close()
    assert not keyring.go.is_set()


def test_a_keyring_that_answers_at_once_is_not_spoken_of(qtbot: QtBot) -> None:
    made = Opening()
    qtbot.addWidget(made)
    made.show()
    made.wait_for_keyring(True)
    made.wait_for_keyring(False)
    assert not made._late.isActive()
    button = made.findChild(QPushButton, "opening-go-on")
    assert button is not None
    assert not button.isVisible()
