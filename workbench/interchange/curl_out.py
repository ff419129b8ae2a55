"""A call as a curl command for a POSIX shell; tokens and other secrets stand as variables that must be set first.

Nothing of a message can leave its quotes: what is copied is pasted into a shell.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from workbench.headers.names import name_problem
from workbench.interchange.shell_words import quoted, quoted_with
from workbench.interchange.values import OF_THE_CONNECTION, SECRET_HEADERS

if TYPE_CHECKING:
    from workbench.exchange import Request

TOKEN = "BARS_TOKEN"
ASSERTION = "BARS_CLIENT_ASSERTION"
SECRET = "BARS_SECRET"
LONGEST_WORD = 100_000
"""Bytes of a body that one word of a command may have; Linux takes 128 KiB."""
_CUT = re.compile(r"\[secret sha256:[0-9a-f]{8}\]")
_FORM = re.compile(r"client_assertion=([^&]+)")
_OF_CURL = ("Accept", "Content-Type", "User-Agent", "Expect")
"""Headers that curl adds by itself unless they are named."""
_BEARER = "bearer "
_UNCHECKED = "# This call was sent without a check of the server's certificate; the command below checks it.\n"


def as_curl(request: Request, unchecked: bool = False) -> str:
    """The command, over several lines. Secrets become the variables BARS_TOKEN, BARS_CLIENT_ASSERTION, BARS_SECRET.

    `unchecked`: the call was made without a check of the server's certificate, which a first line says; the command
    itself checks it.
    """
    rows = [f"--request {quoted(request.method)}", f"--url {_quoted_url(request.url)}"]
    rows += [f"--header {_header(name, value)}" for name, value in request.headers if _goes(name, value)]
    there = {name.lower() for name, _ in request.headers}
    rows += [f"--header {quoted(name + ':')}" for name in _OF_CURL if name.lower() not in there or name == "User-Agent"]
    before = ""
    if request.body:
        text = _text(request.body)
        if text is None or len(request.body) > LONGEST_WORD:
            before = f"printf %s {quoted(base64.b64encode(request.body).decode('ascii'))} | base64 -d | "
            rows.append("--data-binary @-")
        else:
            rows.append(f"--data-raw {quoted_with(text, _secrets_of(text))}")
    return (_UNCHECKED if unchecked else "") + before + " \\\n  ".join(["curl --globoff", *rows]) + "\n"


def _goes(name: str, value: str) -> bool:
    """Whether a header is named: those of the connection are curl's own, and no name may be taken for a file."""
    return name.lower() not in OF_THE_CONNECTION and name_problem(name) is None and "\n" not in value


def _header(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS and not _CUT.search(value):
        return quoted(f"{name}: {value}" if value else f"{name};")
    if name.lower() == "authorization":
        scheme, space, _ = value.partition(" ")
        known = scheme if space and scheme.lower() == _BEARER.strip() else "Bearer"
        return quoted_with(f"{name}: {known} \0", [("\0", TOKEN)])
    return quoted_with(f"{name}: \0", [("\0", SECRET)])


def _quoted_url(url: str) -> str:
    return quoted_with(url, _secrets_of(url))


def _secrets_of(text: str) -> list[tuple[str, str]]:
    assertion = _FORM.search(text)
    found = [(assertion[1], ASSERTION)] if assertion else []
    return [*found, *((cut, SECRET) for cut in dict.fromkeys(_CUT.findall(text)) if not found or cut != found[0][0])]


def _text(body: bytes) -> str | None:
    """The body as a text that a word can hold, or None."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
