"""One window a workspace: a second program asks the first to come forward, with the files it was to open.

Knows a local socket named after the workspace; must not know sessions. The lock of the workspace decides who is first.
"""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 500
ANSWER_MS = 2_000
"""How long a window that may be busy has to answer."""
ROUND_MS = 20
LONGEST = 64 * 1024
"""Bytes of a request; whoever sends more is not one of ours."""
_TAKEN = b"taken\n"


def _name(workspace: str) -> str:
    return f"bars-workbench-{workspace}"


def ask_first(workspace: str, files: tuple[str, ...]) -> bool:
    """Ask the window that has a workspace open to come forward and open files (absolute paths); whether it answered.

    Blocks for two and a half seconds at most; works on any thread.
    """
    socket = QLocalSocket()
    socket.connectToServer(_name(workspace))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps(files).encode() + b"\n")
    rounds = ANSWER_MS // ROUND_MS  # in short rounds, because Qt keeps other threads of Python waiting meanwhile
    answered = any(socket.canReadLine() or socket.waitForReadyRead(ROUND_MS) for _ in range(rounds))
    taken = answered and bytes(socket.readLine().data()) == _TAKEN
    socket.disconnectFromServer()
    return taken


class Doorbell(QObject):
    """The first window's side: `asked(list)` carries the files that somebody wants opened."""

    asked = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self, workspace: str) -> bool:
        """Wait for others; the caller holds the workspace's lock, so a name left by a crash is taken over."""
        QLocalServer.removeServer(_name(workspace))
        return self._server.listen(_name(workspace))

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_request)
            socket.disconnected.connect(socket.deleteLater)

    def _on_request(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST:
                socket.abort()
            return
        files = _files(bytes(socket.readLine(LONGEST).data()))
        if files is None:
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        self.asked.emit(files)


def _files(request: bytes) -> list[str] | None:
    """The files of a request; None for what is none."""
    try:
        found = json.loads(request)
    except ValueError:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return found
