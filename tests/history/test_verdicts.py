from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START, VERSIONS, a_referral, an_exchange, guid
from tests.history.builders import a_journal, a_store, an_indexer
from workbench.errors import Place
from workbench.history import Queries
from workbench.history.verdicts import Verdicts
from workbench.messages.values import Edit, EditOp, Finding, Fix, Layer, Number, Severity, Source
from workbench.rules import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.history import Store

FINDING = Finding(
    "REF-004", Severity.ERROR, Layer.BARS, "Bundle.entry[1]", "A sentence.", Source("Guide", "Section"), Place(3, 4, 50)
)
FIX = Fix("Set it", (Edit(EditOp.SET, "a.b", {"n": Number("1.10")}), Edit(EditOp.MOVE, "a", None, "c")))
VERDICT = Verdict(
    findings=(replace(FINDING, severity=Severity.WARNING, place=None, resource="Patient", fix=FIX), FINDING),
    versions=VERSIONS,
    rule_set="0.1.0",
    packages=("uk.core#2",),
    not_checked=("HDR-001",),
    seconds=0.03,
)


async def recorded(store: Store) -> Verdicts:
    exchange = an_exchange("x")
    await a_journal(store).answered(exchange)
    await an_indexer(store).index(exchange, a_referral())
    return Verdicts(store)


def test_a_verdict_comes_back_whole_and_is_replaced(tmp_path: Path) -> None:
    async def scenario(store: Store) -> list[object]:
        verdicts = await recorded(store)
        seen: list[object] = [await verdicts.verdict(guid("x"))]
        await verdicts.save_verdict(guid("x"), VERDICT)
        seen += [await verdicts.verdict(guid("x")), await verdicts.verdict(guid("x"), "response")]
        seen.append(await verdicts.worst(guid("x")))
        clean = replace(VERDICT, findings=())
        await verdicts.save_verdict(guid("x"), clean)
        return [*seen, await verdicts.verdict(guid("x")) == clean, await verdicts.worst(guid("x"))]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(store)) == [None, VERDICT, None, {guid("x"): Severity.ERROR}, True, {}]


def test_a_verdict_needs_its_exchange(tmp_path: Path) -> None:
    with a_store(tmp_path) as store, pytest.raises(sqlite3.IntegrityError):
        asyncio.run(Verdicts(store).save_verdict("nobody", VERDICT))


def test_a_conversation_counts_the_findings_of_its_legs_but_those_that_are_silenced(tmp_path: Path) -> None:
    second = an_exchange("second", 5, service="northgate", correlation=guid("c"))

    async def counts(store: Store) -> tuple[int, int, int]:
        row = await Queries(store, clock=lambda: START).conversation(guid("first"))
        return row.errors, row.warnings, row.attention

    async def scenario(store: Store) -> list[tuple[int, int, int]]:
        verdicts, journal, indexer = Verdicts(store), a_journal(store), an_indexer(store)
        for exchange in (an_exchange("first", service="northgate", correlation=guid("c")), second):
            await journal.answered(exchange)
            await indexer.index(exchange, a_referral())
        await verdicts.save_verdict(guid("first"), VERDICT)
        await verdicts.save_verdict(guid("second"), VERDICT, "response", lambda one: one.severity is Severity.WARNING)
        seen = [await counts(store)]
        await indexer.rebuild()
        seen.append(await counts(store))
        await verdicts.silence("northgate", "REF-004", lambda one: one.path == FINDING.path)
        seen.append(await counts(store))
        await verdicts.silence("northgate", "REF-004", lambda one: False)
        seen.append(await counts(store))
        await verdicts.silence("elsewhere", "REF-004", lambda one: True)
        await verdicts.silence("northgate", "REF-005", lambda one: True)
        return [*seen, await counts(store)]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(store)) == [(2, 1, 2), (2, 1, 2), (0, 0, 0), (2, 2, 2), (2, 2, 2)]
        assert asyncio.run(Verdicts(store).verdict(guid("second"), "response")) == VERDICT
