"""Settings in the running window: what is changed is kept, a bad value is said beside its field, sections are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit

from workbench.ui.context import PanelId
from workbench.ui.panels import settings
from workbench.ui.theme import DARK, LIGHT, theme_for

if TYPE_CHECKING:
    from tests.ui.driving import Person


def enter(person: Person, name: str, text: str) -> None:
    """Type into a setting and leave it with Enter."""
    person.type_into(f"setting-{name}", text)
    person.bot.keyClick(person.find(QLineEdit, f"setting-{name}"), Qt.Key.Key_Return)


def pick(person: Person, name: str, value: str) -> None:
    """Choose in a combo box by keyboard."""
    combo = person.find(QComboBox, f"setting-{name}")
    combo.setFocus()
    steps = combo.findData(value) - combo.currentIndex()
    for _ in range(abs(steps)):
        person.bot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def value(person: Person, name: str) -> str:
    shown = person.window.panel(PanelId.SETTINGS)._settings.get(name)  # none while the panel is made anew
    return shown.view.value if shown is not None else ""


def test_what_is_changed_is_kept_over_a_restart(person: Person) -> None:
    person.go(PanelId.SETTINGS)
    enter(person, "receiver_port", "0443")
    person.until(lambda: value(person, "receiver_port") == "443")
    enter(person, "receiver_port", "0")
    person.until(lambda: value(person, "receiver_port") == "0")
    pick(person, "answer_mode", "stored")
    person.until(lambda: value(person, "answer_mode") == "stored")
    box = person.find(QCheckBox, "setting-show_start")
    box.click()
    person.until(lambda: value(person, "show_start") == "false")
    person.window.close()
    person.desk.close()
    again = person.again()
    assert again.window._stack.currentWidget() is again.window.panel(PanelId.COMPOSE), "no start page any more"
    again.go(PanelId.SETTINGS)
    assert value(again, "answer_mode") == "stored"


@pytest.mark.parametrize(("typed", "said"), [("many", "is no number"), ("70000", "is not between 0 and 65535")])
def test_a_bad_value_is_said_beside_its_field_and_not_kept(person: Person, typed: str, said: str) -> None:
    panel = person.go(PanelId.SETTINGS)
    enter(person, "receiver_port", typed)
    person.until(lambda: said in person.words(panel._settings["receiver_port"]))
    person.go(PanelId.START)
    person.go(PanelId.SETTINGS)
    assert value(person, "receiver_port") == "0"
    assert said not in person.words(panel)


def test_sections_are_found_from_the_list(person: Person) -> None:
    panel = person.go(PanelId.SETTINGS)
    sections = person.rows("setting-sections")
    assert sections[-3:] == ["Environments", "Workspace", "About"]
    person.window.resize(1024, 700)
    person.until(lambda: panel._scroll.verticalScrollBar().maximum() > 0)
    person.click_row("setting-sections", len(sections) - 1)
    assert panel._scroll.verticalScrollBar().value() > 0
    person.click_row("setting-sections", 0)
    assert panel._scroll.verticalScrollBar().value() < 40


def test_the_workspace_folder_can_be_opened(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(settings, "open_folder", opened.append)
    person.go(PanelId.SETTINGS)
    person.press("open-folder")
    assert [path.endswith("demo") for path in opened] == [True]


def test_what_a_variable_decides_is_read_only_and_says_so(person: Person) -> None:
    panel = person.go(PanelId.SETTINGS)
    decided = {name: one for name, one in panel._settings.items() if one.view.read_only}
    assert set(decided) == {"interim_delay_s", "full_delay_s", "safeguarding_delay_s"}
    assert not any(one._control.isEnabled() for one in decided.values())
    person.until(lambda: "Decided by BARS_WORKBENCH_INTERIM_DELAY_S" in person.words(panel))


def test_theme_and_text_size_follow_at_once(person: Person) -> None:
    person.go(PanelId.SETTINGS)
    size = QApplication.font().pointSizeF()
    for wanted, theme in (("dark", DARK), ("light", LIGHT)):
        pick(person, "theme", wanted)
        person.until(lambda theme=theme: theme_for(QApplication.palette()) is theme)
        person.until(lambda wanted=wanted: value(person, "theme") == wanted)
        assert person.window.focusWidget() is person.find(QComboBox, "setting-theme"), "the keyboard stays where it was"
    enter(person, "text_percent", "150")
    person.until(lambda: QApplication.font().pointSizeF() == pytest.approx(size * 1.5))
    person.until(lambda: value(person, "text_percent") == "150")
    assert value(person, "theme") == "light"
