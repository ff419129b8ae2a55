"""The table of linked bookings of one receiver as it is kept in the history: one state for each calling organisation.

What the states mean is `receiver.linked`; must not know how a call is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import JsonObject
    from workbench.receiver.linked import LinkedStates
    from workbench.session.engine import Engine

_KIND = "linked"


class KeptLinked:
    """Keeps a table from run to run; called on the I/O thread."""

    def __init__(self, engine: Engine, states: LinkedStates, owner: str) -> None:
        """`owner`: whose the states are in the history."""
        self._engine = engine
        self._states = states
        self._owner = owner

    async def load(self) -> None:
        """Take up the states of the last run, and keep every change from here on."""
        kept = await self._engine.history.state.load(self._owner)
        self._states.restore({organisation: tree.text(state) or "" for (_, organisation), state in kept.items()})
        self._states.on_change = self._on_change

    def snapshot(self) -> JsonObject:
        """State by organisation."""
        return {**self._states.all()}

    def all(self) -> Mapping[str, str]:
        """State by organisation; empty for one that holds nothing any more."""
        return self._states.all()

    async def replace(self, snapshot: JsonObject) -> None:
        """Keep other states instead."""
        found = {organisation: state for organisation, held in snapshot.items() if (state := tree.text(held))}
        await self.forget()
        await self._engine.history.state.save(self._owner, {(_KIND, one): state for one, state in found.items()})
        self._states.restore(found)

    async def put(self, organisation: str, state: str) -> None:
        """Have an organisation stand somewhere else; StoreError when that cannot be kept, and nothing is changed."""
        await self._engine.history.state.save(self._owner, {(_KIND, organisation): state})
        self._states.restore({**self._states.all(), organisation: state})

    async def forget(self, organisation: str = "") -> int:
        """Forget every state, or that of one organisation; how many there were."""
        before = self._states.all()
        if organisation:
            await self._engine.history.state.save(self._owner, {(_KIND, organisation): None})
        else:
            await self._engine.history.state.clear(self._owner)
        left = {one: state for one, state in before.items() if organisation not in ("", one)}
        self._states.restore(left)
        return len(before) - len(left)

    def _on_change(self, organisation: str, state: str) -> None:
        kept = self._engine.history.state
        if not kept.save_with_answer(self._owner, {(_KIND, organisation): state}, self._on_lost):
            saving = kept.save(self._owner, {(_KIND, organisation): state})
            self._engine.spawn(saving, "state of linked bookings")

    def _on_lost(self) -> None:
        """An answer could not be stored, so nothing of it happened: hold again what the history holds."""
        self._engine.spawn(self.load(), "state of linked bookings")
