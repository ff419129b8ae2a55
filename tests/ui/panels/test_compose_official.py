"""Every official example in the running window: it opens, and shows its tree, its summary and its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton

from workbench.ui.context import PanelId
from workbench.ui.panels.message_views import MessageTree
from workbench.ui.widgets import Segments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person


def test_every_official_file_opens_and_shows_everything(person: Person, shared: Path) -> None:
    files = sorted(one for one in (shared / "data" / "examples").rglob("*") if one.suffix in (".json", ".xml"))
    assert len(files) > 50
    panel = person.go(PanelId.COMPOSE)
    summary, tree_button, _ = panel.findChild(Segments, "draft-views").findChildren(QAbstractButton)
    tree = panel.findChild(MessageTree, "draft-tree")
    for file in files:
        before = panel._draft
        person.window.open_files([str(file)])
        person.until(lambda before=before: panel._draft is not before)
        person.judged()
        verdict = panel._verdict
        assert verdict.summary is not None, file.name
        shown = person.findings()  # those of one resource stand together
        assert sorted(shown, key=str) == sorted(verdict.verdict.findings, key=str), file.name
        tree_button.click()
        root = tree.model().index(0, 0)
        assert root.data() == verdict.message.resource_type, file.name
        assert tree.model().rowCount(root) > 0, file.name
        summary.click()
        person.until(lambda verdict=verdict: verdict.summary.sentence in person.words(panel))
