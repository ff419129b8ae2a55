"""Links as rows: read in the ways that others ask for them, and stored.

Must not decide what ties two exchanges together; that is `correlation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.correlation import REACHING, TELLING, Author, Link, LinkKind, Strength

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def links_among(connection: sqlite3.Connection, conversation: str) -> tuple[Link, ...]:
    """Every stored link between legs of a conversation."""
    return _links(connection, "child.conversation = ?1 AND parent.conversation = ?1", conversation)


def links_of(connection: sqlite3.Connection, exchange: str) -> tuple[Link, ...]:
    """Every stored link between an exchange and other legs of its conversation."""
    return _links(
        connection, "(link.child = ?1 OR link.parent = ?1) AND child.conversation = parent.conversation", exchange
    )


def links_at(connection: sqlite3.Connection, exchange: str) -> tuple[Link, ...]:
    """Every stored link between an exchange and any other."""
    found = connection.execute("SELECT * FROM link WHERE child = ?1 OR parent = ?1", (exchange,))
    return tuple(_link(row) for row in found)


def links_by_hand(connection: sqlite3.Connection, exchange: str) -> tuple[Link, ...]:
    """The links a person made between an exchange and others."""
    found = connection.execute(
        "SELECT * FROM link INDEXED BY link_by_hand WHERE made_by = 'person' AND (child = ?1 OR parent = ?1)"
        " ORDER BY child, parent",
        (exchange,),
    )
    return tuple(_link(row) for row in found)


def placed_by_hand(connection: sqlite3.Connection) -> frozenset[str]:
    """The exchanges whose place a person chose."""
    return frozenset(id for (id,) in connection.execute("SELECT exchange FROM by_hand"))


def telling_links(connection: sqlite3.Connection, conversation: str) -> tuple[Link, ...]:
    """Every link of a leg to any other exchange that may tell of something that does not fit."""
    reasons = sorted(TELLING)
    marks = ", ".join(f"?{number + 2}" for number in range(len(reasons)))
    sides = (
        f"SELECT link.* FROM exchange JOIN link ON link.{end} = exchange.id"
        f" WHERE exchange.conversation = ?1 AND link.reason IN ({marks})"
        for end in ("child", "parent")
    )
    found = connection.execute(f"{' UNION '.join(sides)} ORDER BY 1, 2", (conversation, *reasons))
    return tuple(_link(row) for row in found)


def _links(connection: sqlite3.Connection, where: str, value: str) -> tuple[Link, ...]:
    found = connection.execute(
        "SELECT link.* FROM link JOIN exchange AS child ON child.id = link.child"
        f" JOIN exchange AS parent ON parent.id = link.parent WHERE {where} ORDER BY link.child, link.parent",
        (value,),
    )
    return tuple(_link(row) for row in found)


def _link(row: sqlite3.Row) -> Link:
    return Link(
        row["child"],
        row["parent"],
        LinkKind(row["kind"]),
        Strength(row["strength"]),
        row["reason"],
        Author(row["made_by"]),
    )


def save_links(connection: sqlite3.Connection, links: Sequence[Link]) -> None:
    """Store the links of pairs of exchanges in place of what stood there before."""
    pairs = [(link.child, link.parent) for link in links]
    both_ways = [*pairs, *((parent, child) for child, parent in pairs)]
    connection.executemany("DELETE FROM link WHERE child = ? AND parent = ?", both_ways)
    connection.executemany(
        "INSERT INTO link (child, parent, kind, strength, reason, made_by) VALUES (?, ?, ?, ?, ?, ?)",
        [(link.child, link.parent, link.kind.value, link.strength.value, link.reason, link.by.value) for link in links],
    )


def first_reached(connection: sqlite3.Connection, id: str, links: Sequence[Link]) -> list[str]:
    """The exchanges that learn only now, by a link that is not stored yet, that something about them does not fit."""
    reached = []
    for link in links:
        if link.reason in REACHING:
            other = link.parent if link.child == id else link.child
            sql = "SELECT 1 FROM link WHERE (child = ?1 OR parent = ?1) AND reason = ?2 LIMIT 1"
            if connection.execute(sql, (other, link.reason)).fetchone() is None:
                reached.append(other)
    return reached
