"""What the resources of a message are called on the form: by type and by their own name, so that they can be picked.

It must not know where a name is shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workbench.compose.form_table import form_table
from workbench.messages import tree
from workbench.messages.words import plain_name, type_words

if TYPE_CHECKING:
    from workbench.messages import Entry, JsonObject, JsonValue, Message

_CONCEPTS = ("code", "category", "serviceCategory", "class", "medicationCodeableConcept", "relationship")


def type_title(kind: str) -> str:
    """The words for a resource type: those of its card, else its own."""
    card = form_table().cards.get(kind)
    return card.title if card else type_words(kind)


def own_name(resource: JsonObject) -> str:
    """The name a resource gives itself, empty where it gives none."""
    name = resource.get("name")
    if isinstance(name, str):
        return plain_name(name)
    for human in tree.objects(name):
        words = [*tree.texts(human.get("given")), tree.text(human.get("family")) or ""]
        if said := " ".join(words).strip() or tree.text(human.get("text")):
            return plain_name(said)
    for element in ("title", "description"):
        if said := tree.text(resource.get(element)):
            return plain_name(said)
    if start := tree.text(resource.get("start")):
        return _moment_words(start)
    for element in _CONCEPTS:
        if said := concept_words(resource.get(element)):
            return plain_name(said)
    return next(
        (value for one in tree.objects(resource.get("identifier")) if (value := tree.text(one.get("value")))), ""
    )


def _moment_words(text: str) -> str:
    """`2026-03-02T14:05:00+00:00` as "2 Mar 2026 14:05"; what is no moment as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return plain_name(text)
    return f"{at.day} {at:%b %Y %H:%M}"


def concept_words(value: JsonValue) -> str:
    """What a concept, a list of them or a coding says, empty where it says nothing."""
    for concept in tree.objects(value):
        for coding in (concept, *tree.objects(concept.get("coding"))):
            if (
                said := tree.text(coding.get("text"))
                or tree.text(coding.get("display"))
                or tree.text(coding.get("code"))
            ):
                return said
    return ""


def entry_name(entry: Entry) -> str:
    """`Patient: Julie Jones`."""
    title, name = type_title(entry.type), own_name(entry.resource)
    return f"{title}: {name}" if name else title


def url_of(entry: Entry) -> str:
    """What a reference to an entry says: its fullUrl, else its type and id."""
    return entry.full_url or (f"{entry.type}/{entry.id}" if entry.id else "")


def targets(message: Message, types: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(reference, name) of every entry that a reference to these types may lead to; no types = to any."""
    return tuple(
        (url, entry_name(entry))
        for entry in message.entries()
        if (not types or entry.type in types) and entry.type and (url := url_of(entry))
    )
