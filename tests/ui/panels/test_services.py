"""Services in the running window (`services_directory`, `services_editor`): search, changing, files, Compose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels import services_directory
from workbench.ui.widgets import Combo, Picker

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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


def test_a_service_says_what_it_offers_when_asked_and_is_judged_by_it_until_that_is_forgotten(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    person.window.open_service(EMERGENCY)
    person.until(lambda: panel.directory.current is not None and panel.directory.current.id == EMERGENCY)
    person.press("check-service")
    person.until(lambda: "What it says about itself" in person.words(panel))
    check = panel.directory.side.check
    assert check is not None
    assert [label for _, label, _ in check.rows]
    assert all(answer in person.words(panel) for _, _, answer in check.rows)
    person.press("compose-for-service")
    person.until(lambda: person.find(Picker, "pick-service").current() == EMERGENCY)
    person.judged()
    assert "accepts this, by its own definitions" in person.window.panel(PanelId.COMPOSE)._verdict.likely
    person.go(PanelId.SERVICES)
    person.press("forget-offer")
    person.until(lambda: not panel.directory.current.seen)
    person.quiet()
    person.press("check-service")
    person.until(lambda: panel.directory.side.check is not None)
    person.press("open-check")
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: timeline._leg == panel.directory.side.check.exchange)


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
    for name in ("check-service", "compose-for-service", "call-service", "look-up-service"):
        assert not [b for b in person.window.findChildren(QAbstractButton, name) if b.isVisible()]


def test_composing_for_a_service_takes_a_message_it_accepts(person: Person) -> None:
    person.go(PanelId.SERVICES)
    person.window.open_service(EMERGENCY)
    person.quiet()
    person.press("compose-for-service")
    person.until(lambda: person.window._stack.currentWidget() is person.window.panel(PanelId.COMPOSE))
    person.until(lambda: person.find(Picker, "pick-service").current() == EMERGENCY)
    person.judged()
    assert "accepts" in person.window.panel(PanelId.COMPOSE)._verdict.likely


def test_a_service_is_added_changed_marked_and_taken_out(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    person.press("add-service")
    person.type_into("service-name", "Moorside Clinic")
    person.type_into("service-value", "20 00")
    person.press("keep-service")
    person.until(lambda: "no blanks and no bar" in person.words(panel))
    person.type_into("service-value", "2000099001")
    person.type_into("service-tags", "rig, slow")
    person.press("keep-service")
    person.until(lambda: panel.directory.current is not None and panel.directory.current.id == "moorside-clinic")
    person.press("favourite")
    person.until(lambda: person.rows("services")[0] == "Moorside Clinic ★")
    kinds = person.find(Combo, "service-filter")
    kinds.choose("tag:rig")
    kinds.chosen.emit("tag:rig")
    assert person.rows("services") == ["Moorside Clinic ★"]
    kinds.choose("")
    person.press("copy-target")
    assert QGuiApplication.clipboard().text() == panel.directory.current.header
    person.press("edit-service")
    person.press("remove-service")
    person.until(lambda: "Moorside Clinic ★" not in person.rows("services"))


def test_services_go_out_and_come_in(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person.go(PanelId.SERVICES)
    before = person.rows("services")
    file = tmp_path / "services.csv"
    monkeypatch.setattr(services_directory, "ask_export", lambda _: str(file))
    person.press("export-services")
    person.until(lambda: "services written" in person.toasts())
    with file.open("a", encoding="utf-8", newline="") as more:
        more.write("x,Moorside Clinic,,2000099001,receiver\r\n,,,,\r\nx,No Value,,,\r\n")
    monkeypatch.setattr(services_directory, "ask_import", lambda _: str(file))
    person.press("import-services")
    person.until(lambda: "1 added, 0 changed; 1 rows left out" in person.toasts())
    person.until(lambda: person.rows("services") == [*before, "Moorside Clinic"])


def test_the_catalogue_tells_where_a_service_is(person: Person) -> None:
    panel = person.go(PanelId.SERVICES)
    person.window.open_service(EMERGENCY)
    person.quiet()
    person.press("look-up-service")
    person.until(lambda: panel.directory.side.found is not None)
    labels = [(tone.value, label) for tone, label, _ in panel.directory.side.found.rows]
    assert labels == [("ok", "Healthcare service"), ("ok", "Endpoint")]
    person.until(lambda: "127.0.0.1" in person.words(panel))
