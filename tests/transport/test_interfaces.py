"""The addresses of this machine: loopback first, a real one in place of a wildcard, and the names that go with it."""

from __future__ import annotations

import socket

import ifaddr
import pytest

from workbench.transport.interfaces import interfaces, is_loopback, names_of, reachable_at


class Adapter:
    def __init__(self, name: str, *addresses: object) -> None:
        self.nice_name = name
        self.ips = [type("IP", (), {"ip": one})() for one in addresses]


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Adapter("eth0", "192.0.2.7", ("fe80::1", 0, 2), ("2001:db8::7", 0, 0)),
        Adapter("lo", "127.0.0.1", ("::1", 0, 0)),
    ]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: found)
    monkeypatch.setattr("workbench.transport.interfaces._outward", {4: "", 6: "2001:db8::7"}.get)


@pytest.mark.usefixtures("cards")
def test_each_address_is_listed_but_those_that_need_a_card_named() -> None:
    assert [(one.name, one.address, one.loopback) for one in interfaces()] == [
        ("lo", "127.0.0.1", True),
        ("lo", "::1", True),
        ("eth0", "192.0.2.7", False),
        ("eth0", "2001:db8::7", False),
    ]


@pytest.mark.usefixtures("cards")
def test_a_wildcard_is_told_as_an_address_others_can_call() -> None:
    assert reachable_at("0.0.0.0") == "192.0.2.7"
    assert reachable_at("::") == "2001:db8::7"
    assert reachable_at("192.0.2.9") == "192.0.2.9"
    assert {"192.0.2.7", "127.0.0.1", "localhost", socket.gethostname().lower()} <= names_of("0.0.0.0")
    assert not {"0.0.0.0", "::"} & names_of("0.0.0.0")


def test_this_machine_has_itself() -> None:
    assert "127.0.0.1" in {one.address for one in interfaces() if one.loopback}
    assert [
        is_loopback(one) for one in ("127.0.0.1", "127.8.8.8", "::1", "LocalHost", "0.0.0.0", "192.0.2.1", "x")
    ] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert socket.gethostname().lower() not in names_of("127.0.0.1") - {"localhost"}
