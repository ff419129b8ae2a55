from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.correlation.builders import a_referral
from workbench.exchange import Peer, TlsFacts
from workbench.history import codec
from workbench.messages.values import MessageFacts, Number

NUMBERS = st.from_regex(r"-?[0-9]{1,30}[.][0-9]+", fullmatch=True).map(Number)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.text()
    | st.integers()
    | st.from_regex(r"-?\d{1,30}\.\d+", fullmatch=True).map(Number),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(VALUES)
def test_json_comes_back_as_it_was(value: object) -> None:
    assert codec.load(codec.dump(value)) == value


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError, match="datetime cannot be stored"):
        codec.dump({"a": datetime(2026, 1, 1, tzinfo=UTC)})
    with pytest.raises(TypeError, match="a JSON object was stored here, not list"):
        codec.load_object("[]")


def test_times_sort_as_text() -> None:
    base = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    times = [base, base + timedelta(microseconds=1), base + timedelta(seconds=1)]
    assert sorted(map(codec.when, times)) == list(map(codec.when, times))
    assert codec.instant(codec.when(base)) == base
    with pytest.raises(ValueError, match="aware"):
        codec.when(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive time is the point


def test_facts_come_back_and_unknown_ones_are_left_out() -> None:
    facts = a_referral(resource_ids=(("Patient", "1"), ("ServiceRequest", "2")), encounter_identifiers=("s|1",))
    assert codec.load_facts(codec.dump_facts(facts)) == facts
    assert codec.load_facts('{"event":"e","of_a_later_version":1}') == MessageFacts(event="e")
    assert codec.dump_facts(None) is None
    assert codec.load_facts(None) is None


def test_peers_and_tls_come_back() -> None:
    peer, tls = Peer("127.0.0.1", 5, "CN=x"), TlsFacts("1.3", "c", "s", "i", datetime(2027, 1, 1, tzinfo=UTC))
    assert codec.load_peer(codec.dump_peer(peer)) == peer
    assert codec.load_tls(codec.dump_tls(tls)) == tls
    unchecked = TlsFacts("1.3", "c", "s", "i", None, verified=False)
    assert codec.load_tls(codec.dump_tls(unchecked)) == unchecked
    assert codec.load_tls('["1.3", "c", "s", "i", null]') == TlsFacts("1.3", "c", "s", "i", None)
    assert codec.load_headers(codec.dump_headers((("A", "1"), ("a", "2")))) == (("A", "1"), ("a", "2"))
