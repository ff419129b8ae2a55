"""`bars-workbench history`: the conversations of a workspace listed, shown and written out; the rest is `history_care`.

What is written out is masked unless a person asks for it as it was.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import history_care, output
from workbench.cli.history_rows import row_json, row_line
from workbench.cli.opening import opened
from workbench.errors import ConfigError, ErrorCode
from workbench.evidence.verdicts import finding_json
from workbench.session.exporting import ExportForm, ExportOrder
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.cli.arguments import Arguments
    from workbench.history import ConversationRow
    from workbench.session.session import Session
    from workbench.session.views import ConversationView, ExchangeDetail

READING = ("list", "show", "export", "search", "backup")
"""Actions that change nothing, and so are possible while a window has the workspace open."""
PAGE = 200


def history(arguments: Arguments) -> int:
    """0 when it was done; ConfigError for a conversation that is not there."""
    actions: dict[str, Callable[[Session, Arguments], Awaitable[int]]] = {
        "list": _list,
        "show": _show,
        "export": _export,
        "search": history_care.search,
        "purge": history_care.purge,
        "backup": history_care.backup,
    }
    if arguments.action == "restore":
        return history_care.restored(arguments)
    return asyncio.run(_with_session(arguments, actions[arguments.action]))


async def _with_session(arguments: Arguments, action: Callable[[Session, Arguments], Awaitable[int]]) -> int:
    """Run an action on the history; nothing listens and nothing is sent meanwhile."""
    quiet = SessionOptions(start_sandbox=False, start_receiver=False)
    async with opened(arguments, quiet, reading=arguments.action in READING) as session:
        return await action(session, arguments)


async def _list(session: Session, arguments: Arguments) -> int:
    rows: list[ConversationRow] = []
    while len(rows) < arguments.limit:
        after = rows[-1].key if rows else None
        page = await session.conversations(after, "", min(PAGE, arguments.limit - len(rows)))
        if not page:
            break
        rows += page
    if arguments.format == "json":
        output.document({"conversations": [row_json(row) for row in rows]})
    else:
        output.emit("".join(f"{row_line(row)}\n" for row in rows) or "There is no conversation yet.\n")
    return 0


async def _show(session: Session, arguments: Arguments) -> int:
    id = await find(session, arguments.conversation)
    view, details = await session.exporting.read(ExportOrder(id, ExportForm.TICKET, unmasked=arguments.unmasked))
    if arguments.format == "json":
        output.document({**row_json(view.row), "messages": [_leg_json(one) for one in details]})
    else:
        output.emit(_text(view, details))
    return 0


async def _export(session: Session, arguments: Arguments) -> int:
    form = _form(arguments.form, arguments.file)
    id = await find(session, arguments.conversation)
    await session.exporting.save(ExportOrder(id, form, unmasked=arguments.unmasked), arguments.file)
    output.notice(f"Written to {arguments.file}; people are {'as they were' if arguments.unmasked else 'masked'}.")
    return 0


async def find(session: Session, wanted: str) -> str:
    """The conversation of an id, or of the first letters of one; ConfigError where none or several fit."""
    found = await session.exporting.conversations_like(wanted)
    if len(found) == 1:
        return found[0]
    cause = "there is no such conversation" if not found else f"{len(found)} conversations begin so: write more of it"
    raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{wanted}'", cause=cause)


def _leg_json(detail: ExchangeDetail) -> dict[str, object]:
    exchange = detail.exchange
    return {
        "id": exchange.id,
        "started": exchange.timing.started.isoformat(),
        "direction": exchange.direction.value,
        "operation": exchange.operation,
        "title": detail.title,
        "sentence": detail.summary.sentence,
        "method": exchange.request.method,
        "url": exchange.request.url,
        "status": exchange.response.status if exchange.response is not None else None,
        "failure": exchange.failure.sentence if exchange.failure is not None else None,
        "reasons": [link.reason for link in detail.links if link.child == exchange.id],
        "findings": [finding_json(one) for one in detail.verdict.findings] if detail.verdict else [],
        "answer_findings": [finding_json(one) for one in detail.answer_verdict.findings]
        if detail.answer_verdict
        else [],
        "masked": detail.masked,
    }


def _text(view: ConversationView, details: tuple[ExchangeDetail, ...]) -> str:
    lines = [f"{view.row.title}: {view.chip}", row_line(view.row)]
    for detail in details:
        words = ", ".join(text for _, text in detail.chips)
        lines += ["", f"{detail.title}  ({detail.subtitle})  {words}", f"  {detail.summary.sentence}"]
        lines += [f"  because: {link.reason}" for link in detail.links if link.child == detail.exchange.id]
        for verdict in (detail.verdict, detail.answer_verdict):
            found = verdict.findings if verdict is not None else ()
            lines += [f"  {one.severity.value}  {one.rule}  {one.text}" for one in found]
    return "\n".join([*lines, ""])


def _form(word: str, file: str) -> ExportForm:
    """The form that was named, or that the ending of the file means; ConfigError where neither says it."""
    if word:
        return ExportForm(word)
    ending = Path(file).suffix.lower().removeprefix(".")
    for form in ExportForm:
        if ending == form.ending:
            return form
    cause = "its ending says no form: name one with --as"
    raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{file}'", cause=cause)
