from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.builders import CORRELATION_ID, REQUEST_ID, acknowledged, called, composed
from tests.rules.test_answer_checks import FULL
from tests.rules.test_http_response import refusal
from workbench.exchange import Response
from workbench.rules.scores import scores

REQUEST = called(composed())
TAKEN = acknowledged().source
IDS = (("X-Request-Id", REQUEST_ID), ("X-Correlation-Id", CORRELATION_ID))
TYPE = ("Content-Type", "application/fhir+json")


def test_a_good_answer_passes_whatever_is_advised() -> None:
    held = scores(REQUEST, Response(200, "OK", (*IDS, TYPE), TAKEN))
    assert held.standard.passed
    assert held.lines == ("BaRS: pass (4 of 4)", "OWASP advice: 6 of 11")
    assert "Cache-Control is set" in held.advice.missed


def test_all_advice_taken_changes_the_second_score_only() -> None:
    held = scores(REQUEST, Response(200, "OK", (*IDS, TYPE, *FULL), TAKEN))
    assert held.lines == ("BaRS: pass (4 of 4)", "OWASP advice: 11 of 11")
    assert held.advice.missed == ()


def test_what_the_standard_asks_for_fails_by_name() -> None:
    held = scores(REQUEST, Response(200, "OK", (IDS[0], TYPE), TAKEN))
    assert held.lines[0] == "BaRS: fail (3 of 4)"
    assert held.standard.missed == ("X-Correlation-Id comes back as it was sent",)
    assert scores(REQUEST, Response(200, "OK", IDS, TAKEN)).standard.missed == ("Content-Type is that of the body",)
    xml = ("Content-Type", "application/fhir+xml")
    assert scores(REQUEST, Response(200, "OK", (*IDS, xml), TAKEN)).standard.missed == (
        "Content-Type is that of the body",
    )
    twice = (("Content-Length", "1"), ("Content-Length", "2"))
    assert scores(REQUEST, Response(200, "OK", (*IDS, TYPE, *twice), TAKEN)).standard.missed == (
        "the length is told one way",
    )


def test_ids_are_asked_of_a_receivers_errors_only() -> None:
    plain = ("Content-Type", "application/json")
    platform = scores(REQUEST, Response(404, "", (plain,), refusal("PROXY_NOT_FOUND", "not-found")))
    assert platform.lines[0] == "BaRS: pass (3 of 3)"
    receiver = scores(REQUEST, Response(400, "", (TYPE,), refusal()))
    assert len(receiver.standard.missed) == 2
    bare = scores(REQUEST, Response(502, "", (), b""))
    assert bare.standard.missed == ("the error has an OperationOutcome",)


@given(st.lists(st.tuples(st.text(min_size=1), st.text())), st.integers(200, 599), st.binary())
def test_no_answer_breaks_it_and_no_odd_header_changes_the_standards_score(
    headers: list[tuple[str, str]], status: int, body: bytes
) -> None:
    odd = tuple((f"Mock-{name}", value) for name, value in headers)
    before = scores(REQUEST, Response(status, "", (*IDS, TYPE), body))
    after = scores(REQUEST, Response(status, "", (*IDS, TYPE, *odd), body))
    assert after.standard == before.standard
    assert scores(REQUEST, Response(status, "", tuple(headers), body)).lines
