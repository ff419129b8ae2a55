"""Faults of the Bundle around the resources. Answers: Core, Error handling, bundle processing; guide, Payload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import (
    INVARIANT,
    UNSUPPORTED,
    bad,
    drop,
    first,
    give,
    more_entries,
    put,
    swap,
)
from workbench.compose.mutations.values import NEW, Mutation, TreeChange
from workbench.messages import Edit, EditOp, tree

if TYPE_CHECKING:
    from workbench.messages import JsonValue, Message

_LATER = "2099-01-01T00:00:00+00:00"


def _header_last(message: Message) -> tuple[Edit, ...]:
    if first(message, "MessageHeader") != "Bundle.entry[0].resource" or len(message.entries()) < 2:
        return ()
    last = len(message.entries()) - 1
    return (Edit(EditOp.MOVE, "Bundle.entry[0]", to=f"Bundle.entry[{last}]"),)


def _second_header(message: Message) -> JsonValue:
    held = message.at("Bundle.entry[0].resource")
    url = "urn:uuid:0dead000-0000-4000-8000-00000000000f"
    return {"fullUrl": url, "resource": held} if tree.as_object(held).get("resourceType") == "MessageHeader" else None


def _on_entry(element: str, op: EditOp, value: JsonValue = None) -> TreeChange:
    """Change an element of the second entry itself, not of its resource."""

    def make(message: Message) -> tuple[Edit, ...]:
        path = f"Bundle.entry[1].{element}"
        there = message.at(path) is not None
        if message.at("Bundle.entry[1]") is None or there != (element == "fullUrl"):
            return ()
        return (Edit(op, path, value),)

    return TreeChange(f"Bundle.entry.{element}", make)


def _same_url(message: Message) -> tuple[Edit, ...]:
    held = message.at("Bundle.entry[1].fullUrl")
    if held is None or message.at("Bundle.entry[2].fullUrl") in (None, held):
        return ()
    return (Edit(EditOp.SET, "Bundle.entry[2].fullUrl", held),)


MUTATIONS = (
    Mutation(
        "bundle-type",
        "Bundle that is no message",
        "Bundle.type says collection.",
        put("Bundle", "type", "collection"),
        "BUN-001",
        bad("invalid"),
    ),
    Mutation("no-bundle-id", "No Bundle id", "Bundle.id is left out.", drop("Bundle", "id"), "BUN-003", INVARIANT),
    Mutation(
        "bundle-id-not-a-uuid",
        "Bundle id that is no GUID",
        "Bundle.id is a plain word.",
        put("Bundle", "id", "message-1"),
        "BUN-003",
        INVARIANT,
    ),
    Mutation(
        "no-version",
        "No version",
        "Bundle.meta.versionId, the version of the Application, is left out.",
        drop("Bundle", "meta.versionId"),
        "BUN-005",
        INVARIANT,
    ),
    Mutation(
        "unknown-version",
        "A version nobody has",
        "Bundle.meta.versionId says 9.0.0.",
        put("Bundle", "meta.versionId", "9.0.0"),
        "BUN-006",
        UNSUPPORTED,
    ),
    Mutation(
        "no-bundle-profile",
        "No profile of BaRS",
        "Bundle.meta.profile is left out.",
        drop("Bundle", "meta.profile"),
        "BUN-004",
        INVARIANT,
    ),
    Mutation(
        "no-timestamp",
        "No timestamp",
        "Bundle.timestamp is left out.",
        drop("Bundle", "timestamp"),
        "BUN-008",
        INVARIANT,
    ),
    Mutation(
        "no-bundle-last-updated",
        "Bundle without a last update",
        "Bundle.meta.lastUpdated is left out.",
        drop("Bundle", "meta.lastUpdated"),
        "BUN-007",
        INVARIANT,
    ),
    Mutation(
        "header-last",
        "Header at the end",
        "The entry of the MessageHeader stands last instead of first.",
        TreeChange("Bundle.entry", _header_last),
        "BUN-002",
        INVARIANT,
    ),
    Mutation(
        "two-headers",
        "Two headers",
        "The MessageHeader comes a second time, as the last entry.",
        more_entries(_second_header),
        "BUN-002",
        INVARIANT,
    ),
    Mutation(
        "no-full-url",
        "Entry without a fullUrl",
        "The second entry has no fullUrl.",
        _on_entry("fullUrl", EditOp.REMOVE),
        "BUN-009",
        INVARIANT,
    ),
    Mutation(
        "full-url-not-a-uuid",
        "fullUrl that is no UUID",
        "The fullUrl of the second entry is an ordinary address.",
        _on_entry("fullUrl", EditOp.SET, "https://supplier.example/resource/1"),
        "BUN-009",
        INVARIANT,
    ),
    Mutation(
        "duplicate-full-url",
        "The same fullUrl twice",
        "The third entry has the fullUrl of the second.",
        TreeChange("Bundle.entry.fullUrl", _same_url),
        "BUN-011",
        INVARIANT,
    ),
    Mutation(
        "entry-with-request",
        "Entry of a transaction",
        "The second entry has a request, as in a transaction.",
        _on_entry("request", EditOp.SET, {"method": "POST", "url": "Resource"}),
        "BUN-013",
        INVARIANT,
    ),
    Mutation(
        "no-last-updated",
        "Resource without a last update",
        "The Patient has no meta.lastUpdated.",
        drop("Patient", "meta.lastUpdated"),
        "BUN-014",
        INVARIANT,
    ),
    Mutation(
        "other-last-updated",
        "Resource from another time",
        "The Patient's meta.lastUpdated is in the year 2099.",
        put("Patient", "meta.lastUpdated", _LATER),
        "BUN-015",
        None,
        drafts=NEW,
    ),
    Mutation(
        "id-of-the-sender",
        "Id that the receiver did not give",
        "The Patient of a new request has an id already.",
        give("Patient", "id", "own-id-1"),
        "BUN-012",
        None,
        drafts=NEW,
    ),
    Mutation(
        "full-url-in-capitals",
        "fullUrl in capital letters",
        "The UUID in the first entry's fullUrl is written in capital letters.",
        swap("Bundle", "entry[0].fullUrl", lambda held, _message: "urn:uuid:" + str(held)[9:].upper()),
        "BUN-010",
        None,
    ),
)
