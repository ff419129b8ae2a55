"""Rules on the headers of answers beside ids and type: framing, companions of a status, what is given away.

What is only advised is no finding: `scores` counts it. Must not look at headers itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.rules import scope, sources
from workbench.rules.answer_checks import OWASP, Level, checked
from workbench.rules.header_reading import path_of
from workbench.rules.registry import rule
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.rules.answer_checks import Remark
    from workbench.rules.values import Submission

_LAYER = Layer.RESPONSE


@rule("RSP-031", Severity.ERROR, source=sources.FRAMING, layer=_LAYER, applies=scope.answers)
def the_length_of_an_answer_is_told_one_way(s: Submission) -> Iterator[Hit]:
    """An answer says in one way how long it is: Content-Length once, or Transfer-Encoding."""
    yield from _hits(s, lambda one: one.level is Level.FAIL)


@rule("RSP-032", Severity.WARNING, source=sources.HTTP, layer=_LAYER, applies=scope.answers)
def a_status_has_its_headers(s: Submission) -> Iterator[Hit]:
    """An answer has the headers that go with its status, and a date that can be read.

    401 WWW-Authenticate, 405 Allow, 201 and redirections Location.
    """
    yield from _hits(s, lambda one: one.level is Level.WARN and one.authority != OWASP)


@rule("RSP-033", Severity.WARNING, source=sources.SECURE_HEADERS, layer=_LAYER, applies=scope.answers)
def headers_give_nothing_away(s: Submission) -> Iterator[Hit]:
    """The headers of an answer do not tell how the server is built, and those that protect do so.

    Only what is there and wrong is told here. What OWASP would add or remove besides is advice, and counted apart.
    """
    yield from _hits(s, lambda one: one.level is Level.WARN and one.authority == OWASP)


def _hits(s: Submission, wanted: Callable[[Remark], bool]) -> Iterator[Hit]:
    assert s.response is not None
    for one in checked(s.response, s.request):
        if wanted(one):
            yield Hit(path_of(one.name), f"{one.name}: {one.text}.")
