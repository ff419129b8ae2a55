"""Compiled profiles hold what is asked beyond base R4, and official ones what their snapshots say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.profiles.packed import HOME, R4, a_structure, as_json, element
from workbench.profiles.compiled import BindingRule, ElementRule, Invariant, Slicing, TypeRule
from workbench.profiles.compiling import Structure, base_type, compile_profile
from workbench.profiles.packages import load
from workbench.profiles.reduced import PROFILES, SNAPSHOTS, reduce
from workbench.profiles.snapshots import BY_URL

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.profiles.compiled import CompiledProfile
    from workbench.profiles.packages import Packages

OURS = f"{HOME}/StructureDefinition/"


class Held:
    """Definitions of a test."""

    def __init__(self, *structures: dict[str, object]) -> None:
        self._held: dict[str, Structure] = {}
        for one in structures:
            parts = {kept.section: kept for kept in reduce(as_json(one))}
            snapshot = parts[SNAPSHOTS].value["elements"] if SNAPSHOTS in parts else []
            kept = parts[PROFILES]
            self._held[kept.url] = Structure(kept.url, kept.value, tuple(snapshot))

    def structure(self, canonical: str) -> Structure | None:
        return self._held.get(canonical.partition("|")[0])


def compiled(*structures: dict[str, object], whole: bool = False) -> CompiledProfile:
    """The last of some definitions."""
    held = Held(*structures)
    found = held.structure(str(structures[-1]["url"]))
    assert found is not None
    return compile_profile(held, found, whole=whole)


def flat(rule: ElementRule) -> dict[str, ElementRule]:
    return {rule.id: rule} | {id: r for one in (*rule.slices, *rule.children) for id, r in flat(one).items()}


def test_what_base_r4_asks_already_is_left_out() -> None:
    reference = {"code": "Reference", "targetProfile": [f"{R4}Organization"]}
    profile = compiled(
        a_structure(
            "Mock",
            "Patient",
            element("Patient.link.other", min=1, max="1"),
            element("Patient.active", min=0, max="1", type=[{"code": "boolean"}]),
            element("Patient.managingOrganization", type=[reference]),
            element("Patient.birthDate", min=1),
        )
    )
    assert flat(profile.root).keys() == {"Patient", "Patient.birthDate"}
    assert profile.root.children == (ElementRule("Patient.birthDate", "birthDate", 1),)


def test_a_profile_holds_what_its_base_profiles_ask() -> None:
    lower = a_structure("Lower", "Patient", element("Patient.name", min=1), element("Patient.gender", min=1))
    upper = a_structure("Upper", "Patient", element("Patient.name", max="1"), baseDefinition=f"{OURS}Lower")
    profile = compiled(lower, upper)
    rules = flat(profile.root)
    assert (rules["Patient.name"].min, rules["Patient.name"].max) == (1, 1)
    assert rules["Patient.gender"].min == 1
    assert profile.base == f"{OURS}Lower"
    assert profile.incomplete == ""


def test_a_base_profile_in_no_package_is_named_and_the_rest_is_compiled() -> None:
    upper = a_structure("Upper", "Patient", element("Patient.name", min=1), baseDefinition=f"{OURS}Lower")
    profile = compiled(upper)
    assert flat(profile.root)["Patient.name"].min == 1
    assert f"{OURS}Lower" in profile.incomplete


def test_a_snapshot_stands_in_for_a_base_profile_in_no_package() -> None:
    full = {"element": [element("Patient"), element("Patient.name", min=1), element("Patient.gender", min=1)]}
    upper = a_structure("Upper", "Patient", baseDefinition=f"{OURS}Lower", snapshot=full)
    profile = compiled(upper)
    assert flat(profile.root).keys() == {"Patient", "Patient.name", "Patient.gender"}
    assert profile.incomplete == ""


def test_base_profiles_that_go_round_in_a_circle_are_told() -> None:
    one = a_structure("One", "Patient", element("Patient.name", min=1), baseDefinition=f"{OURS}Two")
    two = a_structure("Two", "Patient", element("Patient.gender", min=1), baseDefinition=f"{OURS}One")
    assert "circle" in compiled(one, two).incomplete


def test_extensions_are_told_by_their_address_and_come_as_often_as_they_say() -> None:
    extension = a_structure(
        "Ext", "Extension", element("Extension", max="1"), element("Extension.url", fixedUri="urn:e")
    )
    profile = a_structure(
        "Mock",
        "Patient",
        element("Patient.extension:ext", type=[{"code": "Extension", "profile": [f"{OURS}Ext"]}]),
    )
    (extensions,) = compiled(extension, profile).root.children
    assert extensions.slicing == BY_URL
    (ext,) = extensions.slices
    assert (ext.max, ext.types) == (1, (TypeRule("Extension", (f"{OURS}Ext",)),))


def test_slices_that_say_nothing_go_unless_they_close_something() -> None:
    def made(rules: str) -> ElementRule:
        slicing = {"discriminator": [{"type": "value", "path": "system"}], "rules": rules}
        elements = [element("Patient.identifier", slicing=slicing), element("Patient.identifier:nhs", min=0)]
        return compiled(a_structure("Mock", "Patient", *elements)).root

    assert made("open").children == ()
    (closed,) = made("closed").children
    assert closed.slicing is not None
    assert [one.slice_name for one in closed.slices] == ["nhs"]


def test_constraints_and_bindings_of_base_r4_do_not_come_back_through_a_snapshot() -> None:
    own = {"key": "mock-1", "severity": "error", "human": "Say so.", "expression": "name.exists()", "source": OURS}
    base = {"key": "pat-1", "severity": "error", "human": "x", "expression": "true", "source": f"{R4}Patient"}
    bound = {"strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1"}
    mine = {"strength": "extensible", "valueSet": "urn:v"}
    full = [
        element("Patient", constraint=[base, own]),
        element("Patient.gender", binding=bound),
        element("Patient.maritalStatus", binding=mine),
    ]
    profile = compiled(a_structure("Mock", "Patient", snapshot={"element": full}), whole=True)
    assert profile.root.invariants == (Invariant("mock-1", "error", "Say so.", "name.exists()"),)
    (marital,) = profile.root.children
    assert marital.binding == BindingRule("extensible", "urn:v")


def test_an_extension_says_where_it_may_stand() -> None:
    profile = compiled(
        a_structure(
            "Ext",
            "Extension",
            element("Extension", isModifier=True),
            context=[{"type": "element", "expression": "Patient"}],
        )
    )
    assert [(one.type, one.expression) for one in profile.contexts] == [("element", "Patient")]
    assert profile.modifier


def test_types_of_base_r4_are_known_and_ask_nothing() -> None:
    patient = base_type(f"{R4}Patient|4.0.1")
    assert patient is not None
    assert patient.root == ElementRule("Patient", "Patient")
    assert base_type(f"{R4}bodyheight") is None
    assert base_type("https://mock.invalid/StructureDefinition/Patient") is None


# official packages


def facts(rule: ElementRule) -> dict[str, object]:
    """What can be compared of a rule however it came about."""
    return {
        "min": rule.min,
        "max": rule.max,
        "types": {(one.code, frozenset(one.profiles), frozenset(one.targets)) for one in rule.types},
        "fixed": rule.fixed,
        "pattern": rule.pattern,
        "binding": rule.binding,
        "invariants": {one.key for one in rule.invariants},
        "slicing": rule.slicing,
    }


def differences(packages: Packages) -> set[tuple[str, str, str]]:
    """(profile, element, fact) in which the form made of differentials is not what the official snapshot says."""
    found = set()
    for url in packages.packages[0].blobs.names(SNAPSHOTS):
        structure = packages.structure(url)
        assert structure is not None
        ours = flat(compile_profile(packages, structure).root)
        theirs = flat(compile_profile(packages, structure, whole=True).root)
        for id in ours.keys() | theirs.keys():
            nothing = ElementRule(id, "")
            a, b = facts(ours.get(id, nothing)), facts(theirs.get(id, nothing))
            found |= {(url.rsplit("/", 1)[-1], id, name) for name in a if a[name] != b[name]}
    return found


def test_every_bars_profile_is_what_its_official_snapshot_says(shared: Path) -> None:
    packages = load([str(shared / "data" / "packages" / "uk.nhsdigital.bars.r4-1.34.0-snapshots.tgz")])
    assert len(packages.packages[0].blobs.names(SNAPSHOTS)) == 10
    assert differences(packages) == set()


def test_both_forms_of_the_bars_package_compile_to_the_same(shared: Path) -> None:
    folder = shared / "data" / "packages"
    plain = load([str(folder / "uk.nhsdigital.bars.r4-1.34.0.tgz")])
    full = load([str(folder / "uk.nhsdigital.bars.r4-1.34.0-snapshots.tgz")])
    urls = [*plain.packages[0].blobs.names(PROFILES)]
    assert len(urls) == 10
    assert [plain.profile(url) for url in urls] == [full.profile(url) for url in urls]


def test_uk_core_is_what_its_snapshots_say(shared: Path) -> None:
    """Differences: what the snapshot unfolds of an extension's own definition, and one binding without its codes."""
    packages = load([str(shared / "data" / "packages" / "fhir.r4.ukcore.stu1-0.5.1.tgz")])
    real = {row for row in differences(packages) if "extension:" not in row[1]}
    assert real == {
        ("UKCore-Observation", "Observation.method", "binding"),
        ("UKCore-VitalSigns-Observation", "Observation.method", "binding"),
    }


def test_closed_slicings_of_official_profiles_keep_their_slices(shared: Path) -> None:
    packages = load([str(shared / "data" / "packages" / "hl7.fhir.r4.core-4.0.1.tgz")])
    height = packages.profile(f"{R4}bodyheight")
    assert height is not None
    value = flat(height.root)["Observation.value[x]"]
    assert value.types == (TypeRule("Quantity"),)
    assert isinstance(value.slicing, Slicing)
    assert value.slicing.rules == "closed"
    assert [one.slice_name for one in value.slices] == ["valueQuantity"]
