"""Following up a message in the running window: what cannot follow says why, a booking takes a slot that was picked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.ui.panels.test_timeline import ASKED, choose, legs, reader
from workbench.ui.context import PanelId
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from tests.ui.driving import Person

__all__ = ["reader"]


def test_what_was_sent_can_be_followed_up_from_compose(person: Person) -> None:
    person.compose()
    person.run("send")
    person.quiet()
    person.pick("pick-message", "withdraw it as sent in error")
    person.until(lambda: '"entered-in-error"' in person.source.toPlainText())
    person.judged()
    assert [one for one in person.findings() if one.severity.value != "information"] == []


def test_a_booking_for_a_referral_takes_the_slot_that_is_picked(reader: Person) -> None:
    choose(reader, ASKED)
    reader.run("follow-up")
    ways = reader.window.findChild(ChoicePopup, "follow-menu")
    reader.until(ways.isVisible)
    found = [ways.model.at(row) for row in range(ways.model.rowCount())]
    reasons = {one.id: one.reason for one in found if one is not None}
    assert reasons["rebook"] == "It is no booking"
    assert reasons["book"] == ""
    reader.pick_from("follow-menu", "book for")
    slots = reader.window.findChild(ChoicePopup, "slot-menu")
    reader.until(slots.isVisible)
    rows = [slots.model.at(row) for row in range(slots.model.rowCount())]
    free = [one for one in rows if one is not None and not one.reason][3]
    slots._pick(slots.model.index(slots.model.row_of(free.id)))
    reader.until(lambda: reader.window._stack.currentWidget() is reader.window.panel(PanelId.COMPOSE))
    reader.until(lambda: free.id in reader.source.toPlainText())
    entries = json.loads(reader.source.toPlainText())["entry"]
    appointment = next(one["resource"] for one in entries if one["resource"]["resourceType"] == "Appointment")
    assert appointment["basedOn"][0]["reference"].startswith("ServiceRequest/")
    reader.judged()
    assert [one for one in reader.findings() if one.severity.value != "information"] == []
    reader.run("send")
    reader.go(PanelId.TIMELINE)
    reader.until(lambda: any("booking, new" in title for title in legs(reader)))
    assert len(reader.conversations()) == 1, "it is the same conversation"
