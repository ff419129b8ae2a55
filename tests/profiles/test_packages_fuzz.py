"""Whatever a package holds, loading it gives packages or an InputError, never anything else: packages and archive."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.profiles.packed import HOME, a_code_system, a_manifest, a_structure, a_value_set, element, pack
from workbench.errors import InputError
from workbench.profiles.packages import load

if TYPE_CHECKING:
    from pathlib import Path

SLICING = {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**40,
    1e300,
    "",
    " ",
    "*",
    "²",
    "a" * 5000,
    "a.b:c/d",
    "\ud800",
    "\x00",
    [],
    {},
    [[]],
    [None, "x", {}],
    {"a": {"b": []}},
)


def whole() -> list[dict[str, Any]]:
    """One definition of every kind."""
    profile = a_structure(
        "Mock",
        "Patient",
        element("Patient.identifier", slicing=SLICING, min=1, max="2"),
        element("Patient.identifier:a/b", min=1, type=[{"code": "Identifier", "profile": ["urn:p"]}]),
        element("Patient.deceasedBoolean", fixedBoolean=True),
        element("Patient.gender", binding={"strength": "required", "valueSet": f"{HOME}/ValueSet/v"}),
        snapshot={"element": [element("Patient"), element("Patient.name", max="1")]},
        context=[{"type": "element", "expression": "Patient"}],
    )
    system = a_code_system(
        "c", {"code": "a", "concept": [{"code": "b", "property": [{"code": "x", "valueCode": "y"}]}]}
    )
    row = {"property": "concept", "op": "is-a", "value": "a"}
    include = {"system": f"{HOME}/CodeSystem/c", "filter": [row], "valueSet": [f"{HOME}/ValueSet/v"]}
    values = a_value_set("v", include, expansion={"total": 1, "contains": [{"system": "urn:s", "code": "a"}]})
    return [profile, system, values]


def spoil(value: Any, chance: random.Random) -> Any:
    """A value of which some part is something else."""
    if chance.random() < 0.04:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {name: spoil(one, chance) for name, one in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        return [spoil(one, chance) for one in value]
    return value


def kind_of(resource: dict[str, Any]) -> dict[str, Any]:
    """What a definition must keep to be looked at, its address left out in one of four."""
    kept = ("resourceType", "url") if len(str(resource)) % 4 else ("resourceType",)
    return {name: resource[name] for name in kept}


@pytest.mark.parametrize("seed", range(60))
def test_spoilt_definitions_are_loaded_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    manifest = a_manifest("mock.bars", mock_core="1.0.0")
    if seed % 4 == 0:
        manifest = {name: spoil(one, chance) for name, one in manifest.items()} | {"name": "mock.bars", "version": "1"}
    resources = [{name: spoil(part, chance) for name, part in one.items()} | kind_of(one) for one in whole()]
    try:
        packages = load([str(pack(tmp_path, manifest, *resources))])
    except InputError:
        return
    for url in packages.profile_urls:
        assert packages.profile(url) is not None
    for system in (None, f"{HOME}/CodeSystem/c", "urn:s"):
        assert packages.contains(f"{HOME}/ValueSet/v", system, "a") in (True, False, None)
    assert isinstance(packages.unresolved(f"{HOME}/ValueSet/v"), str)


@pytest.mark.parametrize("seed", range(60))
def test_spoilt_archives_are_loaded_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = pack(tmp_path, a_manifest("mock.bars"), *whole())
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content[: chance.choice((None, chance.randrange(len(content))))])
    said = f"{path.name}|mock.bars"
    try:
        names = load([str(path)]).names
    except InputError as error:
        names = (error.sentence,)
    assert re.search(said, names[0])
