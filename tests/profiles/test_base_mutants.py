"""Trees of any shape: single faults that another library refuses are found, and nothing makes the walk raise."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.builders import booking, composed, replied, validation
from workbench.messages import JsonObject, JsonValue, Number
from workbench.messages.json_text import dump
from workbench.profiles.base import check

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG: list[JsonValue] = [Number("7"), True, "", "  ", [], {}, None, {"bogus": "x"}, ["x"], [{}], "no such value é"]


def places(value: JsonValue, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from places(item, (*path, step))


def changed_at(value: JsonValue, path: tuple[str | int, ...], new: JsonValue, *, drop: bool = False) -> JsonValue:
    """The tree with another value at a place, or without it."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    copy = dict(value) if isinstance(value, dict) else list(value)  # type: ignore[arg-type]
    if drop and not rest:
        del copy[step]  # type: ignore[arg-type]
    else:
        copy[step] = changed_at(copy[step], rest, new, drop=drop)  # type: ignore[index]
    return copy  # type: ignore[return-value]


def mutants(resource: JsonObject) -> Iterator[JsonObject]:
    """Every element once with each wrong value, once taken away, and once under another name."""
    for path in places(resource):
        if not path or path == ("resourceType",):
            continue
        for wrong in WRONG:
            yield changed_at(resource, path, wrong)  # type: ignore[misc]
        without = changed_at(resource, path, None, drop=True)
        yield without  # type: ignore[misc]
        if isinstance(path[-1], str):
            yield changed_at(without, (*path[:-1],), renamed(resource, path))  # type: ignore[misc]


def renamed(resource: JsonObject, path: tuple[str | int, ...]) -> JsonValue:
    """The owner of an element with it under a name that is not its own."""
    owner: JsonValue = resource
    for step in path[:-1]:
        owner = owner[step]  # type: ignore[index]
    return {(f"{name}x" if name == path[-1] else name): item for name, item in owner.items()}  # type: ignore[union-attr]


def refuses(model: type, resource: JsonObject) -> bool:
    """Whether a class of the library takes a resource; it stumbles over some values instead of naming them."""
    try:
        model.model_validate(json.loads(dump(resource)))  # type: ignore[attr-defined]
    except (ValueError, AttributeError, TypeError, KeyError):
        return True
    return False


def test_what_another_library_refuses_is_found_too() -> None:
    """Single faults of every resource type we compose, with the R4B classes of fhir.resources as the other opinion."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fhir.resources.R4B import get_fhir_model_class

        samples: dict[str, JsonObject] = {}
        for message in (composed(), booking(), validation(), replied(), replied("safeguarding-dna", "a1t1")):
            for entry in message.entries():
                samples.setdefault(entry.type, entry.resource)
        assert len(samples) > 15
        refused, missed = 0, []
        for kind, resource in samples.items():
            model = get_fhir_model_class(kind)
            assert list(check(resource, kind)) == []
            for mutant in mutants(resource):
                if refuses(model, mutant):
                    refused += 1
                    if all(problem.severity for problem in check(mutant, kind)):
                        missed.append(mutant)
    assert refused > 3000
    assert missed == []


TREES = st.recursive(
    st.sampled_from([None, True, "", "x", "Patient/1", "#x", "2026-01-01", Number("1"), Number("-1.5e3")])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "entry", "resource", "code", "coding", "system", "value", "item", "reference"]
            )
            | st.sampled_from(
                ["contained", "text", "div", "status", "extension", "_id", "_status", "valueString", "period"]
            )
            | st.sampled_from(["resourceType", "start", "end", "total", "fullUrl", "linkId", "component", "concept"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
ROOTS = ["Bundle", "Observation", "Questionnaire", "Condition", "Parameters", "Patient", "CodeSystem", "Appointment"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ROOTS), st.dictionaries(st.text(max_size=3), TREES, max_size=2), TREES, TREES)
def test_a_tree_of_any_shape_is_walked(kind: str, more: JsonObject, first: JsonValue, second: JsonValue) -> None:
    names = {"Bundle": ("entry", "type"), "Questionnaire": ("item", "status"), "CodeSystem": ("concept", "status")}
    one, two = names.get(kind, ("code", "contained"))
    for problem in check({"resourceType": kind, one: first, two: second, **more}, kind):
        assert problem.path.startswith(kind)
        problem.text.encode()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_message_with_anything_anywhere_is_walked(data: st.DataObject) -> None:
    resource = composed().resource
    path = data.draw(st.sampled_from(PLACES))
    mutant = changed_at(resource, path, data.draw(TREES))
    if isinstance(mutant, dict):
        assert isinstance(list(check(mutant, "Bundle")), list)


PLACES = [path for path in places(composed().resource) if path]
