"""Who holds a port of this machine, where the system tells, and which one near it is free.

Only Linux tells without further rights (`/proc`), and only of this user's own programs. Must not know servers.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
_LISTENS = "0A"
"""The state of a socket in `/proc/net/tcp`: TCP_LISTEN."""
_TRIED = 50
LAST = 65535


def holder_of(port: int, proc: Path = PROC) -> str:
    """Which program listens on a port, `python3 (process 4711)`; empty where that cannot be known."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(port, proc)}
    if not wanted:
        return ""
    for folder in sorted(proc.glob("[0-9]*"), key=lambda one: int(one.name)):
        with suppress(OSError):  # it has ended by now, or is another user's
            if wanted & set(_open_files(folder / "fd")):
                name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
                return f"{name} (process {folder.name})"
    return ""


def free_after(host: str, port: int) -> int:
    """The next port that can be listened on now; 0, for any, where none of the next fifty can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port + 1, min(LAST, port + _TRIED) + 1):
        with socket.socket(family, socket.SOCK_STREAM) as trial, suppress(OSError):
            trial.bind((host, candidate))
            return candidate
    return 0


def _open_files(folder: Path) -> Iterator[str]:
    """What each open file of a program is; one that was closed meanwhile is passed over."""
    for one in folder.iterdir():
        with suppress(OSError):
            yield os.readlink(one)


def _inodes(port: int, proc: Path) -> set[str]:
    """The sockets that listen on a port."""
    found = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(fields[9])
    return found
