"""Compiled profiles survive being written."""

from __future__ import annotations

import json

from workbench.messages import Number, json_text
from workbench.profiles.archive import read_json
from workbench.profiles.coding import profile_from_json, profile_to_json
from workbench.profiles.compiled import (
    BindingRule,
    CompiledProfile,
    Discriminator,
    ElementRule,
    ExtensionContext,
    Invariant,
    Slicing,
    TypeRule,
)

SLICE = ElementRule("Patient.identifier:a", "identifier", 1, 1, slice_name="a", pattern={"system": "urn:a"})
BY_SYSTEM = Slicing((Discriminator("value", "system"),), "closed", True)
FULL = CompiledProfile(
    url="urn:p",
    version="1",
    name="P",
    type="Patient",
    base="urn:b",
    root=ElementRule(
        "Patient",
        "Patient",
        invariants=(Invariant("p-1", "warning", "Say so.", "name.exists()"),),
        children=(
            ElementRule("Patient.identifier", "identifier", slices=(SLICE,), slicing=BY_SYSTEM),
            ElementRule("Patient.active", "active", max=0, fixed=False),
            ElementRule("Patient.deceased[x]", "deceased[x]", types=(TypeRule("Reference", ("urn:q",), ("urn:t",)),)),
            ElementRule("Patient.gender", "gender", 1, fixed=Number("1.50"), binding=BindingRule("required", "urn:v")),
        ),
    ),
    abstract=True,
    contexts=(ExtensionContext("element", "Patient"),),
    modifier=True,
    incomplete="its base urn:b is in no package",
)


def test_every_field_comes_back() -> None:
    written = json_text.dump(profile_to_json(FULL), None)
    assert profile_from_json(read_json(written.encode(), what="a test")) == FULL


def test_what_says_nothing_is_not_written() -> None:
    bare = CompiledProfile("urn:p", "", "P", "Patient", "", ElementRule("Patient", "Patient"))
    written = json_text.dump(profile_to_json(bare), None)
    assert json.loads(written) == {
        "url": "urn:p",
        "name": "P",
        "type": "Patient",
        "root": {"id": "Patient", "name": "Patient"},
    }
