"""Every call in the running window (`services_calls`, `services_form`, `services_answers`, `services_card`).

The form and what would be sent, slots that are booked from, and lists that lead on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QCheckBox, QLabel

from workbench.ui.context import PanelId
from workbench.ui.widgets import Combo, Picker

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.ui.panels.services_calls import CallsPage


@pytest.fixture
def page(person: Person) -> CallsPage:
    """The page of calls, filled."""
    panel = person.go(PanelId.SERVICES)
    person.window.open_service("northgate-emergency-department")
    person.quiet()
    person.press("call-service")
    person.until(lambda: panel.calls.preview is not None)
    return panel.calls


def choose(person: Person, page: CallsPage, call: str) -> None:
    picker = person.find(Picker, "pick-call")
    picker.choose(call)
    picker.picked.emit(call)
    person.until(lambda: page._form is not None and page._form.call.id == call)
    person.quiet()


def send(person: Person, page: CallsPage) -> None:
    page.answer = None
    person.press("send-call")
    person.until(lambda: page.answer is not None)


def test_what_would_be_sent_follows_the_form_and_names_what_is_wrong(person: Person, page: CallsPage) -> None:
    line = person.find(QLabel, "call-line")
    assert line.text().startswith("GET http://127.0.0.1")
    assert "Schedule.actor%3AHealthcareService=2000011147" in line.text()
    assert "Nothing is wrong with headers and parameters." in person.words(page)
    assert "2000011147, dos-service-id" in person.words(page), "the target is shown decoded"
    person.find(QCheckBox, "call-_include-Slot:schedule").click()
    person.until(lambda: "_include=Slot:schedule is missing. (PAR-037)" in person.words(page))
    person.type_into("call-start.ge", "tomorrow")
    person.until(lambda: "start=tomorrow" in line.text())
    assert [one.rule for one in page.preview.findings if one.severity.value == "error"]


def test_slots_are_a_table_of_days_and_times_that_is_booked_from(person: Person, page: CallsPage) -> None:
    send(person, page)
    table = person.find(QAbstractItemView, "slots")
    days = {slot.start.astimezone().date() for slot in page.answer.slots}
    assert table.model().columnCount() == 1 + len(days)
    assert "Northgate Emergency Department, free" in person.words(page)
    person.press("book-slot")
    compose = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: person.window._stack.currentWidget() is compose)
    person.judged()
    free = next(slot for slot in page.answer.slots if slot.free)
    assert free.id in person.source.toPlainText()


def test_a_slot_is_booked_by_a_call_of_its_own_where_the_version_has_it(person: Person, page: CallsPage) -> None:
    send(person, page)
    assert page.answer.order.api == "1.0.0"
    assert not person.find(QAbstractButton, "book-slot-directly").isVisible(), "it came with 1.1.0"
    versions = person.find(Combo, "call-version")
    versions.choose("1.1.0")
    versions.chosen.emit("1.1.0")
    person.until(lambda: page._offer.api == "1.1.0" and page._form is not None and page._form.api == "1.1.0")
    person.quiet()
    send(person, page)
    free = next(slot for slot in page.answer.slots if slot.free)
    person.press("book-slot-directly")
    person.until(lambda: page._form is not None and page._form.call.id == "appointment-create")
    person.until(lambda: free.id in page._view.body())
    person.quiet()
    send(person, page)
    assert page.answer.status in (200, 201)
    assert page.answer.rows[0].kind == "Appointment"
    choose(person, page, "slot-search")
    send(person, page)
    assert free.id not in [slot.id for slot in page.answer.slots if slot.free], "it is taken now"


def test_referrals_are_a_list_to_open_and_to_cancel(person: Person, page: CallsPage) -> None:
    choose(person, page, "process-message")
    send(person, page)
    assert page.answer.status == 200
    person.quiet()
    choose(person, page, "service-request-search")
    send(person, page)
    assert [row.status for row in page.answer.rows] == ["active"]
    id = page.answer.rows[0].id
    person.press("cancel-found")
    compose = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: person.window._stack.currentWidget() is compose)
    assert '"revoked"' in person.source.toPlainText()
    person.go(PanelId.SERVICES)
    page.answer = None
    person.press("open-found")
    person.until(lambda: page.answer is not None)
    assert (page.answer.order.operation, page.answer.rows[0].id) == ("service-request-read", id)


def test_another_version_has_other_calls_and_what_is_missing_is_said(person: Person, page: CallsPage) -> None:
    versions = person.find(Combo, "call-version")
    before = {one.id for one in page._offer.calls}
    versions.choose("1.4.0")
    versions.chosen.emit("1.4.0")
    person.until(lambda: page._offer.api == "1.4.0" and page.preview is not None)
    assert {"appointment-create", "pointer-search", "endpoint-search"} <= {one.id for one in page._offer.calls} - before
    choose(person, page, "endpoint-search")
    assert "Preview: the guide says not to build against" in person.words(page)
    send(person, page)
    assert [row.kind for row in page.answer.rows] == ["Endpoint"]
    choose(person, page, "appointment-read")
    person.until(lambda: "Id of the Appointment is missing" in person.words(page))
