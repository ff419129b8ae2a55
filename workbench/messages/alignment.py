"""Which item of an older list every item of a newer one was, for writers that keep the text of what stayed.

Knows sequences only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NEW = -1
"""The source of an item that was nowhere before."""


def sources(old: Sequence[object], new: Sequence[object]) -> list[int]:
    """For every new item the place of the old one that it was, `NEW` for none.

    The same item wherever it went; those that are left over on both sides, when they are as many, in their order.
    """
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    left = list(range(first, len(old) - last))
    middle: list[int] = []
    for value in new[first : len(new) - last]:
        number = next((one for one in left if old[one] == value), NEW)
        if number != NEW:
            left.remove(number)
        middle.append(number)
    if middle.count(NEW) == len(left):
        changed = iter(left)
        middle = [next(changed) if number == NEW else number for number in middle]
    return [*range(first), *middle, *range(len(old) - last, len(old))]
