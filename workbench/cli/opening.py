"""Opening a workspace for a command: which one, its passphrase, its session; closed again whatever happens."""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from workbench import logs, workspace
from workbench.cli.secrets import passphrase
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


def new_id() -> str:
    """A fresh lower-case UUID."""
    return str(uuid4())


@asynccontextmanager
async def opened(arguments: Arguments, options: SessionOptions) -> AsyncIterator[Session]:
    """The session of the chosen workspace (made as a demo if absent), started; WorkspaceError when it is in use."""
    logs.set_up(verbose=arguments.verbose)
    folder = workspace.choose(arguments.workspace, load_app_settings(os.environ))
    opened_workspace = workspace.open_or_make(folder, clock=now, ids=new_id, demo=True)
    try:
        active = await open_session(
            opened_workspace,
            clock=now,
            ids=new_id,
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
