"""Official examples in the running window: they open into form, tree and source, with findings, and are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton

from workbench.ui.context import PanelId
from workbench.ui.panels.message_views import MessageTree
from workbench.ui.widgets import Segments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person


def test_official_files_open_and_show_everything(person: Person, shared: Path) -> None:
    files = sorted(one for one in (shared / "data" / "examples").rglob("*") if one.suffix in (".json", ".xml"))
    assert len(files) > 50
    files = files[::3]  # all of them are opened into every view without a window by tests/session/test_forming.py
    panel = person.go(PanelId.COMPOSE)
    form_button, tree_button, source_button = panel.findChild(Segments, "draft-views").findChildren(QAbstractButton)
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
        person.until(lambda: tree.isVisible() and tree.model().index(0, 0).isValid())
        root = tree.model().index(0, 0)
        assert root.data() == verdict.message.resource_type, file.name
        assert tree.model().rowCount(root) > 0, file.name
        form_button.click()
        form = panel._source.form
        person.until(lambda form=form: form.isVisible() and form.ready)
        person.until(lambda verdict=verdict: verdict.summary.sentence in person.words(panel))
        shown = [card.card.path for card in form._cards]
        left = int(form._left_out.text().split()[0]) if form._left_out.isVisible() else 0
        assert len(shown) + left == 1 + sum(1 for one in verdict.message.entries() if one.resource), file.name
        source_button.click()
        assert panel._source.text() == panel._draft.text, file.name
        assert panel._draft.text.encode() == file.read_bytes().removeprefix(b"\xef\xbb\xbf"), file.name
