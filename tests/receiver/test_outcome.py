"""Outcomes as answers, and the small parts: diary, ledger, purpose."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

from tests.receiver.builders import DOS, NOW, new_id
from workbench.exchange import LedgerState, Request
from workbench.receiver import MemoryLedger, Outcomes, ServiceOffer
from workbench.receiver.diary import slots


def test_an_outcome_has_the_shape_of_the_guide() -> None:
    response = Outcomes("ZZM02", lambda: "id-1").refuse(413, "too-costly", "it is too large.", None)
    assert (response.status, response.header("Content-Type")) == (413, "application/fhir+json")
    assert json.loads(response.body) == {
        "resourceType": "OperationOutcome",
        "id": "id-1",
        "meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-OperationOutcome"]},
        "issue": [
            {
                "severity": "error",
                "code": "too-costly",
                "details": {
                    "coding": [
                        {
                            "system": "https://fhir.nhs.uk/Codesystem/http-error-codes",
                            "code": "REC_BAD_REQUEST",
                            "display": "413 - REC_BAD_REQUEST",
                        }
                    ]
                },
                "diagnostics": "ZZM02 was unable to process the request: it is too large.",
            }
        ],
    }


def test_ids_are_echoed_exactly_even_when_they_are_wrong() -> None:
    request = Request("GET", "http://x/", (("x-request-id", "NOT one"),))
    response = Outcomes("ZZM02", new_id).refuse(400, "invalid", "no.", request)
    assert response.header("X-Request-Id") == "NOT one"
    assert response.header("X-Correlation-Id") is None


def test_the_diary_is_the_same_whenever_asked_and_only_in_the_future() -> None:
    service = ServiceOffer(DOS, "9990000918", "Mock")
    first, later = slots(service, NOW), slots(service, NOW + timedelta(hours=5))
    assert {slot.id for slot in later} & {slot.id for slot in first}
    assert all(slot.start > NOW for slot in first)
    assert max(slot.start for slot in first) > NOW + timedelta(days=7)
    assert len({slot.id for slot in first}) == len(first)
    assert slots(ServiceOffer(DOS, "9990000918", "Mock", diary=""), datetime(2026, 1, 1, tzinfo=UTC)) == ()


def test_the_memory_ledger_remembers_success_across_a_snapshot() -> None:
    async def play() -> list[LedgerState]:
        ledger = MemoryLedger()
        found = [await ledger.begin("A", "B"), await ledger.begin("a", "b")]
        await ledger.finish("A", "B", False)
        found.append(await ledger.begin("A", "B"))
        await ledger.finish("A", "B", True)
        again = MemoryLedger()
        again.restore(ledger.snapshot())
        return [*found, await again.begin("a", "B"), await again.begin("a", "c")]

    assert asyncio.run(play()) == [
        LedgerState.FRESH,
        LedgerState.PROCESSING,
        LedgerState.FAILED,
        LedgerState.DONE,
        LedgerState.FRESH,
    ]
