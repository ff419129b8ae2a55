"""Rules of the loaded FHIR packages: what profiles of UK Core and BaRS ask beyond base R4, one rule for each kind.

Each finding names its profile. Must not know how profiles are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, Source
from workbench.profiles.problems import Kind
from workbench.rules import sources
from workbench.rules.profile_report import checked, report
from workbench.rules.registry import rule
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission


@rule("PRO-001", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def asked_elements_are_there(s: Submission) -> Iterator[Hit]:
    """What a profile asks for is there.

    A profile can make an element mandatory that base R4 leaves open, and can ask for a certain kind of it, for example
    an identifier of one system. Add it; the finding is at the place where it belongs.
    """
    yield from _of(s, Kind.MISSING)


@rule("PRO-002", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def elements_are_no_more_than_allowed(s: Submission) -> Iterator[Hit]:
    """There is no more of an element than a profile allows.

    Some elements of base R4 are ruled out altogether, others may stand once where base R4 has a list. Take away what is
    too much.
    """
    yield from _of(s, Kind.TOO_MANY)


@rule("PRO-003", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def types_are_allowed(s: Submission) -> Iterator[Hit]:
    """A value has a type that the profile allows.

    Where base R4 gives a choice of types, a profile may leave only some; a declared profile must be one for the
    resource's type.
    """
    yield from _of(s, Kind.WRONG_TYPE)


@rule("PRO-004", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def fixed_values_are_kept(s: Submission) -> Iterator[Hit]:
    """A value that a profile fixes is exactly that.

    The repair puts it in. If another value is meant, the resource declares the wrong profile. The use case beside the
    category of a validation request is a warning: older packages do not allow for it, the guide asks for it.
    """
    yield from _of(s, Kind.FIXED)


@rule("PRO-005", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def patterns_are_kept(s: Submission) -> Iterator[Hit]:
    """A value has everything that the profile's pattern has; it may have more."""
    yield from _of(s, Kind.PATTERN)


@rule("PRO-006", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def slices_are_kept(s: Submission) -> Iterator[Hit]:
    """The values of a list are of the kinds, and in the order, that a profile allows.

    A closed list takes only the kinds that the profile names, an ordered one only in their order.
    """
    yield from _of(s, Kind.SLICE)


@rule("PRO-007", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def codes_are_of_the_asked_set(s: Submission) -> Iterator[Hit]:
    """A code is in the value set that the profile requires, and in its own code system.

    Checked where the packages hold the whole set. Sets of SNOMED CT and dm+d need a terminology server: the verdict
    names them as not checked.
    """
    yield from _of(s, Kind.BAD_CODE)


@rule("PRO-008", Severity.WARNING, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def codes_are_of_the_named_set(s: Submission) -> Iterator[Hit]:
    """A code is in the value set that the profile names.

    The set may be extended: another code is right where none of the set says what is meant.
    """
    yield from _of(s, Kind.OUTSIDE_VALUE_SET)


@rule("PRO-009", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def constraints_hold(s: Submission) -> Iterator[Hit]:
    """The constraints of a profile hold.

    They are written in the package, in words and as an expression; the finding gives the words. A constraint that
    cannot be run here is named as not checked.
    """
    yield from _of(s, Kind.INVARIANT)


@rule("PRO-010", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def extensions_are_defined(s: Submission) -> Iterator[Hit]:
    """An extension stands where its definition allows it, and has only the parts that are defined.

    An extension that no package defines is a warning, where its address belongs to a loaded package. Others may be used
    by agreement and are not judged. The preference of a contact is a warning too: payload tables put it there, its
    definition does not.
    """
    yield from _of(s, Kind.EXTENSION)


@rule("PRO-011", Severity.ERROR, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def references_lead_where_asked(s: Submission) -> Iterator[Hit]:
    """A reference leads to a resource of the type, and with what the profile asks for.

    The resource it points to must meet the profile, whether it declares it or not. Mend the resource, or the reference.
    """
    yield from _of(s, Kind.WRONG_TARGET)


@rule("PRO-012", Severity.WARNING, source=sources.PROFILES, layer=Layer.PROFILE, applies=checked)
def declared_profiles_are_known(s: Submission) -> Iterator[Hit]:
    """A profile that a resource declares is in one of the packages.

    The address may be misspelt, of another version, or of a package that is not loaded. The resource was not checked
    against it.
    """
    yield from _of(s, Kind.UNKNOWN_PROFILE)


def _of(submission: Submission, kind: Kind) -> Iterator[Hit]:
    """The problems of one kind, each with the profile that says so."""
    for problem, profile in report(submission).found:
        if problem.kind is kind:
            source = Source(profile, "profile") if profile else sources.PROFILES
            yield Hit(problem.path, problem.text, problem.fix, problem.severity, source)
