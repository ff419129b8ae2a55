"""Routes: the first that fits answers, with its names decoded; else 405 with Allow, else 404."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from workbench.exchange import Request, Response
from workbench.exchange.router import Route, Router

if TYPE_CHECKING:
    from collections.abc import Mapping


async def one(_request: Request, values: Mapping[str, str]) -> Response:
    return Response(200, "OK", (), values["id"].encode())


async def many(_request: Request, _values: Mapping[str, str]) -> Response:
    return Response(200, "OK", (), b"many")


def refuse(status: int, code: str, diagnostics: str, _request: Request | None) -> Response:
    return Response(status, "", (("X-Code", code),), diagnostics.encode())


ROUTER = Router(
    [
        Route("GET", "/FHIR/R4/Appointment/{id}", one, "read-appointment"),
        Route("GET", "/FHIR/R4/Appointment", many, "search-appointment"),
        Route("DELETE", "/FHIR/R4/Appointment/{id}", one, "delete"),
        Route("POST", "/FHIR/R4/$process-message", many, "process-message"),
    ],
    refuse,
)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/FHIR/R4/Appointment/a%2Fb", 200, b"a/b"),
        ("GET", "/FHIR/R4/Appointment?patient=1", 200, b"many"),
        ("POST", "/FHIR/R4/$process-message", 200, b"many"),
        ("GET", "/fhir/r4/Appointment", 404, b"there is nothing at /fhir/r4/Appointment"),
        ("GET", "/FHIR/R4/Appointment/1/2", 404, b"there is nothing at /FHIR/R4/Appointment/1/2"),
        ("PUT", "/FHIR/R4/Appointment/1", 405, b"PUT is not offered at /FHIR/R4/Appointment/1"),
    ],
)
def test_a_request_finds_its_route(method: str, path: str, status: int, body: bytes) -> None:
    answer = asyncio.run(ROUTER(Request(method, f"https://bars.example{path}")))
    assert (answer.status, answer.body) == (status, body)


def test_a_method_that_is_not_offered_is_told_which_are() -> None:
    answer = asyncio.run(ROUTER(Request("PUT", "https://bars.example/FHIR/R4/Appointment/1")))
    assert answer.header("allow") == "DELETE, GET"
    assert ROUTER.match(Request("PUT", "https://bars.example/FHIR/R4/Appointment/1")) is None
