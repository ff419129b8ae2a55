from __future__ import annotations

from tests.rules.builders import acknowledged, at, booking, cancelled, changed, composed, put, replied
from workbench.messages import build
from workbench.messages.identity import is_uuid
from workbench.rules.survey import Survey, fresh_id, service_value, status

MESSAGE = composed()


def test_elements_are_collected_by_type_with_their_paths() -> None:
    found = Survey(MESSAGE).elements()
    assert ("Bundle.timestamp", "instant", MESSAGE.at("Bundle.timestamp")) in found.times
    assert f"{at(MESSAGE, 'Patient')}.identifier[0]" in [path for path, _ in found.identifiers]
    assert "Bundle.entry[0].resource.eventCoding" in [path for path, _ in found.codings]
    assert all(MESSAGE.at(path) == held for path, held in (*found.codings, *found.periods, *found.identifiers))


def test_what_kind_of_message_it_is() -> None:
    assert not Survey(MESSAGE).is_cancellation
    assert Survey(cancelled()).is_cancellation
    assert Survey(replied()).is_response
    assert not Survey(MESSAGE).looks_acknowledged
    assert Survey(acknowledged()).looks_acknowledged
    assert Survey(booking()).focus.type == "Appointment"
    assert Survey(MESSAGE).application == 1


def test_odd_trees_break_nothing() -> None:
    odd = build(
        {"resourceType": "Bundle", "entry": [None, "x", {"resource": 1}, {"resource": {"resourceType": "Mock"}}]}
    )
    found = Survey(odd)
    assert found.header is None
    assert found.focus is None
    assert found.definition is None
    assert found.elements().times == []


def test_a_fresh_id_is_a_uuid_of_message_and_place() -> None:
    other = changed(MESSAGE, put("Bundle.id", "x"))
    ids = {fresh_id(MESSAGE, "a"), fresh_id(MESSAGE, "b"), fresh_id(other, "a"), fresh_id(MESSAGE, "a")}
    assert len(ids) == 3
    assert all(is_uuid(one) for one in ids)


def test_small_helps() -> None:
    assert status(None) is None
    assert service_value("https://mock.example|7") == "7"
    assert service_value(None) == ""
