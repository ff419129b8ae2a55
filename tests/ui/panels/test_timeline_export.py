"""Exports of the timeline in the running window."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.ui.context import PanelId
from workbench.ui.panels import timeline_export
from workbench.ui.panels.timeline_export import png_of
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person


@pytest.fixture
def reader(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who looks at a conversation and saves whatever is exported into a folder."""
    monkeypatch.setattr(dialogs, "ask_export", lambda _, name: str(tmp_path / name))
    person.compose()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: len([row for row in panel._lanes._rows if row.exchange]) > 1)
    person.quiet()
    return person


def export(person: Person, form: str, *, action: str = "export", unmasked: bool = False) -> None:
    person.run(action)
    combo = person.find(Combo, "export-form")
    combo.choose(form)
    combo.chosen.emit(form)
    person.find(QCheckBox, "export-unmasked").setChecked(unmasked)
    person.press("export-save")
    person.until(lambda: "Written to" in person.toasts())
    person.quiet()


def test_a_conversation_is_saved_masked_unless_ticked(reader: Person, tmp_path: Path) -> None:
    export(reader, "ticket")
    (pack,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(pack) as opened:
        assert "index.html" in opened.namelist()
        assert b"People are masked" in opened.read("index.html")
    export(reader, "jsonl", unmasked=True)
    assert '\\"value\\": \\"999000107' in next(tmp_path.glob("*.jsonl")).read_text(encoding="utf-8")


def test_the_tick_warns_of_what_the_file_will_hold(reader: Person) -> None:
    reader.run("export")
    dialog = reader.find(QWidget, "export-dialog")
    assert "NHS numbers" not in reader.words(dialog)
    reader.find(QCheckBox, "export-unmasked").setChecked(True)
    reader.until(lambda: "NHS numbers" in reader.words(dialog))
    reader.press("export-cancel")


def test_one_message_goes_alone_and_has_no_lanes(reader: Person, tmp_path: Path) -> None:
    export(reader, "har", action="export-message")
    (archive,) = tmp_path.glob("*.har")
    assert len(json.loads(archive.read_text(encoding="utf-8"))["log"]["entries"]) == 1
    reader.run("export-message")
    offered = reader.find(Combo, "export-form")
    assert [offered.itemData(n) for n in range(offered.count())] == ["ticket", "har", "csv", "jsonl"]
    reader.press("export-cancel")


def test_the_lanes_are_drawn_as_png_from_their_svg(reader: Person, tmp_path: Path) -> None:
    export(reader, "png")
    (picture,) = tmp_path.glob("*.png")
    image = QImage(str(picture))
    assert image.width() == 1920
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 5


def test_a_tall_picture_is_drawn_smaller(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    monkeypatch.setattr(timeline_export, "TALLEST", 100)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="400"><rect width="9" height="9"/></svg>'
    image = QImage.fromData(png_of(svg))
    assert (image.width(), image.height()) == (10, 100)


def test_what_cannot_be_written_is_told(reader: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_export", lambda _, name: str(tmp_path / "no" / name))
    reader.run("export")
    reader.press("export-save")
    reader.until(lambda: "could not be" in reader.toasts() or "cannot" in reader.toasts())
    assert not list(tmp_path.glob("*.zip"))
