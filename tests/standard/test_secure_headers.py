from __future__ import annotations

from workbench.standard.secure_headers import secure_headers


def test_the_lists_are_as_long_as_published() -> None:
    lists = secure_headers()
    assert len(lists.add) == 13
    assert len(lists.removed) == sum(len(group.names) for group in lists.remove) == 87
    assert lists.updated == "2026-07-19"


def test_levels_are_known_and_no_name_is_both_added_and_removed() -> None:
    lists = secure_headers()
    assert {row.level for row in lists.add} == {"advice", "note", "none"}
    assert {row.level for row in (*lists.remove, *lists.deprecated)} == {"warn", "advice", "note"}
    assert not {row.name.lower() for row in lists.add} & set(lists.removed)
    assert not {"x-request-id", "x-correlation-id"} & set(lists.removed)
