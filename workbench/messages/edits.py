"""Applying edits to a tree without touching it, and to a message without reformatting what did not change.

Knows paths and texts; must not know which edits make sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_patch, message, paths, xml_patch
from workbench.messages.values import Edit, EditOp, JsonArray, JsonObject, JsonValue, Syntax
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages.paths import Step, Steps


def apply(resource: JsonObject, edits: Sequence[Edit]) -> JsonObject:
    """A new tree with the edits made in their order; parts that no edit touches are shared with the old one.

    InputError (input.path) when a path cannot be followed or an element to remove, insert before or move is absent.
    """
    result = resource
    for edit in edits:
        result = _applied(result, edit)
    return result


def rewrite(original: message.Message, edits: Sequence[Edit]) -> message.Message:
    """The message with the edits made, in the same syntax.

    A text that the product would write so itself is written anew. Any other changes where the edits change it; only XML
    that cannot be changed so (elements that say nothing) is written anew as a whole, without its comments.
    """
    resource = apply(original.resource, edits)
    if resource == original.resource:
        return original
    fresh = message.build(resource, original.syntax)
    own = message.build(original.resource, original.syntax)
    if own.source.strip() == original.source.strip():
        return fresh
    text: str | None
    if original.syntax is Syntax.JSON:
        text = json_patch.patched(original.text, original.resource, resource)
    else:
        text = xml_patch.patched(original.text, own.text, fresh.text)
    if text is None:
        return fresh
    try:
        kept = message.parse(text.encode())
    except (InputError, UnicodeEncodeError):
        return fresh
    return kept if kept.resource == resource else fresh


def _applied(resource: JsonObject, edit: Edit) -> JsonObject:
    if edit.op is EditOp.SET:
        return _object(_set(resource, _steps(resource, edit.path), edit.value, edit.path, _Owner(resource)))
    if edit.op is EditOp.INSERT:
        return _object(_insert(resource, _steps(resource, edit.path), edit.value, edit.path))
    found = paths.find(resource, edit.path)
    if found is None or not found.steps:
        raise _refused(edit.path, "it is absent, so it cannot be taken away")
    without = _object(_remove(resource, found.steps, edit.path))
    if edit.op is EditOp.REMOVE:
        return without
    if edit.to is None:
        raise _refused(edit.path, "the move does not say where to")
    op = EditOp.INSERT if edit.to.endswith("]") else EditOp.SET
    return _applied(without, Edit(op, edit.to, found.value))


def _steps(resource: JsonObject, path: str) -> Steps:
    """The steps below the root; existing lists passed without an index get index 0."""
    steps = paths.below_root(resource, path)
    if steps is None or not steps:
        raise _refused(path, "it does not lead into this resource")
    for length in range(len(steps), 0, -1):
        found = paths.follow(resource, steps[:length])
        if found:
            return (*found.steps, *steps[length:])
    return steps


class _Owner:
    """Follows a path through the R4 table, to know whether a new element must be a list."""

    def __init__(self, resource: JsonObject) -> None:
        self.kind: str = paths.root_name(resource)

    def below(self, step: Step, value: JsonValue) -> _Owner:
        """The owner of what is inside."""
        result = _Owner({})
        if isinstance(step, int):
            result.kind = self.kind
        else:
            result.kind = r4().child_path(self.kind, step) or ""
        if isinstance(value, dict) and isinstance(kind := value.get("resourceType"), str):
            result.kind = kind
        return result

    def repeats(self, name: str) -> bool:
        """Whether R4 writes this element as a list."""
        spec = r4().element(self.kind, name.removeprefix("_"))
        return spec is not None and spec.repeats


def _set(value: JsonValue, steps: Steps, new: JsonValue, path: str, owner: _Owner) -> JsonValue:
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items: JsonArray = list(value) if isinstance(value, list) else [] if value is None else [value]
        if step > len(items):
            raise _refused(path, f"the list has only {len(items)} items")
        held = items[step] if step < len(items) else None
        items[step : step + 1] = [_set(held, rest, new, path, owner.below(step, held))]
        return items
    if isinstance(value, list) and value:
        return _set(value, (0, *steps), new, path, owner)
    if value is not None and not isinstance(value, dict):
        raise _refused(path, f"there is no '{step}' inside a single value")
    result = dict(value or {})
    held = result.get(step)
    if held is None and owner.repeats(step) and not (rest and isinstance(rest[0], int)) and not isinstance(new, list):
        rest = (0, *rest)
    result[step] = _set(held, rest, new, path, owner.below(step, held))
    return result


def _insert(value: JsonValue, steps: Steps, new: JsonValue, path: str) -> JsonValue:
    step, rest = steps[0], steps[1:]
    if not rest and isinstance(step, int):
        items: JsonArray = list(value) if isinstance(value, list) else [] if value is None else [value]
        if step > len(items):
            raise _refused(path, f"the list has only {len(items)} items")
        items.insert(step, new)
        return items
    if not rest:
        raise _refused(path, "an insert needs the position in a list, for example [0]")
    if isinstance(step, int):
        if not isinstance(value, list) or step >= len(value):
            raise _refused(path, "it leads through a list item that is absent")
        items = list(value)
        items[step] = _insert(items[step], rest, new, path)
        return items
    if value is not None and not isinstance(value, dict):
        raise _refused(path, f"there is no '{step}' inside a single value")
    result = dict(value or {})
    result[step] = _insert(result.get(step), rest, new, path)
    return result


def _remove(value: JsonValue, steps: Steps, path: str) -> JsonValue:
    """The value without the element; None when nothing is left of it."""
    step, rest = steps[0], steps[1:]
    if isinstance(step, int) and isinstance(value, list):
        items = list(value)
        left = _remove(items[step], rest, path) if rest else None
        items[step : step + 1] = [] if left is None else [left]
        return items or None
    if not isinstance(value, dict) or not isinstance(step, str):
        raise _refused(path, "it is absent, so it cannot be taken away")
    result = dict(value)
    left = _remove(result[step], rest, path) if rest else None
    if left is None:
        del result[step]
    else:
        result[step] = left
    return result or None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _refused(path: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_PATH, what=path, cause=cause)
