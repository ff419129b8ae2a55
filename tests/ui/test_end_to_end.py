"""The whole job in the real window, by keyboard and mouse over real loopback HTTP, and once more after a restart.

Runs everything that app puts together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.ui.driving import A_PATIENT, Person
from workbench.ui.context import PanelId
from workbench.ui.widgets import Combo, Picker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from workbench.app import Desk


def test_the_whole_job(qtbot: QtBot, tmp_path: Path, open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(tmp_path / "demo")
    person = Person(qtbot, desk)

    # a key of one's own, kept encrypted, and a token signed with it
    person.go(PanelId.KEYS)
    assert len(person.rows("keys")) == 1
    assert person.find(Combo, "new-key-environment").value() == "embedded"
    person.press("make-key")
    person.until(lambda: len(person.rows("keys")) == 2)
    assert list((tmp_path / "demo" / "vault").glob("sandbox-2.blob"))
    person.press("renew-token-button")
    token = person.find(QAbstractButton, "token")
    person.until(lambda: "sandbox-app-1" in token.accessibleName())

    # a template, for a service, about a patient
    person.compose("111 to ED: referral, new, full")
    assert '"servicerequest-request"' in person.source.toPlainText()
    assert person.find(Picker, "pick-service").current() == "northgate-emergency-department"
    person.until(lambda: "accepts" in person.find(QWidget, "likely-answer").text())
    assert not [rule for rule in person.rules() if rule.startswith(("REF", "BUN", "MSG", "PAT"))]

    # one mistake on purpose, seen and repaired through its finding
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    person.run("next-finding")
    assert person.source.textCursor().blockNumber() > 0
    person.run("fix-finding")
    person.until(lambda: "PAT-001" not in person.rules())

    # sent by keyboard, answered with the receiver's ids, and the asynchronous reply in the same conversation
    person.run("send")
    timeline = person.go(PanelId.TIMELINE)
    person.until(lambda: ("111 to ED: referral, new", "answered", 2) in person.conversations())
    person.until(
        lambda: [r.title for r in timeline._lanes._rows if r.exchange][-1:] == ["Safeguarding: did not attend"]
    )
    legs = [row for row in timeline._lanes._rows if row.exchange]
    assert [row.status for row in legs][-2:] == ["200 accepted", "200 accepted"]
    assert legs[-1].answers >= 0
    assert "quotes the Bundle id of the request" in legs[-1].note
    kept = person.conversations()

    # still there after a restart
    desk.window.close()
    desk.close()
    again = Person(qtbot, open_desk(tmp_path / "demo"))
    again.go(PanelId.TIMELINE)
    again.until(lambda: again.conversations() == kept)
