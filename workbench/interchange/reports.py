"""Calls in the files of a report: HTTP archives, raw HTTP as harnesses log it, message bodies alone, and pairs of both.

Two files whose names differ only in `request` and `response` are one call. What is not known is said, never made up
in silence. Pure; must not know a workspace or a window.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.exchange import Request, Response
from workbench.interchange.har import Recorded, read_har
from workbench.interchange.report_files import shown
from workbench.interchange.values import usable_headers
from workbench.messages import issues, parse, tree
from workbench.standard.outcomes import known_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.interchange.report_files import ReportFile
    from workbench.messages import Message

UNKNOWN_ADDRESS = "http://imported.invalid/$process-message"
"""Where a message went whose address is not in the file: a name that nobody can have (RFC 2606, section 2)."""
_ROLE = re.compile(
    r"(?<![a-z])(?P<asked>requests?|req|sent)(?![a-z])|(?<![a-z])(responses?|resp|answers?|received)(?![a-z])"
)
_ASKED = re.compile(rb"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\S+) HTTP/(\d(?:\.\d)?)\r?\n")
_ANSWERED = re.compile(rb"^HTTP/\d(?:\.\d)? (\d{3})(?: ([^\r\n]*))?\r?\n", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_ARCHIVE = re.compile(rb'^\s*\{\s*"log"\s*:')
_OK, _REFUSED = 200, 400


@dataclass(frozen=True, slots=True)
class Reading:
    """The calls that were read, in order of time, and what was passed over, a sentence each."""

    calls: tuple[Recorded, ...]
    passed_over: tuple[str, ...]


class _Half(NamedTuple):
    """One file as one side of a call."""

    file: ReportFile
    key: str
    """Its name without the word that says which side it is."""
    answer: bool | None
    """Whether the name says answer (True) or request (False); None where it says neither."""


def read_reports(files: Iterable[ReportFile]) -> Reading:
    """Every call of the files. Where there are HTTP archives, other files beside them are passed over: a pack holds the
    same messages twice."""
    every = list(files)
    archives = [one for one in every if _is_archive(one)]
    calls: list[Recorded] = []
    passed_over: list[str] = []
    for file in archives:
        try:
            found = read_har(file.content.decode("utf-8-sig"))
        except (InputError, UnicodeDecodeError) as error:
            cause = error.sentence if isinstance(error, InputError) else "It is not UTF-8."
            passed_over.append(f"{shown(file.name)}: {cause}")
        else:
            calls += found.calls
            if found.passed_over:
                passed_over.append(f"{shown(file.name)}: {found.passed_over} of its entries are no calls with a time.")
    if calls:
        left = len(every) - len(archives)
        if left:
            passed_over.append(f"{left} other files were passed over: the HTTP archive beside them holds the calls.")
    else:
        rest = [one for one in every if one not in archives]
        for asked, answered in _paired(_half(one) for one in rest):
            call = _call(asked, answered, passed_over)
            calls += [call] if call is not None else []
    return Reading(tuple(sorted(calls, key=lambda one: one.started)), tuple(passed_over))


def _is_archive(file: ReportFile) -> bool:
    return file.name.lower().endswith(".har") or _ARCHIVE.match(file.content[:200]) is not None


def _half(file: ReportFile) -> _Half:
    """The last word of its name that says which side it is counts: a message may be called a response itself."""
    stem = file.name.lower().rpartition(".")[0]
    found = list(_ROLE.finditer(stem))
    if not found:
        return _Half(file, stem, None)
    last = found[-1]
    return _Half(file, f"{stem[: last.start()]}*{stem[last.end() :]}", last["asked"] is None)


def _paired(halves: Iterable[_Half]) -> list[tuple[ReportFile, ReportFile | None]]:
    """Files as (request, answer); one alone is a request."""
    by_key: dict[str, list[_Half]] = {}
    for half in halves:
        by_key.setdefault(half.key, []).append(half)
    found: list[tuple[ReportFile, ReportFile | None]] = []
    for together in by_key.values():
        asked = [one.file for one in together if not one.answer]
        answered = [one.file for one in together if one.answer]
        if len(asked) == len(answered) == 1:
            found.append((asked[0], answered[0]))
        else:
            found += [(one.file, None) for one in together]
    return found


def _call(file: ReportFile, answer: ReportFile | None, passed_over: list[str]) -> Recorded | None:
    left_out: list[str] = []
    content = file.content.lstrip(b"\r\n\t ")
    asked = _ASKED.match(content)
    if asked is not None:
        request, rest = _raw_request(asked, content, left_out)
    else:
        message = _message(file.content)
        if message is None or message.facts.event is None:
            passed_over.append(f"{shown(file.name)} is no BaRS message and no HTTP request.")
            if answer is not None:
                passed_over.append(f"{shown(answer.name)} was passed over with it.")
            return None
        request, rest = Request("POST", UNKNOWN_ADDRESS, (), file.content), b""
        left_out.append("Its address and headers are not in the file.")
    response = None
    if rest:
        response = _response(rest, left_out)
    if answer is not None:
        response = _response(answer.content, left_out)
        if response is None:
            passed_over.append(f"{shown(answer.name)} is no answer that can be read.")
    return Recorded(request, response, _when(request.body, file.changed), None, tuple(left_out))


def _raw_request(first: re.Match[bytes], content: bytes, left_out: list[str]) -> tuple[Request, bytes]:
    """A request as it was on the wire, and the answer that follows it in the same file, if one does."""
    fields, body = _head(content[first.end() :])
    after = _ANSWERED.search(body)
    rest = body[after.start() :] if after is not None else b""
    body = body[: after.start()].rstrip(b"\r\n") if after is not None else body
    target = first[2].decode("ascii", "replace")
    host = next((value for name, value in fields if name.lower() == "host"), "imported.invalid")
    url = target if target.lower().startswith(("http://", "https://")) else f"https://{host}/{target.lstrip('/')}"
    version = first[3].decode("ascii")
    return Request(first[1].decode("ascii"), url, usable_headers(fields, left_out), body, version), rest


def _response(content: bytes, left_out: list[str]) -> Response | None:
    """An answer, with its head or as a body alone; None where it is neither."""
    bare = content.lstrip(b"\r\n\t ")
    head = _ANSWERED.match(bare)
    if head is not None:
        fields, body = _head(bare[head.end() :])
        reason = (head[2] or b"").decode("latin-1").strip()
        return Response(int(head[1]), reason, usable_headers(fields, left_out), body)
    message = _message(content)
    if message is None:
        return None
    codes = [known_code(one.details_code) for one in issues(message.resource) if one.details_code]
    found = next((code for code in codes if code is not None), None)
    if found is not None:
        status = found.status
    else:
        refused = any(one.severity in ("fatal", "error") for one in issues(message.resource))
        status = _REFUSED if refused else _OK
    left_out.append(f"The status of the answer is not in the file; by what it says, it is shown as {status}.")
    return Response(status, "", (), content)


def _head(content: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Header rows and what follows them."""
    if content[:2] == b"\r\n" or content[:1] == b"\n":
        return [], content.lstrip(b"\r\n")
    blank = _BLANK_LINE.search(content)
    head, body = (content[: blank.start()], content[blank.end() :]) if blank is not None else (content, b"")
    rows = [line.partition(":") for line in head.decode("latin-1").splitlines()]
    return [(name.strip(), value.strip()) for name, colon, value in rows if colon], body


def _message(content: bytes) -> Message | None:
    try:
        return parse(content)
    except InputError:  # it is told by who asked
        return None


def _when(body: bytes, otherwise: datetime) -> datetime:
    """When a message was made, by its own words; else when its file was changed."""
    message = _message(body)
    text = tree.text(message.resource.get("timestamp")) if message is not None else None
    try:
        found = datetime.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
