"""The history under faults: pages that are broken, a disk that is full, files that are cut off or lie about themselves.

Each fault shows its sentence, and what was kept before it is there afterwards. What one layer does about a fault of its
own (a full disk while it saves, a bomb among the files of a report) is tested beside that layer.
"""

from __future__ import annotations

import asyncio
import copy
import io
import json
import os
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.test_har import an_exchange
from tests.session.conftest import a_session, new_id, now
from tests.session.test_listing import REFERRED
from workbench import workspace
from workbench.errors import ErrorCode, InputError, StoreError
from workbench.exchange import Response
from workbench.interchange.har import as_har, read_har
from workbench.interchange.report_files import read_files
from workbench.session.backup import MANIFEST, restore
from workbench.session.events import Noticed
from workbench.session.parts import open_session
from workbench.session.rescue import ASIDE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbench.session.session import Session


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two conversations, and its backup beside it; nothing has it open."""
    folder = tmp_path_factory.mktemp("faults") / "w"

    async def work() -> None:
        async with a_session(folder, "a few words in a row") as session:
            for _ in range(2):
                await session.play("validation")
            await session.settle()
            await session.backup.write(str(folder.with_name("b.zip")))

    asyncio.run(work())
    return folder


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    """A copy of that workspace to do harm to."""
    shutil.copytree(whole, tmp_path / "w")
    return tmp_path / "w"


def legs(folder: Path) -> list[tuple[object, ...]]:
    """Every exchange with its bodies, as stored."""
    sql = (
        "SELECT exchange.id, direction, url, status, request_headers, a.data, b.data FROM exchange"
        " JOIN body AS a ON a.sha256 = request_body LEFT JOIN body AS b ON b.sha256 = response_body"
        " ORDER BY exchange.id"
    )
    with closing(sqlite3.connect(folder / "history.db")) as connection:
        return connection.execute(sql).fetchall()


async def started(folder: Path) -> tuple[Noticed, int]:
    """What is told of the damage when the program starts, and how many conversations it shows."""
    heard: list[object] = []
    async with a_session(folder, "a few words in a row") as session:
        session.subscribe(heard.append)
        await session.settle()
        found = len(await session.conversations())
    (notice,) = [one for one in heard if isinstance(one, Noticed) and "was damaged" in one.title]
    return notice, found


@pytest.mark.expects_warnings
@pytest.mark.parametrize("table", ["exchange", "body", "correlation_key", "conversation"])
def test_the_page_that_leads_to_all_rows_of_a_table_is_broken_and_nothing_of_a_call_is_lost(
    copied: Path, table: str
) -> None:
    before, path = legs(copied), copied / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    data = path.read_bytes()
    bad = data[: (root - 1) * 4096] + bytes(4096) + data[root * 4096 :]
    path.write_bytes(bad)
    notice, found = asyncio.run(started(copied))
    assert notice.title == f"The history was damaged: {len(before)} exchanges could be read of it and are here."
    (kept,) = (copied / ASIDE).glob("history-*.db")
    assert notice.text == f"The damaged file is kept as {ASIDE}/{kept.name}."
    assert kept.read_bytes() == bad
    assert (found, legs(copied)) == (2, before)
    shutil.rmtree(copied / ASIDE)  # what looks for secrets afterwards reads databases that are whole


@pytest.mark.expects_warnings
def test_a_history_of_which_nothing_is_left_names_the_file_that_is_kept_and_the_way_back(copied: Path) -> None:
    (copied / "history.db").write_bytes(os.urandom(64 * 1024))
    notice, found = asyncio.run(started(copied))
    (kept,) = (copied / ASIDE).glob("history-*.db")
    assert notice.title == "The history was damaged: nothing could be read of it."
    assert notice.text == (
        f"The damaged file is kept as {ASIDE}/{kept.name}. A backup brings back what it holds: Settings, History."
    )
    assert found == 0
    shutil.rmtree(copied / ASIDE)


@pytest.mark.expects_warnings
def test_a_disk_that_is_full_when_a_message_is_sent_says_so_and_the_next_one_goes_through(copied: Path) -> None:
    async def work(session: Session) -> None:
        store = session.listing._engine.history.store
        offer = await session.offer()
        draft = await session.new_draft("referral-full/a1t1", REFERRED, offer.patients[0].id)
        pages = await store.run(lambda c: c.execute("PRAGMA page_count").fetchone()[0], "the size")
        await store.run(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone(), "the size")
        before = len(await session.conversations())

        async def until_full() -> None:
            for _ in range(50):  # what is free within the file is used up first
                await session.send(draft.id, draft.text)

        with pytest.raises(StoreError) as caught:
            await until_full()
        assert caught.value.code is ErrorCode.STORE_FULL
        assert caught.value.sentence.startswith("The disk is full, so ")
        await store.run(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchone(), "the size")
        sent = await session.send(draft.id, draft.text)
        await session.settle()
        assert (await session.listing.row(sent.conversation)).messages
        assert len(await session.conversations()) > before

    async def run() -> None:
        async with a_session(copied, "a few words in a row") as session:
            await work(session)

    asyncio.run(run())
    with closing(sqlite3.connect(copied / "history.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_disk_that_fills_while_a_backup_comes_back_leaves_no_half_workspace(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError) as caught:
            restore(whole.with_name("b.zip"), tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_FULL
    assert caught.value.sentence == "The disk is full, so the workspace could not be saved."
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_another_program_has_is_backed_up_by_one_that_only_reads_it(
    copied: Path, tmp_path: Path
) -> None:
    async def work() -> None:
        async with a_session(copied, "a few words in a row"):
            read = workspace.open_read_only(copied)
            session = await open_session(read, clock=now, ids=new_id, timer=lambda: 0.0, environ={})
            try:
                assert (await session.backup.write(str(tmp_path / "second.zip"))).files
            finally:
                await session.close()

    asyncio.run(work())
    restore(tmp_path / "second.zip", tmp_path / "r")
    assert legs(tmp_path / "r") == legs(copied)


def test_a_history_that_another_program_writes_is_backed_up_as_it_was_before(copied: Path, tmp_path: Path) -> None:
    before = legs(copied)

    async def work() -> None:
        async with a_session(copied, "a few words in a row") as session:
            with closing(sqlite3.connect(copied / "history.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("DELETE FROM exchange")
                await session.backup.write(str(tmp_path / "second.zip"))
                other.execute("ROLLBACK")

    asyncio.run(work())
    restore(tmp_path / "second.zip", tmp_path / "r")
    assert legs(tmp_path / "r") == before


def test_a_backup_that_is_cut_off_anywhere_is_refused_and_leaves_nothing(whole: Path, tmp_path: Path) -> None:
    data = whole.with_name("b.zip").read_bytes()
    for part in (0, 1, 30, len(data) // 3, len(data) // 2, len(data) - 4000, len(data) - 23, len(data) - 1):
        (tmp_path / "cut.zip").write_bytes(data[:part])
        with pytest.raises(StoreError) as caught:
            restore(tmp_path / "cut.zip", tmp_path / "r")
        assert caught.value.code is ErrorCode.STORE_RESTORE
        assert caught.value.sentence.startswith("cut.zip cannot be restored: it is no whole backup")
        assert [one.name for one in tmp_path.iterdir()] == ["cut.zip"]


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [7], {"a": 7}, True])
def test_a_backup_whose_list_has_values_of_other_kinds_is_refused(whole: Path, tmp_path: Path, wrong: object) -> None:
    with zipfile.ZipFile(whole.with_name("b.zip")) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(files[MANIFEST])
    name = next(iter(facts["files"]))
    changes = [
        wrong,
        {**facts, "format": "1" if isinstance(wrong, int) else wrong},
        {**facts, "files": wrong},
        {**facts, "files": {**facts["files"], name: wrong}},
        {**facts, "files": {**facts["files"], name: {**facts["files"][name], "size": wrong}}},
        {**facts, "files": {**facts["files"], name: {**facts["files"][name], "sha256": wrong}}},
    ]
    for changed in changes:
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
            for member, content in {**files, MANIFEST: json.dumps(changed).encode()}.items():
                archive.writestr(member, content)
        with pytest.raises(StoreError) as caught:
            restore(tmp_path / "bad.zip", tmp_path / "r")
        assert caught.value.code is ErrorCode.STORE_RESTORE
        assert not (tmp_path / "r").exists()


def test_a_link_in_a_zip_is_read_as_the_few_bytes_it_is_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"resourceType": "Patient", "id": "secret"}')
    link = zipfile.ZipInfo("link.json")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, str(tmp_path / "secret.json"))
        archive.writestr("in.json", "{}")
    (tmp_path / "r.zip").write_bytes(made.getvalue())
    found = read_files(tmp_path / "r.zip")
    assert all(
        b"secret" not in one.content or one.content == str(tmp_path / "secret.json").encode() for one in found.files
    )
    assert "in.json" in {one.name for one in found.files}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["r.zip", "secret.json"]


def everywhere(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within a value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from everywhere(one, (*path, name))


def changed(whole: Any, path: tuple[Any, ...], wrong: object) -> Any:
    if not path:
        return wrong
    made = copy.deepcopy(whole)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    return made


@pytest.mark.parametrize("wrong", [None, 7, -1.5e308, "x", "\x00", [], {}, [[]], [{}], {"a": []}, True])
def test_an_http_archive_with_a_value_of_another_kind_anywhere_is_read_or_refused(wrong: object) -> None:
    good = json.loads(
        as_har([an_exchange(Response(200, "OK", (("X-A", "b"),), b"{}")), an_exchange(None)], version="1")
    )
    assert len(read_har(json.dumps(good)).calls) == 2
    refused = set[ErrorCode]()
    for path in everywhere(good):
        found, error = read(json.dumps(changed(good, path, wrong)))
        assert 1 <= found <= 2 or error is not None
        refused |= {error} - {None}
    assert refused <= {ErrorCode.INPUT_HAR, ErrorCode.INPUT_NOT_JSON}
    assert refused, "without its entries it is none"


def read(text: str) -> tuple[int, ErrorCode | None]:
    """How many calls an archive has, or why it is refused."""
    try:
        return len(read_har(text).calls), None
    except InputError as error:
        return 0, error.code
