"""Where the project's own data files lie: beside the package in a checkout, inside it in a wheel.

The one module that knows; it must not know what the files mean.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The resources folder: `workbench/_resources` of a wheel, else `resources/` of a checkout."""
    for candidate in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the resources of bars-workbench are missing beside {_PACKAGE}: install the package again")


def path(*parts: str) -> Path:
    """The path of one resource, for example `path("standard", "events.toml")`; it need not exist."""
    return root().joinpath(*parts)


def text(*parts: str) -> str:
    """A resource as UTF-8 text."""
    return path(*parts).read_text(encoding="utf-8")


def table(*parts: str) -> dict[str, Any]:
    """A TOML resource as nested dicts; callers turn it into typed values at once."""
    import tomllib

    return tomllib.loads(text(*parts))
