"""Names of keys (`kid`): which can be used, and under which file name of the vault each is kept.

A `kid` is free text of the registered key set; file systems are not so free. Must not know where files lie.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 128
_VISIBLE = re.compile(r"[!-~]+")
_PLAIN = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d|vault)(?:\.|$))[a-z0-9][a-z0-9._-]{0,63}(?<!\.)")
"""What every file system takes as it is, and tells from every other name; `vault` is the vault's own."""


def check_kid(kid: str, known: Collection[str]) -> None:
    """InputError `input.key-name` unless a key can be called so beside those known."""
    what = f"'{kid[:40]}'" if kid else "An empty text"
    cause = ""
    if not kid:
        cause = "it has no characters"
    elif any(letter.isspace() for letter in kid):
        cause = "it holds blanks"
    elif not _VISIBLE.fullmatch(kid):
        cause = "it holds characters outside ASCII"
    elif len(kid) > LONGEST:
        cause = f"it has {len(kid)} characters, and {LONGEST} are the most"
    elif kid in known:
        cause = "a key of this name is here already"
    if cause:
        raise InputError(ErrorCode.INPUT_KEY_NAME, what=what, cause=cause)


def free_kid(stem: str, known: Collection[str]) -> str:
    """`sandbox-1`, `int-2`: the first number that is free."""
    number = 1
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"


def item_name(kid: str) -> str:
    """The name under which the vault keeps a key: its own where that is a plain file name, else one made of it."""
    if _PLAIN.fullmatch(kid):
        return kid
    return f"key.{hashlib.sha256(kid.encode()).hexdigest()[:32]}"
