from __future__ import annotations

from typing import TYPE_CHECKING

from tests.headers.test_build import ORGANISATION, REQUEST_ID, composed
from workbench.exchange import Direction
from workbench.headers import decode_headers
from workbench.headers.base64_json import encode
from workbench.headers.build import organisation_json

if TYPE_CHECKING:
    from workbench.exchange import Headers

OUT = Direction.OUT


def cards(headers: Headers, direction: Direction = OUT):
    return {card.name: card for card in decode_headers(headers, "process-message", direction)}


def test_rows_speak_of_services_and_people() -> None:
    found = cards(composed())
    assert found["NHSD-Target-Identifier"].rows == (("Service", "9990000918"), ("System", "dos-service-id"))
    assert found["NHSD-End-User-Organisation"].rows == (("Organisation", "Mock Call Centre"), ("ODS code", "ZZM01"))
    assert found["NHSD-Requesting-Practitioner"].rows == (
        ("Role", "General practitioner (62247001)"),
        ("Role profile", "990000000001"),
    )
    assert found["NHSD-Requesting-Software"].rows == (
        ("Software", "Mock Workbench"),
        ("Version", "0.1.0"),
        ("Identifier", "MOCK-1"),
    )
    assert found["use-context"].rows[0] == ("Use case", "a1t1 (111 to ED)")
    assert found["X-Request-Id"].value == REQUEST_ID
    assert found["NHSD-End-User-Organisation"].encoded == encode(organisation_json(ORGANISATION))
    assert not any(card.problem for card in found.values())


def test_required_follows_the_call() -> None:
    found = cards(composed())
    assert found["use-context"].required
    assert not found["NHSD-Requesting-Practitioner"].required
    read = decode_headers(composed(), "metadata", OUT)
    assert not next(card for card in read if card.name == "NHSD-Target-Identifier").required


def test_a_token_is_never_shown_and_stops_at_the_platform() -> None:
    (card,) = decode_headers((("authorization", "Bearer abc.def"),), "process-message", OUT)
    assert "abc" not in repr(card)
    assert card.value == "Bearer token, hidden"
    assert not card.travels


def test_problems_are_named_and_reading_goes_on() -> None:
    found = cards(
        (
            ("NHSD-Target-Identifier", "e30"),
            ("X-Request-Id", "{0badcafe-0000-4000-8000-000000000001}"),
            ("X-Mock", "naïve"),
            ("Authorisation", "Bearer abc"),
        )
    )
    assert "'=' missing" in (found["NHSD-Target-Identifier"].problem or "")
    assert "without braces" in (found["X-Request-Id"].problem or "")
    assert "ASCII" in (found["X-Mock"].problem or "")
    assert "Authorization was probably meant" in found["Authorisation"].title
    assert "abc" not in repr(found["Authorisation"])


def test_a_header_nobody_publishes_any_more_is_still_readable() -> None:
    value = encode({"resourceType": "Person", "name": [{"family": "Quillfeather"}]})
    (card,) = decode_headers((("NHSD-Requesting-Person", value),), "process-message", Direction.IN)
    assert ("name[0].family", "Quillfeather") in card.rows
    assert "Not in the published specification" in card.title
