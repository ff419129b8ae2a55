"""Links between exchanges, and the vocabulary in `values`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.correlation.builders import (
    a_booking,
    a_referral,
    a_reply,
    a_validation,
    a_validation_case,
    an_exchange,
    guid,
)
from workbench.correlation import Author, Known, Link, LinkKind, Strength, correlate, principal
from workbench.exchange import Direction

C1, B1 = guid("c1"), guid("b1")


def only(new: Known, other: Known) -> Link:
    """The one link between two exchanges, the same whichever came first."""
    links = correlate(new, [other])
    assert links == correlate(other, [new])
    assert len(links) == 1
    return links[0]


REQUEST = Known(an_exchange("asked", 0, correlation=C1), a_validation(bundle_id=B1, journey_id="j1"))


def reply(name: str = "reply", at: float = 9, cid: str | None = C1, **more: object) -> Known:
    more = {"to": B1, "bundle_id": guid(name), **more}
    facts = a_reply("finished", **more)
    return Known(an_exchange(name, at, correlation=cid, direction=Direction.IN), facts)


@pytest.mark.parametrize(
    ("child", "kind", "strength", "reason"),
    [
        (reply(), LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id of the request"),
        (reply(cid=guid("other")), LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id of the request"),
        (reply(to=guid("lost")), LinkKind.REPLY, Strength.LIKELY, "Same correlation id"),
        (reply(cid=guid("other"), to=None, journey_id="J1"), LinkKind.REPLY, Strength.LIKELY, "Same journey"),
        (
            Known(an_exchange("new", 9, correlation=guid("other")), a_referral(journey_id="j1")),
            LinkKind.REFERRAL,
            Strength.WEAK,
            "Same journey, but another correlation id",
        ),
        (
            Known(an_exchange("again", 9, request_id=REQUEST.exchange.request.header("X-Request-Id"), correlation=C1)),
            LinkKind.RETRY,
            Strength.CERTAIN,
            "Same X-Request-Id",
        ),
        (
            Known(an_exchange("upd", 9, correlation=C1), a_validation(reason="update")),
            LinkKind.UPDATE,
            Strength.LIKELY,
            "Same correlation id",
        ),
        (
            Known(an_exchange("can", 9, correlation=C1), a_validation(reason="update", focus_status="revoked")),
            LinkKind.CANCEL,
            Strength.LIKELY,
            "Same correlation id",
        ),
        (
            Known(an_exchange("on", 9, correlation=C1), a_referral(destination_endpoint="s|2")),
            LinkKind.ONWARD,
            Strength.LIKELY,
            "Same correlation id",
        ),
        (
            Known(an_exchange("book", 9, correlation=C1), a_booking()),
            LinkKind.BOOKING,
            Strength.LIKELY,
            "Same correlation id",
        ),
        (
            Known(an_exchange("tok", 9, correlation=C1, operation="token")),
            LinkKind.READ,
            Strength.LIKELY,
            "Same correlation id",
        ),
        (
            Known(an_exchange("copy", 9, correlation=guid("c2")), a_validation(bundle_id=B1)),
            LinkKind.REFERRAL,
            Strength.WEAK,
            "Same Bundle id",
        ),
    ],
)
def test_reasons(child: Known, kind: LinkKind, strength: Strength, reason: str) -> None:
    assert only(child, REQUEST) == Link(child.exchange.id, REQUEST.exchange.id, kind, strength, reason)


def test_quoting_the_interim_is_tolerated_and_only_likely() -> None:
    facts = a_reply("in-progress", B1, bundle_id=guid("i"))
    interim = Known(an_exchange("i", 5, correlation=C1, direction=Direction.IN), facts)
    link = only(reply(to=guid("i")), interim)
    assert (link.kind, link.strength) == (LinkKind.REPLY, Strength.LIKELY)
    assert link.reason == "Quotes the interim response, not the request"


def test_a_reply_to_a_reply_goes_the_other_way_or_to_the_swapped_service() -> None:
    """Section 13 of the workflows: a reply is an ordinary message, and may be answered in the same way."""
    interim = a_reply("in-progress", B1, bundle_id=guid("i"), source_endpoint="s|R", destination_endpoint="s|S")
    first = Known(an_exchange("i", 5, correlation=C1, direction=Direction.IN), interim)
    for facts, direction in (
        (a_reply("finished", guid("i"), destination_endpoint="S|r"), Direction.IN),
        (a_reply("finished", guid("i")), Direction.OUT),
    ):
        answer = Known(an_exchange("answer", 9, correlation=C1, direction=direction), facts)
        link = only(answer, first)
        assert (link.kind, link.strength, link.reason) == (
            LinkKind.REPLY,
            Strength.CERTAIN,
            "Quotes the Bundle id of the reply",
        )


def test_a_reply_that_quotes_the_message_header_is_tied_but_not_certain() -> None:
    asked = Known(an_exchange("asked"), a_validation(bundle_id=B1, header_id="H1"))
    link = only(reply(to="h1", cid=guid("other")), asked)
    assert (link.kind, link.strength) == (LinkKind.REPLY, Strength.LIKELY)
    assert link.reason == "Quotes the MessageHeader id, but not the Bundle id"


@pytest.mark.parametrize(
    ("correlation", "body", "patient", "kind", "strength", "reason"),
    [
        (C1, "x", "1", LinkKind.RETRY, Strength.CERTAIN, "Same X-Request-Id"),
        (C1, "", "1", LinkKind.RETRY, Strength.CERTAIN, "Same X-Request-Id"),
        (C1, "y", "1", LinkKind.REFERRAL, Strength.LIKELY, "Same X-Request-Id, but another message"),
        (C1, "y", "2", LinkKind.REFERRAL, Strength.WEAK, "Same correlation id, but another patient"),
        (guid("c9"), "x", "1", LinkKind.REFERRAL, Strength.WEAK, "Same X-Request-Id, but another correlation id"),
    ],
)
def test_a_request_id_that_is_used_twice(
    correlation: str, body: str, patient: str, kind: LinkKind, strength: Strength, reason: str
) -> None:
    one = Known(an_exchange("1", 0, request_id="r", correlation=C1), a_referral(nhs_number="1"), None, "x")
    facts = a_referral(nhs_number=patient)
    two = Known(an_exchange("2", 5, request_id="r", correlation=correlation), facts, None, body)
    assert only(two, one) == Link(two.exchange.id, one.exchange.id, kind, strength, reason)


def test_a_persons_link_binds_what_the_engines_no_longer_does() -> None:
    found = Link("a", "b", LinkKind.REFERRAL, Strength.LIKELY, "Same correlation id")
    assert found.binds(())
    assert not found.binds({"a"})
    assert not found.binds({"b"})
    assert replace(found, by=Author.PERSON).binds({"a", "b"})
    assert not replace(found, strength=Strength.WEAK).binds(())


def test_a_booking_named_by_a_referral_and_the_reverse() -> None:
    appointment, referral = guid("appointment"), guid("referral")
    booked = Known(an_exchange("b", 0), a_booking(), a_booking(resource_ids=(("Appointment", appointment),)))
    refer = Known(an_exchange("r", 5), a_referral(linked_ids=(("Appointment", appointment),)))
    link = only(refer, booked)
    assert (link.child, link.kind) == (refer.exchange.id, LinkKind.REFERRAL)
    assert link.strength is Strength.LIKELY
    assert link.reason == f"Linked booking: Appointment/{appointment} in supportingInfo"
    referred = Known(an_exchange("r", 0), a_referral(), a_referral(resource_ids=(("ServiceRequest", referral),)))
    book = Known(an_exchange("b", 5), a_booking(linked_ids=(("ServiceRequest", referral),)))
    link = only(book, referred)
    assert (link.child, link.kind) == (book.exchange.id, LinkKind.BOOKING)
    assert link.reason == f"Linked referral: ServiceRequest/{referral} in basedOn"


@pytest.mark.parametrize(
    ("type", "words"),
    [
        ("ServiceRequest", "Same referral: ServiceRequest id given by the receiver"),
        ("Appointment", "Same booking: Appointment id given by the receiver"),
    ],
)
def test_an_id_the_receiver_gave(type: str, words: str) -> None:
    given = guid("given")
    first = Known(an_exchange("1", 0), a_referral(), a_referral(resource_ids=((type, given),)))
    cancel = Known(an_exchange("2", 5), a_referral(reason="update", resource_ids=((type, given),)))
    assert (only(cancel, first).reason, only(cancel, first).strength) == (words, Strength.LIKELY)


def test_a_short_id_counts_only_within_one_service() -> None:
    def pair(one: str, two: str) -> Link:
        first = Known(an_exchange("1", 0, service=one), None, a_referral(resource_ids=(("ServiceRequest", "7"),)))
        later = Known(
            an_exchange("2", 5, service=two), a_referral(reason="update", resource_ids=(("ServiceRequest", "7"),))
        )
        return only(later, first)

    assert pair("a", "a").strength is Strength.LIKELY
    assert pair("a", "b").strength is Strength.WEAK


def test_two_sides_of_one_call() -> None:
    out = an_exchange("out", 1, request_id="r", correlation=C1)
    inner = an_exchange("in", 0.5, request_id="r", correlation=C1, direction=Direction.IN)
    link = only(Known(inner, a_referral()), Known(out, a_referral()))
    assert (link.child, link.parent, link.kind) == (inner.id, out.id, LinkKind.SAME_CALL)
    assert link.strength is Strength.CERTAIN


def test_one_correlation_id_for_two_patients_does_not_join() -> None:
    one = Known(an_exchange("1", 0, correlation=C1), a_referral(nhs_number="1"))
    two = Known(an_exchange("2", 1, correlation=C1), a_referral(nhs_number="2"))
    assert only(two, one).joins is False
    assert only(two, one).reason == "Same correlation id, but another patient"


def test_strangers_have_no_link() -> None:
    assert correlate(Known(an_exchange("1")), [Known(an_exchange("2"))]) == ()


def test_principal_shows_one_reply_link_to_the_request_even_through_the_interim() -> None:
    legs = a_validation_case("a")
    links = [link for i, leg in enumerate(legs) for link in correlate(leg, legs[:i])]
    shown = principal(links, legs)
    replies = {link.child: link for link in shown if link.kind is LinkKind.REPLY}
    _, lost, again, interim, full = (leg.exchange.id for leg in legs)
    assert replies[interim].parent == lost
    assert replies[interim].reason == "Quotes the Bundle id of the request"
    assert replies[full].parent == lost
    assert replies[full].reason == "Quotes the interim response, not the request"
    assert [link.parent for link in shown if (link.child, link.kind) == (again, LinkKind.RETRY)] == [lost]
    assert len({(link.child, link.kind) for link in shown}) == len(shown)
    assert principal(reversed(links), reversed(legs)) == shown
