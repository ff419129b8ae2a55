"""Ticket packs."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from urllib.parse import quote

from tests.evidence.test_lanes import laid_out
from tests.evidence.test_masked import NUMBER, an_exchange
from tests.masking.test_masker import MASKER, SEEDED, a_seeded_bundle
from workbench.evidence.lanes import Leg
from workbench.evidence.masked import masked_exchange
from workbench.evidence.ticket import COLUMNS, Ticket, TicketLeg, as_html, as_json_lines, as_table, as_zip
from workbench.messages import Finding, Layer, Severity, Source, build

NASTY = "</title><script>alert(1)</script>=1+1"


def a_ticket(title: str = "Referral, new", *, masked: bool = True) -> Ticket:
    bundle = a_seeded_bundle()
    exchange = an_exchange(build(bundle).source, answer=f'{{"resourceType": "Patient", "id": "{NUMBER}"}}'.encode())
    finding = Finding("PAT-001", Severity.ERROR, Layer.BARS, "Bundle", f"{NUMBER} of Zyxfamily", Source("Core", "1"))
    if masked:
        exchange = masked_exchange(exchange, MASKER)
        finding = Finding(
            finding.rule, finding.severity, finding.layer, finding.path, MASKER.text(finding.text, [bundle]),
            finding.source,
        )  # fmt: skip
    leg = TicketLeg(exchange, title, "Somebody asks.", ("Same correlation id",), (finding,))
    lanes = laid_out(Leg(exchange, title))
    versions = (("BaRS Workbench", "1.0"), ("Rules", "338"))
    return Ticket(title, "Accepted", lanes, (leg,), ("Look here",), versions, "27 Nov 2026", masked)


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_pack_has_page_messages_findings_diagrams_and_versions() -> None:
    files = unpacked(as_zip(a_ticket()))
    assert set(files) == {
        *("index.html", "lanes.svg", "lanes.mmd", "lanes.puml", "conversation.har", "exchanges.csv"),
        *("exchanges.jsonl", "findings.json", "versions.json"),
        *("messages/01-referral-new-request.json", "messages/01-referral-new-answer.json"),
    }
    assert json.loads(files["findings.json"])["exchanges"][0]["request"][0]["rule"] == "PAT-001"
    assert json.loads(files["versions.json"])["Rules"] == "338"
    assert json.loads(files["conversation.har"])["log"]["comment"] == "People are masked."


def test_a_masked_pack_holds_no_personal_text_in_any_encoding() -> None:
    files = unpacked(as_zip(a_ticket()))
    for name, content in files.items():
        told = content.lower()
        for word in (*SEEDED, NUMBER):
            for written in encodings(word):
                assert written.lower() not in told, (name, word)


def encodings(word: str) -> list[bytes]:
    """A word as it may hide in a file: plain, escaped, in percent signs, as hexadecimal, in base64 at any offset."""
    plain = word.encode()
    escaped = "".join(f"\\u{ord(c):04x}" for c in word).encode()
    percent = quote(word, safe="").encode()
    inner = [base64.b64encode(b" " * shift + plain)[(0, 2, 3)[shift] : -4] for shift in range(3)]
    return [plain, escaped, percent, plain.hex().encode(), word.encode("utf-16-le"), *inner]


def test_the_same_conversation_gives_the_same_bytes() -> None:
    assert as_zip(a_ticket()) == as_zip(a_ticket())


def test_words_from_outside_are_only_words() -> None:
    page = as_html(a_ticket(NASTY))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    (_, row) = as_table(a_ticket("=1+1").legs).splitlines()
    assert ",'=1+1," in row


def test_every_exchange_is_one_line_of_json_with_its_bodies() -> None:
    (line,) = as_json_lines(a_ticket(masked=False).legs).splitlines()
    told = json.loads(line)
    assert set(COLUMNS) < set(told)
    assert "Zyxfamily" in told["request"]["body"]
    assert told["status"] == 400
    assert told["findings"][0]["rule"] == "PAT-001"
