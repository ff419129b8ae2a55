"""The help of rules handed on as text and JSON: `bars-workbench rules`.

Only shapes and words; must not know any rule.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from workbench.rules.help import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.rules.help import RuleHelp

WIDTH = 96


def facts(page: RuleHelp) -> tuple[tuple[str, str], ...]:
    """What a page says beside its sentences: (label, words)."""
    return (
        ("Layer", page.layer_words),
        ("Source", page.source),
        ("Holds", page.versions),
        ("Receiver answers", page.answer),
    )


def as_text(pages: Sequence[RuleHelp], *, whole: bool) -> str:
    """One line a rule, or the `whole` pages."""
    if not whole:
        return "".join(f"{page.id}  {SEVERITIES[page.severity]:<7}  {page.title}\n" for page in pages)
    return "\n".join(_page(page) for page in pages)


def as_json(pages: Sequence[RuleHelp]) -> dict[str, object]:
    """The document of `rules --format json`."""
    return {
        "rules": [
            {
                "rule": page.id,
                "severity": page.severity.value,
                "layer": page.layer.value,
                "title": page.title,
                "text": page.body,
                "how": page.how,
                "source": page.source,
                "versions": page.versions,
                "answer": page.answer,
            }
            for page in pages
        ]
    }


def _page(page: RuleHelp) -> str:
    parts = [f"{page.id}  {SEVERITIES[page.severity]}", page.title, *page.body.split("\n\n"), f"To mend: {page.how}"]
    lines = [textwrap.fill(part, WIDTH) for part in parts if part]
    lines += [f"{label}: {words}" for label, words in facts(page)]
    return "\n".join([*lines, ""])
