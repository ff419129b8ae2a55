"""`bars-workbench send`: send one file to a service and print the exchange with its findings."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.opening import opened
from workbench.evidence.verdicts import finding_json, silenced_json
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments
    from workbench.messages import Finding
    from workbench.session.files import FileSend


def send(arguments: Arguments) -> int:
    """0 when the receiver accepted, 1 when it refused or did not answer."""
    sent = asyncio.run(_send(arguments))
    if arguments.format == "json":
        silenced = {"silenced": [silenced_json(one) for one in sent.silenced]} if sent.silenced else {}
        found = [finding_json(one) for one in sent.findings]
        output.document({**asdict(sent.line), "findings": found, **silenced})
    else:
        output.emit(_text(sent))
    return 0 if sent.line.status is not None and 200 <= sent.line.status < 300 else 1


async def _send(arguments: Arguments) -> FileSend:
    options = SessionOptions(environment=arguments.environment, identity=arguments.identity, reply_delay_s=0.0)
    async with opened(arguments, options) as session:
        return await session.send_file(arguments.file, service=arguments.service, confirm_host=arguments.confirm_host)


def _text(sent: FileSend) -> str:
    line = sent.line
    lines = [sent.sentence]
    if sent.next_step:
        lines.append(sent.next_step)
    lines.append(f"{line.method} {line.path}  X-Request-Id {line.request_id}  X-Correlation-Id {line.correlation_id}")
    lines += [_row(finding) for finding in sent.findings]
    lines += [f"{_row(one.finding)}  ({one.silence.words})" for one in sent.silenced]
    return "\n".join([*lines, ""])


def _row(finding: Finding) -> str:
    place = f"line {finding.place.line}" if finding.place else ""
    return f"  {finding.severity.value}  {finding.rule}  {finding.text}  {place}".rstrip()
