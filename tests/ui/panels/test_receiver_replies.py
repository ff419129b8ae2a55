"""Replying from the timeline in the running window: to what came in, and as the other party to what went out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from workbench.ui.context import PanelId
from workbench.ui.panels.receiver_replies import ReplyDialog
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from tests.ui.driving import Person


def dialog(person: Person) -> ReplyDialog:
    """The dialog, once it knows what may be replied."""
    person.until(lambda: person.window.findChildren(ReplyDialog, "reply-dialog"))
    found = person.window.findChildren(ReplyDialog, "reply-dialog")[-1]
    person.quiet()
    return found


def kinds(person: Person) -> list[str]:
    combo = dialog(person).findChild(Combo, "reply-kind")
    return [combo.itemData(n) for n in range(combo.count())]


def sent(person: Person, title: str) -> None:
    """Send a message, and look at it in the timeline."""
    person.compose(title)
    person.run("send")
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: any(messages for _, _, messages in conversations(person)))
    person.go(PanelId.TIMELINE)
    person.until(lambda: timeline._leg and timeline._message)


def conversations(person: Person) -> list[tuple[str, str, int]]:
    person.go(PanelId.TIMELINE)
    return person.conversations()


def test_the_other_party_replies_to_what_went_out(person: Person) -> None:
    sent(person, "111 to ED: referral, new")
    before = person.conversations()[0][2]
    person.run("reply")
    assert kinds(person) == ["safeguarding-dna"]
    person.press_in(dialog(person), "reply-send")
    person.until(lambda: person.conversations()[0][2] > before)
    assert person.conversations()[0][1] == "answered"


def test_a_message_without_a_reply_says_so(person: Person) -> None:
    sent(person, "111 to ED: booking, new")
    person.run("reply")
    found = dialog(person)
    person.until(lambda: "This message has no reply" in "\n".join(label.text() for label in found.findChildren(QLabel)))
    assert kinds(person) == []
    person.press_in(found, "reply-close")
