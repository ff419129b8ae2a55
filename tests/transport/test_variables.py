"""Variables of the machine in words: each that is set, without its value."""

from __future__ import annotations

import pytest

from workbench.transport.variables import heard_variables

SECRET = "http://me:canary-word@proxy.example:1"


def test_what_is_set_is_told_without_its_value() -> None:
    names = ("HTTPS_PROXY", "no_proxy", "SSLKEYLOGFILE", "QT_PLUGIN_PATH", "PATH")
    found = heard_variables({**dict.fromkeys(names, SECRET), "HTTP_PROXY": ""}, "linux")
    assert [name for name, _ in found] == ["HTTPS_PROXY", "QT_PLUGIN_PATH", "SSLKEYLOGFILE", "no_proxy"]
    assert all(words.startswith("Set. ") for _, words in found)
    assert "canary" not in repr(found)
    assert heard_variables({"PATH": "x"}, "linux") == ()


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("linux", "Set. The authorities it names are trusted in place of the system's."),
        ("win32", "Set. It is not used: the system's own authorities are trusted."),
        ("darwin", "Set. It is not used: the system's own authorities are trusted."),
    ],
)
def test_authorities_of_a_variable_count_where_the_system_lets_them(platform: str, words: str) -> None:
    assert heard_variables({"SSL_CERT_FILE": "/x"}, platform) == (("SSL_CERT_FILE", words),)
