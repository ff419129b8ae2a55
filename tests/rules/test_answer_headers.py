from __future__ import annotations

from workbench.exchange import Response
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile


def found(*headers: tuple[str, str], status: int = 204) -> list[tuple[str, str, str]]:
    response = Response(status, "", headers, b"")
    verdict = judge(Submission(None, None, response, default_profile(), Side.COMPOSE), timer=lambda: 0.0)
    return [(one.rule, one.severity.value[0], one.path) for one in verdict.findings if one.rule.startswith("RSP-03")]


def test_what_is_only_advised_is_no_finding() -> None:
    assert found() == found(("Server", "nginx"), ("X-Kong-Request-Id", "1")) == []


def test_failures_and_warnings_are_findings_at_their_header() -> None:
    both = (("Content-Length", "0"), ("Transfer-Encoding", "chunked"))
    assert found(*both) == [("RSP-031", "e", "headers['Transfer-Encoding']")]
    assert found(status=405) == [("RSP-032", "w", "headers['Allow']")]
    assert found(
        ("Server", "nginx/1.2"),
    ) == [("RSP-033", "w", "headers['Server']")]
    assert found(("X-Powered-By", "mock")) == [("RSP-033", "w", "headers['X-Powered-By']")]
