"""The help of rules as text and JSON."""

from __future__ import annotations

import json

from workbench.evidence import rule_pages
from workbench.rules.help import all_help, help_of


def test_a_list_has_a_line_a_rule() -> None:
    lines = rule_pages.as_text(all_help(), whole=False).splitlines()
    assert len(lines) == len(all_help())
    assert any(line.startswith("REF-001  Error") for line in lines)


def test_a_page_says_everything_about_its_rule() -> None:
    page = help_of("REF-001")
    assert page is not None
    text = rule_pages.as_text([page], whole=True)
    for words in ("REF-001", page.title, f"To mend: {page.how}", page.source, page.versions, page.answer):
        assert " ".join(words.split()) in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= rule_pages.WIDTH + 60


def test_json_has_a_row_a_rule() -> None:
    document = json.loads(json.dumps(rule_pages.as_json(all_help())))
    assert len(document["rules"]) == len(all_help())
    assert set(document["rules"][0]) == {
        "rule", "severity", "layer", "title", "text", "how", "source", "versions", "answer",
    }  # fmt: skip
