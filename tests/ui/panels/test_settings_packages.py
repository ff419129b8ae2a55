"""The packages section in the running window: added, used, removed, and what goes wrong is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from tests.profiles.packed import a_manifest, a_structure, element, pack, unpack
from workbench.profiles.outdated import caution
from workbench.ui.context import PanelId
from workbench.ui.panels import settings_packages

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.ui.driving import Person

PROFILE = a_structure("Strict", "Bundle", element("Bundle.identifier", min=1))
LABEL = "mock.bars#1.0.0"


def add(person: Person, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Choose a file in the dialog of the section."""
    monkeypatch.setattr(settings_packages, "ask_package", lambda _: str(path))
    person.press("add-package")
    person.quiet()


def test_a_package_is_added_used_and_removed(person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    panel = person.go(PanelId.SETTINGS)
    person.until(lambda: "No packages yet" in person.words(panel))
    path = pack(tmp_path / "packs", a_manifest("mock.bars", mock_core="2.0.0"), PROFILE)
    add(person, monkeypatch, path)
    person.until(lambda: "mock.bars" in person.words(panel))
    said = person.words(panel)
    assert "1.0.0" in said
    assert "1 profile\n" in said
    assert "mock.core#2.0.0: what depends on it is not checked." in said
    box = person.find(QCheckBox, f"use-{LABEL}")
    assert not box.isChecked()
    box.setFocus()
    person.bot.keyClick(box, Qt.Key.Key_Space)
    person.until(lambda: person.desk.session._engine.packages.now is not None)
    person.until(lambda: person.find(QCheckBox, f"use-{LABEL}").isChecked())
    person.until(lambda: person.window.focusWidget() is person.find(QCheckBox, f"use-{LABEL}"))
    person.press(f"remove-{LABEL}")
    person.until(lambda: "No packages yet" in person.words(panel))
    person.until(lambda: person.desk.session._engine.packages.now is None)


def test_an_old_folder_of_definitions_is_added_and_called_old(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = person.go(PanelId.SETTINGS)
    label = "uk.nhsdigital.bars.r4#1.34.0"
    folder = unpack(tmp_path / "definitions", a_manifest(*label.split("#")), PROFILE)
    monkeypatch.setattr(settings_packages, "ask_package_folder", lambda _: str(folder))
    person.press("add-package-folder")
    person.quiet()
    person.until(lambda: "uk.nhsdigital.bars.r4" in person.words(panel))
    assert caution(label) in person.words(panel)


def test_what_is_no_package_is_said_in_the_section(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = person.go(PanelId.SETTINGS)
    path = tmp_path / "bad.tgz"
    path.write_bytes(b"no package")
    add(person, monkeypatch, path)
    person.until(lambda: "bad.tgz is not a FHIR package" in person.words(panel))
    good = pack(tmp_path / "packs", a_manifest("mock.bars"), PROFILE)
    add(person, monkeypatch, good)
    person.until(lambda: "mock.bars" in person.words(panel))
    assert "bad.tgz" not in person.words(panel)


def test_giving_the_dialog_up_changes_nothing(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = person.go(PanelId.SETTINGS)
    monkeypatch.setattr(settings_packages, "ask_package", lambda _: "")
    person.press("add-package")
    person.quiet()
    person.until(lambda: "No packages yet" in person.words(panel))


def test_a_draft_is_judged_anew_with_the_packages(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    person.compose()
    person.go(PanelId.SETTINGS)
    add(person, monkeypatch, pack(tmp_path / "packs", a_manifest("mock.bars"), PROFILE))
    person.until(lambda: person.window.findChildren(QCheckBox, f"use-{LABEL}"))
    person.find(QCheckBox, f"use-{LABEL}").click()
    compose = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: compose._verdict is not None and compose._verdict.verdict.packages == (LABEL,))
