"""Exchanges and facts for tests, with names for what matters and quiet values for the rest."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from workbench.correlation import Known
from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing
from workbench.messages.values import MessageFacts
from workbench.standard import VersionProfile

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VERSIONS = VersionProfile(4, "1.1.0", "1.0.7", "1.0.0")


def guid(name: str) -> str:
    """The same GUID for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def an_exchange(
    name: str,
    at: float = 0,
    *,
    request_id: str | None = None,
    correlation: str | None = None,
    direction: Direction = Direction.OUT,
    operation: str = "process-message",
    status: int | None = 200,
    failure: FailureKind | None = None,
    path: str = "/$process-message",
    body: bytes = b"{}",
    answer: bytes = b"{}",
    headers: tuple[tuple[str, str], ...] = (),
    **more: object,
) -> Exchange:
    ids = [("X-Request-Id", request_id or guid(f"rid {name}"))]
    if correlation:
        ids.append(("X-Correlation-Id", correlation))
    return Exchange(
        id=guid(name),
        seq=0,
        direction=direction,
        environment="embedded",
        operation=operation,
        versions=VERSIONS,
        request=Request("POST", f"http://127.0.0.1:1{path}", (*ids, *headers), body),
        timing=Timing(START + timedelta(seconds=at), send=0.1, wait=0.2),
        response=Response(status, "", tuple(ids), answer) if status and not failure else None,
        failure=Failure.of(failure, ErrorCode.NET_INTERRUPTED, what="a test") if failure else None,
        **more,  # type: ignore[arg-type]
    )


def a_referral(**more: object) -> MessageFacts:
    return MessageFacts(
        **{
            "event": "servicerequest-request",
            "reason": "new",
            "category": "referral",
            "focus": "ServiceRequest",
            "focus_status": "active",
            **more,
        }  # type: ignore[arg-type]
    )


def a_validation(**more: object) -> MessageFacts:
    return a_referral(**{"category": "validation", **more})


def a_booking(**more: object) -> MessageFacts:
    return MessageFacts(
        **{"event": "booking-request", "reason": "new", "focus": "Appointment", "focus_status": "booked", **more}  # type: ignore[arg-type]
    )


def a_reply(status: str, to: str | None, **more: object) -> MessageFacts:
    """`in-progress` = interim, `cancelled` = rejection, `finished` = full."""
    return MessageFacts(
        **{
            "event": "servicerequest-response",
            "reason": "new",
            "category": "validation",
            "focus": "Encounter",
            "focus_status": status,
            "response_to": to,
            **more,
        }  # type: ignore[arg-type]
    )


def a_validation_case(name: str, at: float = 0) -> list[Known]:
    """Slot-free validation: request, retry of a lost answer, interim, full, all under one correlation id."""
    cid, bundle, journey = guid(f"cid {name}"), guid(f"bundle {name}"), guid(f"journey {name}")
    asked = a_validation(bundle_id=bundle, journey_id=journey, nhs_number=name, sender_name=f"999 {name}")
    rid = guid(f"rid {name}")
    interim = a_reply("in-progress", bundle, bundle_id=guid(f"interim {name}"), journey_id=journey)
    full = a_reply("finished", guid(f"interim {name}"), bundle_id=guid(f"full {name}"), journey_id=journey)
    lost = an_exchange(f"{name} 1", at + 1, request_id=rid, correlation=cid, failure=FailureKind.UNKNOWN)
    again = an_exchange(f"{name} 2", at + 5, request_id=rid, correlation=cid, attempt=2, retry_of=lost.id)
    return [
        Known(an_exchange(f"{name} 0", at, correlation=cid, operation="metadata", path="/metadata")),
        Known(lost, asked),
        Known(again, asked, asked),
        Known(an_exchange(f"{name} 3", at + 60, correlation=cid, direction=Direction.IN), interim),
        Known(an_exchange(f"{name} 4", at + 600, correlation=cid, direction=Direction.IN), full),
    ]
