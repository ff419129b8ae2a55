"""The answers on purpose of one receiver: in order, each on or off, the first that fits wins.

What a person changed is one JSON object. Only the loop's thread touches it; must not know files or windows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import tree
from workbench.receiver.answer_rule import OWN, How, row_of, rule_of
from workbench.receiver.arrival import fits
from workbench.receiver.linked import LinkedStates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.messages import JsonObject
    from workbench.receiver.answer_rule import AnswerRule
    from workbench.receiver.arrival import Arrival

_AT_ONCE = frozenset({How.REFUSE, How.ECHO})
"""What can be answered to a message before it is judged."""


class AnswerBook:
    """Rules in order."""

    def __init__(self, given: Sequence[AnswerRule] = (), *, off: Iterable[str] = ()) -> None:
        """`given` cannot be taken out or changed, only moved and switched; `off`: those that begin switched off."""
        self._given = tuple(given)
        self._first_off = frozenset(off)
        self._rules = list(self._given)
        self._off = set(self._first_off)
        self.linked = LinkedStates()

    def rules(self) -> tuple[tuple[AnswerRule, bool], ...]:
        """Every rule in order, and whether it is on."""
        return tuple((rule, rule.id not in self._off) for rule in self._rules)

    def find(self, arrival: Arrival) -> AnswerRule | None:
        """The first rule that is on and fits."""
        return next((rule for rule in self._rules if rule.id not in self._off and fits(rule.when, arrival)), None)

    def named(self, id: str) -> AnswerRule | None:
        """A rule by its id, whether it is on or not."""
        return next((rule for rule in self._rules if rule.id == id), None)

    def early(self, arrival: Arrival) -> AnswerRule | None:
        """The first rule that fits, where it is one that answers before a message is judged."""
        rule = self.find(arrival)
        return rule if rule is not None and rule.early and rule.how in _AT_ONCE else None

    def switch(self, id: str, on: bool) -> None:
        """Have a rule hold or not; InputError when there is none."""
        self._place(id)
        (self._off.discard if on else self._off.add)(id)

    def switch_given(self, on: bool) -> None:
        """Switch all given rules at once."""
        ids = {rule.id for rule in self._given}
        self._off = self._off - ids if on else self._off | ids

    def move(self, id: str, by: int) -> None:
        """Move a rule so many places down (negative: up), as far as there is room."""
        place = self._place(id)
        rule = self._rules.pop(place)
        self._rules.insert(max(0, min(len(self._rules), place + by)), rule)

    def keep(self, rule: AnswerRule) -> None:
        """Put in an own rule: in the place of the one with its id, else on top. InputError for a given one."""
        made = replace(rule, source=OWN)
        for place, known in enumerate(self._rules):
            if known.id == rule.id:
                if not known.own:
                    raise _wrong(f"{rule.id} belongs to the table that comes with the program")
                self._rules[place] = made
                return
        self._rules.insert(0, made)

    def remove(self, id: str) -> None:
        """Take out an own rule; InputError for a given one, or when there is none."""
        place = self._place(id)
        if not self._rules[place].own:
            raise _wrong(f"{id} can only be switched off")
        del self._rules[place]
        self._off.discard(id)

    def to_json(self) -> dict[str, object]:
        """What differs from the rules that were given: own rules, order, switches."""
        switched = sorted(self._off ^ self._first_off)
        order = [rule.id for rule in self._rules]
        rules = [row_of(rule) for rule in self._rules if rule.own]
        made: dict[str, object] = {}
        if rules:
            made["rules"] = rules
        if switched:
            made["switched"] = switched
        if rules or order != [rule.id for rule in self._given]:
            made["order"] = order
        return made

    def restore(self, changes: JsonObject) -> None:
        """Take up `to_json`; ids that are no more are passed over, given rules it does not know keep their order.

        InputError for a rule that is none; nothing is changed then.
        """
        own = [rule_of(row, OWN) for row in tree.objects(changes.get("rules"))]
        order = {id: place for place, id in enumerate(tree.texts(changes.get("order")))}
        last = len(order)
        self._rules = sorted([*own, *self._given], key=lambda rule: order.get(rule.id, last))
        known = {rule.id for rule in self._rules}
        self._off = (set(self._first_off) ^ set(tree.texts(changes.get("switched")))) & known

    def _place(self, id: str) -> int:
        for place, rule in enumerate(self._rules):
            if rule.id == id:
                return place
        raise _wrong(f"there is no rule {id}")


def _wrong(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_RULE, what="The table of answers", cause=cause)
