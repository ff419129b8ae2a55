"""Value sets say yes, no, or why it cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.profiles.packed import HOME, a_code_system, a_value_set, as_json
from workbench.profiles.reduced import CODE_SYSTEMS, VALUE_SETS, WHOLE_SYSTEMS, reduce
from workbench.profiles.terminology import ValueSet, resolve

if TYPE_CHECKING:
    from workbench.messages import JsonObject

FRUIT = f"{HOME}/CodeSystem/fruit"
SNOMED = "http://snomed.info/sct"


class Held:
    """Value sets and code systems of a test."""

    def __init__(self, *resources: dict[str, object]) -> None:
        kept = [one for resource in resources for one in reduce(as_json(resource))]
        self._sets = {one.url: one.value for one in kept if one.section == VALUE_SETS}
        self._systems = {one.url: one.value for one in kept if one.section == CODE_SYSTEMS}
        self._whole = {one.url: one.version for one in kept if one.section == WHOLE_SYSTEMS}

    def value_set(self, canonical: str) -> JsonObject | None:
        return self._sets.get(canonical)

    def code_system(self, url: str) -> JsonObject | None:
        return self._systems.get(url)

    def system_of_value_set(self, canonical: str) -> str | None:
        return self._whole.get(canonical)


def fruit(**facts: object) -> dict[str, object]:
    round_ = {"property": [{"code": "shape", "valueString": "round"}]}
    citrus = {"code": "citrus", "concept": [{"code": "lemon"}, {"code": "orange", **round_}]}
    return a_code_system("fruit", {"code": "apple", **round_}, citrus, **facts)


def asked(*resources: dict[str, object]) -> ValueSet:
    return resolve(Held(*resources), str(resources[-1]["url"]))


def test_listed_codes_are_in_and_others_are_not() -> None:
    found = asked(a_value_set("v", {"system": FRUIT, "concept": [{"code": "apple"}]}))
    assert found.contains(FRUIT, "apple") is True
    assert found.contains(None, "apple") is True
    assert found.contains(FRUIT, "pear") is False
    assert found.contains("urn:other", "apple") is False
    assert found.unresolved == ""


def test_a_whole_system_counts_only_when_the_packages_have_it_whole() -> None:
    include = a_value_set("v", {"system": FRUIT})
    assert asked(fruit(), include).contains(FRUIT, "lemon") is True
    assert asked(fruit(), include).contains(FRUIT, "pear") is False
    part = asked(fruit(content="fragment"), include)
    assert part.contains(FRUIT, "lemon") is True
    assert part.contains(FRUIT, "pear") is None
    assert "only part" in part.unresolved
    assert asked(include).contains(FRUIT, "lemon") is None
    assert "is in no package" in asked(include).unresolved


def test_snomed_is_called_by_its_name() -> None:
    found = asked(a_value_set("v", {"system": SNOMED, "filter": [{"property": "concept", "op": "is-a", "value": "1"}]}))
    assert found.contains(SNOMED, "138875005") is None
    assert found.contains("urn:other", "138875005") is False
    assert found.unresolved == f"SNOMED CT ({SNOMED}) is in no package"


def test_a_plain_list_of_concepts_as_an_expression_is_a_list() -> None:
    expression = "255217005 OR 288527008 |Good| OR 303350001"
    row = {"property": "constraint", "op": "=", "value": expression}
    found = asked(a_value_set("v", {"system": SNOMED, "filter": [row]}))
    assert found.contains(SNOMED, "288527008") is True
    assert found.contains(SNOMED, "272131007") is False


def test_an_expansion_proves_a_code_but_never_its_absence_of_a_living_terminology() -> None:
    row = {"property": "constraint", "op": "=", "value": "descendantOf 404684003"}
    expansion = {"total": 1, "contains": [{"system": SNOMED, "code": "22298006"}]}
    found = asked(a_value_set("v", {"system": SNOMED, "filter": [row]}, expansion=expansion))
    assert found.contains(SNOMED, "22298006") is True
    assert found.contains(SNOMED, "195967001") is None
    assert found.unresolved


def test_an_expansion_alone_is_the_value_set() -> None:
    contains = [{"system": FRUIT, "code": "apple"}]
    whole = asked(a_value_set("v", compose={}, expansion={"contains": contains, "total": 1}))
    assert (whole.contains(FRUIT, "apple"), whole.contains(FRUIT, "pear")) == (True, False)
    part = asked(a_value_set("v", compose={}, expansion={"contains": contains, "total": 900}))
    assert (part.contains(FRUIT, "apple"), part.contains(FRUIT, "pear")) == (True, None)


@pytest.mark.parametrize(
    ("filter", "codes"),
    [
        (("concept", "is-a", "citrus"), {"citrus", "lemon", "orange"}),
        (("concept", "descendent-of", "citrus"), {"lemon", "orange"}),
        (("concept", "is-not-a", "citrus"), {"apple"}),
        (("parent", "=", "citrus"), {"lemon", "orange"}),
        (("concept", "in", "apple, lemon"), {"apple", "lemon"}),
        (("concept", "=", "lemon"), {"lemon"}),
        (("shape", "=", "round"), {"apple", "orange"}),
    ],
)
def test_filters_are_worked_out_on_a_whole_system(filter: tuple[str, str, str], codes: set[str]) -> None:
    row = dict(zip(("property", "op", "value"), filter, strict=True))
    found = asked(fruit(), a_value_set("v", {"system": FRUIT, "filter": [row]}))
    assert {one for one in ("apple", "citrus", "lemon", "orange") if found.contains(FRUIT, one)} == codes
    assert found.contains(FRUIT, "pear") is False


def test_a_filter_that_is_not_known_cannot_be_told() -> None:
    row = {"property": "code", "op": "regex", "value": ".*"}
    found = asked(fruit(), a_value_set("v", {"system": FRUIT, "filter": [row]}))
    assert found.contains(FRUIT, "apple") is None
    assert "regex" in found.unresolved


def test_value_sets_within_each_other_and_codes_taken_out() -> None:
    inner = a_value_set("inner", {"system": FRUIT})
    without = [{"system": FRUIT, "concept": [{"code": "lemon"}]}]
    compose = {"include": [{"valueSet": [inner["url"]]}], "exclude": without}
    found = asked(fruit(), inner, a_value_set("v", compose=compose))
    assert (found.contains(FRUIT, "apple"), found.contains(FRUIT, "lemon")) == (True, False)
    both = {"system": FRUIT, "concept": [{"code": "apple"}, {"code": "pear"}], "valueSet": [inner["url"]]}
    narrowed = asked(fruit(), inner, a_value_set("v", both))
    assert (narrowed.contains(FRUIT, "apple"), narrowed.contains(FRUIT, "pear")) == (True, False)


def test_value_sets_that_include_themselves_end() -> None:
    includes = [{"valueSet": [f"{HOME}/ValueSet/v", f"{HOME}/ValueSet/v"]}] * 10
    found = asked(a_value_set("v", *includes))
    assert found.contains(FRUIT, "apple") is None
    assert "includes itself" in found.unresolved


def test_a_value_set_in_no_package_is_named() -> None:
    found = resolve(Held(), "urn:v")
    assert found.contains(FRUIT, "apple") is None
    assert found.unresolved == "the value set urn:v is in no package"


def test_a_system_may_say_which_value_set_all_its_codes_are() -> None:
    found = resolve(Held(fruit(valueSet="urn:all")), "urn:all")
    assert (found.contains(FRUIT, "lemon"), found.contains(FRUIT, "pear")) == (True, False)


def test_case_matters_unless_the_system_says_otherwise() -> None:
    include = a_value_set("v", {"system": FRUIT})
    assert asked(fruit(), include).contains(FRUIT, "Apple") is False
    assert asked(fruit(caseSensitive=False), include).contains(FRUIT, "Apple") is True
