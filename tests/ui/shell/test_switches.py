"""Settings that are actions: looks, and masking with its badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.context import PanelId
from workbench.ui.shell.status_bar import StatusChip

if TYPE_CHECKING:
    from tests.ui.driving import Person


def test_masking_is_switched_by_its_action_and_the_badge_says_so(person: Person) -> None:
    badge = person.find(StatusChip, "masking")
    assert not badge.isVisible()
    assert person.action("masking").text() == "Mask people"
    person.run("masking")
    person.until(badge.isVisible)
    assert badge.accessibleName() == "Masking on"
    assert person.action("masking").text() == "Show people as they are"
    person.press("masking")
    assert person.window._panel is PanelId.SETTINGS
    person.quiet()
    person.run("masking")
    person.until(lambda: not badge.isVisible())
    assert person.action("masking").text() == "Mask people"


def test_the_looks_are_changed_and_kept(person: Person) -> None:
    seen: list[tuple[str, str]] = []
    person.window.looks_changed.connect(lambda name, value: seen.append((name, value)))
    for name in ("dark", "light", "system"):
        person.run(f"theme-{name}")
    person.quiet()
    assert seen == [("theme", "dark"), ("theme", "light"), ("theme", "system")]
    assert person.window.session is not None
    assert person.window.session._engine.settings.app.theme == "system"
