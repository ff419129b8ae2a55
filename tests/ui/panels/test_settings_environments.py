"""Environments in the running window: the list, environment_editor with its test, and environment_form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from tests.faults.tls_farm import PASSPHRASE, Farm
from workbench.ui.context import PanelId
from workbench.ui.panels import environment_form, settings_environments
from workbench.ui.panels.environment_editor import EnvironmentEditor, StepRow
from workbench.ui.widgets import Chip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ui.driving import Person


@pytest.fixture
def section(person: Person) -> Iterator[QWidget]:
    """The section of environments in front."""
    person.window.show_environments()
    person.quiet()
    found = person.window.findChild(settings_environments.EnvironmentsSection)
    assert found is not None
    return found


def choose(person: Person, name: str, value: str) -> None:
    """Choose in a combo by keyboard."""
    combo = person.find(QComboBox, f"environment-{name}")
    combo.setFocus()
    steps = combo.findData(value) - combo.currentIndex()
    for _ in range(abs(steps)):
        person.bot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert combo.currentData() == value


def enter(person: Person, name: str, text: str) -> None:
    person.type_into(f"environment-{name}", text)


def tick(person: Person, name: str) -> None:
    person.find(QCheckBox, name).click()


def said(section: QWidget) -> str:
    shown = [*section.findChildren(QLabel), *section.findChildren(Chip)]
    return "\n".join(one.text() for one in shown if one.isVisible())


def test_the_menu_of_environments_leads_to_them(person: Person) -> None:
    menu = person.window._top.environment_menu()
    manage = menu.findChild(QAction, "manage-environments")
    assert manage is not None
    manage.trigger()
    person.quiet()
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.SETTINGS)
    person.until(lambda: "Live patients" in said(person.window.panel(PanelId.SETTINGS)))
    assert "Chosen" in said(person.window.panel(PanelId.SETTINGS))


def test_an_environment_is_added_with_its_secrets_and_can_be_chosen_at_once(
    person: Person, section: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    farm = Farm(tmp_path)
    person.press("add-environment")
    enter(person, "title", "Rig 7")
    enter(person, "base_url", "http://rig.example/FHIR/R4")
    person.until(lambda: "read along" in said(section))
    tick(person, "environment-needs_token")
    person.until(lambda: "must not travel over plain http" in said(section))
    tick(person, "environment-needs_token")
    enter(person, "base_url", "https://rig.example/FHIR/R4")
    monkeypatch.setattr(environment_form, "ask_certificate", lambda _: str(farm.client_p12()))
    person.press("choose-certificate")
    person.until(lambda: "locked with a passphrase" in said(section))
    person.press("save-environment")
    person.until(lambda: "cannot be kept" in said(section))
    enter(person, "passphrase", PASSPHRASE)
    person.until(lambda: "locked with a passphrase" not in said(section))
    choose(person, "application", "6")
    choose(person, "api_version", "1.4.0")
    person.press("save-environment")
    person.until(lambda: "Rig 7" in said(section) and not person.window.findChild(EnvironmentEditor).isVisible())
    assert "Pre-release" in said(section)
    assert "INT only" in said(section)
    assert "rig-7" in [one.id for one in person.window._status.environments]
    content = (person.desk.session._engine.workspace.folder / "environments.json").read_text(encoding="utf-8")
    assert PASSPHRASE not in content
    person.press("edit-rig-7")
    person.quiet()
    field = person.find(QLineEdit, "environment-passphrase")
    assert (field.text(), "Kept" in field.placeholderText()) == ("", True)
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_a_copy_is_a_new_one_and_an_own_one_can_be_removed(
    person: Person, section: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(settings_environments, "confirm_removal", lambda _, title: not asked.append(title))
    person.press("copy-sandbox")
    person.press("save-environment")
    person.until(lambda: "Sandbox copy" in said(section))
    person.press("remove-sandbox-copy")
    person.until(lambda: "Sandbox copy" not in said(section))
    assert asked == ["Sandbox copy"]


def test_a_built_in_one_that_was_changed_can_be_reset(person: Person, section: QWidget) -> None:
    person.press("edit-int")
    enter(person, "client_id", "app-1")
    choose(person, "api_version", "other")
    enter(person, "api_other", "1.1")
    person.until(lambda: "Write three numbers" in said(section))
    enter(person, "api_other", "1.1.0")
    person.press("save-environment")
    person.press("reset-int")
    person.until(lambda: not [one for one in section.findChildren(QWidget, "reset-int") if one.isVisible()])
    person.press("edit-int")
    assert person.find(QLineEdit, "environment-client_id").text() == ""
    person.press("cancel-environment")
    assert not person.window.findChild(EnvironmentEditor).isVisible()


def test_the_connection_is_tested_in_the_window(person: Person, section: QWidget) -> None:
    person.press("edit-embedded")
    assert not person.find(QLineEdit, "environment-base_url").isVisible()
    person.press("test-connection")

    def spoken() -> list[str]:
        return [row.accessibleName() for row in section.findChildren(StepRow) if row.isVisible()]

    wanted = ["Name", "Connection", "TLS", "Token", "GET /metadata"]
    person.until(lambda: [words.partition(":")[0] for words in spoken()] == wanted)
    person.quiet()
    assert all(": ok. " in words for words in spoken())


def test_a_check_left_out_is_red_until_it_is_taken_back(person: Person, section: QWidget) -> None:
    person.press("add-environment")
    enter(person, "title", "Rig 7")
    enter(person, "base_url", "https://rig.example/FHIR/R4")
    person.press("save-environment")
    person.until(lambda: "Rig 7" in said(section))
    person.desk.bridge.submit(person.desk.session.choose_environment("rig-7"), lambda *_: None)
    person.press("edit-rig-7")
    person.quiet()
    tick(person, "skip-verification")
    bar = person.find(QWidget, "unverified-bar")
    person.until(bar.isVisible)
    assert "rig.example is not checked" in bar.accessibleName()
    tick(person, "skip-verification")
    person.until(lambda: not bar.isVisible())


def test_within_nhs_uk_nobody_can_ask_for_it(person: Person, section: QWidget) -> None:
    for id in ("sandbox", "int", "production"):
        person.press(f"edit-{id}")
        assert not person.find(QCheckBox, "skip-verification").isVisible()
        person.press("cancel-environment")


def test_the_form_fits_a_small_window_with_large_text(person: Person, section: QWidget) -> None:
    person.window.resize(1024, 700)
    person.press("edit-int")
    person.quiet()
    for percent in ("100", "200"):
        person.desk.appearance.change("text_percent", percent)
        person.quiet()
        person.window.show_environments()
        person.quiet()
        person.press("edit-int") if percent == "200" else None
        panel = person.window.panel(PanelId.SETTINGS)
        assert panel._scroll.horizontalScrollBar().maximum() == 0
        QApplication.processEvents()
    person.desk.appearance.change("text_percent", "100")
    person.quiet()


def test_the_proxy_is_none_the_machines_or_one_of_its_own(person: Person, section: QWidget) -> None:
    person.press("edit-int")
    person.quiet()
    form = person.window.findChild(environment_form.EnvironmentForm)
    assert form is not None
    assert not person.find(QLineEdit, "environment-proxy").isVisible()
    choose(person, "proxy_way", "own")
    enter(person, "proxy", "http://proxy.example:3128")
    enter(person, "proxy_user", "me")
    made = form.edit()
    assert made is not None
    assert (made.environment.proxy, made.environment.proxy_user) == ("http://proxy.example:3128", "me")
    choose(person, "proxy_way", "system")
    assert not person.find(QLineEdit, "environment-proxy").isVisible()
    made = form.edit()
    assert made is not None
    kept = made.environment
    assert (kept.system_proxy, kept.proxy, kept.proxy_user, made.proxy_password) == (True, "", "", "")


def test_the_section_that_was_asked_for_is_in_view_once_the_page_is_there(person: Person) -> None:
    def in_view() -> bool:
        panel = person.window.panel(PanelId.SETTINGS)
        section, bar = panel._sections.get("Environments"), panel._scroll.verticalScrollBar()
        return section is not None and section.y() > 0 and bar.value() == min(section.y(), bar.maximum())

    for _ in range(2):  # the page is made, then it is there
        person.window.show_environments()
        person.quiet()
        person.until(in_view)
        person.go(PanelId.KEYS)
