"""What is typed is kept within a second: a program that ends without a word loses no more than that."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QTimer

from tests.session.conftest import a_session
from workbench.session.options import SessionOptions
from workbench.ui.context import PanelId
from workbench.ui.panels.compose_keeping import SAVE_MS, Keeper

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person

A_SECOND = 1000


def keeper(person: Person) -> Keeper:
    """The keeper of the draft in front."""
    found: Keeper = person.window.panel(PanelId.COMPOSE)._keeper
    return found


def timer(person: Person) -> QTimer:
    found = keeper(person).findChild(QTimer)
    assert found is not None
    return found


def lies_there(folder: Path) -> str:
    """The text of the draft that another program would find in the workspace now."""

    async def found() -> str:
        options = SessionOptions(start_sandbox=False, start_receiver=False)
        async with a_session(folder, options=options) as session:
            draft = await session.drafts.last()
            return draft.text if draft is not None else ""

    return asyncio.run(found())


def test_a_draft_is_saved_within_a_second_of_its_first_change_however_long_somebody_types(qapp: QObject) -> None:
    keeper = Keeper(None, lambda: None, qapp)  # type: ignore[arg-type]
    soon = keeper.findChild(QTimer)
    assert soon is not None
    assert soon.interval() == SAVE_MS
    assert SAVE_MS < A_SECOND
    assert soon.isSingleShot()
    keeper.typed()
    assert soon.isActive()
    soon.start(SAVE_MS * 50)
    keeper.typed()
    assert soon.interval() == SAVE_MS * 50, "typing on does not begin the wait anew"
    keeper.forget()
    assert not soon.isActive()


def test_what_the_timer_saved_is_there_when_the_program_dies(person: Person, tmp_path: Path) -> None:
    person.compose()
    person.source.insertPlainText("typed ")
    text = person.window.panel(PanelId.COMPOSE)._source.text()
    kept: list[bool] = []
    keeper(person).kept.connect(lambda: kept.append(True))
    timer(person).timeout.emit()  # its moment has come
    person.until(lambda: kept)
    person.source.insertPlainText("and more ")
    after = tmp_path / "after"
    shutil.copytree(tmp_path / "demo", after)  # what a killed program leaves: nothing is closed, nothing flushed
    assert lies_there(after) == text


@pytest.mark.parametrize("how", ["another draft", "the window goes"])
def test_what_is_typed_is_saved_at_once_when_something_else_comes(person: Person, how: str) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)
    first = panel._draft.id
    person.source.insertPlainText("typed ")
    text = panel._source.text()
    assert timer(person).isActive()
    if how == "another draft":
        person.compose("111 to ED: booking, new")
    else:
        person.go(PanelId.TIMELINE)
    person.quiet()
    found: list[str] = []
    person.desk.bridge.submit(person.desk.session.drafts.open(first), lambda draft, _: found.append(draft.text))
    person.until(lambda: found)
    assert found == [text]


def test_a_draft_that_is_gone_is_not_saved(qapp: QObject) -> None:
    asked: list[object] = []
    keeper = Keeper(None, lambda: asked.append(None), qapp)  # type: ignore[arg-type,func-returns-value]
    keeper.typed()
    keeper.forget()
    keeper.save_now()
    assert asked == []
