"""The invariants of FHIR R4 that look at several elements of a resource at once: Bundles, contained resources, periods.

Each takes the element and its path and gives problems. Values of a wrong shape count as absent. Must not know profiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, tree
from workbench.profiles.presence import has, has_choice, runs_forward
from workbench.profiles.problems import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import JsonObject, JsonValue

Check = Callable[["JsonObject", str], Iterator[Problem]]

_WITH_REQUESTS = ("batch", "transaction", "history")
_WITH_RESPONSES = ("batch-response", "transaction-response", "history")
_WITH_ADDRESSES = ("document", "message", "searchset", "history", "collection")
_FIRST = {"document": ("Composition", "bdl-11"), "message": ("MessageHeader", "bdl-12")}


def broken(key: str, path: str, text: str, fix: Fix | None = None) -> Problem:
    """The problem of an invariant; the text is a sentence without its full stop."""
    return Problem(Kind.INVARIANT, path, f"{text} (invariant {key}).", fix, key=key)


def of_contained(resource: JsonObject, path: str) -> Iterator[Problem]:
    """Contained resources hold none themselves, are referred to, and have no version or security (dom-2 to dom-5)."""
    named: set[str] | None = None
    for index, inner in enumerate(tree.objects(resource.get("contained"))):
        here = f"{path}.contained[{index}]"
        if "resourceType" not in inner:
            continue
        if has(inner, "contained"):
            yield broken("dom-2", f"{here}.contained", "A contained resource may not contain others")
        meta = tree.as_object(inner.get("meta"))
        for name in ("versionId", "lastUpdated"):
            if has(meta, name):
                place = f"{here}.meta.{name}"
                fix = Fix("Take it away", (Edit(EditOp.REMOVE, place),))
                yield broken("dom-4", place, f"A contained resource has no {name}", fix)
        if has(meta, "security"):
            yield broken("dom-5", f"{here}.meta.security", "A contained resource has no security labels of its own")
        if named is None:
            named = {value[1:] for value in _texts(resource) if value.startswith("#")}
        if tree.text(inner.get("id")) not in named and "#" not in _texts(inner):
            yield broken("dom-3", here, "Nothing refers to this contained resource")


def _period(value: JsonObject, path: str) -> Iterator[Problem]:
    if not runs_forward(value.get("start"), value.get("end")):
        yield Problem(Kind.BACKWARD_PERIOD, path, "The period ends before it starts (invariant per-1).")


def _bundle(bundle: JsonObject, path: str) -> Iterator[Problem]:
    kind = bundle.get("type")
    if not isinstance(kind, str) or not kind:
        return
    if has(bundle, "total") and kind not in ("searchset", "history"):
        fix = Fix("Take the total away", (Edit(EditOp.REMOVE, f"{path}.total"),))
        yield broken("bdl-1", f"{path}.total", "Only search results and histories have a total", fix)
    yield from _entries(bundle, kind, path)
    if kind in _FIRST:
        yield from _first(bundle, kind, path)
    if kind == "document":
        identifier = tree.as_object(bundle.get("identifier"))
        if not (has(identifier, "system") and has(identifier, "value")):
            yield broken("bdl-9", f"{path}.identifier", "A document has an identifier with a system and a value")
        if not has(bundle, "timestamp"):
            yield broken("bdl-10", f"{path}.timestamp", "A document has a date")


def _entries(bundle: JsonObject, kind: str, path: str) -> Iterator[Problem]:
    """bdl-2 to bdl-5, bdl-7 and bdl-8."""
    held = bundle.get("entry")
    seen: dict[tuple[str, str], int] = {}
    for index, item in enumerate(held if isinstance(held, list) else [held]):
        if not isinstance(item, dict):
            continue
        here = f"{path}.entry[{index}]"
        if has(item, "search") and kind != "searchset":
            yield broken("bdl-2", f"{here}.search", "Only entries of search results have a search")
        for name, kinds, key in (("request", _WITH_REQUESTS, "bdl-3"), ("response", _WITH_RESPONSES, "bdl-4")):
            if has(item, name) != (kind in kinds):
                verb = "needs" if kind in kinds else "has no"
                yield broken(key, f"{here}.{name}", f"An entry of a Bundle of type {kind} {verb} {name}")
        if not ("resource" in item or has(item, "request", "response")):
            yield broken("bdl-5", here, f"Entry {index + 1} holds no resource")
        url = item.get("fullUrl")
        if not isinstance(url, str) or not url.strip():
            if "fullUrl" not in item and kind in _WITH_ADDRESSES and "resource" in item:
                text = f"Entry {index + 1} has no fullUrl; entries of a Bundle of type {kind} have one."
                yield Problem(Kind.MISSING, f"{here}.fullUrl", text)
            continue
        if "/_history/" in url:
            yield broken("bdl-8", f"{here}.fullUrl", "A fullUrl names no version")
        version = tree.inner_text(item.get("resource"), "meta", "versionId") or ""
        first = seen.setdefault((url, version), index)
        if first != index and kind != "history":
            yield broken(
                "bdl-7", f"{here}.fullUrl", f"The fullUrl of entry {index + 1} is that of entry {first + 1} too"
            )


def _first(bundle: JsonObject, kind: str, path: str) -> Iterator[Problem]:
    """bdl-11 and bdl-12: at the entry that should be first, else at all entries."""
    wanted, key = _FIRST[kind]
    held = bundle.get("entry")
    types = [
        tree.as_object(tree.as_object(item).get("resource")).get("resourceType")
        for item in (held if isinstance(held, list) else [held])
    ]
    if types and types[0] == wanted:
        return
    place = f"{path}.entry[{types.index(wanted)}]" if wanted in types else f"{path}.entry"
    yield broken(key, place, f"The first entry of a {kind} holds its {wanted}")


def _same_code(observation: JsonObject, path: str) -> Iterator[Problem]:
    if not has_choice(observation, "value"):
        return
    own = _codes(observation.get("code"))
    for index, component in enumerate(tree.objects(observation.get("component"))):
        if own & _codes(component.get("code")):
            place = f"{path}.component[{index}].code"
            yield broken("obs-7", place, "With a value of its own no component has the code of the observation")


def _codes(concept: JsonValue) -> set[tuple[str, str]]:
    return {(str(one.get("system")), str(one["code"])) for one in tree.codings(concept) if "code" in one}


def _link_ids(questionnaire: JsonObject, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, value in tree.walk(questionnaire.get("item"), f"{path}.item"):
        if not place.endswith(".linkId") or ".extension" in place or not isinstance(value, str):
            continue
        if value in seen:
            yield broken("que-2", place, f"The linkId '{value[:40]}' is used twice")
        seen.add(value)


def _concepts(system: JsonObject, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, value in tree.walk(system.get("concept"), f"{path}.concept"):
        if place.endswith("].code") and place[: -len(".code")].rpartition(".")[2].startswith("concept["):
            if isinstance(value, str) and value in seen:
                yield broken("csd-1", place, f"The code '{value[:40]}' is defined twice")
            seen.add(str(value))


def _texts(value: JsonValue) -> set[str]:
    return {
        item
        for path, item in tree.walk(value, "")
        if isinstance(item, str) and item[:1] == "#" and not path.endswith(".div")
    }


WHOLE: Mapping[str, tuple[Check, ...]] = {
    "Period": (_period,),
    "Bundle": (_bundle,),
    "Observation": (_same_code,),
    "Questionnaire": (_link_ids,),
    "CodeSystem": (_concepts,),
}
"""By type, the checks that need more than one look at an element."""
