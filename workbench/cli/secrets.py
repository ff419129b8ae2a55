"""The passphrase a command was given; loads nothing heavy, because the window asks before its first paint."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments


def passphrase(arguments: Arguments) -> str | None:
    """From --passphrase-file (its first line), else from BARS_WORKBENCH_PASSPHRASE, else None."""
    if arguments.passphrase_file:
        return first_line("--passphrase-file", arguments.passphrase_file)
    return os.environ.get("BARS_WORKBENCH_PASSPHRASE")


def first_line(option: str, file: str) -> str:
    """The first line of a file that an option names; ConfigError naming the option when there is none to be read."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=option, cause=cause) from error
    return lines[0] if lines else ""
