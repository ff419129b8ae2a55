"""The token part of the Keys panel in the running window, with doctor_views: test, doctor, decoder, timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from workbench.session.calls import Outgoing
from workbench.ui.context import PanelId

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.session.parts import Parts


def parts(person: Person) -> Parts:
    """The running parts of the session behind the window."""
    session = person.window._session
    assert session is not None
    return session._parts


def test_a_wrong_clock_is_told_across_the_window_and_a_press_has_sign_ins_dated_by_the_other_time(
    person: Person,
) -> None:
    panel, engine = person.go(PanelId.KEYS), parts(person).engine
    right = engine.clock
    engine.clock = lambda: right() - timedelta(minutes=12)
    bar = person.find(QAbstractButton, "clock-bar")
    assert bar.isHidden()
    person.press("test-sign-in")
    person.until(lambda: "This machine's clock is 12 min behind Embedded sandbox's" in person.words(panel._token))
    person.until(lambda: bar.accessibleName().endswith("Sign-ins are likely to be refused: see Keys."))

    person.go(PanelId.START)
    person.bot.mouseClick(bar, Qt.MouseButton.LeftButton)
    person.until(lambda: panel.isVisible())
    said = "This machine's clock is 12 min behind Embedded sandbox's"
    assert person.words(panel._token).splitlines().count(said) == 1, "what the doctor says is not said twice"
    (theirs,) = [one for one in panel._token.findChildren(QPushButton) if one.text() == "Use Embedded sandbox's time"]
    person.bot.mouseClick(theirs, Qt.MouseButton.LeftButton)
    person.until(lambda: bar.accessibleName().endswith("Sign-ins are dated by Embedded sandbox's time."))
    person.press("test-sign-in")
    person.until(lambda: "gave its capability statement (200)" in person.words(panel))
    assert "Dated by Embedded sandbox's time." in person.words(panel._token)
    (ours,) = [one for one in panel._token.findChildren(QPushButton) if one.text() == "Use this machine's time"]
    person.bot.mouseClick(ours, Qt.MouseButton.LeftButton)
    person.until(lambda: bar.accessibleName().endswith("Sign-ins are likely to be refused: see Keys."))


def _done(_: object, error: BaseException | None) -> None:
    assert error is None


def test_the_sign_in_is_tested_and_a_refusal_is_diagnosed_and_healed(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    person.press("test-sign-in")
    person.until(lambda: "gave its capability statement (200)" in person.words(panel))
    assert "RS512" in person.words(panel._token)
    assert "Good until" in panel._token._card._chip.text()
    person.press("forget-token")
    person.until(lambda: panel._token._card._chip.text() == "No token yet")
    assert not person.find(QAbstractButton, "forget-token").isEnabled()

    sandbox = parts(person).sandbox
    assert sandbox is not None
    client = parts(person).engine.environment_of("embedded").client_id
    sandbox.sandbox.register(client, {"keys": []})
    person.press("test-sign-in")
    person.until(lambda: "Embedded sandbox does not know the key sandbox-1 yet" in person.words(panel._token))
    words = person.words(panel._token)
    person.until(lambda: panel._scroll.verticalScrollBar().value() == panel._token.y() or panel._token.y() < 40)
    assert "no key set is registered" in words
    assert "1 cause" in "".join(
        chip.text() for chip in panel._token._doctor.findChildren(type(panel._token._card._chip))
    )
    assert words.index("Public key is published") < words.index("This machine's clock"), "the cause comes first"
    assert "You need to register a public key" in words
    QGuiApplication.clipboard().clear()
    person.press("copy-said")
    assert QGuiApplication.clipboard().text().startswith("403 ")

    copy, again = panel._token._doctor.findChildren(QPushButton)[:2]
    person.bot.mouseClick(copy, Qt.MouseButton.LeftButton)
    person.until(lambda: '"kid": "sandbox-1"' in QGuiApplication.clipboard().text())
    sandbox.register()
    person.bot.mouseClick(again, Qt.MouseButton.LeftButton)
    person.until(lambda: not panel._token._doctor.isVisible() and "gave its capability" in person.words(panel))


def test_a_pasted_token_is_decoded_and_forgotten(person: Person) -> None:
    panel = person.go(PanelId.KEYS)
    field = person.find(QLineEdit, "jwt-text")
    field.setText("opaque")
    person.press("decode-jwt")
    person.until(lambda: "has no dots" in person.words(panel._token.decoder))
    assert field.text() == ""
    token = jwt.encode(
        {"iss": "mock-app", "exp": 1_898_586_300}, "a shared secret of 32 bytes or more", algorithm="HS256"
    )
    field.setText(f"Bearer {token}")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.until(lambda: "mock-app" in person.words(panel._token.decoder))
    words = person.words(panel._token.decoder)
    assert "1 March 2030, 09:05:00 UTC" in words
    assert "HS256" in words
    assert token.rpartition(".")[2] not in words
    field.undo()
    assert field.text() == ""


def test_a_refused_call_is_explained_in_the_inspector_of_the_timeline(person: Person) -> None:
    engine = parts(person).engine
    service = next(one for one in engine.directory.services.all() if one.role == "receiver")
    sandbox = parts(person).sandbox
    assert sandbox is not None
    sandbox.sandbox.unroute(service.system, service.value)
    person.desk.bridge.submit(parts(person).sender.send(Outgoing("metadata", service)), _done)
    person.quiet()
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: person.conversations())
    person.click_row("conversations", 0)
    person.until(lambda: "PROXY_NOT_FOUND" in person.words(panel))
    words = person.words(panel)
    assert f"The service {service.value} is not in the endpoint catalogue" in words
    assert "BaRS itself, the platform in between." in words
    assert "the same message would be refused again" in words
