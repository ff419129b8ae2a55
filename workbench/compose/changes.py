"""What a person does to a message in the form and the tree, as edits of its text.

Pure: every change is a value that gives edits for the message it is applied to. It must not know widgets or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.compose.additions import made_resource
from workbench.compose.form_names import targets, type_title
from workbench.compose.form_places import element_of, locate
from workbench.compose.form_table import FieldSpec, form_table
from workbench.compose.form_values import NUMBER, written
from workbench.compose.new_elements import first_value
from workbench.errors import ErrorCode, InputError
from workbench.messages import Edit, EditOp, JsonValue, Number, describe, json_text, owner_of, paths, rewrite, tree

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.exchange import Ids
    from workbench.messages import JsonArray, JsonObject, Message


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A field of the form was filled in, changed or emptied."""

    base: str
    spec: FieldSpec
    text: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"{type_title(_type_at(message, self.base))}, {self.spec.label.lower()}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """What it does to the message; none where it already says so."""
        path, value, _ = locate(message, self.base, self.spec)
        return written(message, self.spec, path, value, self.text)


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """Another item of a group."""

    path: str
    """Of the list."""
    new: str
    """JSON; `{}` for a reference."""
    words: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Add {self.words.lower()}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """The item at the end of its list; InputError where there is nothing that a reference could lead to."""
        held = message.at(self.path)
        items: JsonArray = held if isinstance(held, list) else [] if held is None else [held]
        value = json_text.load(self.new)
        if value == {}:
            value = {"reference": self._target(message, items)}
        if held is None:
            return (Edit(EditOp.SET, self.path, [value]),)
        return (Edit(EditOp.INSERT, f"{self.path}[{len(items)}]", value),)

    def _target(self, message: Message, items: JsonArray) -> str:
        spec = element_of(message, self.path)
        taken = {tree.as_object(item).get("reference") for item in items}
        offered = [url for url, _ in targets(message, spec.targets if spec else ()) if url not in taken]
        if not offered:
            raise InputError(
                ErrorCode.INPUT_PATH, what=self.words, cause="no other resource of this message fits: add one first"
            )
        return offered[0]


@dataclass(frozen=True, slots=True)
class ResourceAdded:
    """A resource of the list of additions."""

    id: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Add {next(one.title for one in form_table().additions if one.id == self.id).lower()}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """The resource as the last entry."""
        entry: JsonObject = {"fullUrl": f"urn:uuid:{ids()}", "resource": made_resource(message, self.id, now, ids)}
        held = message.at("Bundle.entry")
        if held is None:
            return (Edit(EditOp.SET, "Bundle.entry", [entry]),)
        return (Edit(EditOp.INSERT, f"Bundle.entry[{len(held) if isinstance(held, list) else 1}]", entry),)


@dataclass(frozen=True, slots=True)
class Removed:
    """An element, an item of a list or a resource was taken away."""

    path: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Remove {describe(self.path, message.resource)}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """For a resource of a Bundle its whole entry goes."""
        return (Edit(EditOp.REMOVE, entry_of(self.path)),)


@dataclass(frozen=True, slots=True)
class Duplicated:
    """An item of a list was copied after itself."""

    path: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Duplicate {describe(self.path, message.resource)}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """A copied entry gets a fullUrl and an id of its own; InputError for what is no item of a list."""
        path = entry_of(self.path)
        above, place = list_place(path)
        copy = message.at(path)
        if above == "Bundle.entry" and isinstance(copy, dict):
            resource = tree.as_object(copy.get("resource"))
            fresh = ids()
            copy = {**copy, **({"fullUrl": f"urn:uuid:{fresh}"} if "fullUrl" in copy else {})}
            if "id" in resource:
                copy["resource"] = {**resource, "id": fresh}
        return (Edit(EditOp.INSERT, f"{above}[{place + 1}]", copy),)


@dataclass(frozen=True, slots=True)
class Moved:
    """An item of a list went up (-1) or down (1)."""

    path: str
    by: int

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Move {describe(self.path, message.resource)}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """None where it cannot go further; InputError for what is no item of a list."""
        path = entry_of(self.path)
        above, place = list_place(path)
        held = message.at(above)
        if not isinstance(held, list) or not 0 <= place + self.by < len(held):
            return ()
        return (Edit(EditOp.MOVE, path, to=f"{above}[{place + self.by}]"),)


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A single value was written in the tree."""

    path: str
    text: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Set {describe(self.path, message.resource)}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """A value keeps its kind where the text allows it; what is typed over a number may be a text."""
        held = message.at(self.path)
        value: JsonValue = self.text
        if isinstance(held, bool) and self.text in ("true", "false"):
            value = self.text == "true"
        elif isinstance(held, Number) and NUMBER.fullmatch(self.text):
            value = Number(self.text)
        return () if value == held else (Edit(EditOp.SET, self.path, value),)


@dataclass(frozen=True, slots=True)
class ElementAdded:
    """An element was added below another in the tree."""

    path: str
    name: str

    def label(self, message: Message) -> str:
        """In the words of the undo menu."""
        return f"Add {self.name}"

    def edits(self, message: Message, now: datetime, ids: Ids) -> tuple[Edit, ...]:
        """With a value to start from; another item where the element is a list that is there."""
        path = f"{self.path}.{self.name}"
        spec = element_of(message, path)
        value = first_value(spec, now)
        held = message.at(path)
        if isinstance(held, list):
            return (Edit(EditOp.INSERT, f"{path}[{len(held)}]", value),)
        return (Edit(EditOp.SET, path, [value] if spec is not None and spec.repeats else value),)


FormChange = FieldSet | ItemAdded | ResourceAdded | Removed | Duplicated | Moved | ValueSet | ElementAdded


def changed(message: Message, change: FormChange, now: datetime, ids: Ids) -> Message:
    """The message with a change; itself where the change says what is there. InputError where it does not fit."""
    edits = change.edits(message, now, ids)
    return rewrite(message, edits) if edits else message


def entry_of(path: str) -> str:
    """The entry of a resource of a Bundle; any other path as it is."""
    above, dot, last = path.rpartition(".")
    return above if dot and last == "resource" and above.startswith("Bundle.entry[") and above.count(".") == 1 else path


def list_place(path: str) -> tuple[str, int]:
    """The list an item is in, and its place; InputError for what is no item of a list."""
    steps = paths.parse_path(path)
    if not isinstance(steps[-1], int):
        raise InputError(
            ErrorCode.INPUT_PATH, what=path, cause="it is not one of several, so it has no place among them"
        )
    return path[: path.rindex("[")], steps[-1]


def _type_at(message: Message, base: str) -> str:
    return tree.text(tree.as_object(message.at(owner_of(base))).get("resourceType")) or owner_of(base)
