"""The words that a text is found by."""

from __future__ import annotations

import pytest

from workbench.history.words import LONGEST, fold, words_in

UUID = "0f4b6a1c-9f3e-4a11-8c55-3a0d5d6f7e21"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ash Quillfeather", {"ash", "quillfeather"}),
        ("Zoë", {"zoe"}),
        (f"urn:uuid:{UUID}", {"urn", "uuid", UUID}),
        ("2026-11-24T12:00:00Z", {"2026-11-24"}),
        ("2026-11-24", {"2026-11-24", "2026", "11", "24"}),
        ("Smith-Jones", {"smith-jones", "smith", "jones"}),
        ("https://fhir.nhs.uk/Id/nhs-number", {"https", "fhir", "uk", "id", "number", "nhs-number", "fhir.nhs.uk"}),
        ("x" * (LONGEST + 1), set()),
        ("<b>bold</b>", {"b", "bold"}),
        ("", set()),
    ],
)
def test_a_text_is_taken_apart(text: str, words: set[str]) -> None:
    assert set(words_in(text)) >= words
    if len(words) < 3:
        assert set(words_in(text)) == words


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("ÀÉÎ Straße") == "aei strasse"
