"""What rules on resources look for again and again: an element is there, leads to the right kind, has the right code.

Knows paths and links; must not know which elements the standard asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import type_and_id
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry, Fix, JsonObject
    from workbench.rules.survey import Found, Survey
    from workbench.rules.values import Submission


def when_sent(s: Submission) -> Severity:
    """Error for what we send, warning for what others send: for rules that official examples break."""
    return Severity.ERROR if s.composing else Severity.WARNING


def an(kind: str) -> str:
    """The name with its article."""
    return f"{'an' if kind[:1] in 'AEIOUaeiou' else 'a'} {kind}"


def kind_of(resource: JsonObject) -> str:
    """The resource type in words for people."""
    return tree.text(resource.get("resourceType")) or "resource"


def lacks(held: Found, element: str, severity: Severity | None = None, why: str = "") -> Iterator[Hit]:
    """A hit when an element is absent or empty; dots lead inwards, and of lists the first object is looked at."""
    path, resource = held
    if tree.inner(resource, *element.split(".")) in (None, "", [], {}):
        text = f"The {kind_of(resource)} has no {element}{why}."
        yield Hit(f"{path}.{element}", text, severity=severity)


def has_status(held: Found, wanted: str, severity: Severity | None = None, element: str = "status") -> Iterator[Hit]:
    """A hit when a resource says another status than the one it must have; an absent one is told by base rules."""
    path, resource = held
    said = tree.text(resource.get(element))
    if said is not None and said != wanted:
        place = f"{path}.{element}"
        text = f"The {element} of the {kind_of(resource)} is '{said}'; it must be '{wanted}'."
        yield Hit(place, text, set_fix(f"Set it to {wanted}", place, wanted), severity)


def links(
    s: Submission,
    held: Found,
    element: str,
    wanted: tuple[str, ...],
    *,
    missing: Severity | None = Severity.ERROR,
    wrong: Severity | None = Severity.ERROR,
    to: Entry | None = None,
) -> Iterator[Hit]:
    """Hits when an element leads nowhere or to another kind of resource than wanted.

    None in `missing` or `wrong` = that is no finding. `to` is the entry a repair links to where more than one could be
    meant. References that lead to no entry are told by the rules on references.
    """
    found = survey(s)
    path, resource = held
    kind = kind_of(resource)
    value = resource.get(element)
    items = tree.objects(value)
    if not any(tree.text(item.get("reference")) or item.get("identifier") for item in items):
        if missing is not None:
            text = f"The {kind} has no {element}; it must lead to {an(' or '.join(wanted))}."
            yield Hit(f"{path}.{element}", text, _missing_link(found, held, element, wanted, to), missing)
        return
    if wrong is None:
        return
    for index, item in enumerate(items):
        place = f"{path}.{element}[{index}]" if isinstance(value, list) else f"{path}.{element}"
        leads = _leads_to(found, place, item)
        if leads and leads not in wanted:
            text = f"The {element} of the {kind} leads to {an(leads)}; it must lead to {an(' or '.join(wanted))}."
            yield Hit(f"{place}.reference", text, linked(found, f"{place}.reference", wanted, to), wrong)


def targets(s: Submission, held: Found, element: str) -> Iterator[tuple[str, Entry]]:
    """The entries that the references of an element lead to, with the path of each Reference."""
    path, resource = held
    value = resource.get(element)
    for index, item in enumerate(tree.objects(value)):
        place = f"{path}.{element}[{index}]" if isinstance(value, list) else f"{path}.{element}"
        target = survey(s).target(place)
        if target is not None and not (tree.text(item.get("reference")) or "").startswith("#"):
            yield place, target


def linked(found: Survey, place: str, wanted: tuple[str, ...], to: Entry | None = None) -> Fix | None:
    """The repair that links the text at a place to the one entry that can be meant; None where there is a choice."""
    candidates = [to] if to is not None else [entry for kind in wanted for entry in found.all(kind)]
    if len(candidates) != 1 or not candidates[0].full_url:
        return None
    return set_fix(f"Link to {candidates[0].type}", place, candidates[0].full_url)


def codes(concept: object, system: str) -> list[str]:
    """The codes of a system in a CodeableConcept or a list of them."""
    if not isinstance(concept, dict | list):
        return []
    return [
        code
        for coding in tree.codings(concept)
        if (tree.text(coding.get("system")) or "").strip() == system and (code := tree.text(coding.get("code")))
    ]


def extensions(resource: JsonObject, url: str) -> list[tuple[int, JsonObject]]:
    """The extensions of a URL, with their index."""
    held = tree.objects(resource.get("extension"))
    return [(index, one) for index, one in enumerate(held) if tree.text(one.get("url")) == url]


def _leads_to(found: Survey, place: str, item: JsonObject) -> str:
    """The resource type a Reference leads to: of its entry, else as written; empty when nobody knows."""
    written = tree.text(item.get("reference")) or ""
    target = found.target(place)
    if target is not None:
        return "" if written.startswith("#") else target.type
    named = type_and_id(written)
    return named[0] if named else ""


def _missing_link(found: Survey, held: Found, element: str, wanted: tuple[str, ...], to: Entry | None) -> Fix | None:
    path, resource = held
    spec = r4().element(kind_of(resource), element)
    place = f"{path}.{element}[0].reference" if spec and spec.repeats else f"{path}.{element}.reference"
    return linked(found, place, wanted, to)
