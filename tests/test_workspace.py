"""Workspaces: made whole, locked, never damaged; which one is opened; also files."""

from __future__ import annotations

import itertools
import json
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench import __version__, files, workspace
from workbench.errors import ConfigError, ErrorCode, WorkspaceError
from workbench.settings import AppSettings

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def opened(folder: Path, *, demo: bool = True) -> workspace.Workspace:
    numbers = itertools.count(1)
    return workspace.open_or_make(folder, clock=lambda: NOW, ids=lambda: f"id-{next(numbers)}", demo=demo)


def test_a_demo_is_made_whole_and_opened_again(tmp_path: Path) -> None:
    made = opened(tmp_path / "demo")
    facts = json.loads((tmp_path / "demo" / "workspace.json").read_text())
    assert (facts["format"], facts["id"], facts["demo"], facts["made_by"]) == (1, "id-1", True, __version__)
    assert len(made.read("services.json")["services"]) > 5  # type: ignore[arg-type]
    made.close()
    again = opened(tmp_path / "demo")
    assert (again.id, again.name, again.demo, again.read_only) == ("id-1", "Demo", True, False)
    again.close()
    again.close()
    assert stat.S_IMODE((tmp_path / "demo").stat().st_mode) == 0o700
    assert all(
        stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (tmp_path / "demo").glob("*.json") if f.name != "lock.json"
    )


def test_unknown_fields_are_kept_and_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = opened(tmp_path / "w", demo=False)
    (tmp_path / "w" / "settings.json").write_text('{"format": 1, "future": true, "theme": "x"}')
    place.write("settings.json", {"theme": "y"})
    assert place.read("settings.json") == {"format": 1, "future": True, "theme": "y"}
    before = (tmp_path / "w" / "settings.json").read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fails)
    with pytest.raises(ConfigError) as raised:
        place.write("settings.json", {"theme": "z"})
    assert "No space left" in raised.value.sentence
    assert (tmp_path / "w" / "settings.json").read_bytes() == before
    place.close()


def test_a_second_program_is_told_who_has_it(tmp_path: Path) -> None:
    place = opened(tmp_path / "w")
    code = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime; from workbench import workspace\n"
        "from workbench.errors import WorkspaceError\n"
        "try: workspace.open_or_make(Path(sys.argv[1]), clock=lambda: datetime.now(UTC), ids=str, demo=True)\n"
        "except WorkspaceError as error: print(error.code, error.sentence)\n"
        "seen = workspace.open_read_only(Path(sys.argv[1])); print(seen.read_only, seen.id)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "w")], capture_output=True, text=True, check=True)
    first, second = done.stdout.strip().split("\n")
    assert first.startswith("workspace.in-use")
    assert "process" in first
    assert second == "True id-1"
    place.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"notes.txt": "mine"}, ErrorCode.WORKSPACE_NOT_ONE),
        ({"workspace.json": "{}"}, ErrorCode.WORKSPACE_NOT_ONE),
        ({"workspace.json": "no json"}, ErrorCode.CONFIG_FILE),
    ],
)
def test_what_is_no_workspace_is_left_alone(tmp_path: Path, content: dict[str, str], code: ErrorCode) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises((WorkspaceError, ConfigError)) as raised:
        opened(tmp_path)
    assert raised.value.code is code
    assert {name: (tmp_path / name).read_text() for name in content} == content


def test_a_newer_workspace_opens_read_only(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text('{"format": 99, "id": "x", "name": "Later"}')
    place = opened(tmp_path)
    assert (place.read_only, "newer" in place.notice) == (True, True)
    with pytest.raises(ConfigError):
        place.write("settings.json", {})
    place.close()


@pytest.mark.parametrize("name", [*workspace.FILES, workspace.SEARCHES])
@pytest.mark.parametrize("made", ["2", '"1.5"', "null"], ids=["number", "text", "null"])
def test_a_newer_file_of_a_workspace_is_read_and_never_written(tmp_path: Path, name: str, made: str) -> None:
    opened(tmp_path / "w").close()
    text = f'{{"format": {made}, "later": ["kept"]}}'
    (tmp_path / "w" / name).write_text(text)
    place = opened(tmp_path / "w")
    assert (place.read_only, place.newer) == (True, (name,))
    assert place.notice == f"Written by a newer version of this program ({name}): this window only reads."
    assert place.read(name)["later"] == ["kept"]
    for one in (*workspace.FILES, workspace.SEARCHES):
        before = place.read(one)
        with pytest.raises(ConfigError) as raised:
            place.write(one, {"theme": "x"})
        assert (raised.value.code, place.read(one)) == (ErrorCode.CONFIG_READ_ONLY, before)
    assert place.notice in raised.value.sentence
    place.close()
    assert (tmp_path / "w" / name).read_text() == text


def test_a_file_that_becomes_newer_while_it_is_open_is_not_overwritten(tmp_path: Path) -> None:
    place = opened(tmp_path / "w")
    assert (place.read_only, place.newer) == (False, ())
    (tmp_path / "w" / "services.json").write_text('{"format": 2, "services": {}}')
    with pytest.raises(ConfigError) as raised:
        place.write("services.json", {"services": []})
    assert raised.value.sentence == (
        "services.json is left as it is. It was written by a newer version of this program."
    )
    assert (tmp_path / "w" / "services.json").read_text() == '{"format": 2, "services": {}}'
    place.close()


def test_network_drives() -> None:
    mounts = [
        "/dev/sda1 / ext4 rw 0 0",
        "server:/x /home/me/share nfs4 rw 0 0",
        "//nas/s /mnt/with\\040blank cifs rw 0 0",
    ]
    kinds = [workspace.mount_type(Path(p), mounts) for p in ("/home/me", "/home/me/share/w", "/mnt/with blank/w")]
    assert kinds == ["ext4", "nfs4", "cifs"]
    assert workspace.on_network(Path("//server/share"))
    assert not workspace.on_network(Path("/tmp"))


def test_which_workspace_is_opened(tmp_path: Path) -> None:
    place = opened(tmp_path / "last")
    place.close()
    app = AppSettings(last_workspace=str(tmp_path / "last"))
    assert workspace.choose(str(tmp_path / "named"), app) == tmp_path / "named"
    assert workspace.choose(None, app) == tmp_path / "last"
    assert workspace.choose(None, AppSettings(last_workspace=str(tmp_path / "gone"))).name == "demo"
