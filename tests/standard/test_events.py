from __future__ import annotations

from workbench.standard import urls
from workbench.standard.codes import code_systems
from workbench.standard.events import Event, Reason


def test_the_enums_are_the_code_systems() -> None:
    assert {event.value for event in Event} == set(code_systems()[urls.MESSAGE_EVENTS].codes)
    assert {reason.value for reason in Reason} == set(code_systems()[urls.MESSAGE_REASON].codes)


def test_responses_answer_earlier_messages() -> None:
    assert [event for event in Event if event.is_response] == [Event.SERVICEREQUEST_RESPONSE, Event.BOOKING_RESPONSE]
