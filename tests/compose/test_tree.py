"""Elements by the short paths of the templates."""

from __future__ import annotations

import pytest

from workbench.compose.tree import at, drop, objects, put, steps, text, without


def test_a_path_is_names_and_indexes() -> None:
    assert steps("name[0].given[12]") == ("name", 0, "given", 12)


def test_put_makes_what_is_missing_on_the_way() -> None:
    tree: dict = {}
    put(tree, "name[0].given[0]", "Ash")
    put(tree, "name[0].given[5]", "Fen")
    put(tree, "name[0].use", "official")
    assert tree == {"name": [{"given": ["Ash", "Fen"], "use": "official"}]}


def test_put_replaces_what_is_there() -> None:
    tree: dict = {"category": [{"coding": [{"code": "a"}, {"code": "b"}]}]}
    put(tree, "category[0].coding[1]", {"code": "c"})
    assert tree == {"category": [{"coding": [{"code": "a"}, {"code": "c"}]}]}


@pytest.mark.parametrize("path", ["name.family", "gender[0]", "gender.code"])
def test_put_refuses_a_path_that_does_not_fit(path: str) -> None:
    with pytest.raises(TypeError, match="does not fit"):
        put({"name": [{}], "gender": "female"}, path, "x")


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("a", {"b": [1, 2]}),
        ("b[0]", {"a": {"c": "x"}, "b": [2]}),
        ("a.c", {"a": {}, "b": [1, 2]}),
        ("b[7]", {"a": {"c": "x"}, "b": [1, 2]}),
        ("a.nothing.there", {"a": {"c": "x"}, "b": [1, 2]}),
    ],
)
def test_drop_takes_only_what_is_there(path: str, left: dict) -> None:
    tree: dict = {"a": {"c": "x"}, "b": [1, 2]}
    drop(tree, path)
    assert tree == left


def test_reading_what_is_not_there_gives_nothing() -> None:
    tree = {"a": [{"b": "x"}], "c": "y"}
    assert (at(tree, "a[1].b"), at(tree, "c.d"), text(tree, "a[0]"), text(tree, "a[0].b")) == (None, None, "", "x")
    assert objects(tree, "a") == [{"b": "x"}]
    assert objects(tree, "c") == []


def test_without_takes_what_it_leaves_empty_but_keeps_nulls_of_lists_and_false() -> None:
    tree = {
        "basedOn": [{"reference": "x"}],
        "given": ["A", None],
        "active": False,
        "who": {"actor": {"reference": "x"}},
    }
    assert without(tree, lambda item: "reference" in item) == {"given": ["A", None], "active": False}
