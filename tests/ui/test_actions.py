"""The table of actions: complete, without clashes, possible exactly when its context says so.

The values of context are what decides.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QKeySequence

from workbench.ui.actions import MENUS, ActionId, Actions, Context, specs
from workbench.ui.context import PanelId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_every_id_has_one_row() -> None:
    assert Counter(spec.id for spec in specs()) == Counter(ActionId)


def test_no_shortcut_is_given_twice(qapp: object) -> None:
    shortcuts = [QKeySequence(spec.shortcut).toString() for spec in specs() if spec.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    assert all(shortcuts), "a shortcut is not one that Qt knows"


def test_every_menu_has_rows_and_every_row_a_menu(qapp: object) -> None:
    actions = Actions()
    names = [name for name, _ in MENUS]
    assert {spec.menu for spec in specs()} == set(names)
    assert sum(len(list(actions.of_menu(name))) for name in names) == len(ActionId)


@pytest.mark.parametrize("panel", PanelId)
def test_every_panel_can_be_gone_to(qapp: object, panel: PanelId) -> None:
    actions = Actions()
    assert actions[ActionId(f"go-{panel.value}")].isEnabled()


LEG = Context("timeline", exchange=True, outgoing=True, message=True)
READ = Context("timeline", exchange=True, outgoing=True)
POSSIBLE = (
    (ActionId.SEND, Context("compose", draft=True), True),
    (ActionId.SEND, Context("compose"), False),
    (ActionId.SEND, Context("timeline", draft=True), False),
    (ActionId.SEND, Context("compose", draft=True, running=True), False),
    (ActionId.SEND, Context("compose", draft=True, read_only=True), False),
    (ActionId.RETRY, LEG, True),
    (ActionId.RETRY, Context("timeline", exchange=True), False),
    (ActionId.RETRY, Context("timeline", exchange=True, outgoing=True, read_only=True), False),
    (ActionId.RETRY, READ, True),
    (ActionId.FORK, LEG, True),
    (ActionId.FORK, READ, False),
    (ActionId.FORK, Context("compose", exchange=True, message=True), False),
    (ActionId.REPLY, LEG, True),
    (ActionId.REPLY, READ, False),
    (ActionId.FOLLOW_UP, LEG, True),
    (ActionId.FOLLOW_UP, READ, False),
    (ActionId.RUN_SCENARIO, Context("scenarios", scenario=True), True),
    (ActionId.RUN_SCENARIO, Context("scenarios", scenario=True, running=True), False),
    (ActionId.RUN_ALL, Context("start"), True),
    (ActionId.RUN_ALL, Context("start", read_only=True), False),
    (ActionId.RENEW_TOKEN, Context("keys", needs_token=True), True),
    (ActionId.RENEW_TOKEN, Context("keys"), False),
    (ActionId.NEXT_FINDING, Context("compose", finding=True), True),
    (ActionId.FIX_FINDING, Context("compose"), False),
    (ActionId.FIX_ALL, Context("compose", finding=True), False),
    (ActionId.FIX_ALL, Context("compose", finding=True, fixable=True), True),
    (ActionId.SILENCE, Context("compose", finding=True), False),
    (ActionId.SILENCE, Context("compose", finding=True, service=True), True),
    (ActionId.SILENCE, Context("compose", finding=True, service=True, read_only=True), False),
    (ActionId.RULE_HELP, Context("compose"), False),
    (ActionId.RULE_HELP, Context("compose", finding=True), True),
    (ActionId.JUDGE_FILES, Context("start"), True),
    (ActionId.FIND, Context("compose"), True),
    (ActionId.FIND, Context("keys"), False),
    (ActionId.QUIT, Context("start"), True),
)


@pytest.mark.parametrize(("id", "context", "possible"), POSSIBLE)
def test_possible_when_the_context_says_so(qapp: object, id: ActionId, context: Context, possible: bool) -> None:
    actions = Actions()
    actions.refresh(context)
    assert actions[id].isEnabled() is possible
    assert actions.context is context


def test_what_is_not_possible_does_not_run(qtbot: QtBot) -> None:
    actions = Actions()
    ran: list[str] = []
    actions[ActionId.SEND].triggered.connect(lambda: ran.append("send"))
    actions.run("send")
    assert not ran
    actions.refresh(Context("compose", draft=True))
    actions.run("send")
    assert ran == ["send"]
    with pytest.raises(ValueError, match="no-such-thing"):
        actions.run("no-such-thing")
