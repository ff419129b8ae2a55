"""Words of a POSIX shell: a text quoted so that a shell takes it literally, and one command cut into its words.

Pure: nothing is ever run. What a shell would work out (variables, other commands, redirections) is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLAIN = re.compile(r"[A-Za-z0-9_./:=@%+,-]+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}
_ENDS = "|&;<>()"
_CODES = {"x": (re.compile(r"[0-9A-Fa-f]{1,2}"), 16), "u": (re.compile(r"[0-9A-Fa-f]{1,4}"), 16)}
_REMARKS = re.compile(r"(?:[ \t]*#[^\r\n]*\r?\n|[ \t]*\r?\n)+")
"""Whole lines of remarks before the command."""
_RUN = re.compile(r"[^\\ \t\r\n'\"|&;<>()`$#]+")
_IN_DOUBLE = re.compile(r'[^"`$\\]+')
_IN_ANSI = re.compile(r"[^'\\]+")
"""What means itself, outside of quotes and within."""
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*(?::\?[^}\"`$\\]*)?\})", re.ASCII)
"""A variable and nothing more: `$NAME`, `${NAME}`, `${NAME:?what is said where it is not set}`."""
OPEN = "\ufdd0"
"""Stands in a word for a variable, whose value nobody here knows; no text may hold it (Unicode, noncharacters)."""
NOT_FOLLOWED = "it has a variable or another command in it; put its value there"
_OCTAL = re.compile(r"[0-7]{1,3}")
WHAT = "The curl command"


def quoted(text: str) -> str:
    """One word that a shell takes as exactly this text."""
    if _PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_with(text: str, secrets: Iterable[tuple[str, str]]) -> str:
    """One word in which each secret (text, variable) is a variable that must be set."""
    parts: list[tuple[str, bool]] = [(text, False)]
    for secret, variable in secrets:
        parts = [piece for part in parts for piece in _split(part, secret, variable)]
    words = [f'"${{{part}:?is not set}}"' if secret else quoted(part) for part, secret in parts if part]
    return "".join(words) or "''"


def _split(part: tuple[str, bool], secret: str, variable: str) -> Iterator[tuple[str, bool]]:
    text, is_variable = part
    if is_variable:
        yield part
        return
    for number, piece in enumerate(text.split(secret)):
        if number:
            yield variable, True
        yield piece, False


def words(text: str) -> list[str]:
    """The words of one command; InputError where it is more than one, or leaves something to a shell.

    A variable within double quotes becomes `OPEN`: whoever uses the word refuses it, unless it is thrown away.
    """
    found: list[str] = []
    word: list[str] | None = None
    at = 0
    if (remarks := _REMARKS.match(text)) is not None:
        at = remarks.end()
    while at < len(text):
        char = text[at]
        if (run := _RUN.match(text, at)) is not None:
            word = _with(word or [], run[0])
            at = run.end()
        elif char == "\\":
            at += 1
            rest = text[at : at + 2]
            if rest.startswith("\n") or rest == "\r\n":
                at += 2 if rest == "\r\n" else 1
                continue
            word = _with(word or [], text[at : at + 1])
            at += 1
        elif char in " \t\r\n":
            if word is not None:
                found.append("".join(word))
                word = None
            if char == "\n" and text[at:].strip():
                raise _refused("it is more than one command")
            at += 1
        elif char in ("'", '"') or text.startswith("$'", at):
            piece, at = _quoted(text, at)
            word = _with(word or [], piece)
        elif char in _ENDS:
            raise _refused(f"it has a '{char}' outside of quotes")
        elif char in "`$":
            raise _refused(NOT_FOLLOWED)
        elif char == "#" and word is None:
            raise _refused("it has a comment in it")
        else:
            word = _with(word or [], char)
            at += 1
    if word is not None:
        found.append("".join(word))
    return found


def _with(word: list[str], piece: str) -> list[str]:
    word.append(piece)
    return word


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands in the quotes that begin here, and the place after them."""
    if text[at] == "'":
        end = text.find("'", at + 1)
        if end < 0:
            raise _refused("a quote is not closed")
        return text[at + 1 : end], end + 1
    if text[at] == '"':
        return _double(text, at + 1)
    return _ansi(text, at + 2)


def _double(text: str, at: int) -> tuple[str, int]:
    piece: list[str] = []
    while at < len(text):
        if (run := _IN_DOUBLE.match(text, at)) is not None:
            piece.append(run[0])
            at = run.end()
            continue
        char = text[at]
        if char == '"':
            return "".join(piece), at + 1
        if (variable := _VARIABLE.match(text, at)) is not None:
            piece.append(OPEN)
            at = variable.end()
            continue
        if char in "`$":
            raise _refused(NOT_FOLLOWED)
        if char == "\\" and text[at + 1 : at + 2] in ("\\", '"', "$", "`", "\n"):
            at += 1
            char = "" if text[at] == "\n" else text[at]
        piece.append(char)
        at += 1
    raise _refused("a quote is not closed")


def _ansi(text: str, at: int) -> tuple[str, int]:
    """$'...', as browsers write what they copy."""
    piece: list[str] = []
    while at < len(text):
        if (run := _IN_ANSI.match(text, at)) is not None:
            piece.append(run[0])
            at = run.end()
            continue
        if text[at] == "'":
            return "".join(piece), at + 1
        sign = text[at + 1 : at + 2]
        pattern, base = _CODES.get(sign, (_OCTAL, 8))
        code = pattern.match(text, at + 2 if sign in _CODES else at + 1)
        if code is not None:
            piece.append(chr(int(code[0], base)))
            at = code.end()
        else:
            piece.append(_ESCAPES.get(sign, sign))
            at += 2
    raise _refused("a quote is not closed")


def _refused(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_CURL, what=WHAT, cause=cause)
