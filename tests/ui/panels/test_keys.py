"""Keys and identity in the running window, with keys_cards: the vault's states, keys, tokens, who one acts as."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from tests.ui.conftest import PASSPHRASE
from tests.ui.driving import Person
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels import keys_cards

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from workbench.app import Desk


def test_the_public_key_set_is_copied_and_saved(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = person.go(PanelId.KEYS)
    (key,) = person.values("keys", VALUE_ROLE)
    assert key.kid in person.words(panel)
    QGuiApplication.clipboard().clear()
    person.press("copy-jwks")
    person.until(lambda: QGuiApplication.clipboard().text())
    (public,) = json.loads(QGuiApplication.clipboard().text())["keys"]
    assert (public["kid"], public["kty"], public["alg"]) == (key.kid, "RSA", "RS512")
    assert not set(public) & {"d", "p", "q", "dp", "dq", "qi"}, "a private part never leaves"
    target = tmp_path / "keys.json"
    monkeypatch.setattr(keys_cards, "ask_target", lambda *_: str(target))
    person.press("save-jwks")
    person.until(target.is_file)
    assert json.loads(target.read_text(encoding="utf-8"))["keys"] == [public]
    monkeypatch.setattr(keys_cards, "ask_target", lambda *_: str(tmp_path / "no" / "keys.json"))
    person.press("save-jwks")
    person.until(lambda: "keys.json" in person.words(panel._problem))


def test_a_token_request_is_shown_decoded(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    assert "No token has been asked for yet" in person.words(panel)
    person.press("renew-token-button")
    person.until(lambda: "RS512" in person.words(panel._token))
    words = person.words(panel._token)
    assert "aud" in words
    assert "jti" in words
    assert words.count(".") < 20, "an encoded assertion is not shown"


def test_somebody_else_is_acted_as(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    person.bot.mouseClick(panel._kinds.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
    people = person.values("identities", VALUE_ROLE)
    place = next(n for n, one in enumerate(people) if not one.current)
    person.click_row("identities", place)
    person.press("act-as")
    person.until(lambda: person.values("identities", VALUE_ROLE)[place].current)
    assert people[place].organisation in person.find(QAbstractButton, "identity").accessibleName()
    assert not person.find(QAbstractButton, "act-as").isVisible()


def test_without_a_passphrase_keys_live_in_memory_until_one_is_set(
    qtbot: QtBot, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    person = Person(qtbot, open_desk(tmp_path / "demo", passphrase=None))
    panel = person.go(PanelId.KEYS)
    assert "Not stored" in panel._vault._chip.accessibleName()
    assert not person.find(QAbstractButton, "make-key").isEnabled()
    person.type_into("passphrase", "short")
    person.press("vault-do")
    assert "At least 15 characters" in person.words(panel._vault)
    person.type_into("passphrase", PASSPHRASE)
    person.type_into("passphrase-again", PASSPHRASE[:-1])
    person.press("vault-do")
    assert "The two differ." in person.words(panel._vault)
    person.type_into("passphrase-again", PASSPHRASE)
    person.press("vault-do")
    person.until(lambda: "Encrypted" in panel._vault._chip.accessibleName())
    assert person.find(QAbstractButton, "make-key").isEnabled()
    assert person.find(QLineEdit, "passphrase").text() == ""
    assert PASSPHRASE not in "".join(
        path.read_text("utf-8", "replace") for path in (tmp_path / "demo").rglob("*") if path.is_file()
    )


def test_a_locked_vault_is_opened_by_its_passphrase_only(
    qtbot: QtBot, tmp_path: Path, made_workspace: Path, open_desk: Callable[..., Desk]
) -> None:
    shutil.copytree(made_workspace, tmp_path / "demo")
    person = Person(qtbot, open_desk(tmp_path / "demo", passphrase=None))
    panel = person.go(PanelId.KEYS)
    assert "Locked" in panel._vault._chip.accessibleName()
    person.type_into("passphrase", "not the right words")
    person.press("vault-do")
    person.until(lambda: "passphrase" in person.words(panel._problem).lower())
    person.type_into("passphrase", PASSPHRASE)
    person.press("vault-do")
    person.until(lambda: "Encrypted" in panel._vault._chip.accessibleName())
    assert not panel._problem.isVisible()
    assert not person.find(QAbstractButton, "vault-do").isVisible()
    person.press("renew-token-button")
    person.until(lambda: "RS512" in person.words(panel._token))
