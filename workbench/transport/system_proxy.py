"""The proxy that this machine's settings name for an address; read only where a person chose to go by them.

Environment variables, the settings of Windows and macOS as Python reads them, and whether a script (PAC) decides: a
script is a program of somebody else's and is not run here. Must not know environments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from workbench.errors import ConfigError, ErrorCode
from workbench.transport.tls import host_of, stays_here
from workbench.transport.tls_look import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ASKING_S = 2.0
_SCRIPT_OF_GNOME = ("gsettings", "get", "org.gnome.system.proxy", "autoconfig-url")
_MODE_OF_GNOME = ("gsettings", "get", "org.gnome.system.proxy", "mode")
_OF_MACOS = ("scutil", "--proxy")


class SystemSettings(NamedTuple):
    """What the machine says."""

    proxies: Mapping[str, str]
    """By scheme of the address that is called; `all` for any."""
    bypassed: Callable[[str], bool]
    """Whether a host is called without a proxy."""
    script: str = ""
    """Address of the script that names the proxy; empty where none does."""


def system_settings() -> SystemSettings:
    """The settings of this machine now; whether a script decides is asked only where nothing else names a proxy."""
    named = urllib.request.getproxies()
    script = "" if named.keys() & {"https", "all"} else script_of(sys.platform, _ask)
    return SystemSettings(named, lambda host: bool(urllib.request.proxy_bypass(host)), script)


def proxy_for(url: str, settings: SystemSettings) -> Proxy | None:
    """The proxy for an address; None where it is called directly, as this machine always is.

    ConfigError `config.system-proxy` where a script decides, or where the proxy is none that can be used.
    """
    host, scheme = host_of(url), urlsplit(url).scheme
    if stays_here(url) or settings.bypassed(host):
        return None
    named = settings.proxies.get(scheme) or settings.proxies.get("all") or ""
    if not named:
        if settings.script:
            cause = f"a script names it ({settings.script}), and scripts are not run here"
            raise ConfigError(ErrorCode.CONFIG_SYSTEM_PROXY, what=host, cause=cause)
        return None
    try:
        parts = urlsplit(named if "://" in named else f"http://{named}")
        port = parts.port or 80
    except ValueError:
        raise ConfigError(ErrorCode.CONFIG_SYSTEM_PROXY, what=host, cause="its address cannot be read") from None
    if parts.scheme != "http" or not parts.hostname:
        cause = f"it is spoken to by {parts.scheme or 'nothing'}, and only http is understood here"
        raise ConfigError(ErrorCode.CONFIG_SYSTEM_PROXY, what=host, cause=cause)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Proxy(f"http://{name}:{port}", unquote(parts.username or ""), unquote(parts.password or ""))


def script_of(platform: str, ask: Callable[[tuple[str, ...]], str]) -> str:
    """The address of the script that the desktop goes by, empty without one; `ask` gives what a command prints."""
    if platform == "win32":
        return _of_windows()
    if platform == "darwin":
        told = dict(line.strip().split(" : ", 1) for line in ask(_OF_MACOS).splitlines() if " : " in line)
        return told.get("ProxyAutoConfigURLString", "") if told.get("ProxyAutoConfigEnable") == "1" else ""
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", "").upper():
        return ""
    if ask(_MODE_OF_GNOME).strip().strip("'") != "auto":
        return ""
    return ask(_SCRIPT_OF_GNOME).strip().strip("'") or "found by the network"


def _of_windows() -> str:
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as settings:
                return str(winreg.QueryValueEx(settings, "AutoConfigURL")[0])
        except FileNotFoundError:  # the value is there only where a script is
            return ""
    return ""


def _ask(command: tuple[str, ...]) -> str:
    """What a command of the system prints; empty where there is none, or it fails: then no script is known."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ASKING_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
