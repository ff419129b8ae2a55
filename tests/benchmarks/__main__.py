"""Run every benchmark, or those named on the command line, and print figures as ratios to a bare baseline."""

from __future__ import annotations

import sys

from tests.benchmarks import first_paint, growth, verdicts

BENCHMARKS = {"first-paint": first_paint.run, "verdicts": verdicts.run, "growth": growth.run}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    held = [BENCHMARKS[name]() for name in names or BENCHMARKS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
