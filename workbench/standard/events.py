"""Events and reasons of messages, as MessageHeader carries them (code systems message-events and message-reason)."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """MessageHeader.eventCoding.code."""

    BOOKING_REQUEST = "booking-request"
    SERVICEREQUEST_REQUEST = "servicerequest-request"
    SERVICEREQUEST_RESPONSE = "servicerequest-response"
    BOOKING_RESPONSE = "booking-response"
    """Published, but no message uses it: a receiver refuses it."""

    @property
    def is_response(self) -> bool:
        """Whether it answers an earlier message."""
        return self in (Event.SERVICEREQUEST_RESPONSE, Event.BOOKING_RESPONSE)


class Reason(StrEnum):
    """MessageHeader.reason.coding.code."""

    NEW = "new"
    UPDATE = "update"
    DELETE = "delete"
    """Published, but cancellations go as an update: accepted from others, never sent."""
