from __future__ import annotations

from workbench.standard.definitions import definitions
from workbench.standard.message_kinds import message_kinds


def test_every_kind_stands_on_a_definition_of_its_event() -> None:
    for kind in message_kinds().values():
        row = definitions()[kind.definition]
        assert row.event is kind.event, kind.id
        assert kind.focus in row.counts(), kind.id
        assert kind.direction == ("response" if kind.event.is_response else "request")


def test_the_overview_is_covered() -> None:
    codes = {kind.code for kind in message_kinds().values()}
    assert {"M1", "M2", "M3", "M4", "M8", "M9", "M10", "M11", "M12", "M13", "M15", "M16", "M17", "M18"} <= codes
