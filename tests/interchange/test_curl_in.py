"""Pasted curl commands, good ones, hostile ones: read and never run; also shell_words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request
from workbench.interchange import as_curl, read_curl

URL = "https://a.example/x"
PIECES = [
    "-H", "-X", "-d", "'", '"', "$'", "\\", "\n", " ", "a: b", URL, "--json", "@x", "-G", "\u00e9", "\\x", "--", "-",
    "=", "$", "#",
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "request_"),
    [
        (f"curl {URL}", Request("GET", URL)),
        (f"$ curl -s -S -k '{URL}'", Request("GET", URL)),
        (f"curl -sSL {URL}", Request("GET", URL)),
        (f"curl -X PUT {URL} -d @", None),
        (
            f"curl -XPUT {URL} -H'A: 1' -H \"B: it's\" --data-raw '{{}}'",
            Request("PUT", URL, (("A", "1"), ("B", "it's")), b"{}"),
        ),
        (f"curl --url={URL} --header=A:1", Request("GET", URL, (("A", "1"),))),
        (f"curl \\\n  --request POST \\\r\n  {URL} --data-binary '{{\n}}'", Request("POST", URL, (), b"{\n}")),
        (f"curl {URL} -d a=1 -d b=2", Request("POST", URL, (), b"a=1&b=2")),
        (f"curl -G {URL} -d a=1 --data-urlencode 'b=x y&'", Request("GET", f"{URL}?a=1&b=x%20y%26")),
        (f"curl -I {URL}", Request("HEAD", URL)),
        (
            f"curl {URL} --json '{{}}'",
            Request("POST", URL, (("Content-Type", "application/json"), ("Accept", "application/json")), b"{}"),
        ),
        (f"curl {URL} --data-raw $'\\u0041\\n\\x42\\'\\103'", Request("POST", URL, (), b"A\nB'C")),
        ("/usr/bin/curl a.example", Request("GET", "http://a.example/")),
        (f"curl {URL} -H 'User-Agent: x' -H 'Accept:' -H 'X-Empty;' -A y", Request("GET", URL, (("X-Empty", ""),))),
        (f"curl {URL} --data-raw @file", Request("POST", URL, (), b"@file")),
    ],
)
def test_a_command_is_the_call_that_curl_would_make(command: str, request_: Request | None) -> None:
    if request_ is None:
        with pytest.raises(InputError):
            read_curl(command)
        return
    assert read_curl(command).request == request_


def test_secrets_are_left_out_by_name() -> None:
    command = (
        "curl -u me:hush -b 'c=hush' -H 'Authorization: Bearer hush' -H 'apikey: hush' -H 'X-A: 1' "
        "-k -x http://p:1 -L https://me:hush@a.example/x --cert hush"
    )
    call = read_curl(command)
    assert call.request == Request("GET", URL, (("X-A", "1"),))
    assert "hush" not in repr(call)
    assert "hush" not in "".join(call.left_out)
    assert call.left_out == (
        "--user is a secret and was left out.",
        "--cookie is a secret and was left out.",
        "--insecure was left out: certificates are always checked.",
        "--proxy was left out: it belongs to the environment.",
        "--location was left out: redirects are not followed.",
        "--cert is a secret and was left out.",
        "The password in the address is a secret and was left out.",
        "Authorization is a secret and was left out.",
        "apikey is a secret and was left out.",
    )


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        ("", "it does not begin with curl"),
        ("wget https://a.example", "it does not begin with curl"),
        ("curl", "it names no address that begins with http:// or https://"),
        ("curl ftp://a.example", "it names no address that begins with http:// or https://"),
        ("curl file:///etc/passwd", "it names no address that begins with http:// or https://"),
        ("curl 'https://[::1'", "its address cannot be read"),
        (f"curl {URL} {URL}", "it calls more than one address"),
        (f"curl {URL} | sh", "it has a '|' outside of quotes"),
        (f"curl {URL} > /etc/passwd", "it has a '>' outside of quotes"),
        (f"curl {URL}; rm -rf /", "it has a ';' outside of quotes"),
        (f"curl {URL}\nrm -rf /", "it is more than one command"),
        (f'curl {URL} -H "A: $(id)"', "it has a variable or another command in it; put its value there"),
        (f"curl {URL} -H A:`id`", "it has a variable or another command in it; put its value there"),
        (f'curl {URL} -H "A: $TOKEN"', "it has a variable or another command in it; put its value there"),
        (f"curl {URL} # -d x", "it has a comment in it"),
        (f"curl '{URL}", "a quote is not closed"),
        (f'curl "{URL}', "a quote is not closed"),
        (f"curl {URL} -d $'x", "a quote is not closed"),
        (f"curl {URL} -d @/etc/passwd", "its body is in a file, which is not opened: open the file itself"),
        (f"curl {URL} -d@/etc/passwd", "its body is in a file, which is not opened: open the file itself"),
        (
            f"curl {URL} --data-urlencode x@/etc/passwd",
            "its body is in a file, which is not opened: open the file itself",
        ),
        (f"curl {URL} -H @headers", "its headers are in a file, which is not opened"),
        (f"curl {URL} -F a=@b", "--form cannot be taken over"),
        (f"curl -K config {URL}", "--config cannot be taken over"),
        (f"curl {URL} -T x", "--upload-file cannot be taken over"),
        (f"curl {URL} --magic", "the option --magic is not known here"),
        (f"curl {URL} -?", "the option -? is not known here"),
        (f"curl {URL} -X", "-X has no value"),
        (
            f"curl -X 'GET / HTTP/1.1' {URL}",
            "its method GET / HTTP/1.1 is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused_in_words(command: str, cause: str) -> None:
    with pytest.raises(InputError) as caught:
        read_curl(command)
    assert (caught.value.code, caught.value.cause) == (ErrorCode.INPUT_CURL, cause)


@pytest.mark.parametrize("variable", ["$TOKEN", "${TOKEN}", "${BARS_TOKEN:?is not set}"])
def test_a_variable_may_stand_for_a_secret_which_is_left_out_anyway(variable: str) -> None:
    twice = f'-H "Authorization: Bearer {variable}" -H Authorization:" Bearer {variable}"'
    call = read_curl(f'curl {URL} {twice} -u "$ME"')
    assert call.request == Request("GET", URL)
    assert call.left_out == ("--user is a secret and was left out.", "Authorization is a secret and was left out.")
    for command in (
        f'curl "{URL}?a={variable}"',
        f'curl {URL} -d "{variable}"',
        f'curl {URL} --data-urlencode "a={variable}"',
        f'curl {URL} -H "{variable}: Bearer x"',
        f'curl {URL} -H "X-A: {variable}"',
        f'curl {URL} -H "Authorization: $(id){variable}"',
        f'curl {URL} -H "Authorization: ${{TOKEN:-$(id)}}"',
    ):
        with pytest.raises(InputError, match="it has a variable or another command"):
            read_curl(command)


def test_a_call_that_was_copied_here_is_taken_in_again_without_its_token() -> None:
    sent = Request("POST", URL, (("Authorization", "Bearer hush"), ("X-A", "1")), b"{}")
    back = read_curl(as_curl(sent))
    assert (back.request.headers, back.request.body) == ((("X-A", "1"),), b"{}")
    assert back.left_out == ("Authorization is a secret and was left out.",)


def test_headers_that_no_line_can_carry_are_told() -> None:
    call = read_curl(f"curl {URL} -H $'A: x\\ny' -H 'b d: 1' -H 'C: \u00e4'")
    assert call.request.headers == ()
    assert len(call.left_out) == 3


def test_too_much_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        read_curl("curl " + "x" * 21 * 1024 * 1024)
    assert caught.value.code is ErrorCode.INPUT_TOO_LARGE
    with pytest.raises(InputError) as caught:
        read_curl(f"curl {URL} -d {'x' * 11 * 1024 * 1024}")
    assert caught.value.code is ErrorCode.INPUT_TOO_LARGE
    many = " ".join(f"-H 'X-{n}: 1'" for n in range(150))
    call = read_curl(f"curl {URL} {many}")
    assert len(call.request.headers) == 100
    assert call.left_out == ("Only the first 100 headers were taken over.",)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_nothing_but_a_call_or_a_refusal_comes_back(parts: list[str]) -> None:
    try:
        call = read_curl("curl " + "".join(parts))
    except InputError:
        return
    assert call.request.url.startswith("http")
