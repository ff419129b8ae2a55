"""The proxy of the machine's settings: which is meant, for whom none is, and what cannot be used."""

from __future__ import annotations

import pytest

from workbench.errors import ConfigError, ErrorCode
from workbench.transport.system_proxy import SystemSettings, proxy_for, script_of, system_settings
from workbench.transport.tls_look import Proxy

URL = "https://int.example/FHIR/R4"


def settings(script: str = "", **proxies: str) -> SystemSettings:
    return SystemSettings(proxies, lambda host: host.endswith(".inside.example"), script)


@pytest.mark.parametrize(
    ("known", "proxy"),
    [
        ({}, None),
        ({"https": "http://proxy.example:3128"}, Proxy("http://proxy.example:3128")),
        ({"https": "proxy.example:3128"}, Proxy("http://proxy.example:3128")),
        ({"https": "http://proxy.example"}, Proxy("http://proxy.example:80")),
        ({"all": "http://proxy.example:1"}, Proxy("http://proxy.example:1")),
        ({"http": "http://proxy.example:1"}, None),
        ({"https": "http://[::2]:8"}, Proxy("http://[::2]:8")),
        ({"https": "http://me%40here:pass%3Aword@p.example:1"}, Proxy("http://p.example:1", "me@here", "pass:word")),
    ],
)
def test_the_proxy_for_an_address(known: dict[str, str], proxy: Proxy | None) -> None:
    assert proxy_for(URL, settings(**known)) == proxy


def test_this_machine_and_what_is_excepted_are_called_directly() -> None:
    known = settings(https="http://proxy.example:1", http="http://proxy.example:1")
    assert proxy_for("http://127.0.0.1:8080/x", known) is None
    assert proxy_for("https://a.inside.example/x", known) is None


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (settings("http://wpad/proxy.pac"), "a script names it (http://wpad/proxy.pac)"),
        (settings(https="socks5://proxy.example:1080"), "spoken to by socks5"),
        (settings(https="https://proxy.example:1080"), "spoken to by https"),
        (settings(https="http://proxy.example:none"), "cannot be read"),
        (settings(https="http://"), "only http is understood"),
    ],
)
def test_what_cannot_be_used_is_said_with_the_next_step(known: SystemSettings, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        proxy_for(URL, known)
    assert caught.value.code is ErrorCode.CONFIG_SYSTEM_PROXY
    assert said in caught.value.sentence
    assert "int.example" in caught.value.sentence
    assert "enter it under Settings, Environments" in caught.value.next_step


def test_a_proxy_that_is_named_goes_before_a_script() -> None:
    assert proxy_for(URL, settings("http://wpad/proxy.pac", https="http://p.example:1")) == Proxy("http://p.example:1")


def test_variables_of_the_machine_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "other.example")
    found = system_settings()
    assert proxy_for(URL, found) == Proxy("http://proxy.example:3128")
    assert proxy_for("https://other.example/x", found) is None


GNOME = {"mode": "'auto'\n", "autoconfig-url": "'http://wpad.example/p.pac'\n"}
MACOS = """<dictionary> {
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.example/p.pac
}
"""


def test_a_script_of_the_desktop_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: tuple[str, ...]) -> str:
        raise AssertionError("nobody is asked")

    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    assert script_of("linux", nothing) == ""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    assert script_of("linux", lambda command: GNOME[command[-1]]) == "http://wpad.example/p.pac"
    assert script_of("linux", lambda command: {**GNOME, "autoconfig-url": "''"}[command[-1]]) == "found by the network"
    assert script_of("linux", lambda command: {**GNOME, "mode": "'none'"}[command[-1]]) == ""
    assert script_of("darwin", lambda _: MACOS) == "http://wpad.example/p.pac"
    assert script_of("darwin", lambda _: MACOS.replace("Enable : 1", "Enable : 0")) == ""
    assert script_of("darwin", lambda _: "") == ""
