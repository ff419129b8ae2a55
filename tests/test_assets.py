"""The project's data files: found beside the package, read as text and as tables."""

from __future__ import annotations

import tomllib

import pytest

from workbench import assets


def test_every_table_can_be_read() -> None:
    tables = sorted(assets.root().rglob("*.toml"))
    assert len(tables) > 10
    for path in tables:
        parts = path.relative_to(assets.root()).parts
        assert assets.table(*parts) == tomllib.loads(assets.text(*parts))


def test_a_resource_that_does_not_exist_has_a_path_but_no_text() -> None:
    assert not assets.path("standard", "none.toml").exists()
    with pytest.raises(FileNotFoundError):
        assets.text("standard", "none.toml")
