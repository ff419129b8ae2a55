"""One cause at one place is one finding, and the nearest cause comes first."""

from __future__ import annotations

from workbench.errors import Place
from workbench.messages import Finding, Layer, Severity, Source, Words
from workbench.rules.arranging import arranged

ROOT = {
    "resourceType": "Bundle",
    "entry": [
        {"resource": {"resourceType": "Patient", "gender": "x", "wrong": {"inner": {"system": "y"}}, "name": [{}]}},
    ],
}
PATIENT = "Bundle.entry[0].resource"


def a_finding(
    rule: str,
    path: str,
    layer: Layer = Layer.BARS,
    severity: Severity = Severity.ERROR,
    offset: int = 5,
    text: str = "Mock.",
) -> Finding:
    return Finding(rule, severity, layer, path, text, Source("mock", "mock"), Place(1, 1, offset))


def rules(*found: Finding) -> list[str]:
    return [one.rule for one in arranged(found, ROOT, Words(ROOT))]


def test_the_same_said_twice_is_one() -> None:
    assert rules(a_finding("MOC-001", "Bundle.id"), a_finding("MOC-001", "Bundle.id")) == ["MOC-001"]
    assert len(rules(a_finding("MOC-001", "Bundle.id"), a_finding("MOC-001", "Bundle.id", text="Other."))) == 2


def test_an_absent_element_is_told_by_the_rule_of_the_standard() -> None:
    general = a_finding("BAS-901", "Bundle.id", Layer.BASE)
    assert rules(general, a_finding("MOC-001", "Bundle.id")) == ["MOC-001"]
    assert rules(general, a_finding("MOC-001", "Bundle.id[0]")) == ["MOC-001"]
    assert rules(general, a_finding("PRO-901", "Bundle.id", Layer.PROFILE)) == ["BAS-901", "PRO-901"]
    milder = a_finding("MOC-001", "Bundle.id", severity=Severity.WARNING)
    assert rules(general, milder) == ["BAS-901", "MOC-001"], "an error is never hidden behind a warning"
    harness = a_finding("MOC-001", "Bundle.id", Layer.HARNESS)
    assert rules(general, harness) == ["BAS-901", "MOC-001"], "what only the harness asks is no reason"


def test_a_plain_value_is_told_once_and_a_whole_element_as_often_as_it_is_wrong() -> None:
    both = (
        a_finding("BAS-901", f"{PATIENT}.gender", Layer.BASE),
        a_finding("COD-901", f"{PATIENT}.gender", Layer.CODES),
    )
    assert rules(*both) == ["COD-901"]
    whole = (a_finding("BAS-901", f"{PATIENT}.name[0]", Layer.BASE), a_finding("MOC-001", f"{PATIENT}.name[0]"))
    assert rules(*whole) == ["BAS-901", "MOC-001"]


def test_nothing_is_said_of_what_lies_in_an_unknown_element() -> None:
    unknown = a_finding("BAS-901", f"{PATIENT}.wrong", Layer.BASE)
    inner = a_finding("MOC-001", f"{PATIENT}.wrong.inner.system")
    assert rules(unknown, inner) == ["BAS-901"]
    assert rules(inner) == ["MOC-001"]
    known = a_finding("BAS-901", f"{PATIENT}.name", Layer.BASE)
    assert rules(known, a_finding("MOC-001", f"{PATIENT}.name[0].family")) == ["BAS-901", "MOC-001"]


def test_nothing_general_is_said_of_what_lies_in_an_absent_element() -> None:
    missing = a_finding("MOC-001", f"{PATIENT}.contact[0]")
    assert rules(missing, a_finding("BAS-901", f"{PATIENT}.contact[0].name.family", Layer.BASE)) == ["MOC-001"]


def test_an_absent_element_is_told_by_what_is_said_inside_it_at_least_as_badly() -> None:
    general = a_finding("BAS-901", f"{PATIENT}.contact", Layer.BASE)
    assert rules(general, a_finding("MOC-001", f"{PATIENT}.contact.gender")) == ["MOC-001"]
    mild = a_finding("MOC-001", f"{PATIENT}.contact.gender", severity=Severity.WARNING)
    assert rules(general, mild) == ["BAS-901", "MOC-001"]


def test_the_worst_comes_first_at_a_place_and_then_the_nearest_cause() -> None:
    far = a_finding("AAA-001", f"{PATIENT}.contact[0].name.family")
    near = a_finding("ZZZ-001", f"{PATIENT}.gender")
    mild = a_finding("AAA-002", f"{PATIENT}.gender", severity=Severity.WARNING)
    later = a_finding("AAA-003", f"{PATIENT}.gender", offset=9)
    header = a_finding("AAA-004", "headers['Accept']", Layer.HEADERS, offset=0)
    assert rules(header, later, far, mild, near) == ["ZZZ-001", "AAA-001", "AAA-002", "AAA-003", "AAA-004"]


def test_findings_get_their_words_and_keep_those_they_have() -> None:
    (found,) = arranged([a_finding("MOC-001", f"{PATIENT}.gender")], ROOT, Words(ROOT))
    assert found.resource == "the patient's gender"
    (only,) = arranged([a_finding("SYN-901", "Resource", Layer.SYNTAX)], None, Words(None))
    assert only.rule == "SYN-901"
