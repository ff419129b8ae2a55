"""The card of the vault in every state it can have; also keys_passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from workbench.session.key_views import VaultView
from workbench.ui.panels.keys_vault import VaultCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PASSPHRASE = "a few words in a row"
OPEN = VaultView("open", "Kept.", "None is set.", asks=False, recovery="none")


@pytest.fixture
def card(qtbot: QtBot) -> VaultCard:
    made = VaultCard()
    qtbot.addWidget(made)
    made.show()
    return made


def offered(card: VaultCard) -> set[str]:
    """The words of the buttons and fields that can be seen."""
    buttons = {one.text() for one in card.findChildren(QAbstractButton) if one.isVisible()}
    return buttons | {one.accessibleName() for one in card.findChildren(QLineEdit) if one.isVisible()}


@pytest.mark.parametrize(
    ("vault", "words"),
    [
        (VaultView("memory", "Nothing.", "Set one."), {"New passphrase", "Once more", "Set the passphrase"}),
        (VaultView("locked", "Locked.", "Enter it."), {"Passphrase", "Unlock"}),
        (VaultView("locked", "Locked.", "Try.", asks=False, tries=True), {"Try again"}),
        (VaultView("locked", "Locked.", "Try.", tries=True), {"Passphrase", "Unlock", "Try again"}),
        (VaultView("open", "Kept.", asks=False), {"Lock"}),
        (VaultView("open", "Kept.", asks=False, changes=True), {"Lock", "Change the passphrase"}),
        (OPEN, {"Lock", "Set a recovery passphrase"}),
        (VaultView("open", "Kept.", "Set.", asks=False, recovery="set"), {"Lock", "Change the recovery passphrase"}),
    ],
)
def test_what_is_offered_follows_how_it_stands(card: VaultCard, vault: VaultView, words: set[str]) -> None:
    card.show_vault(vault)
    assert offered(card) == words


def test_a_recovery_passphrase_is_typed_twice_and_forgotten(qtbot: QtBot, card: VaultCard) -> None:
    def press(name: str) -> None:
        qtbot.mouseClick(card.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def typed(name: str, text: str) -> None:
        field = card.findChild(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.clear()
        qtbot.keyClicks(field, text)

    told: list[str] = []
    card.recovery_chosen.connect(told.append)
    card.show_vault(OPEN)
    press("vault-recovery")
    assert offered(card) == {"New passphrase", "Once more", "Set the passphrase", "Not now"}
    press("vault-give-up")
    assert offered(card) == {"Lock", "Set a recovery passphrase"}
    press("vault-recovery")
    typed("new-passphrase", "fourteen chars")
    press("vault-do")
    typed("new-passphrase", PASSPHRASE)
    press("vault-do")
    assert told == []
    assert "The two differ." in [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    typed("new-passphrase-again", PASSPHRASE)
    press("vault-do")
    assert told == [PASSPHRASE]
    assert {field.text() for field in card.findChildren(QLineEdit)} == {""}


def test_the_passphrase_is_changed_by_whoever_knows_the_present_one(qtbot: QtBot, card: VaultCard) -> None:
    card.show_vault(VaultView("open", "Kept.", asks=False, changes=True))
    assert offered(card) == {"Lock", "Change the passphrase"}
    qtbot.mouseClick(card.findChild(QAbstractButton, "vault-recovery"), Qt.MouseButton.LeftButton)
    assert offered(card) == {"Present passphrase", "New passphrase", "Once more", "Set the passphrase", "Not now"}
    for name, text in (
        ("former-passphrase", PASSPHRASE),
        ("new-passphrase", "another few words"),
        ("new-passphrase-again", "another few words"),
    ):
        qtbot.keyClicks(card.findChild(QLineEdit, name), text)
    with qtbot.waitSignal(
        card.change_chosen, check_params_cb=lambda *typed: typed == (PASSPHRASE, "another few words")
    ):
        qtbot.mouseClick(card.findChild(QAbstractButton, "vault-do"), Qt.MouseButton.LeftButton)
    assert {field.text() for field in card.findChildren(QLineEdit)} == {""}
    assert offered(card) == {"Lock", "Change the passphrase"}


def test_a_keyring_that_does_not_answer_can_be_given_up(qtbot: QtBot, card: VaultCard) -> None:
    locked = VaultView("locked", "Locked.", "Try.", asks=False, tries=True)
    card.show_vault(locked)
    qtbot.mouseClick(card.findChild(QAbstractButton, "vault-try"), Qt.MouseButton.LeftButton)
    assert offered(card) == {"Waiting for the keyring...", "Stop waiting"}
    card.show_vault(locked)
    assert "Stop waiting" in offered(card), "news about something else ends no wait"
    with qtbot.waitSignal(card.stop_asked):
        qtbot.mouseClick(card.findChild(QAbstractButton, "vault-stop"), Qt.MouseButton.LeftButton)
    card.waiting(False)
    assert offered(card) == {"Try again"}


def test_the_keyring_is_asked_again_and_what_was_typed_is_forgotten_once_it_opens(
    qtbot: QtBot, card: VaultCard
) -> None:
    card.show_vault(VaultView("locked", "Locked.", "Try.", tries=True))
    with qtbot.waitSignal(card.try_asked):
        qtbot.mouseClick(card.findChild(QAbstractButton, "vault-try"), Qt.MouseButton.LeftButton)
    field = card.findChild(QLineEdit, "passphrase")
    assert isinstance(field, QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, PASSPHRASE)
    with qtbot.waitSignal(card.unlock_asked, check_params_cb=lambda typed: typed == PASSPHRASE):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    card.show_vault(VaultView("locked", "Locked.", "Try.", tries=True))
    assert field.text() == PASSPHRASE, "a wrong one can be corrected"
    card.show_vault(OPEN)
    assert field.text() == ""
