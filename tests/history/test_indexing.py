"""Putting exchanges into conversations, and the answers of `queries` and `conversations` about them."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import (
    START,
    a_booking,
    a_referral,
    a_validation,
    a_validation_case,
    an_exchange,
    guid,
)
from tests.faults import failing_connection
from tests.history.builders import Ticking, a_journal, a_store, an_indexer
from workbench.correlation import ConversationState, Known, LinkKind, group, principal
from workbench.errors import StoreError
from workbench.exchange import FailureKind
from workbench.history import ConversationRow, PatientBrief, Queries, Store, indexing
from workbench.history.filters import ConversationFilter
from workbench.messages import parse
from workbench.messages.cards import patient_words

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

BOTH = [*a_validation_case("a"), *a_validation_case("b", at=0.5)]
TABLES = ("conversation", "link", "correlation_key")


async def record(store: Store, known: Known) -> ConversationRow:
    await a_journal(store).answered(known.exchange)
    return await an_indexer(store).index(known.exchange, known.request, known.response)


def record_all(store: Store, knowns: list[Known]) -> list[ConversationRow]:
    async def scenario() -> list[ConversationRow]:
        return [await record(store, known) for known in knowns]

    return asyncio.run(scenario())


def queries(store: Store) -> Queries:
    return Queries(store, clock=Ticking())


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of what is computed, in a fixed order, and where each exchange belongs."""

    def query(c: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
        found = {table: sorted(map(tuple, c.execute(f"SELECT * FROM {table}")), key=repr) for table in TABLES}
        found["exchange"] = sorted(map(tuple, c.execute("SELECT id, conversation FROM exchange")))
        return found

    return store.read_now(query)


def test_a_conversation_row_says_who_what_and_how_it_stands(tmp_path: Path) -> None:
    facts = a_referral(
        sender_name="NHS 111",
        receiver_name="Northgate ED",
        patient_initials="JJ",
        patient_gender="female",
        patient_birth_date="1959-11-25",
    )
    with a_store(tmp_path) as store:
        (row,) = record_all(store, [Known(an_exchange("r", status=422), facts)])
        assert row == ConversationRow(
            id=guid("r"),
            title="servicerequest-request new",
            sender="NHS 111",
            receiver="Northgate ED",
            patient=PatientBrief("JJ", "female", 66),
            state=ConversationState.REFUSED,
            attention=0,
            due=None,
            last_activity=START,
            messages=1,
            environment="embedded",
            status_text="Refused 422",
        )
        assert str(row.patient) == "JJ, female, 66"
        assert asyncio.run(queries(store).conversation(row.id)) == row
        with pytest.raises(KeyError):
            asyncio.run(queries(store).conversation("nobody"))


def test_two_interleaved_conversations_with_their_reasons(tmp_path: Path) -> None:
    arrivals = [*BOTH]
    random.Random(7).shuffle(arrivals)
    with a_store(tmp_path) as store:
        record_all(store, arrivals)
        ask = queries(store)
        page = asyncio.run(ask.conversations())
        assert [(row.id, row.state, row.messages) for row in page] == [
            (guid("b 0"), ConversationState.ANSWERED, 4),
            (guid("a 0"), ConversationState.ANSWERED, 4),
        ]
        for name in ("a", "b"):
            legs = asyncio.run(ask.legs(guid(f"{name} 0")))
            assert [leg.exchange.id for leg in legs] == [guid(f"{name} {n}") for n in range(5)]
            assert [leg.request for leg in legs] == [leg.request for leg in a_validation_case(name)]
            links = asyncio.run(ask.links(guid(f"{name} 0")))
            replies = {link.child: (link.parent, link.reason) for link in links if link.kind is LinkKind.REPLY}
            assert replies == {
                guid(f"{name} 3"): (guid(f"{name} 1"), "Quotes the Bundle id of the request"),
                guid(f"{name} 4"): (guid(f"{name} 1"), "Quotes the interim response, not the request"),
            }
            every = asyncio.run(ask.links(guid(f"{name} 0"), every=True))
            assert len(every) == 10
            assert principal(every, legs) == links
        assert asyncio.run(ask.conversation_of(guid("a 4"))) == guid("a 0")
        assert asyncio.run(ask.titles(guid("a 0")))[guid("a 0")] == "Metadata"


def test_any_order_of_arrival_and_any_rebuild_give_the_same_rows(tmp_path: Path) -> None:
    chance, seen = random.Random(11), []
    for number in range(6):
        arrivals = chance.sample(BOTH, len(BOTH))
        folder = tmp_path / str(number)
        folder.mkdir()
        with a_store(folder) as store:
            record_all(store, arrivals)
            seen.append(content(store))
            order = [known.exchange.id for known in chance.sample(BOTH, len(BOTH))]
            assert store.run_now(lambda c, order=order: indexing.rebuild(c, order)) == 2
            seen.append(content(store))
            assert asyncio.run(an_indexer(store).rebuild()) == 2
            seen.append(content(store))
    assert all(one == seen[0] for one in seen)
    pure = {leg.exchange.id: legs[0].exchange.id for legs, _ in group(BOTH) for leg in legs}
    assert dict(seen[0]["exchange"]) == pure


def test_an_exchange_indexed_again_after_its_answer_joins_by_what_the_answer_told(tmp_path: Path) -> None:
    given = guid("referral")
    asked = Known(an_exchange("asked"), a_referral(), a_referral(resource_ids=(("ServiceRequest", given),)))
    cancel = Known(
        an_exchange("cancel", 60),
        a_referral(reason="update", focus_status="revoked", resource_ids=(("ServiceRequest", given),)),
    )

    async def scenario(store: Store) -> list[ConversationRow]:
        journal, indexer = a_journal(store), an_indexer(store)
        await journal.sending(replace(asked.exchange, response=None))
        first = await indexer.index(asked.exchange, asked.request)
        second = await record(store, cancel)
        await journal.answered(asked.exchange)
        return [first, second, await indexer.index(asked.exchange, response=asked.response)]

    with a_store(tmp_path) as store:
        first, second, third = asyncio.run(scenario(store))
        assert (first.id, first.status_text) == (guid("asked"), "In progress")
        assert second.id == guid("cancel")
        assert (third.id, third.state) == (guid("asked"), ConversationState.CANCELLED)
        assert third.title == first.title == "servicerequest-request new"
        assert [row.id for row in asyncio.run(queries(store).conversations())] == [guid("asked")]
        (link,) = asyncio.run(queries(store).links(guid("asked")))
        assert link.reason == "Same referral: ServiceRequest id given by the receiver"


@pytest.mark.parametrize(
    ("written", "years"),
    [("2026-11-24T23:59:00+00:00", 66), ("2026-11-25T00:01:00+01:00", 67), ("2021-01-01", 61), ("soon", 66)],
)
def test_the_list_has_the_age_of_the_card_that_of_the_day_a_message_was_written(
    tmp_path: Path, written: str, years: int
) -> None:
    name = {"family": "Quillfeather", "given": ["Ann"]}
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1959-11-25", "gender": "female", "name": [name]}
    bundle = {"resourceType": "Bundle", "type": "message", "timestamp": written, "entry": [{"resource": patient}]}
    message = parse(json.dumps(bundle).encode())
    with a_store(tmp_path) as store:
        (row,) = record_all(store, [Known(an_exchange("r"), message.facts)])
    assert row.patient == PatientBrief("A.Q.", "female", years)
    if written != "soon":  # the card has no clock of ours to go by
        assert f"{years} years" in patient_words(message)


def test_pages_go_on_by_key_and_filters_hold(tmp_path: Path) -> None:
    knowns = [Known(an_exchange(f"n {n}", n // 2), a_booking(receiver_name=f"Clinic {n}")) for n in range(25)]
    refused = Known(an_exchange("refused", 99, status=400), a_referral(patient_initials="QX"))
    with a_store(tmp_path) as store:
        record_all(store, [*knowns, refused])
        ask, rows, after = queries(store), [], None
        while page := asyncio.run(ask.conversations(after=after, limit=7)):
            rows += page
            after = page[-1].key
        assert len({row.id for row in rows}) == 26
        assert [row.key for row in rows] == sorted((row.key for row in rows), reverse=True)
        assert [r.receiver for r in asyncio.run(ask.conversations(text="clinic 24"))] == ["Clinic 24"]
        assert [r.id for r in asyncio.run(ask.conversations(text="qx"))] == [guid("refused")]
        assert asyncio.run(ask.conversations(chosen=ConversationFilter(environments=("int",)))) == ()
        assert [known.exchange.id for known in asyncio.run(ask.recent(2))] == [guid("refused"), guid("n 24")]
        assert asyncio.run(ask.recent(direction="in")) == ()


def test_being_overdue_is_asked_when_a_row_is_read(tmp_path: Path) -> None:
    facts = a_validation(breach_time="2026-11-24T12:10:00+00:00")
    with a_store(tmp_path) as store:
        (row,) = record_all(store, [Known(an_exchange("v"), facts)])
        assert (row.state, row.attention, row.due) == (ConversationState.WAITING, 0, START + timedelta(minutes=10))
        later = Queries(store, clock=lambda: START + timedelta(hours=1))
        assert asyncio.run(later.conversation(row.id)) == replace(row, attention=1)
        assert asyncio.run(later.waiting()) == 1


def test_what_was_never_indexed_is_found_and_a_restart_corrects_the_state(tmp_path: Path) -> None:
    waiting = replace(an_exchange("w"), response=None)

    async def before(store: Store) -> ConversationRow:
        await a_journal(store).answered(an_exchange("loose"))
        await a_journal(store).sending(waiting)
        return await an_indexer(store).index(waiting, a_referral())

    with a_store(tmp_path) as store:
        assert asyncio.run(before(store)).status_text == "In progress"
        assert asyncio.run(queries(store).unindexed()) == (guid("loose"),)
    with a_store(tmp_path) as store:
        row = asyncio.run(queries(store).conversation(guid("w")))
        assert (row.state, row.attention) == (ConversationState.UNKNOWN, 1)
        (leg,) = asyncio.run(queries(store).legs(guid("w")))
        assert leg.exchange.failure.kind is FailureKind.UNKNOWN


def test_an_exchange_that_is_not_recorded_cannot_be_indexed(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        with pytest.raises(KeyError):
            asyncio.run(an_indexer(store).index(an_exchange("x"), a_referral()))
        assert content(store)["conversation"] == []


def test_indexing_is_all_or_nothing(tmp_path: Path) -> None:
    connections: list[failing_connection.FailingConnection] = []

    def connect(uri: str) -> sqlite3.Connection:
        connections.append(failing_connection.connect(uri))
        return connections[-1]

    first, *rest = a_validation_case("a")
    with a_store(tmp_path, connect=connect) as store:
        record_all(store, [first, *rest[:2]])
        asyncio.run(a_journal(store).answered(rest[2].exchange))
        before, failures = content(store), 0
        for fail_at in range(1, 200):
            connections[0].arm(fail_at)
            try:
                asyncio.run(an_indexer(store).index(rest[2].exchange, rest[2].request))
            except StoreError:
                failures += 1
            else:
                break
            finally:
                connections[0].arm(0)
            assert content(store) == before, f"statement {fail_at} left half a conversation"
        assert failures > 10
        assert dict(content(store)["exchange"])[rest[2].exchange.id] == first.exchange.id


def test_one_correlation_id_for_many_calls_stays_one_conversation(tmp_path: Path) -> None:
    many = indexing.NEIGHBOURS * 2
    knowns = [Known(an_exchange(f"n {n:03}", n, correlation=guid("c"), operation="metadata")) for n in range(many)]
    random.Random(3).shuffle(knowns)
    with a_store(tmp_path) as store:
        record_all(store, knowns)
        assert [row.id for row in asyncio.run(queries(store).conversations())] == [guid("n 000")]
        assert len(asyncio.run(queries(store).legs(guid("n 000")))) == many
