"""Variables of the machine that change how other programs reach the network, and what becomes of them here.

Shown among the versions, so that nothing works differently in silence; their values stay out of it: they may hold
passwords. Must not read them for any other purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def heard_variables(environ: Mapping[str, str], platform: str) -> tuple[tuple[str, str], ...]:
    """Each such variable that is set, with what it does here, in the order of their names."""
    found = []
    for name, value in environ.items():
        words = _words(name, platform)
        if value and words:
            found.append((name, f"Set. {words}"))
    return tuple(sorted(found))


def _words(name: str, platform: str) -> str:
    if name.upper() in _PROXIES:
        return "It counts only for an environment that goes by this machine's settings."
    if name in _AUTHORITIES:
        if platform in ("win32", "darwin"):
            return "It is not used: the system's own authorities are trusted."
        return "The authorities it names are trusted in place of the system's."
    if name == "SSLKEYLOGFILE":
        return "It is not used: no secret of a connection is written."
    if name == "QT_PLUGIN_PATH":
        return "The window takes its parts from there, too."
    return ""
