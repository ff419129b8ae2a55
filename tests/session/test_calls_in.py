"""Calls of other tools as filled-in forms: every parameter finds its place, or is named; then they are made."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.session.test_foreign import URL
from workbench.errors import InputError
from workbench.standard.urls import USE_CASES as CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.call_views import CallOrder
    from workbench.session.session import Session

NAMED = b'{"system": "https://fhir.nhs.uk/id/dos-service-id", "value": "2000011147"}'
TARGET = f"NHSD-Target-Identifier: {base64.b64encode(NAMED).decode()}"
SLOTS = (
    "Slot?Schedule.actor:HealthcareService=2000011147&status=free,busy&start=ge2026-11-27T09:00:00Z"
    "&start=le2026-11-28T09:00:00Z&_include=Slot:schedule&_include=Schedule:actor:HealthcareService"
)
NEW = "Accept: application/fhir+json; version=1.1.0"


async def taken(session: Session, path: str, *more: str) -> tuple[CallOrder, tuple[str, ...]]:
    words = " ".join(f"-H '{one}'" for one in more)
    (call,) = await session.foreign.read(f"curl {words} '{URL}/{path}'")
    return await session.calls.take_in(call)


def test_each_parameter_finds_its_place(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        order, left_out = await taken(session, SLOTS, TARGET, NEW)
        values = dict(order.values)
        assert (order.operation, order.service, order.api) == ("slot-search", "northgate-emergency-department", "1.1.0")
        assert values["status"] == "free,busy"
        assert values["start.ge"] == "ge2026-11-27T09:00:00Z"
        assert values["start.le"] == "le2026-11-28T09:00:00Z"
        assert values["_include"] == "Slot:schedule,Schedule:actor:HealthcareService"
        assert left_out == ()
        preview = await session.calls.preview(order)
        assert set(urlsplit(preview.url).query.split("&")) >= {"status=free%2Cbusy", "_include=Slot%3Aschedule"}
        assert (await session.make_call(order)).status == 200

    play(work)


def test_what_has_no_place_is_named_and_the_rest_is_empty(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        order, left_out = await taken(
            session, f"MessageDefinition?context={CASES}%7Ca1t1&context=x%7C1&context=x%7C2&sort=1", TARGET, NEW
        )
        values = dict(order.values)
        assert (values["context"], values["context.case"]) == ("x|1", f"{CASES}|a1t1")
        assert left_out == (
            "The parameter context=x|2 has no place in the form.",
            "The parameter sort=1 has no place in the form.",
        )
        strange = ("Accept: application/fhir+json; version=9.9.9", "NHSD-Requesting-Software: x", "X-Mine: y")
        order, left_out = await taken(session, "Appointment/a%2Fb", *strange)
        assert (order.operation, dict(order.values)["id"]) == ("appointment-read", "a/b")
        assert left_out == (
            "Headers are made anew, for whoever is acted as: NHSD-Requesting-Software, X-Mine are not as they were.",
        )

    play(work)


def test_a_service_that_is_not_known_and_a_platform_that_is_meant_are_told(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        order, _ = await taken(session, "metadata")
        assert dict(order.values)["to"] == "platform"
        order, _ = await taken(session, "metadata", TARGET)
        assert dict(order.values)["to"] == "service"
        stranger = "NHSD-Target-Identifier: eyJzeXN0ZW0iOiAieCIsICJ2YWx1ZSI6ICI0NzExIn0="
        _, left_out = await taken(session, "metadata", stranger)
        assert left_out == ("No service of the directory has the identifier 4711: choose one.",)
        (other,) = await session.foreign.read("curl https://a.example/elsewhere")
        with pytest.raises(InputError):
            await session.calls.take_in(other)

    play(work)
