"""Good messages as others may write them: what the standard leaves open brings no error."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.rules.applications import MADE
from tests.rules.builders import acknowledged, booking, cancelled, composed, replied, validation
from tests.rules.variants import VARIANTS, WRITTEN, changed
from workbench.messages import parse
from workbench.messages.json_text import dump
from workbench.messages.xml_dump import dump as dump_xml
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from pathlib import Path

OFFICIAL = ("BOOKREQ01", "REFREQ01", "REFREQ11", "VALRESP02")


@cache
def good() -> dict[str, bytes]:
    """One message of each kind that we write, as text."""
    made = {
        "referral": composed(),
        "booking": booking(),
        "validation": validation(),
        "acknowledgement": acknowledged("validation-new", "a4t1"),
        "cancellation": cancelled(),
        "cancelled booking": cancelled("booking-new"),
        "interim": replied("validation-interim"),
        "rejection": replied("validation-rejection"),
        "full": replied(),
        "absence": replied("safeguarding-dna", "a1t1"),
        **{name: make() for name, make in MADE.items()},
    }
    return {name: message.source for name, message in made.items()}


@cache
def errors(source: bytes) -> set[tuple[str, str]]:
    """(rule, text without numbers) of every error, so that a moved entry counts as the same."""
    _, found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0)
    assert "INT-000" not in {one.rule for one in found.findings}
    bad = [one for one in found.findings if one.severity.value in ("fatal", "error")]
    return {(one.rule, re.sub(r"\d+", "", one.text)) for one in bad}


def test_what_is_changed_has_no_error_before() -> None:
    assert {name for name, source in good().items() if errors(source)} == set()


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_the_standard_leaves_open_is_no_error(variant: str) -> None:
    done = 0
    for name, source in good().items():
        made = changed(source, variant)
        done += made != dump(parse(source).resource).encode()
        assert errors(made) == set(), name
    assert done, "the variant changes no message"


@pytest.mark.parametrize("way", WRITTEN)
def test_another_way_to_write_xml_is_no_error(way: str) -> None:
    done = 0
    for name, source in good().items():
        plain = dump_xml(parse(source).resource)
        written = WRITTEN[way](plain)
        done += written != plain
        assert errors(written) == set(), name
        assert parse(written).resource == parse(plain).resource, name
    assert done, "the way changes no message"


@pytest.mark.parametrize("variant", VARIANTS)
def test_official_examples_bear_it_too(shared: Path, variant: str) -> None:
    for name in OFFICIAL:
        source = next((shared / "data" / "examples" / "xml").glob(f"{name} *")).read_bytes()
        assert errors(changed(source, variant)) <= errors(dump(parse(source).resource).encode()), name
