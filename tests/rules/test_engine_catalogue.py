"""The catalogue of bad messages: each fault is found by its rule, at its element, in the exact words a person reads."""

from __future__ import annotations

import base64
import copy
from functools import reduce
from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import at, changed, composed, drop, put, verdict
from workbench.messages import Severity, build

if TYPE_CHECKING:
    from workbench.messages import Edit, JsonValue, Message

GOOD = composed()
BEFORE = {(one.rule, one.path, one.text) for one in verdict(GOOD).findings}
PATIENT, ORGANISATION = at(GOOD, "Patient"), at(GOOD, "Organization")
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.INFORMATION


def narrative(div: str) -> Edit:
    return put(f"{PATIENT}.text", {"status": "generated", "div": div})


def moved(place: int, to: int) -> Message:
    """An entry at another place."""
    resource = copy.deepcopy(GOOD.resource)
    entries = resource["entry"]
    assert isinstance(entries, list)
    entries.insert(to, entries.pop(place))
    return build(resource)


def with_entries(*more: JsonValue, keep: slice = slice(None)) -> Message:
    """With other entries at the end, or fewer."""
    resource = copy.deepcopy(GOOD.resource)
    entries = resource["entry"]
    assert isinstance(entries, list)
    resource["entry"] = [*entries[keep], *more]
    return build(resource)


def another_header() -> Message:
    entry = copy.deepcopy(GOOD.at("Bundle.entry[0]"))
    assert isinstance(entry, dict)
    return with_entries({**entry, "fullUrl": "urn:uuid:0badcafe-0000-4000-8000-0000000000ff"})


def number(value: str) -> tuple[Message, str]:
    return changed(GOOD, put(f"{PATIENT}.identifier[0].value", value)), f"{PATIENT}.identifier[0].value"


def ods(value: str) -> Message:
    return changed(GOOD, put(f"{ORGANISATION}.identifier[0].value", value))


def born(value: str) -> Message:
    return changed(GOOD, put(f"{PATIENT}.birthDate", value))


def stamped(value: str) -> Message:
    return changed(GOOD, put("Bundle.timestamp", value))


def named(id: str) -> Message:
    return changed(GOOD, put(f"{PATIENT}.id", id))


def family(value: str) -> Message:
    return changed(GOOD, put(f"{PATIENT}.name[0].family", value))


def photo(data: str) -> Message:
    return changed(GOOD, put(f"{PATIENT}.photo", [{"contentType": "image/png", "data": data}]))


DEAD = changed(
    GOOD, put(f"{PATIENT}.deceasedBoolean", True), put(f"{PATIENT}.deceasedDateTime", "2026-11-01T10:00:00Z")
)
LONG = "a" * 65
TEN = "The NHS number is not ten digits."
NO_ENTRY = "The reference of MessageHeader to its focus leads to no entry of this message."
ROWS: dict[str, tuple[Message, Severity, str, str, str]] = {
    "B21 no resource type": (
        changed(GOOD, drop(f"{PATIENT}.resourceType")),
        ERROR,
        "BAS-004",
        f"{PATIENT}.resourceType",
        "The resource does not say its resourceType.",
    ),
    "B21 a resource type that is no text": (
        changed(GOOD, put(f"{PATIENT}.resourceType", True)),
        ERROR,
        "BAS-002",
        f"{PATIENT}.resourceType",
        "resourceType is the name of a resource type, as a text.",
    ),
    "B21 an unknown resource type": (
        changed(GOOD, put(f"{PATIENT}.resourceType", "../os")),
        ERROR,
        "BAS-009",
        f"{PATIENT}.resourceType",
        "'../os' is no resource type of FHIR R4.",
    ),
    "B22 an empty resource": (
        changed(GOOD, put(PATIENT, {})),
        ERROR,
        "BAS-003",
        PATIENT,
        "The element is an empty object; FHIR leaves out what has no value.",
    ),
    "B22 null": (
        changed(GOOD, put(PATIENT, None)),
        ERROR,
        "BAS-002",
        PATIENT,
        "null stands where a value or nothing belongs.",
    ),
    "B23 another type of Bundle": (
        changed(GOOD, put("Bundle.type", "transaction")),
        ERROR,
        "BUN-001",
        "Bundle.type",
        "The Bundle's type is 'transaction'; a message needs 'message'.",
    ),
    "B24 no MessageHeader": (
        with_entries(keep=slice(1, None)),
        ERROR,
        "BUN-002",
        "Bundle.entry",
        "The Bundle has no MessageHeader.",
    ),
    "B24 not the first": (
        moved(0, 2),
        ERROR,
        "BUN-002",
        "Bundle.entry[2]",
        "The MessageHeader is entry 3; it must be the first.",
    ),
    "B25 two MessageHeaders": (
        another_header(),
        ERROR,
        "BUN-002",
        f"Bundle.entry[{len(GOOD.entries())}].resource",
        "A message has exactly one MessageHeader; this is one too many.",
    ),
    "B26 a focus that is not there": (
        changed(
            GOOD,
            put("Bundle.entry[0].resource.focus[0].reference", "urn:uuid:0badcafe-0000-4000-8000-0000000000ff"),
        ),
        ERROR,
        "REF-001",
        "Bundle.entry[0].resource.focus[0].reference",
        NO_ENTRY,
    ),
    "B27 a fullUrl twice": (
        changed(GOOD, put("Bundle.entry[3].fullUrl", GOOD.at("Bundle.entry[2].fullUrl"))),
        ERROR,
        "BUN-011",
        "Bundle.entry[3].fullUrl",
        "The fullUrl of CarePlan is that of entry 3 too.",
    ),
    "B30 a day that does not exist": (
        born("2023-02-30"),
        ERROR,
        "TIM-001",
        f"{PATIENT}.birthDate",
        "'2023-02-30' is a day that does not exist.",
    ),
    "B30 year 0": (born("0000"), ERROR, "TIM-001", f"{PATIENT}.birthDate", "'0000' is a day that does not exist."),
    "B30 five digits": (born("99999"), ERROR, "TIM-001", f"{PATIENT}.birthDate", "'99999' is not a FHIR date."),
    "B31 no offset": (
        stamped("2026-11-24T09:00:00"),
        ERROR,
        "BUN-008",
        "Bundle.timestamp",
        "The timestamp of the Bundle is not an instant with seconds and offset.",
    ),
    "B31 +15:00": (
        stamped("2026-11-24T09:00:00+15:00"),
        ERROR,
        "TIM-001",
        "Bundle.timestamp",
        "'2026-11-24T09:00:00+15:00' has an offset that does not exist; offsets go from -14:00 to +14:00.",
    ),
    "B31 a leap second": (
        stamped("2026-11-24T23:59:60Z"),
        NOTE,
        "TIM-001",
        "Bundle.timestamp",
        "'2026-11-24T23:59:60Z' is a leap second: FHIR allows it, many systems do not.",
    ),
    "B32 a code outside its set": (
        changed(GOOD, put(f"{PATIENT}.gender", "junk")),
        ERROR,
        "BAS-008",
        f"{PATIENT}.gender",
        "'junk' is no code of Patient.gender in FHIR R4; it is one of female, male, other or unknown.",
    ),
    "B33 an id too long": (
        named(LONG),
        ERROR,
        "BAS-007",
        f"{PATIENT}.id",
        f"'{'a' * 40}\u2026' has 65 characters; an id may have 64.",
    ),
    "B33 a blank in an id": (
        named("a b"),
        ERROR,
        "BAS-007",
        f"{PATIENT}.id",
        "'a b' is no id: letters, digits, hyphens and dots only.",
    ),
    "B33 an empty id": (
        named(""),
        ERROR,
        "BAS-003",
        f"{PATIENT}.id",
        "The element is an empty text; FHIR leaves out what has no value.",
    ),
    "B34 an empty text": (
        family(""),
        ERROR,
        "BAS-003",
        f"{PATIENT}.name[0].family",
        "The element is an empty text; FHIR leaves out what has no value.",
    ),
    "B34 blanks": (
        family("  "),
        ERROR,
        "BAS-003",
        f"{PATIENT}.name[0].family",
        "The element is a text of blanks only; FHIR leaves out what has no value.",
    ),
    "B35 a script": (
        changed(GOOD, narrative(DIV.format("<script>x</script>"))),
        ERROR,
        "BAS-007",
        f"{PATIENT}.text.div",
        "The narrative has the element 'script', which FHIR does not allow there.",
    ),
    "B35 an event": (
        changed(GOOD, narrative(DIV.format('<p onclick="x">y</p>'))),
        ERROR,
        "BAS-007",
        f"{PATIENT}.text.div",
        "The narrative has the attribute 'onclick', which would run a script.",
    ),
    "B35 a picture": (
        changed(GOOD, narrative(DIV.format('<img src="http://mock.example/a.png"/>'))),
        WARNING,
        "BAS-007",
        f"{PATIENT}.text.div",
        "The narrative shows a picture of another computer, which tells it who reads.",
    ),
    "B35 a link that runs": (
        changed(GOOD, narrative(DIV.format('<a href="javascript:x">y</a>'))),
        ERROR,
        "BAS-007",
        f"{PATIENT}.text.div",
        "The narrative has a link that would run a script, in the element 'a'.",
    ),
    "B36 nine digits": (number("999000041")[0], ERROR, "PAT-001", number("")[1], TEN),
    "B36 eleven digits": (number("99900004170")[0], ERROR, "PAT-001", number("")[1], TEN),
    "B36 a letter": (number("999000041A")[0], ERROR, "PAT-001", number("")[1], TEN),
    "B36 another last digit": (
        number("9990000418")[0],
        ERROR,
        "PAT-001",
        number("")[1],
        "The NHS number fails its check: the last digit would have to be 7.",
    ),
    "B37 ODS code": (
        ods("ZZ M01"),
        WARNING,
        "RES-102",
        f"{ORGANISATION}.identifier[0].value",
        "'ZZ M01' is no ODS code, which has letters and digits only.",
    ),
    "B37 UUID": (
        changed(GOOD, put("Bundle.entry[4].fullUrl", "urn:uuid:0badcafe")),
        ERROR,
        "BUN-009",
        "Bundle.entry[4].fullUrl",
        "The fullUrl of Patient is not urn:uuid: and a UUID.",
    ),
    "B37 OID": (
        changed(GOOD, put(f"{PATIENT}.identifier[0].system", "urn:oid:3.1")),
        ERROR,
        "BAS-007",
        f"{PATIENT}.identifier[0].system",
        "'urn:oid:3.1' is no OID: urn:oid: and numbers with dots between them.",
    ),
    "B37 system URL": (
        changed(GOOD, put(f"{PATIENT}.identifier[0].system", "a b")),
        ERROR,
        "BAS-007",
        f"{PATIENT}.identifier[0].system",
        "'a b' holds a blank, which a uri may not.",
    ),
    "B38 two choices": (
        DEAD,
        ERROR,
        "BAS-006",
        f"{PATIENT}.deceasedDateTime",
        "deceased[x] is given twice, as deceasedBoolean and as deceasedDateTime; only one may stand.",
    ),
    "B39 no base64": (photo("a!b"), ERROR, "BAS-007", f"{PATIENT}.photo[0].data", "'a!b' is not base64."),
    "B40 an element of R5": (
        changed(GOOD, put(f"{at(GOOD, 'Encounter')}.actualPeriod", {"start": "2026-11-24"})),
        ERROR,
        "BAS-001",
        f"{at(GOOD, 'Encounter')}.actualPeriod",
        "'actualPeriod' is no element of Encounter in FHIR R4; FHIR R5 has it.",
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_bad_message_is_told_in_these_words(case: str) -> None:
    message, severity, rule, path, text = ROWS[case]
    assert (rule, path, text) not in BEFORE
    found = [(one.severity, one.rule, one.path, one.text) for one in verdict(message).findings]
    assert (severity, rule, path, text) in found


def test_references_in_a_circle_end() -> None:
    """Row B27: an organisation that is part of itself, and a task that is part of a task that is part of it."""
    own = GOOD.at(f"{ORGANISATION.removesuffix('.resource')}.fullUrl")
    circle = changed(GOOD, put(f"{ORGANISATION}.partOf", {"reference": own}))
    assert "INT-000" not in {one.rule for one in verdict(circle).findings}


def test_extensions_in_extensions_are_judged_to_the_last() -> None:
    """Row B29: as deep as can be read."""
    inner: JsonValue = [{"url": "https://mock.example/x", "valueString": " "}]
    nested = reduce(lambda held, _: [{"url": "https://mock.example/x", "extension": held}], range(20), inner)
    found = verdict(changed(GOOD, put(f"{PATIENT}.extension", nested))).findings
    path = f"{PATIENT}.extension[0]" + ".extension[0]" * 20 + ".valueString"
    assert ("BAS-003", path) in [(one.rule, one.path) for one in found]


def test_a_large_attachment_is_judged_and_not_shown() -> None:
    """Row B39: no sentence repeats what is in it."""
    data = base64.b64encode(b"x" * 6_000_000).decode()
    found = verdict(photo(data)).findings
    assert max(len(one.text) for one in found) < 500
    assert not [one for one in found if one.path.endswith("photo[0].data")]
