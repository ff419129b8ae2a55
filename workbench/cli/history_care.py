"""`bars-workbench history search`, `purge`, `backup` and `restore`.

What is found is shown masked unless a person asks for it as it was; nothing is deleted without saying how much.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.history_rows import row_json, row_line
from workbench.cli.opening import now
from workbench.errors import ConfigError, ErrorCode
from workbench.session.backup import restore

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments
    from workbench.history.search import Hit
    from workbench.session.session import Session


async def search(session: Session, arguments: Arguments) -> int:
    """0 when something was found, 1 when nothing was."""
    text = " ".join(arguments.words)
    await session.searching.catch_up()
    hits = await _hits(session, text, arguments.limit)
    ids = [hit.exchange for hit in hits]
    places = await session.searching.snippets(text, ids, unmasked=arguments.unmasked)
    if arguments.format == "json":
        rows = [
            {
                **row_json(hit.row),
                "exchange": hit.exchange,
                "place": places[hit.exchange].label if hit.exchange in places else None,
                "text": places[hit.exchange].text if hit.exchange in places else None,
            }
            for hit in hits
        ]
        output.document({"conversations": rows})
    else:
        for hit in hits:
            place = places.get(hit.exchange)
            told = f"\n    {place.label + ': ' if place.label else ''}{place.text}" if place is not None else ""
            output.emit(f"{row_line(hit.row)}{told}\n")
        if not hits:
            output.notice("Nothing was found.")
    return 0 if hits else 1


async def _hits(session: Session, text: str, limit: int) -> list[Hit]:
    """So many at most; a phrase is looked for page by page, of which some are empty."""
    found: dict[str, Hit] = {}
    below: int | None = None
    while len(found) < limit:
        page = (await session.searching.page(text, below=below, limit=limit)).found
        for hit in page.hits:
            found.setdefault(hit.row.id, hit)
        if page.next is None:
            break
        below = page.next
    return list(found.values())[:limit]


async def purge(session: Session, arguments: Arguments) -> int:
    """0 when what was asked for is gone, 1 when some of it is locked; without --yes it is only counted."""
    before = _before(arguments)
    count = await session.care.count(before=before)
    if not arguments.yes:
        output.emit(f"{count} conversations would be deleted for good. Add --yes to delete them.\n")
        return 0
    purged = await session.care.purge(before=before)
    stays = await session.care.statistics()
    output.emit(
        f"{purged.conversations} conversations with {purged.exchanges} exchanges were deleted for good;"
        f" {stays.conversations} are left, {stays.locked} of them locked.\n"
    )
    return 0 if not purged.kept else 1


async def backup(session: Session, arguments: Arguments) -> int:
    """0 when the workspace was written to one file."""
    done = await session.backup.write(arguments.file)
    output.notice(f"{done.files} files were written to {done.path}; secrets in it are encrypted as they were.")
    return 0


def restored(arguments: Arguments) -> int:
    """0 when the workspace of a backup was made in a new folder; it needs no workspace itself."""
    done = restore(Path(arguments.file), Path(arguments.folder).expanduser().absolute())
    output.notice(f"{done.name} was restored. Open it with --workspace {done.folder}")
    return 0


def _before(arguments: Arguments) -> datetime | None:
    """Until when; None for everything. ConfigError for what is no day."""
    if arguments.all:
        return None
    if arguments.days is not None:
        return now() - timedelta(days=arguments.days)
    try:
        day = date.fromisoformat(arguments.before)
    except ValueError as error:
        cause = "a day is written like 2026-11-24"
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{arguments.before}'", cause=cause) from error
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
