"""A workspace as one file, and back: everything is in it, and nothing that is not whole is taken for one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.test_report_files import encrypted, laid_over
from tests.session.conftest import a_session
from workbench.errors import ErrorCode, StoreError
from workbench.session import backup
from workbench.session.backup import MANIFEST, restore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a workspace with one conversation and a key in its vault."""
    folder = tmp_path_factory.mktemp("backup")

    async def work() -> None:
        async with a_session(folder / "w", "a few words in a row") as session:
            await session.play("validation")
            await session.settle()
            done = await session.backup.write(str(folder / "b.zip"))
            assert done.files >= 7

    asyncio.run(work())
    assert sorted(one.name for one in folder.iterdir()) == ["b.zip", "w"]
    return folder / "b.zip"


def test_what_comes_back_is_the_same_workspace(made: Path, tmp_path: Path) -> None:
    async def rows(folder: Path) -> list[object]:
        async with a_session(folder, "a few words in a row") as session:
            page = await session.searching.page("validation")
            return [*await session.conversations(), *(await session.keys.page()).keys, len(page.found.hits)]

    done = restore(made, tmp_path / "r")
    assert done.name == "Demo"
    first, again = asyncio.run(rows(made.parent / "w")), asyncio.run(rows(tmp_path / "r"))
    assert first == again
    assert (tmp_path / "r" / "history.db").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["r"]


def altered(made: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def listed_also(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        facts = json.loads(files[MANIFEST])
        facts["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        files[MANIFEST] = json.dumps(facts).encode()
        files[name] = data

    return change


def larger(files: dict[str, bytes]) -> None:
    facts = json.loads(files[MANIFEST])
    facts["files"]["history.db"]["size"] = 10**15
    files[MANIFEST] = json.dumps(facts).encode()


CHANGES: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
    "no manifest": (lambda files: files.pop(MANIFEST), "holds no backup.json"),
    "a file is gone": (lambda files: files.pop("services.json"), "services.json is missing"),
    "a file is changed": (lambda files: files.update({"services.json": b"{}"}), "services.json in it is damaged"),
    "outside": (listed_also("../evil.json", b"{}"), "does not belong"),
    "absolute": (listed_also("/evil.json", b"{}"), "does not belong"),
    "hidden": (listed_also("vault/.hidden", b"{}"), "does not belong"),
    "a program": (listed_also("run.sh", b"{}"), "does not belong"),
    "too large": (larger, "larger than any"),
    "no JSON": (lambda files: files.update({MANIFEST: b"{"}), "no whole backup"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(made: Path, tmp_path: Path, change: str) -> None:
    alter, cause = CHANGES[change]
    bad = altered(made, tmp_path / "bad.zip", alter)
    with pytest.raises(StoreError) as caught:
        restore(bad, tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_RESTORE
    assert cause in caught.value.sentence
    assert [one.name for one in tmp_path.iterdir()] == ["bad.zip"]


@pytest.mark.parametrize(("name", "alter"), [("B108 encrypted", encrypted), ("B108 overlapping entries", laid_over)])
def test_a_zip_that_lies_is_refused_and_leaves_nothing(
    made: Path, tmp_path: Path, name: str, alter: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "bad.zip").write_bytes(alter(made.read_bytes()))
    with pytest.raises(StoreError, match="it is no whole backup") as caught:
        restore(tmp_path / "bad.zip", tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_RESTORE, name
    assert [one.name for one in tmp_path.iterdir()] == ["bad.zip"]


def test_a_damaged_history_in_a_backup_is_not_restored(made: Path, tmp_path: Path) -> None:
    bad = altered(made, tmp_path / "bad.zip", listed_also("history.db", b"no database " * 999))
    with pytest.raises(StoreError) as caught:
        restore(bad, tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_CORRUPT
    assert not (tmp_path / "r").exists()


def test_a_text_and_a_newer_backup_are_told_apart(made: Path, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(StoreError) as caught:
        restore(tmp_path / "text.zip", tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_RESTORE

    def newer(files: dict[str, bytes]) -> None:
        files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), "format": 9}).encode()

    with pytest.raises(StoreError) as caught:
        restore(altered(made, tmp_path / "new.zip", newer), tmp_path / "r")
    assert caught.value.code is ErrorCode.STORE_NEWER


def test_b110_where_a_backup_leads_is_listed_and_no_check_is_ever_off(made: Path, tmp_path: Path) -> None:
    assert restore(made, tmp_path / "plain").brings == ()
    row = {
        "id": "theirs",
        "title": "Theirs",
        "base_url": "https://elsewhere.example/FHIR/R4",
        "token_url": "https://elsewhere.example/token",
        "ca": "/tmp/their-ca.pem",
        "proxy": "http://proxy.example:3128",
        "verify": False,
    }
    for name in ("subtitle", "client_id"):
        row[name] = "theirs"
    row |= {"needs_token": True, "production": False}
    text = json.dumps({"format": 1, "environments": [row]}).encode()
    done = restore(altered(made, tmp_path / "theirs.zip", listed_also("environments.json", text)), tmp_path / "r")
    assert done.brings == (
        "Theirs sends to https://elsewhere.example/FHIR/R4.",
        "Theirs sends to https://elsewhere.example/token.",
        "Theirs goes through the proxy http://proxy.example:3128.",
        "Theirs trusts the authorities in /tmp/their-ca.pem.",
    )

    async def checks() -> bool:
        async with a_session(tmp_path / "r", "a few words in a row") as session:
            return session._engine.network.verifies(session._engine.directory.environments.find("theirs"))

    assert asyncio.run(checks())


def test_a_folder_in_use_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="is not empty"):
        restore(made, tmp_path / "r")
    assert [one.name for one in (tmp_path / "r").iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert restore(made, tmp_path / "empty").files


def test_a_backup_that_fails_leaves_the_one_before(
    play: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.zip"
    target.write_bytes(b"the one before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def work(session: Session) -> None:
        monkeypatch.setattr(backup, "_add", full)
        with pytest.raises(StoreError) as caught:
            await session.backup.write(str(target))
        assert caught.value.code is ErrorCode.STORE_FULL

    play(work)
    assert target.read_bytes() == b"the one before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.zip", "workspace"]
