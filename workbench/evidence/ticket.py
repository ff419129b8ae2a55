"""A conversation as a ticket pack: one zip with a page, the messages, the findings, the diagrams and the versions.

Writes what it is given: secrets are cut out and people masked before, and `masked` only says so. The same content gives
the same bytes.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.diagrams import as_mermaid, as_plantuml, as_svg
from workbench.evidence.lanes import answer_words
from workbench.evidence.plain import plain
from workbench.evidence.verdicts import finding_json
from workbench.headers import decode_headers
from workbench.interchange.har import as_har
from workbench.spreadsheet import as_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.evidence.lanes import Lanes
    from workbench.exchange import Exchange
    from workbench.messages import Finding

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: its oldest, so that the same content gives the same bytes."""
_NAME = re.compile(r"[^a-z0-9]+")
COLUMNS = (
    *("started", "direction", "environment", "operation", "method", "url", "status", "seconds", "request_id"),
    *("correlation_id", "title", "failure", "certificate_unchecked", "id"),
)


@dataclass(frozen=True, slots=True)
class TicketLeg:
    """One exchange of the pack."""

    exchange: Exchange
    title: str
    sentence: str
    """What the message says, in plain language."""
    reasons: tuple[str, ...] = ()
    """Why it is part of the conversation."""
    findings: tuple[Finding, ...] = ()
    """Of the request."""
    answer_findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What goes into a pack."""

    title: str
    state: str
    """`Answered in 2 h 18 min`."""
    lanes: Lanes
    legs: tuple[TicketLeg, ...]
    notes: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    """What made it: program, rules, packages."""
    made: str
    """A time in words."""
    masked: bool


def as_zip(ticket: Ticket) -> bytes:
    """The pack."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(ticket):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return made.getvalue()


def exchange_rows(legs: Sequence[TicketLeg]) -> tuple[tuple[object, ...], ...]:
    """A row for each exchange, the columns in the order of `COLUMNS`."""
    return tuple(_row(leg) for leg in legs)


def as_table(legs: Sequence[TicketLeg]) -> str:
    """The exchanges as CSV."""
    return as_csv(COLUMNS, exchange_rows(legs))


def as_json_lines(legs: Sequence[TicketLeg]) -> str:
    """The exchanges as JSON, one to a line, with headers and bodies as text."""
    return "".join(json.dumps(_whole(leg), ensure_ascii=False) + "\n" for leg in legs)


def _files(ticket: Ticket) -> Iterator[tuple[str, str | bytes]]:
    yield "index.html", as_html(ticket)
    yield "lanes.svg", as_svg(ticket.lanes)
    yield "lanes.mmd", as_mermaid(ticket.lanes)
    yield "lanes.puml", as_plantuml(ticket.lanes)
    comment = "People are masked." if ticket.masked else "People are not masked."
    version = dict(ticket.versions).get("BaRS Workbench", "")
    yield "conversation.har", as_har([leg.exchange for leg in ticket.legs], version=version, comment=comment)
    yield "exchanges.csv", as_table(ticket.legs)
    yield "exchanges.jsonl", as_json_lines(ticket.legs)
    yield "findings.json", _findings(ticket)
    yield "versions.json", json.dumps(dict(ticket.versions), ensure_ascii=False, indent=2) + "\n"
    for number, leg in enumerate(ticket.legs, 1):
        stem = f"messages/{number:02}-{_NAME.sub('-', leg.title.lower()).strip('-')[:60] or 'message'}"
        if leg.exchange.request.body:
            yield f"{stem}-request.{_suffix(leg.exchange.request.body)}", leg.exchange.request.body
        if leg.exchange.response is not None and leg.exchange.response.body:
            yield f"{stem}-answer.{_suffix(leg.exchange.response.body)}", leg.exchange.response.body


def _suffix(body: bytes) -> str:
    first = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"{": "json", b"<": "xml"}.get(first, "txt")


def _row(leg: TicketLeg) -> tuple[object, ...]:
    exchange, response, failure = leg.exchange, leg.exchange.response, leg.exchange.failure
    total = exchange.timing.total
    return (
        exchange.timing.started.isoformat(),
        exchange.direction.value,
        exchange.environment,
        exchange.operation,
        exchange.request.method,
        exchange.request.url,
        None if response is None else response.status,
        None if total is None else round(total, 4),
        exchange.request.header("X-Request-Id"),
        exchange.request.header("X-Correlation-Id"),
        leg.title,
        None if failure is None else failure.sentence,
        exchange.tls is not None and not exchange.tls.verified,
        exchange.id,
    )


def _whole(leg: TicketLeg) -> dict[str, object]:
    exchange, response = leg.exchange, leg.exchange.response
    told: dict[str, object] = dict(zip(COLUMNS, _row(leg), strict=True))
    told["request"] = {"headers": list(exchange.request.headers), "body": _text(exchange.request.body)}
    if response is not None:
        told["response"] = {"headers": list(response.headers), "body": _text(response.body)}
    told["reasons"] = list(leg.reasons)
    told["findings"] = [finding_json(finding) for finding in leg.findings]
    told["answer_findings"] = [finding_json(finding) for finding in leg.answer_findings]
    return told


def _findings(ticket: Ticket) -> str:
    rows = [
        {
            "exchange": leg.exchange.id,
            "title": leg.title,
            "request": [finding_json(finding) for finding in leg.findings],
            "answer": [finding_json(finding) for finding in leg.answer_findings],
        }
        for leg in ticket.legs
    ]
    return json.dumps({"exchanges": rows}, ensure_ascii=False, indent=2) + "\n"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def as_html(ticket: Ticket) -> str:
    """One page without script or outside parts: the lanes, then every exchange with headers, findings and bodies."""
    masked = "People are masked: names, addresses, contacts and numbers are invented." if ticket.masked else ""
    facts = ", ".join(f"{name} {value}" for name, value in ticket.versions)
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_e(ticket.title)}</title><style>{_STYLE}</style>",
        f"<h1>{_e(ticket.title)}</h1><p><b>{_e(ticket.state)}</b></p>",
        f"<p><small>{_e(ticket.made)}. {_e(facts)}. {_e(masked)}</small></p>",
        *(f"<p class=note>{_e(note)}</p>" for note in ticket.notes),
        f"<div class=lanes>{as_svg(ticket.lanes)}</div>",
        *(_leg(number, leg) for number, leg in enumerate(ticket.legs, 1)),
    ]
    return "\n".join(parts) + "\n"


def _leg(number: int, leg: TicketLeg) -> str:
    exchange = leg.exchange
    words, _ = answer_words(exchange)
    parts = [
        f"<section><h2>{number}. {_e(leg.title)}</h2><p>{_e(leg.sentence)}</p>",
        f"<p><code>{_e(exchange.request.method)} {_e(exchange.request.url)}</code> {_e(words)}</p>",
    ]
    if exchange.failure is not None:
        parts.append(f"<p class=no>{_e(exchange.failure.sentence)} {_e(exchange.failure.next_step)}</p>")
    if exchange.tls is not None and not exchange.tls.verified:
        parts.append("<p class=no>The certificate of the server was not checked.</p>")
    if leg.reasons:
        parts.append(f"<p>Part of the conversation: {_e('; '.join(leg.reasons))}</p>")
    for title, findings in (("Findings", leg.findings), ("Findings of the answer", leg.answer_findings)):
        if findings:
            rows = (
                f"<tr><td>{_e(f.severity.value)}<td>{_e(f.rule)}<td>{_e(f.text)}<td><code>{_e(f.path)}</code>"
                for f in findings
            )
            parts.append(f"<h3>{title}</h3><table>{''.join(rows)}</table>")
    headers = decode_headers(exchange.request.headers, exchange.operation, exchange.direction)
    rows = (f"<tr><td>{_e(h.name)}<td>{_e('; '.join(f'{a} {b}' for a, b in h.rows) or h.value)}" for h in headers)
    parts.append(f"<details><summary>Headers</summary><table>{''.join(rows)}</table></details>")
    parts.append(_body("Message", exchange.request.body))
    if exchange.response is not None:
        parts.append(_body("Answer", exchange.response.body))
    return "".join([*parts, "</section>"])


def _body(title: str, body: bytes) -> str:
    return f"<details><summary>{title}</summary><pre>{_e(_text(body))}</pre></details>" if body else ""


def _e(text: object) -> str:
    return html.escape(plain(str(text)))


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#17202a}"
    "table{border-collapse:collapse;width:100%}td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dce1e7;"
    "vertical-align:top;overflow-wrap:anywhere}.no{color:#a8201a}small{color:#586472}.note{background:#fff7e0;"
    "padding:.5rem .8rem}section{border-top:2px solid #dce1e7;margin-top:2rem}pre{overflow-x:auto;background:#f5f7fa;"
    "padding:.8rem;font-size:13px}summary{cursor:pointer;margin:.4rem 0}.lanes{overflow-x:auto}"
)
