"""A large history for benchmarks: conversations of four exchanges, their bodies from the templates, 8 to 40 kB.

Made once and kept in the user's cache. Bytes of templates get ids, names and numbers of their own; what the program
works out of a message (facts, words) is worked out of the template once and gets the same ids. Links and conversation
rows are those of the program.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.exchange import Exchange
    from workbench.messages import MessageFacts

LEGS = 4
KIND = 1
"""Of what is made here: one more with every change, so that an older file is made anew."""
TOGETHER = 100
"""Conversations that share a transaction."""
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
FAMILIES = tuple(
    f"{a}{b}" for a in ("Quill", "Mock", "Test", "Proof", "Sample") for b in ("feather", "son", "by", "ford")
)
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_VARIED = ("Quillfeather", "9990000417", "Ash")
"""What a template says of its patient, as tests.builders has it."""


@dataclass(frozen=True)
class Template:
    """A message to make others of."""

    body: bytes
    facts: MessageFacts
    words: frozenset[str]
    """By which the exchange that carries it is found."""
    ids: tuple[str, ...]

    def filled(self, fresh: dict[str, str]) -> bytes:
        """The message with other ids and names."""
        pattern = re.compile("|".join(map(re.escape, fresh)).encode())
        table = {old.encode(): new.encode() for old, new in fresh.items()}
        return pattern.sub(lambda found: table[found[0]], self.body)

    def facts_of(self, fresh: dict[str, str]) -> MessageFacts:
        """The facts of that message."""
        return self.facts._replace(**{name: _put(value, fresh) for name, value in self.facts._asdict().items()})

    def words_of(self, fresh: dict[str, str]) -> frozenset[str]:
        """The words of that exchange."""
        lower = {old.lower(): new.lower() for old, new in fresh.items()}
        number = _VARIED[1]
        lower[f"nhs={number}"] = f"nhs={fresh[number]}"
        return frozenset(lower.get(word, word) for word in self.words)


def _put(value: object, fresh: dict[str, str]) -> object:
    if isinstance(value, str):
        for old, new in fresh.items():
            if old in value:
                value = value.replace(old, new)
        return value
    return tuple(_put(one, fresh) for one in value) if isinstance(value, tuple) else value


def made(count: int) -> Path:
    """The folder of a workspace with so many exchanges, made where there is none yet, of this program's version."""
    folder = platformdirs.user_cache_path("bars-workbench", appauthor=False) / "benchmarks" / f"history-{KIND}-{count}"
    if not (folder / "made.json").exists():
        started = time.monotonic()
        _make(folder, count)
        (folder / "made.json").write_text(json.dumps({"exchanges": count, "seconds": time.monotonic() - started}))
    _bring_up(folder)
    return folder


def _bring_up(folder: Path) -> None:
    """Have an earlier version's file brought up now rather than while its opening is measured."""
    from workbench.cli.opening import now
    from workbench.history import Store
    from workbench.history.migrations import MIGRATIONS

    path = folder / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < len(MIGRATIONS):
        Store.open(path, clock=now).close()
        for copy in (folder / "backups").glob("history-*"):
            copy.unlink()


def _make(folder: Path, count: int) -> None:
    from workbench import workspace
    from workbench.cli.opening import now
    from workbench.history import Store
    from workbench.session.ids import fresh_id

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("history.db*"):
        old.unlink()
    workspace.open_or_make(folder, clock=now, ids=fresh_id, demo=True).close()
    store = Store.open(folder / "history.db", clock=now)
    dice, making = random.Random(20261124), _templates()
    conversations = count // LEGS
    try:
        store.run_now(lambda c: [c.execute(f"DROP TRIGGER {name}").rowcount for name in _triggers(c)])
        for first in range(0, conversations, TOGETHER):
            store.run_now(
                lambda c, first=first: [  # type: ignore[misc]
                    _conversation(c, number, dice, making)
                    for number in range(first, min(first + TOGETHER, conversations))
                ]
            )
            if sys.stderr.isatty() and first % 1000 == 0:
                print(f"\r{first * LEGS} of {count} exchanges", end="", file=sys.stderr)
        store.run_now(_triggers_again)
    finally:
        store.close()


def _triggers(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]


def _triggers_again(connection: sqlite3.Connection) -> None:
    from workbench.history.migrations import MIGRATIONS

    for statements in MIGRATIONS:
        for statement in statements:
            if statement.lstrip().startswith("CREATE TRIGGER"):
                connection.execute(statement)


def _templates() -> tuple[tuple[Template, ...], Callable[[int, int, bytes, dict[str, str]], Exchange]]:
    from tests.builders import a_setting
    from tests.correlation.builders import an_exchange
    from workbench.compose import compose
    from workbench.exchange import Direction, Request, Response
    from workbench.history.search import Material
    from workbench.messages import parse
    from workbench.session.found_places import words_of

    def exchange(leg: int, second: int, body: bytes, fresh: dict[str, str]) -> Exchange:
        incoming = leg == 1
        made = an_exchange(
            fresh[_ids[leg]],
            second,
            request_id=fresh[_ids[leg]],
            correlation=fresh[_ids[LEGS]],
            direction=Direction.IN if incoming else Direction.OUT,
            headers=(
                ("NHSD-Target-Identifier", "eyJzeXN0ZW0iOiJodHRwczovL2ZoaXIubmhzLnVrL0lkL2Rvcy1zZXJ2aWNlLWlkIn0="),
                ("NHSD-End-User-Organisation", "eyJyZXNvdXJjZVR5cGUiOiJPcmdhbml6YXRpb24iLCJuYW1lIjoiTW9jayJ9"),
                ("Content-Type", "application/fhir+json"),
            ),
            service="2000099999",
        )
        started = BEGAN + timedelta(seconds=second)
        return replace(
            made,
            id=fresh[_ids[leg + LEGS + 1]],
            environment=("embedded", "int", "sandbox")[second // 7 % 3],
            request=Request("POST", made.request.url, made.request.headers, body),
            response=Response(200 if second % 11 else 422, "OK", made.request.headers, b"" if leg % 2 else body),
            timing=replace(made.timing, started=started),
        )

    numbers = iter(range(1, 1_000_000))
    found = []
    blank = {one: one for one in (*_ids, *_VARIED)}
    for name, indent in _BODIES:
        source = compose(name, a_setting(), now=BEGAN, ids=lambda: str(UUID(int=next(numbers)))).source
        source = json.dumps(json.loads(source), indent=indent).encode()
        ids = tuple(dict.fromkeys(one.decode() for one in _UUID.findall(source)))
        one = exchange(0, 0, source, {**blank, **{id: id for id in ids}})
        facts = parse(source).facts
        material = Material(one, "", (), "", facts.event or "", facts.reason or "", facts.use_case or "")
        found.append(Template(source, facts, words_of(material), (*ids, *_ids)))
    return tuple(found), exchange


_BODIES = (
    ("booking-new", None),
    ("referral-new", 1),
    ("booking-full", 2),
    ("referral-full", 2),
    ("validation-new-full", 2),
    ("referral-cad-full", 3),
)
"""Templates and how far their JSON is indented: from 8 to 40 kB."""
_ids = tuple(str(UUID(int=(15 << 124) + number)) for number in range(2 * LEGS + 1))
"""Stand for the ids of calls: request ids, the correlation id, the ids of exchanges."""


def _conversation(
    connection: sqlite3.Connection,
    number: int,
    dice: random.Random,
    making: tuple[tuple[Template, ...], Callable[[int, int, bytes, dict[str, str]], Exchange]],
) -> None:
    from workbench.correlation import Known, correlate, keys_of
    from workbench.history import indexing, rows
    from workbench.history.search import Due, put_words
    from workbench.messages import title_of

    templates, exchange = making
    template = templates[dice.randrange(len(templates))]
    fresh = {old: str(UUID(int=dice.getrandbits(128))) for old in template.ids}
    fresh[_VARIED[0]] = f"{dice.choice(FAMILIES)}{dice.randrange(500)}"
    fresh[_VARIED[1]] = f"999{dice.randrange(10**7):07}"
    fresh[_VARIED[2]] = dice.choice(("Ash", "Bo", "Cai", "Dee", "Eli", "Fay"))
    began = number * 600
    before: list[Known] = []
    conversation = fresh[_ids[LEGS + 1]]
    for leg in range(LEGS):
        # an update has the same ids in it and another bundle id; answers carry the body again
        fresh[template.facts.bundle_id or template.ids[0]] = str(UUID(int=dice.getrandbits(128)))
        one = exchange(leg, began + leg * 40, template.filled(fresh), fresh)
        facts = template.facts_of(fresh)
        seq = rows.insert(connection, one, ())
        indexing.save_facts(connection, one.id, title_of(facts), facts, facts if leg % 2 == 0 else None)
        known = Known(replace(one, seq=seq), facts, None)
        connection.executemany(
            "INSERT OR IGNORE INTO correlation_key (kind, value, exchange) VALUES (?, ?, ?)",
            [(key.kind.value, key.value, one.id) for key in keys_of(one, facts, None)],
        )
        indexing.save_links(connection, correlate(known, before))
        connection.execute("UPDATE exchange SET conversation = ? WHERE id = ?", (conversation, one.id))
        put_words(connection, [(Due(seq, 0), template.words_of(fresh) | {f"status={one.response.status}"})])  # type: ignore[union-attr]
        _judged(connection, one.id, number)
        before.append(known)
    indexing.refresh(connection, conversation)


def _judged(connection: sqlite3.Connection, exchange: str, number: int) -> None:
    """A verdict, with findings for one exchange in nine."""
    from tests.correlation.builders import VERSIONS
    from workbench.history import verdicts
    from workbench.messages import Finding, Layer, Severity, Source
    from workbench.rules import Verdict

    source = Source("Core guide", "Headers")
    found = [
        Finding("HDR-004", Severity.WARNING, Layer.HEADERS, "headers['X-Request-Id']", "It is no UUID.", source),
        Finding("PAT-001", Severity.ERROR, Layer.BARS, "Bundle.entry[3].resource", "No NHS number is given.", source),
    ]
    given = Verdict(tuple(found) if number % 9 == 0 else (), VERSIONS, "bench", (), (), 0.03)
    verdicts._save(connection, exchange, verdicts.REQUEST, given, frozenset())
