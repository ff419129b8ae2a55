"""The text of a draft while a person edits it, with undo and redo.

It must not know what the text means beyond being a message that edits can be applied to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.messages import parse, rewrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages.values import Edit, Fix

DEPTH = 200
"""How many steps can be undone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the text and what led to it."""

    text: str
    label: str = ""
    """In the words of the undo menu: `Typing`, `Set Patient, birthDate`."""


@dataclass(frozen=True, slots=True)
class DraftBuffer:
    """A value: every change gives a new buffer."""

    current: Step
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @staticmethod
    def of(text: str) -> DraftBuffer:
        """A buffer without a past."""
        return DraftBuffer(Step(text))

    @property
    def text(self) -> str:
        """What the editor shows."""
        return self.current.text

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.current.label if self.past else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.future[-1].label if self.future else None

    def replaced(self, text: str, label: str = "Typing", *, merge: bool = False) -> DraftBuffer:
        """With another text as one step; `merge` joins it to the last step of the same label, as typing does."""
        if text == self.text:
            return self
        if merge and self.past and self.current.label == label:
            return replace(self, current=Step(text, label), future=())
        return DraftBuffer(Step(text, label), (*self.past, self.current)[-DEPTH:])

    def edited(self, edits: Sequence[Edit], label: str = "Edit") -> DraftBuffer:
        """With edits applied as one step; raises InputError when the text is no message or a path does not exist."""
        message = parse(self.text.encode("utf-8"), what="The draft")
        return self.replaced(rewrite(message, edits).source.decode("utf-8"), label)

    def fixed(self, fix: Fix) -> DraftBuffer:
        """With a repair applied as one step."""
        return self.edited(fix.edits, fix.label)

    def undone(self) -> DraftBuffer:
        """One step back, or the same when there is none."""
        if not self.past:
            return self
        return DraftBuffer(self.past[-1], self.past[:-1], (*self.future, self.current))

    def redone(self) -> DraftBuffer:
        """One step forward again, or the same when there is none."""
        if not self.future:
            return self
        return DraftBuffer(self.future[-1], (*self.past, self.current), self.future[:-1])
