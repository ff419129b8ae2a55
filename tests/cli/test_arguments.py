"""The words of the command line, its secrets, and a window whose libraries are missing; pictures need Qt as well."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any

import pytest

import workbench
from workbench.cli.arguments import COMMANDS, parse
from workbench.cli.secrets import passphrase
from workbench.cli.window import INSTALL_LINE
from workbench.errors import ConfigError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["validate"],
        ["validate", "x", "--format", "yaml"],
        ["send", "x"],
        ["send", "x", "--service", "1", "--format", "junit"],
        ["screenshots", "d", "--size", "10x10"],
        ["screenshots", "d", "--size", "wide"],
        ["screenshots", "d", "--text", "5"],
        ["sandbox", "--port", "http"],
    ],
)
def test_wrong_usage_is_2_and_says_why(command: Callable[..., Done], words: list[str]) -> None:
    done = command(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("bars-workbench: ")
    assert f"[{ErrorCode.CONFIG_FLAG}]" in done.err


def test_files_are_for_the_window_and_commands_for_themselves() -> None:
    assert parse(["a.json", "b.xml"]).files == ["a.json", "b.xml"]
    assert parse([]).files == []
    taken = parse(["screenshots", "d", "--size", "1024X700", "--text", "200", "--workspace", "w", "--verbose"])
    assert (taken.size, taken.text, taken.workspace, taken.verbose) == ([(1024, 700)], [200], "w", True)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_and_version_are_everywhere(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "--version"):
        with pytest.raises(SystemExit) as ended:
            parse([*([name] if name else []), option])
        assert ended.value.code == 0
        shown = capsys.readouterr().out
        assert workbench.__version__ in shown if option == "--version" else "--passphrase-file" in shown


def test_the_passphrase_comes_from_its_file_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARS_WORKBENCH_PASSPHRASE", "from the variable")
    assert passphrase(parse([])) == "from the variable"
    file = tmp_path / "passphrase"
    file.write_text("from the file\nand no more\n")
    assert passphrase(parse(["--passphrase-file", str(file)])) == "from the file"
    with pytest.raises(ConfigError) as raised:
        passphrase(parse(["--passphrase-file", str(tmp_path / "none")]))
    assert "from the variable" not in str(raised.value)


def test_a_missing_library_is_told_with_the_line_that_installs_it(
    command: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("PySide6"):
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
        return real(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "workbench.app", raising=False)
    monkeypatch.delattr(workbench, "app", raising=False)
    monkeypatch.setattr(builtins, "__import__", refusing)
    for words in (("nothing.json",), ("screenshots", "folder")):
        done = command(*words)
        assert (done.code, done.out) == (2, "")
        assert INSTALL_LINE in done.err
        assert "libEGL.so.1" in done.err


def test_an_unknown_variable_of_ours_is_refused_by_every_command(
    command: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARS_WORKBENCH_FOO", "1")
    done = command("validate", "nothing.json")
    assert (done.code, "BARS_WORKBENCH_FOO" in done.err) == (2, True)
