"""The card that adds a key: what it offers, what it asks for, and nothing while nothing could be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from workbench.session.key_views import KeyInFile
from workbench.session.views import EnvironmentView
from workbench.ui.panels.keys_adding import AddingCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PLACES = tuple(
    EnvironmentView(id, title, "", True, "", False, "")
    for id, title in (("embedded", "Embedded sandbox"), ("sandbox", "Sandbox"), ("int", "INT"))
)


@pytest.fixture
def card(qtbot: QtBot) -> AddingCard:
    made = AddingCard()
    qtbot.addWidget(made)
    made.show_environments(PLACES, possible=True)
    made.show()
    return made


def words(card: AddingCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, card: AddingCard, name: str) -> None:
    qtbot.mouseClick(card.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)


def test_no_key_is_offered_for_the_sandbox_that_asks_for_no_token(qtbot: QtBot, card: AddingCard) -> None:
    assert [card._places.itemText(n) for n in range(card._places.count())] == ["Embedded sandbox", "INT"]
    card._places.choose("int")
    with qtbot.waitSignal(card.make_asked, check_params_cb=lambda id: id == "int"):
        press(qtbot, card, "make-key")


def test_an_import_says_what_is_wanted_and_asks_which_key_only_where_there_are_several(
    qtbot: QtBot, card: AddingCard
) -> None:
    card._ways.chosen.emit(1)
    assert not card.findChild(QAbstractButton, "make-key").isVisible()  # type: ignore[union-attr]
    with qtbot.assertNotEmitted(card.import_asked):
        press(qtbot, card, "import-key")
    qtbot.keyClicks(card.findChild(QLineEdit, "key-file"), " /keys/int-7.pem ")
    qtbot.keyClicks(card.findChild(QLineEdit, "key-file-passphrase"), " with blanks ")
    with qtbot.waitSignal(card.import_asked):
        press(qtbot, card, "import-key")
    assert (card.path, card.passphrase, card.kid, card.environment, card.thumbprint, card.known) == (
        "/keys/int-7.pem",
        " with blanks ",
        "",
        "embedded",
        "",
        True,
    )
    card.show_choice([KeyInFile("AAA", "RSA 2048", "a"), KeyInFile("BBB", "RSA 4096", "b")])
    assert "Which key of the file" in words(card)
    card._which.choose("BBB")
    assert card.thumbprint == "BBB"
    qtbot.keyClicks(card.findChild(QLineEdit, "key-file"), "x")
    assert card.thumbprint == "", "another file, another choice"
    card.imported()
    assert [field.text() for field in card.findChildren(QLineEdit)] == ["", "", ""]


def test_nothing_is_added_while_it_could_not_be_kept(card: AddingCard) -> None:
    card.show_environments(PLACES, possible=False)
    assert "once it can be kept" in words(card)
    card.busy(False)
    for name in ("make-key", "import-key"):
        assert not card.findChild(QAbstractButton, name).isEnabled()  # type: ignore[union-attr]
    card.show_environments(PLACES, possible=True)
    card.busy(True)
    assert card._make.text() == "Making it..."
    assert not card._make.isEnabled()
    card.busy(False)
    assert card._make.isEnabled()
