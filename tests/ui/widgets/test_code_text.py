"""Folds, crumbs and colours of a text, without any widget."""

from __future__ import annotations

import pytest

from workbench.ui.widgets.code_text import TokenKind, crumbs, fold_end, tokens

JSON = [
    "{",
    '  "resourceType": "Bundle",',
    '  "entry": [',
    "    {",
    '      "fullUrl": "urn:uuid:1"',
    "    },",
    "    {",
    '      "resource": {',
    '        "resourceType": "ServiceRequest",',
    '        "basedOn": [',
    "          {",
    '            "reference": "urn:uuid:2"',
    "          }",
    "        ]",
    "      }",
    "    }",
    "  ]",
    "}",
]
XML = [
    '<Bundle xmlns="http://hl7.org/fhir">',
    "  <entry>",
    '    <fullUrl value="urn:uuid:1"/>',
    "  </entry>",
    "</Bundle>",
]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (11, ("entry 1", "resource (ServiceRequest)", "basedOn 0", "reference")),
        (4, ("entry 0", "fullUrl")),
        (1, ("resourceType",)),
        (0, ()),
    ],
)
def test_crumbs_of_json(line: int, expected: tuple[str, ...]) -> None:
    assert crumbs(JSON.__getitem__, len(JSON), line, xml=False) == expected


def test_crumbs_of_xml() -> None:
    assert crumbs(XML.__getitem__, len(XML), 2, xml=True) == ("Bundle", "entry", "fullUrl")


@pytest.mark.parametrize(("first", "last"), [(0, 16), (2, 15), (3, 4), (4, None), (9, 12)])
def test_folds(first: int, last: int | None) -> None:
    assert fold_end(JSON.__getitem__, len(JSON), first) == last


def test_json_colours() -> None:
    kinds = [token.kind for token in tokens('"a": ["x", "https://y", 1.50, true, null]', xml=False)]
    assert kinds == [
        TokenKind.KEY,
        TokenKind.PUNCTUATION,
        TokenKind.PUNCTUATION,
        TokenKind.TEXT,
        TokenKind.PUNCTUATION,
        TokenKind.URL,
        TokenKind.PUNCTUATION,
        TokenKind.NUMBER,
        TokenKind.PUNCTUATION,
        TokenKind.WORD,
        TokenKind.PUNCTUATION,
        TokenKind.WORD,
        TokenKind.PUNCTUATION,
    ]


def test_xml_colours() -> None:
    found = [
        (token.kind, '<value value="https://x"/>'[token.start : token.start + token.length])
        for token in tokens('<value value="https://x"/>', xml=True)
    ]
    assert found == [
        (TokenKind.KEY, "<value"),
        (TokenKind.PUNCTUATION, "value"),
        (TokenKind.URL, '"https://x"'),
        (TokenKind.KEY, "/>"),
    ]


def test_a_very_long_line_has_no_colours() -> None:
    assert list(tokens('"' + "a" * 20_000 + '"', xml=False)) == []
