"""The text of a draft with one undo for every way to change it: form, tree, source, repairs, conversions.

A change is kept as the one stretch of text that differs, so a long text costs what was typed. It must not know what the
text means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

DEPTH = 5000
"""How many steps can be undone."""
HELD = 64 * 1024 * 1024
"""Characters that all steps together may hold; the oldest go first."""
OPEN = 24
"""Drafts beside the one in front whose steps are kept."""
TYPING = "typing"
"""The run of changes that are typed into the source: words become steps, not letters."""


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch of a text that became another."""

    start: int
    before: str
    after: str

    def made(self, text: str) -> str:
        """The text with the change."""
        return text[: self.start] + self.after + text[self.start + len(self.before) :]

    def taken_back(self, text: str) -> str:
        """The text without the change."""
        return text[: self.start] + self.before + text[self.start + len(self.after) :]

    @property
    def size(self) -> int:
        """Characters that it holds."""
        return len(self.before) + len(self.after)


def difference(before: str, after: str) -> Change:
    """The shortest single stretch that turns one text into the other."""
    start = _shared(before, after, min(len(before), len(after)), from_end=False)
    end = _shared(before, after, min(len(before), len(after)) - start, from_end=True)
    return Change(start, before[start : len(before) - end], after[start : len(after) - end])


@dataclass(frozen=True, slots=True)
class Step:
    """A change and what led to it."""

    change: Change
    label: str
    """In the words of the undo menu: `Typing`, `Patient, date of birth`."""
    run: str = ""
    """Changes of one run become one step until it is sealed; empty = a step of its own."""


@dataclass(frozen=True, slots=True)
class Document:
    """A value: every change gives a new document."""

    text: str
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    held: int = 0
    """Characters that the past holds."""

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.past[-1].label if self.past else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.future[-1].label if self.future else None

    def replaced(self, text: str, label: str, run: str = "") -> Document:
        """With another text; joined to the last step where that is of the same open run. The same text is no step."""
        if text == self.text:
            return self
        change = difference(self.text, text)
        past, held = self.past, self.held
        if past and run and past[-1].run == run and not (run == TYPING and _begins_a_word(past[-1].change, change)):
            last = past[-1]
            change = difference(last.change.taken_back(self.text), text)
            past, held = past[:-1], held - last.change.size
        past, held = (*past, Step(change, label, run)), held + change.size
        while len(past) > DEPTH or (held > HELD and len(past) > 1):
            held -= past[0].change.size
            past = past[1:]
        return Document(text, past, (), held)

    def sealed(self) -> Document:
        """With its last run ended: what comes next is a step of its own."""
        if not self.past or not self.past[-1].run:
            return self
        return replace(self, past=(*self.past[:-1], replace(self.past[-1], run="")))

    def undone(self) -> Document:
        """One step back, or the same when there is none."""
        if not self.past:
            return self
        step = self.past[-1]
        text = step.change.taken_back(self.text)
        return Document(text, self.past[:-1], (*self.future, replace(step, run="")), self.held - step.change.size)

    def redone(self) -> Document:
        """One step forward again, or the same when there is none."""
        if not self.future:
            return self
        step = self.future[-1]
        return Document(step.change.made(self.text), (*self.past, step), self.future[:-1], self.held + step.change.size)


class Histories:
    """The documents of drafts that are not in front: their steps can still be taken back. The oldest go first."""

    def __init__(self, most: int = OPEN, held: int = HELD) -> None:
        self._most, self._held = most, held
        self._documents: dict[str, Document] = {}

    def keep(self, id: str, document: Document) -> None:
        """Put the document of a draft aside."""
        self._documents.pop(id, None)
        self._documents[id] = document
        while len(self._documents) > self._most or (
            len(self._documents) > 1 and sum(one.held for one in self._documents.values()) > self._held
        ):
            del self._documents[next(iter(self._documents))]

    def take(self, id: str, text: str) -> Document:
        """The document of a draft with this text: the one put aside while it still says the same, else a new one."""
        kept = self._documents.pop(id, None)
        return kept.sealed() if kept is not None and kept.text == text else Document(text)


def _shared(one: str, other: str, most: int, *, from_end: bool) -> int:
    """How many characters two texts share at the start or at the end, `most` at most."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if from_end:
            same = one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]
        else:
            same = one[low:middle] == other[low:middle]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _begins_a_word(last: Change, new: Change) -> bool:
    """Whether typing went on elsewhere, turned from typing to deleting, or began another word."""
    if new.after and not new.before:
        ended = last.after[-1:].isspace() and not new.after.isspace()
        return new.start != last.start + len(last.after) or ended or not last.after
    if new.before and not new.after:
        return bool(last.after) or new.start not in (last.start, last.start - len(new.before))
    return True
