from __future__ import annotations

from hypothesis import given as any_of
from hypothesis import strategies

from workbench.exchange import Request
from workbench.rules.query import bound, parameters


def test_a_query_is_decoded_with_places() -> None:
    held = parameters(Request("GET", "https://mock.example/Slot?a=1%2B2&b=x+y&a=&&c#a=3"))
    assert [(one.name, one.value, one.place) for one in held] == [
        ("a", "1+2", 0),
        ("b", "x y", 0),
        ("a", "", 1),
        ("c", "", 0),
    ]
    assert held[0].written == "a=1%2B2"
    assert held[2].path == "parameters['a'][1]"
    assert parameters(Request("GET", "https://mock.example/Slot")) == parameters(None) == ()


def test_a_bound_has_prefix_and_moment() -> None:
    held = bound("le2026-07-20T09:00:00.1234567+01:00")
    assert held is not None
    assert (held.prefix, held.moment.isoformat()) == ("le", "2026-07-20T09:00:00.123456+01:00")
    assert bound("ge2026-02-30T09:00:00Z") is None
    assert bound("2026-07-20T09:00:00Z") is None


@any_of(strategies.text())
def test_any_query_can_be_taken_apart(text: str) -> None:
    for one in parameters(Request("GET", f"/Slot?{text}")):
        assert one.written
        bound(one.value)
