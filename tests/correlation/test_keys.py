from __future__ import annotations

from tests.correlation.builders import a_booking, a_referral, a_reply, an_exchange, guid
from workbench.correlation import Key, KeyKind, keys_of


def test_headers_give_keys_without_regard_to_case() -> None:
    exchange = an_exchange("one", request_id="ABC", correlation="C1", operation="metadata")
    assert keys_of(exchange, None, None) == (Key(KeyKind.CORRELATION, "c1"), Key(KeyKind.REQUEST, "abc"))


def test_a_new_requests_own_ids_are_no_keys_but_the_receivers_are() -> None:
    asked = a_referral(resource_ids=(("ServiceRequest", "mine"), ("Patient", "p")))
    given = a_referral(resource_ids=(("ServiceRequest", "theirs"), ("Patient", "p")))
    keys = keys_of(an_exchange("one"), asked, given)
    assert [key.value for key in keys if key.kind is KeyKind.SERVICE_REQUEST] == ["theirs"]


def test_a_refusal_gives_no_ids() -> None:
    given = a_referral(resource_ids=(("ServiceRequest", "theirs"),))
    assert not [k for k in keys_of(an_exchange("x", status=422), None, given) if k.kind is KeyKind.SERVICE_REQUEST]


def test_updates_and_replies_name_what_the_receiver_gave() -> None:
    for facts in (
        a_booking(reason="update", resource_ids=(("Appointment", "a1"),)),
        a_reply("finished", "b1", resource_ids=(("Appointment", "a1"),)),
        a_referral(linked_ids=(("Appointment", "a1"),)),
    ):
        assert Key(KeyKind.APPOINTMENT, "a1") in keys_of(an_exchange("x"), facts, None), facts


def test_a_reply_holds_its_own_bundle_and_the_quoted_one() -> None:
    facts = a_reply("finished", guid("asked"), bundle_id=guid("own"))
    bundles = {key.value for key in keys_of(an_exchange("x"), facts, None) if key.kind is KeyKind.BUNDLE}
    assert bundles == {guid("asked"), guid("own")}


def test_the_url_of_a_read_names_the_resource() -> None:
    read = an_exchange("x", operation="appointment-read", path="/Appointment/A-1?_format=json")
    assert Key(KeyKind.APPOINTMENT, "a-1") in keys_of(read, None, None)


def test_a_search_does_not_tie_together_what_it_found() -> None:
    found = a_referral()._replace(resource_ids=(("Appointment", "a1"), ("ServiceRequest", "s1")))
    search = an_exchange("x", operation="appointment-search", path="/Appointment?patient=1")
    assert {key.kind for key in keys_of(search, None, found)} == {KeyKind.REQUEST}
