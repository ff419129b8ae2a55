"""Many files judged: all of them, in order, whatever one of them is; events, reports, and being stopped."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.errors import ErrorCode, InputError, WorkerDied
from workbench.messages import Severity
from workbench.session import batch
from workbench.session.batch import Against, BatchFile, files_in, judge_files, judged_file, report
from workbench.session.events import FileJudged, FilesFound
from workbench.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.evidence.verdicts import FileVerdict
    from workbench.session.events import SessionEvent
    from workbench.session.session import Session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good message, a broken text, something else, and a folder within."""
    place = tmp_path / "files"
    (place / "deep").mkdir(parents=True)
    (place / "b.json").write_bytes(compose("referral-full", a_setting(), now=now(), ids=new_id).source)
    (place / "deep" / "a.XML").write_text("<no", encoding="utf-8")
    (place / "c.json").write_text('{"resourceType": "Patient"}', encoding="utf-8")
    (place / "notes.txt").write_text("no", encoding="utf-8")
    return place


def test_a_folder_is_its_messages_sorted(folder: Path) -> None:
    found = files_in([str(folder), str(folder / "notes.txt")])
    assert [one.path.name for one in found] == ["b.json", "c.json", "a.XML", "notes.txt"]
    with pytest.raises(InputError, match="none"):
        files_in([str(folder / "none")])


def test_a_folder_that_cannot_be_looked_into_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    closed = next(one for one in files_in([str(folder)]) if one.problem)
    found = judged_file(closed, Against())
    assert (found.path, found.verdict.valid) == (str(folder / "deep"), False)
    assert "Permission denied" in found.verdict.findings[0].text


def judged(files: tuple[BatchFile, ...]) -> list[FileVerdict]:
    async def whole() -> list[FileVerdict]:
        worker = Worker(processes=1)
        try:
            return [one async for one in judge_files(files, Against(), worker)]
        finally:
            await worker.close()

    return asyncio.run(whole())


def test_every_file_gets_its_verdict_in_order(folder: Path) -> None:
    found = judged(files_in([str(folder)]))
    assert [one.path for one in found] == [str(folder / name) for name in ("b.json", "c.json", "deep/a.XML")]
    assert [one.is_message for one in found] == [True, False, False]
    assert found[2].verdict.findings[0].severity is Severity.FATAL


def test_a_large_file_goes_to_a_worker_process_and_gives_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_in([str(folder / "b.json")])
    (here,) = judged(files)
    monkeypatch.setattr(batch, "IN_THREAD", 10)
    (there,) = judged(files)
    assert (there.facts, there.verdict.findings) == (here.facts, here.verdict.findings)


def test_a_worker_that_dies_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        async def run(self, *_: object) -> object:
            raise WorkerDied(ErrorCode.WORKER_DIED, what="judge", cause="it was killed")

    monkeypatch.setattr(batch, "IN_THREAD", 100)

    async def whole() -> list[FileVerdict]:
        return [one async for one in judge_files(files_in([str(folder)]), Against(), Dying())]  # type: ignore[arg-type]

    found = asyncio.run(whole())
    assert len(found) == 3
    assert "ended unexpectedly" in found[0].verdict.findings[0].text


def test_the_session_tells_of_every_file_and_can_be_stopped(play: Callable[..., Any], folder: Path) -> None:
    told: list[SessionEvent] = []

    async def work(session: Session) -> None:
        session.subscribe(told.append)
        assert await session.judge_files("one", (str(folder),)) == 3
        mine = [one for one in told if isinstance(one, FilesFound | FileJudged)]
        assert mine[0] == FilesFound("one", 3)
        assert [one.number for one in mine[1:]] == [1, 2, 3]
        task = asyncio.ensure_future(session.judge_files("two", (str(folder),) * 20))
        while not any(isinstance(one, FileJudged) and one.batch == "two" for one in told):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        count = sum(isinstance(one, FileJudged) and one.batch == "two" for one in told)
        assert 0 < count < 60
        await session.save_report(str(folder / "report.json"), tuple(one.file for one in mine[1:]))
        assert len(json.loads((folder / "report.json").read_text("utf-8"))["files"]) == 3

    play(work)


def test_a_report_is_what_its_ending_says(folder: Path) -> None:
    found = judged(files_in([str(folder)]))
    assert json.loads(report("x.JSON", found))["files"][0]["valid"] is found[0].verdict.valid
    assert ElementTree.fromstring(report("x.xml", found).encode()).get("tests") == "3"
    assert report("x.txt", found).endswith("files valid\n")
