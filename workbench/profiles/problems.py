"""What checking a structure finds: one value for the base table and for profiles, before rules give it an id.

Must not know rules or messages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from workbench.messages import Fix, Severity


class Kind(StrEnum):
    """What is wrong; the rules of the layers base and profile are one for each."""

    UNKNOWN_ELEMENT = "unknown-element"
    WRONG_SHAPE = "wrong-shape"
    """Another JSON kind than the type is written as: a list, an object, a text, a number, true or false, null."""
    EMPTY = "empty"
    """An empty object, list or text."""
    MISSING = "missing"
    TOO_MANY = "too-many"
    TWO_CHOICES = "two-choices"
    BAD_FORMAT = "bad-format"
    """A primitive that its type does not allow; times have a kind of their own."""
    BAD_TIME = "bad-time"
    """A date or time that is written wrongly or does not exist."""
    BACKWARD_PERIOD = "backward-period"
    """A period that ends before it starts."""
    BAD_CODE = "bad-code"
    """Outside a required binding."""
    OUTSIDE_VALUE_SET = "outside-value-set"
    """Outside an extensible binding."""
    WRONG_TYPE = "wrong-type"
    """A type of a choice, or a resource, that is not allowed there."""
    WRONG_TARGET = "wrong-target"
    """A reference to a type of resource that is not allowed there."""
    INVARIANT = "invariant"
    FIXED = "fixed"
    PATTERN = "pattern"
    SLICE = "slice"
    """A closed or ordered slicing that is broken."""
    EXTENSION = "extension"
    """An extension that may not stand here, or is not defined."""
    UNKNOWN_PROFILE = "unknown-profile"
    """A profile that is named and in no package."""


class Problem(NamedTuple):
    """One thing that is wrong with a structure."""

    kind: Kind
    path: str
    text: str
    fix: Fix | None = None
    severity: Severity | None = None
    """None = that of the rule for its kind."""
    key: str = ""
    """Of an invariant, for example `bdl-3`."""
    readable: bool = False
    """Whether a reader still knows what is meant: it is wrong to write, and no reason to refuse."""
