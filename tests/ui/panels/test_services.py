"""Services in the running window: search, the chosen service, what it says about itself, the way to Compose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QLineEdit

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.widgets import Picker

if TYPE_CHECKING:
    from tests.ui.driving import Person

EMERGENCY = "northgate-emergency-department"


def test_services_are_found_by_every_word(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    every = person.rows("services")
    assert len(every) > 3
    person.type_into("service-search", "department NORTHGATE")
    person.until(lambda: person.rows("services")[:1] == ["Northgate Emergency Department"])
    assert len(person.rows("services")) < len(every)
    person.type_into("service-search", "no such service")
    person.until(lambda: "No service fits" in person.words(panel))
    person.find(QLineEdit, "service-search").clear()
    person.until(lambda: person.rows("services") == every)


def test_a_service_says_what_it_offers_when_asked(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    person.window.open_service(EMERGENCY)
    person.until(lambda: panel._current is not None and panel._current.id == EMERGENCY)
    person.press("check-service")
    person.until(lambda: "What it says about itself" in person.words(panel))
    check = panel._check
    assert check is not None
    assert [label for _, label, _ in check.rows]
    assert all(answer in person.words(panel) for _, _, answer in check.rows)
    person.press("open-check")
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: timeline._leg == check.exchange)


def test_asking_a_sandbox_that_does_not_listen_is_a_sentence(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    person.desk.bridge.submit(person.desk.session._parts.sandbox.close(), lambda *_: None)
    person.quiet()
    person.window.open_service(EMERGENCY)
    person.quiet()
    person.press("check-service")
    person.until(lambda: "Nothing is listening at 127.0.0.1" in person.words(panel))
    assert "Check that the service is running" in person.words(panel), "what to do next is said"


def test_an_own_service_is_neither_asked_nor_written_to(person: Person) -> None:
    person.go(PanelId.SERVICES)
    own = next(one for one in person.values("services", VALUE_ROLE) if one.own)
    person.window.open_service(own.id)
    person.quiet()
    assert not [b for b in person.window.findChildren(QAbstractButton, "check-service") if b.isVisible()]
    assert not [b for b in person.window.findChildren(QAbstractButton, "compose-for-service") if b.isVisible()]


def test_composing_for_a_service_takes_a_message_it_accepts(person: Person) -> None:
    person.go(PanelId.SERVICES)
    person.window.open_service(EMERGENCY)
    person.quiet()
    person.press("compose-for-service")
    person.until(lambda: person.window._stack.currentWidget() is person.window.panel(PanelId.COMPOSE))
    person.until(lambda: person.find(Picker, "pick-service").current() == EMERGENCY)
    person.judged()
    assert "accepts" in person.window.panel(PanelId.COMPOSE)._verdict.likely
