"""Run every benchmark, or those named on the command line, and print figures as ratios to a bare baseline.

`side-by-side [FILES...]` compares our verdicts with those of other validators; it runs only when it is named, since it
installs them at its first run. `history [--exchanges N]` too: it makes a large history at its first run.
"""

from __future__ import annotations

import sys

from tests.benchmarks import (
    bulk,
    conversation,
    first_paint,
    gaps,
    growth,
    history,
    lanes,
    receiver,
    side_by_side,
    source,
    stop,
    verdicts,
)

BENCHMARKS = {
    "first-paint": first_paint.run,
    "verdicts": verdicts.run,
    "growth": growth.run,
    "gaps": gaps.run,
    "source": source.run,
    "bulk": bulk.run,
    "bulk-watched": bulk.run_watched,
    "receiver": receiver.run,
    "receiver-short": receiver.run_short,
    "stop": stop.run,
    "long-conversation": conversation.run,
    "lanes": lanes.run,
}
WHEN_NAMED = ("receiver-short", "bulk-watched")
"""Those that only run when they are named."""


def main(names: list[str]) -> int:
    if names[:1] == ["side-by-side"]:
        return side_by_side.main(names[1:])
    if names[:1] == ["history"]:
        return history.main(names[1:])
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        there = ", ".join((*BENCHMARKS, "side-by-side", "history"))
        print(f"no such benchmark: {', '.join(unknown)}; there are: {there}", file=sys.stderr)
        return 2
    held = [BENCHMARKS[name]() for name in names or [name for name in BENCHMARKS if name not in WHEN_NAMED]]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
