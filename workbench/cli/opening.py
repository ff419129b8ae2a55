"""Opening a workspace for a command: which one, its passphrase, its session; closed again whatever happens."""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench import logs, workspace
from workbench.cli.secrets import passphrase
from workbench.errors import ErrorCode, WorkspaceError
from workbench.session.ids import fresh_id
from workbench.session.parts import open_session
from workbench.settings import load_app_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from workbench.cli.arguments import Arguments
    from workbench.session.options import SessionOptions
    from workbench.session.session import Session


def now() -> datetime:
    """The present, aware UTC: the one clock of the command line."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened(arguments: Arguments, options: SessionOptions, *, reading: bool = False) -> AsyncIterator[Session]:
    """The session of the chosen workspace (made as a demo if absent), started; WorkspaceError when it is in use.

    One that is in use is opened all the same for a command that is only `reading`.
    """
    logs.set_up(verbose=arguments.verbose)
    folder = workspace.choose(arguments.workspace, load_app_settings(os.environ))
    try:
        opened_workspace = workspace.open_or_make(folder, clock=now, ids=fresh_id, demo=True)
    except WorkspaceError as error:
        if not reading or error.code is not ErrorCode.WORKSPACE_IN_USE:
            raise
        opened_workspace = workspace.open_read_only(folder)
    try:
        active = await open_session(
            opened_workspace,
            clock=now,
            ids=fresh_id,
            timer=time.monotonic,
            passphrase=passphrase(arguments),
            environ=os.environ,
            options=options,
        )
        try:
            yield active
        finally:
            await active.close()
    finally:
        opened_workspace.close()
