"""Who holds a port and which is free: as this machine tells, and as a made-up one does."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from workbench.transport.ports import free_after, holder_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def row(port: int, state: str, inode: int) -> str:
    return f"   0: 0100007F:{port:04X} 00000000:0000 {state} 0:0 0:0 0 1000 0 {inode} 1\n"


def program(proc: Path, id: int, name: str, *inodes: int) -> None:
    (proc / str(id) / "fd").mkdir(parents=True)
    (proc / str(id) / "comm").write_text(f"{name}\n")
    for place, inode in enumerate(inodes):
        (proc / str(id) / "fd" / str(place)).symlink_to(f"socket:[{inode}]")


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(HEAD + row(8443, "01", 1) + row(8443, "0A", 2) + row(9000, "0A", 3))
    program(tmp_path, 10, "caller", 1)
    program(tmp_path, 9, "other", 3)
    program(tmp_path, 200, "nginx", 7, 2)
    return tmp_path


def test_the_program_that_listens_is_named_not_one_that_is_connected_there(proc: Path) -> None:
    assert holder_of(8443, proc) == "nginx (process 200)"
    assert holder_of(9000, proc) == "other (process 9)"


def test_without_a_word_of_the_system_nobody_is_named(proc: Path, tmp_path: Path) -> None:
    assert holder_of(8080, proc) == ""
    assert holder_of(8443, tmp_path / "no such folder") == ""
    (proc / "200" / "fd" / "0").unlink()
    (proc / "200" / "fd" / "0").write_text("no link: closed while it was looked at")
    assert holder_of(8443, proc) == "nginx (process 200)"
    (proc / "200" / "fd" / "1").unlink()
    assert holder_of(8443, proc) == "", "its program belongs to somebody else"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_this_very_program_is_found() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        assert holder_of(held.getsockname()[1]).endswith(f"(process {os.getpid()})")


def test_the_next_free_port_is_one_that_can_be_had() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        taken = held.getsockname()[1]
        found = free_after("127.0.0.1", taken)
        assert found == 0 or found > taken
        assert free_after("127.0.0.1", taken - 1) != taken
    assert free_after("127.0.0.1", 65535) == 0
