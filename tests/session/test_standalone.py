"""The embedded sandbox for other programs: routed calls, every call told, state kept and taken up again."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.session.conftest import new_id, now
from workbench.errors import InputError
from workbench.session.standalone import StandaloneSandbox

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "eyJzeXN0ZW0iOiAiaHR0cHM6Ly9maGlyLm5ocy51ay9JZC9kb3Mtc2VydmljZS1pZCIsICJ2YWx1ZSI6ICIyMDAwMDExMTQ3In0="


def a_sandbox(told: list[dict[str, object]], *, ask_token: bool = False) -> StandaloneSandbox:
    return StandaloneSandbox(clock=now, ids=new_id, timer=time.monotonic, ask_token=ask_token, tell=told.append)


@pytest.mark.parametrize(("ask_token", "refused"), [(False, False), (True, True)])
def test_it_serves_metadata_with_a_token_where_one_is_asked_for(ask_token: bool, refused: bool) -> None:
    told: list[dict[str, object]] = []

    async def play() -> httpx.Response:
        sandbox = a_sandbox(told, ask_token=ask_token)
        address = await sandbox.start("127.0.0.1", 0, None)
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                return await http.get(
                    f"{address.origin}/booking-and-referral/FHIR/R4/metadata",
                    headers={"X-Request-Id": new_id(), "X-Correlation-Id": new_id(), "NHSD-Target-Identifier": TARGET},
                )
        finally:
            await sandbox.close()

    answer = asyncio.run(play())
    assert (answer.status_code == 401) is refused
    first = told[0]
    assert (first["direction"], first["method"], first["status"]) == ("in", "GET", answer.status_code)
    assert first["request_id"]
    json.dumps(told)


def test_its_state_is_kept_in_a_file_and_taken_up(tmp_path: Path) -> None:
    async def play() -> None:
        first = a_sandbox([])
        first.save(tmp_path / "state.json")
        await first.close()
        second = a_sandbox([])
        second.restore((tmp_path / "state.json").read_text("utf-8"))
        with pytest.raises(InputError):
            second.restore("[1, 2")
        await second.close()

    asyncio.run(play())
    assert json.loads((tmp_path / "state.json").read_text("utf-8"))
