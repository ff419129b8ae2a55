"""The network addresses of this machine, and which of them a server may be reached at from elsewhere.

Asks the system anew each time: a cable may have been pulled out. Must not know servers.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple

import ifaddr

WILDCARDS = ("0.0.0.0", "::")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Interface(NamedTuple):
    """One address of this machine."""

    name: str
    """What the system calls the card: `eth0`, `Wi-Fi`."""
    address: str
    loopback: bool


def interfaces() -> tuple[Interface, ...]:
    """Every address a server can be bound to by itself: loopback first, then IPv4, then IPv6.

    Link-local IPv6 addresses are left out: they mean nothing without naming the card too (RFC 4007, 11).
    """
    found = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            address = ipaddress.ip_address(text)
            if isinstance(address, ipaddress.IPv6Address) and address.is_link_local:
                continue
            found.append(Interface(adapter.nice_name, str(address), address.is_loopback))
    return tuple(sorted(found, key=lambda one: (not one.loopback, ":" in one.address, one.name, one.address)))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that is bound there."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reachable_at(host: str) -> str:
    """The address to tell others for a server bound to a host: itself, or for a wildcard one of this machine.

    The one the system would take to go out, where there is one; else the first that is no loopback; else loopback.
    """
    if host not in WILDCARDS:
        return host
    wanted = 6 if ":" in host else 4
    fitting = [one for one in interfaces() if ipaddress.ip_address(one.address).version == wanted]
    outward = _outward(wanted)
    if outward in {one.address for one in fitting}:
        return outward
    elsewhere = [one.address for one in fitting if not one.loopback]
    return elsewhere[0] if elsewhere else LOOPBACK[0 if wanted == 4 else 1]


def names_of(host: str) -> frozenset[str]:
    """Names and addresses by which a server bound there may be called, lower case."""
    own = {host.lower(), *LOOPBACK}
    if host in WILDCARDS:
        own |= {socket.gethostname().lower(), *(one.address for one in interfaces())}
    elif not is_loopback(host):
        own.add(socket.gethostname().lower())
    return frozenset(own - set(WILDCARDS))


def _outward(version: int) -> str:
    """The address this machine takes to go out; empty without a way. A datagram socket that connects sends nothing."""
    family, target = (socket.AF_INET6, "2001:db8::1") if version == 6 else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((target, 9))
        except OSError:
            return ""
        return str(asking.getsockname()[0])
