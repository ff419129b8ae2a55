from __future__ import annotations

import importlib.util
import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.history.builders import a_store
from workbench.errors import ErrorCode, StoreError
from workbench.history import bodies

if TYPE_CHECKING:
    from pathlib import Path


def test_a_body_is_stored_once_and_proven(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        first = store.run_now(lambda c: bodies.put(c, b"x" * 1000))
        assert store.run_now(lambda c: bodies.put(c, b"x" * 1000)) == first
        assert store.read_now(lambda c: c.execute("SELECT count(*), max(size) FROM body").fetchone()[:]) == (1, 1000)
        assert store.read_now(lambda c: bodies.get(c, first)) == b"x" * 1000
        assert store.read_now(lambda c: bodies.get(c, None)) == b""


def test_where_the_quick_library_is_missing_bodies_are_packed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    spec = importlib.util.find_spec("workbench.history.bodies")
    assert spec is not None
    assert spec.loader is not None
    without = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without)
    assert without._compress is zlib.compress
    for module in (without, bodies):
        assert zlib.decompress(module.packed(b"x" * 1000)) == b"x" * 1000
        assert len(module.packed(b"x" * 1000)) < 100


@pytest.mark.parametrize("damage", ["x'00'", "(SELECT data FROM body WHERE size = 5)"])
def test_a_damaged_body_is_never_shown(tmp_path: Path, damage: str) -> None:
    with a_store(tmp_path) as store:
        store.run_now(lambda c: bodies.put(c, b"other"))
        sha = store.run_now(lambda c: bodies.put(c, b"the body"))
        store.run_now(lambda c: c.execute(f"UPDATE body SET data = {damage} WHERE sha256 = ?", (sha,)).rowcount)
        with pytest.raises(StoreError) as caught:
            store.read_now(lambda c: bodies.get(c, sha))
    assert caught.value.code is ErrorCode.STORE_CORRUPT
