"""Keys and identity in the running window: the vault's states, keys, tokens, who one acts as.

Also keys_card, keys_cards, keys_lists and keys_rows.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from tests.ui.conftest import PASSPHRASE
from tests.ui.driving import Person
from workbench.keys import generate_private_pem, read_keys
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels import keys_adding, keys_card

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
    monkeypatch.setattr(keys_card, "ask_target", lambda *_: str(target))
    person.press("save-jwks")
    person.until(target.is_file)
    assert json.loads(target.read_text(encoding="utf-8"))["keys"] == [public]
    monkeypatch.setattr(keys_card, "ask_target", lambda *_: str(tmp_path / "no" / "keys.json"))
    person.press("save-jwks")
    person.until(lambda: "keys.json" in person.words(panel._problem))


def test_a_key_is_rotated_retired_and_deleted(person: Person) -> None:
    panel = person.go(PanelId.KEYS)

    def listed() -> list[tuple[str, str]]:
        return [(key.kid, key.status) for key in person.values("keys", VALUE_ROLE)]

    person.press("key-rotate")
    person.until(lambda: ("sandbox-2", "Waits to sign") in listed())
    assert ("sandbox-1", "In use until rotated") in listed()
    assert "Key sandbox-2" in person.words(panel._key_card), "the new one is chosen"
    person.press("key-sign")
    person.until(lambda: ("sandbox-2", "In use") in listed())
    assert not person.find(QAbstractButton, "key-sign").isVisible()
    person.click_row("keys", listed().index(("sandbox-1", "Not in use")))
    assert "Retire it once" in person.words(panel._key_card)
    person.press("key-retire")
    assert "Retire sandbox-1?" in person.words(panel._key_card)
    person.press("key-keep")
    assert "Retire sandbox-1?" not in person.words(panel._key_card)
    person.press("key-retire")
    person.press("key-sure")
    person.until(lambda: ("sandbox-1", "Retired") in listed())
    assert not person.find(QAbstractButton, "copy-jwks").isVisible()
    person.press("key-delete")
    assert "Delete sandbox-1 for good?" in person.words(panel._key_card)
    person.press("key-sure")
    person.until(lambda: listed() == [("sandbox-2", "In use")])
    person.press("key-retire")
    assert "nothing can be sent there until another key signs" in person.words(panel._key_card)


def test_a_key_is_imported_and_exported_by_passphrase_only(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = person.go(PanelId.KEYS)
    file = tmp_path / "two.pem"
    pems = [generate_private_pem(2048), generate_private_pem(2048)]
    file.write_bytes(b"".join(pems))
    second = read_keys(pems[1])[0].thumbprint
    person.press("add-key")
    person.bot.mouseClick(panel._adding._ways.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
    monkeypatch.setattr(keys_adding, "ask_key_file", lambda *_: str(tmp_path / "none.pem"))
    person.press("choose-key-file")
    person.press("import-key")
    person.until(lambda: "none.pem was not found." in person.words(panel._problem))
    person.type_into("key-file", str(file))
    panel._adding._places.choose("int")
    person.press("import-key")
    person.until(lambda: "two.pem holds 2 private keys" in person.words(panel._problem))
    person.until(lambda: person.find(QComboBox, "key-in-file").isVisible())
    panel._adding._which.choose(second)
    person.type_into("key-name", "int-7")
    person.press("import-key")
    person.until(lambda: "int-7" in [key.kid for key in person.values("keys", VALUE_ROLE)])
    person.until(lambda: second in person.words(panel._key_card))
    assert not panel._problem.isVisible()
    assert person.find(QLineEdit, "key-file").text() == ""

    target = tmp_path / "out.pem"
    monkeypatch.setattr(keys_card, "ask_target", lambda *_: str(target))
    person.press("key-export")
    person.type_into("export-passphrase", "short")
    person.press("key-write")
    assert "At least 15 characters" in person.words(panel._key_card)
    person.type_into("export-passphrase", PASSPHRASE)
    person.type_into("export-passphrase-again", PASSPHRASE)
    person.press("key-write")
    person.until(target.is_file)
    assert read_keys(target.read_bytes(), PASSPHRASE)[0].thumbprint == second
    person.until(lambda: not person.find(QLineEdit, "export-passphrase").isVisible())
    assert person.find(QLineEdit, "export-passphrase").text() == ""
    person.until(lambda: "written, encrypted" in person.toasts())


def test_the_vault_is_locked_and_opened_by_hand(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    person.press("vault-lock")
    person.until(lambda: "Locked" in panel._vault._chip.accessibleName())
    person.until(lambda: "They were locked by hand." in person.words(panel._vault))
    person.until(lambda: len(person.values("keys", VALUE_ROLE)) == 2)
    person.type_into("passphrase", PASSPHRASE)
    person.press("vault-do")
    person.until(lambda: "Encrypted" in panel._vault._chip.accessibleName())


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
    person.bot.mouseClick(panel._lists.kinds.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
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
    person.type_into("new-passphrase", "short")
    person.press("vault-do")
    assert "At least 15 characters" in person.words(panel._vault)
    person.type_into("new-passphrase", PASSPHRASE)
    person.type_into("new-passphrase-again", PASSPHRASE[:-1])
    person.press("vault-do")
    assert "The two differ." in person.words(panel._vault)
    person.type_into("new-passphrase-again", PASSPHRASE)
    person.press("vault-do")
    person.until(lambda: "Encrypted" in panel._vault._chip.accessibleName())
    assert person.find(QAbstractButton, "make-key").isEnabled()
    assert person.find(QLineEdit, "new-passphrase").text() == ""
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
    person.until(lambda: person.find(QAbstractButton, "vault-lock").isVisible())
    assert not panel._problem.isVisible()
    assert not person.find(QAbstractButton, "vault-do").isVisible()
    person.press("renew-token-button")
    person.until(lambda: "RS512" in person.words(panel._token))


def test_the_public_key_set_is_served_and_its_address_is_copied(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    person.until(lambda: person.find(QAbstractButton, "serve-jwks").isVisible())
    person.press("serve-jwks")
    person.until(lambda: "/embedded/jwks.json" in person.words(panel._key_card))
    assert "Only this machine can reach it" in person.words(panel._key_card)
    assert not person.find(QAbstractButton, "serve-jwks").isVisible()
    person.press("copy-jwks-address")
    url = QGuiApplication.clipboard().text()
    assert url.startswith("http://127.0.0.1:")
    person.press("unserve-jwks")
    person.until(lambda: "/embedded/jwks.json" not in person.words(panel._key_card))
    assert person.find(QAbstractButton, "serve-jwks").isVisible()


def test_another_passphrase_is_set_in_the_window(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    person.until(lambda: person.find(QAbstractButton, "vault-recovery").isVisible())
    for old in ("not the present passphrase", PASSPHRASE):
        person.press("vault-recovery")
        person.type_into("former-passphrase", old)
        person.type_into("new-passphrase", "another few words in a row")
        person.type_into("new-passphrase-again", "another few words in a row")
        person.press("vault-do")
        person.quiet()
    person.until(lambda: "Another passphrase opens the keys" in person.toasts())
    person.press("vault-lock")
    person.until(lambda: person.find(QAbstractButton, "vault-do").isVisible())
    person.type_into("passphrase", "another few words in a row")
    person.press("vault-do")
    person.until(lambda: panel._page is not None and panel._page.vault.state == "open")
