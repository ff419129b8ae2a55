"""Verdicts beside the exchanges they judge, with the rule set that gave them.

Stores and reads; it judges nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.errors import Place
from workbench.history import codec
from workbench.history.conversations import conversation_of
from workbench.history.marks import bring_up
from workbench.messages.values import Edit, EditOp, Finding, Fix, Layer, Severity, Source
from workbench.rules import Verdict
from workbench.standard import VersionProfile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from workbench.history.store import Store

    Covers = Callable[[Finding], bool]
    """Whether a finding is silenced."""

REQUEST = "request"
RESPONSE = "response"
"""Which of the two messages of an exchange a verdict is about."""


class Verdicts:
    """One verdict for each of the two messages of an exchange."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def save_verdict(
        self, exchange: str, verdict: Verdict, part: str = REQUEST, covers: Covers | None = None
    ) -> None:
        """Store a verdict in place of an earlier one. IntegrityError for an exchange not recorded.

        Its conversation counts the findings from then on; those that `covers` names are silenced and do not count.
        """
        silenced = frozenset(n for n, one in enumerate(verdict.findings) if covers is not None and covers(one))
        await self._store.run(lambda connection: _save(connection, exchange, part, verdict, silenced), "the verdict")

    async def silence(self, service: str, rule: str, covers: Covers) -> None:
        """Have the findings of a rule about what was sent to a service count, or not where `covers` says so."""

        def job(connection: sqlite3.Connection) -> None:
            found = connection.execute(
                "SELECT finding.*, exchange.conversation AS home FROM finding JOIN exchange"
                " ON exchange.id = finding.exchange WHERE rule = ? AND service = ? AND direction = 'out'",
                (rule, service),
            ).fetchall()
            connection.executemany(
                "UPDATE finding SET silenced = ? WHERE exchange = ? AND part = ? AND position = ?",
                [(int(covers(_finding(row))), row["exchange"], row["part"], row["position"]) for row in found],
            )
            for home in sorted({row["home"] for row in found if row["home"]}):
                bring_up(connection, home)

        await self._store.run(job, "what is silenced")

    async def verdict(self, exchange: str, part: str = REQUEST) -> Verdict | None:
        """The verdict on a message, None where it has not been judged."""
        return await self._store.read(lambda connection: _load(connection, exchange, part))

    async def worst(self, conversation: str) -> dict[str, Severity]:
        """The worst severity of every judged leg of a conversation that has findings, by exchange id."""

        def query(connection: sqlite3.Connection) -> dict[str, Severity]:
            found = connection.execute(
                "SELECT DISTINCT finding.exchange, severity FROM finding"
                " JOIN exchange ON exchange.id = finding.exchange WHERE conversation = ?",
                (conversation,),
            )
            worst: dict[str, Severity] = {}
            for row in found:
                severity = Severity(row["severity"])
                before = worst.get(row["exchange"], severity)
                worst[row["exchange"]] = min(before, severity, key=lambda one: one.rank)
            return worst

        return await self._store.read(query)


def _save(connection: sqlite3.Connection, exchange: str, part: str, verdict: Verdict, silenced: frozenset[int]) -> None:
    connection.execute("DELETE FROM verdict WHERE exchange = ? AND part = ?", (exchange, part))
    versions = verdict.versions
    connection.execute(
        "INSERT INTO verdict (exchange, part, application, application_version, core, api, rule_set, packages,"
        " not_checked, seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            exchange,
            part,
            versions.application,
            versions.application_version,
            versions.core,
            versions.api,
            verdict.rule_set,
            codec.dump(verdict.packages),
            codec.dump(verdict.not_checked),
            verdict.seconds,
        ),
    )
    connection.executemany(
        "INSERT INTO finding (exchange, part, position, rule, severity, layer, path, text, document, section, resource,"
        " line, column_number, offset, fix, silenced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (exchange, part, position, *_finding_columns(finding), int(position in silenced))
            for position, finding in enumerate(verdict.findings)
        ],
    )
    home = conversation_of(connection, exchange)
    if home is not None:
        bring_up(connection, home)


def _finding_columns(finding: Finding) -> tuple[str | int | None, ...]:
    place = finding.place
    return (
        finding.rule,
        finding.severity.value,
        finding.layer.value,
        finding.path,
        finding.text,
        finding.source.document,
        finding.source.section,
        finding.resource,
        place.line if place else None,
        place.column if place else None,
        place.offset if place else None,
        _dump_fix(finding.fix),
    )


def _load(connection: sqlite3.Connection, exchange: str, part: str) -> Verdict | None:
    key = (exchange, part)
    row = connection.execute("SELECT * FROM verdict WHERE exchange = ? AND part = ?", key).fetchone()
    if row is None:
        return None
    found = connection.execute("SELECT * FROM finding WHERE exchange = ? AND part = ? ORDER BY position", key)
    return Verdict(
        findings=tuple(_finding(finding) for finding in found.fetchall()),
        versions=VersionProfile(row["application"], row["application_version"], row["core"], row["api"]),
        rule_set=row["rule_set"],
        packages=tuple(json.loads(row["packages"])),
        not_checked=tuple(json.loads(row["not_checked"])),
        seconds=row["seconds"],
    )


def _finding(row: sqlite3.Row) -> Finding:
    return Finding(
        rule=row["rule"],
        severity=Severity(row["severity"]),
        layer=Layer(row["layer"]),
        path=row["path"],
        text=row["text"],
        source=Source(row["document"], row["section"]),
        place=Place(row["line"], row["column_number"], row["offset"]) if row["line"] is not None else None,
        resource=row["resource"],
        fix=_load_fix(row["fix"]),
    )


def _dump_fix(fix: Fix | None) -> str | None:
    if fix is None:
        return None
    return codec.dump([fix.label, [[edit.op.value, edit.path, edit.value, edit.to] for edit in fix.edits]])


def _load_fix(text: str | None) -> Fix | None:
    if text is None:
        return None
    label, edits = json.loads(text, object_hook=codec.numbers)
    return Fix(label, tuple(Edit(EditOp(op), path, value, to) for op, path, value, to in edits))
