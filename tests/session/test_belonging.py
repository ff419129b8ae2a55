"""Why a message is part of its conversation: every reason with the id it was found by, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.correlation.builders import a_reply, a_validation_case, an_exchange, guid
from tests.session.test_listing import sent
from workbench.correlation import Known, correlate
from workbench.correlation.links import (
    QUOTES_INTERIM,
    QUOTES_REQUEST,
    SAME_CORRELATION,
    SAME_JOURNEY,
    SAME_REQUEST,
    by_person,
)
from workbench.exchange import Direction
from workbench.session.belonging import Why, parents_told, why
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session


def reasons(child: Known, *others: Known) -> tuple[Why, ...]:
    links = correlate(child, others)
    wanted = {link.parent for link in parents_told(child.exchange.id, links).values()}
    return why(child, {one.exchange.id: one for one in others if one.exchange.id in wanted}, links)


def at(known: Known) -> str:
    return f"{known.exchange.timing.started.astimezone():%H:%M:%S}"


def test_a_reply_tells_what_it_quotes_and_every_id_it_shares() -> None:
    checked, asked, _, interim, _ = a_validation_case("a")
    found = {one.title: one for one in reasons(interim, checked, asked)}
    assert found[QUOTES_REQUEST].detail == f"response.identifier {guid('bundle a')}, the Bundle id of {at(asked)}"
    assert found[SAME_CORRELATION].detail == f"X-Correlation-Id {guid('cid a')}, also at {at(checked)}"
    assert found[SAME_JOURNEY].detail == f"Encounter, episode of care {guid('journey a')}"
    assert {one.tone for one in found.values()} == {Tone.OK}


def test_a_reply_that_quotes_the_interim_one_is_a_warning_that_names_what_to_quote() -> None:
    _, asked, _, interim, full = a_validation_case("a")
    facts = full.request._replace(response_to=interim.request.bundle_id) if full.request and interim.request else None
    wrong = replace(full, request=facts)
    *ticks, last = reasons(wrong, asked, interim)
    assert (last.tone, last.title) == (Tone.WARNING, QUOTES_INTERIM)
    assert last.detail.endswith(f"the guide asks for the Bundle id of {at(asked)}")
    assert {one.tone for one in ticks} == {Tone.OK}


def test_a_retry_tells_the_request_id_and_when_it_was_first_sent() -> None:
    first = Known(an_exchange("x", 0, request_id=guid("rid")))
    again = Known(an_exchange("y", 9, request_id=guid("rid"), retry_of=guid("x")))
    (one,) = reasons(again, first)
    assert (one.title, one.detail) == (SAME_REQUEST, f"X-Request-Id {guid('rid')}, also at {at(first)}")


def test_what_a_person_put_there_says_so_and_what_comes_first_needs_no_reason() -> None:
    one, other = (Known(an_exchange(name, n, direction=Direction.OUT)) for n, name in enumerate("xy"))
    (said,) = why(other, {one.exchange.id: one}, [by_person(other, one)])
    assert (said.title, said.detail) == ("Linked by hand", f"A person put it to the message of {at(one)}")
    assert reasons(one, other) == ()


def test_a_case_number_is_told_without_its_system() -> None:
    child = Known(
        an_exchange("y", 9, direction=Direction.IN), a_reply("finished", None, encounter_identifiers=("s|C-1",))
    )
    parent = Known(an_exchange("x"), a_reply("in-progress", None, encounter_identifiers=("s|C-1",)))
    found = {one.title: one.detail for one in reasons(child, parent)}
    assert found["Same case number"] == f"C-1, also at {at(parent)}"


def test_the_inspector_of_a_running_session_has_them(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        row = await sent(session)
        first, reply = [one.exchange for one in (await session.conversation(row.id)).lanes.rows if one.exchange]
        assert (await session.detail(first)).why == ()
        told = (await session.detail(reply)).why
        asked = (await session.detail(first)).request
        assert asked is not None
        assert told[0].title == QUOTES_REQUEST
        assert str(asked.facts.bundle_id) in told[0].detail
        await session.change_setting("masking", "true")
        assert [one.title for one in (await session.detail(reply)).why] == [one.title for one in told]

    play(work)
