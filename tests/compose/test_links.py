"""Who points to whom in a message."""

from __future__ import annotations

import json

from workbench.compose.links import links_of
from workbench.messages import parse

BUNDLE = {
    "resourceType": "Bundle",
    "type": "message",
    "entry": [
        {
            "fullUrl": "urn:uuid:h",
            "resource": {"resourceType": "MessageHeader", "focus": [{"reference": "urn:uuid:f"}]},
        },
        {
            "fullUrl": "urn:uuid:f",
            "resource": {
                "resourceType": "Flag",
                "subject": {"reference": "urn:uuid:p"},
                "author": {"reference": "urn:uuid:gone"},
                "encounter": {"reference": "Encounter/earlier"},
            },
        },
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient"}},
    ],
}


def test_the_focus_is_in_the_middle() -> None:
    links = links_of(parse(json.dumps(BUNDLE).encode()))
    assert links.focus == 1
    to, away = links.near(1)
    assert [(link.words, link.source) for link in to] == [("focus", 0)]
    assert [(link.words, link.target, link.broken) for link in away] == [
        ("subject", 2, False),
        ("author", None, True),
        ("encounter", None, False),
    ]
    assert [name for _, _, name in links.names] == ["Envelope", "Flag", "Patient"]


def test_a_single_resource_has_no_links() -> None:
    links = links_of(parse(b'{"resourceType": "Flag", "subject": {"reference": "urn:uuid:p"}}'))
    assert (links.names, links.links, links.focus) == ((), (), None)
