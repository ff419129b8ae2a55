"""The tree of a draft in the running window: compose_tree and compose_tree_links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QStyleOptionViewItem

from workbench.ui.context import PanelId
from workbench.ui.theme import colour, theme_for
from workbench.ui.widgets import Chip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.driving import Person
    from workbench.ui.panels.compose_tree import TreePage

BUNDLE = {
    "resourceType": "Bundle",
    "type": "message",
    "entry": [
        {
            "fullUrl": "urn:uuid:h",
            "resource": {"resourceType": "MessageHeader", "focus": [{"reference": "urn:uuid:f"}]},
        },
        {
            "fullUrl": "urn:uuid:f",
            "resource": {
                "resourceType": "Flag",
                "status": "active",
                "subject": {"reference": "urn:uuid:p"},
                "author": {"reference": "urn:uuid:gone"},
            },
        },
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "name": [{"family": "A"}, {"family": "B"}]}},
    ],
}
FLAG = "Bundle.entry[1].resource"


@pytest.fixture
def tree(person: Person, tmp_path: Path) -> TreePage:
    """The tree of a small message with a link that leads nowhere."""
    file = tmp_path / "small.json"
    file.write_text(json.dumps(BUNDLE, indent=3))
    panel = person.go(PanelId.COMPOSE)
    person.window.resize(1440, 900)
    person.window.open_files([str(file)])
    person.until(lambda: panel._draft is not None)
    person.judged()
    person.look("Tree")
    page: TreePage = panel._source.tree
    person.until(lambda: page.isVisible() and page.tree.model().rowCount() == 1)
    return page


def resource(person: Person) -> dict:
    """What the text says."""
    found: dict = json.loads(person.window.panel(PanelId.COMPOSE)._source.text())
    return found


def done(person: Person, fact: Callable[[dict], object]) -> None:
    """Wait until the text says so, and form and tree show it."""
    panel = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: fact(resource(person)))
    person.judged()
    person.until(lambda: not panel._source._stale)


def test_elements_are_removed_copied_and_moved(person: Person, tree: TreePage) -> None:
    before = person.window.panel(PanelId.COMPOSE)._source.text()
    name = "Bundle.entry[2].resource.name"
    tree.tree.reveal(f"{name}[0]")
    person.press("tree-down")
    done(person, lambda now: now["entry"][2]["resource"]["name"] == [{"family": "B"}, {"family": "A"}])
    assert tree.tree.current_path() == f"{name}[1]", "what was moved stays chosen"
    person.bot.keyClick(tree.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    done(person, lambda now: now["entry"][2]["resource"]["name"][0] == {"family": "A"})
    person.press("tree-duplicate")
    done(person, lambda now: len(now["entry"][2]["resource"]["name"]) == 3)
    tree.tree.reveal(FLAG)
    person.bot.keyClick(tree.tree, Qt.Key.Key_Delete)
    done(person, lambda now: len(now["entry"]) == 2)
    while person.action("undo").isEnabled():
        person.run("undo")
        person.quiet()
    assert person.window.panel(PanelId.COMPOSE)._source.text() == before


def test_values_are_written_in_place(person: Person, tree: TreePage) -> None:
    tree.tree.reveal(f"{FLAG}.status")
    person.press("tree-edit")
    field = tree.tree.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    person.bot.keyClicks(field, "inactive")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    done(person, lambda now: now["entry"][1]["resource"]["status"] == "inactive")
    assert tree.tree.current_path() == f"{FLAG}.status"


def test_elements_that_fit_are_offered(person: Person, tree: TreePage) -> None:
    tree.tree.reveal(f"{FLAG}.status")
    person.press("tree-add")
    person.until(lambda: tree._menu.isVisible())
    names = [one.text() for one in tree._menu.actions()]
    assert "period" in names
    assert "status" not in names, "there is one already"
    next(one for one in tree._menu.actions() if one.text() == "identifier").trigger()
    tree._menu.close()
    done(person, lambda now: now["entry"][1]["resource"].get("identifier") == [{}])
    person.until(lambda: tree.tree.current_path().startswith(f"{FLAG}.identifier"))


def test_what_is_open_stays_open(person: Person, tree: TreePage) -> None:
    tree.tree.reveal(f"{FLAG}.subject.reference")
    tree.tree.collapse(tree.tree.draft_model.path_index("Bundle.entry[0]"))
    tree.tree.reveal("Bundle.entry[2].resource.name[1]")
    person.press("tree-remove")
    done(person, lambda now: len(now["entry"][2]["resource"]["name"]) == 1)
    model = tree.tree.draft_model
    assert tree.tree.isExpanded(model.path_index(f"{FLAG}.subject"))
    assert not tree.tree.isExpanded(model.path_index("Bundle.entry[0]"))


def test_a_broken_link_is_red(person: Person, tree: TreePage) -> None:
    index = tree.tree.draft_model.path_index(f"{FLAG}.author.reference").siblingAtColumn(1)
    assert index.data().endswith("(not in this message)")
    option = QStyleOptionViewItem()
    option.palette = tree.tree.palette()
    tree.tree.itemDelegate().initStyleOption(option, index)  # type: ignore[attr-defined]
    red = colour(theme_for(tree.tree.palette()).error.fg)
    assert option.palette.color(QPalette.ColorRole.Text) == red
    sound = tree.tree.draft_model.path_index(f"{FLAG}.subject.reference").siblingAtColumn(1)
    option.palette = tree.tree.palette()
    tree.tree.itemDelegate().initStyleOption(option, sound)  # type: ignore[attr-defined]
    assert option.palette.color(QPalette.ColorRole.Text) != red


def ends(tree: TreePage) -> list[str]:
    """The links that are shown."""
    return [one.accessibleName() for one in tree._graph.findChildren(QPushButton, "link-end") if one.isVisible()]


def test_links_are_shown_around_the_focus_and_lead_on(person: Person, tree: TreePage) -> None:
    of = tree._graph.findChild(QLabel, "links-of")
    assert of.text() == "Flag"
    person.until(lambda: ends(tree) == ["focus: Envelope", "subject: Patient: A", "author: urn:uuid:gone"])
    assert "not in this message" in [chip.text() for chip in tree._graph.findChildren(Chip)]
    patient = tree._graph.findChildren(QPushButton, "link-end")[1]
    person.bot.mouseClick(patient, Qt.MouseButton.LeftButton)
    person.until(lambda: of.text() == "Patient: A")
    assert tree.tree.current_path() == "Bundle.entry[2].resource"
    person.until(lambda: ends(tree) == ["subject: Flag"])
