"""What masked values of forms stand for, so that a form can be used while people are masked.

A value that comes back as it was shown means the one it stands for; one that a person changed means itself. Pure; must
not know who masks.
"""

from __future__ import annotations

MOST = 1000
"""Values that are remembered; the oldest go first."""


class StandIns:
    """Real values by what is shown in their place; kept in memory only, and in no log."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def give(self, real: str, shown: str) -> str:
        """Remember what `shown` stands for, and give it back."""
        if shown != real:
            self._real.pop(shown, None)
            self._real[shown] = real
            while len(self._real) > MOST:
                del self._real[next(iter(self._real))]
        return shown

    def real(self, shown: str) -> str:
        """What a value stands for; itself where it stands for nothing else."""
        return self._real.get(shown, shown)
