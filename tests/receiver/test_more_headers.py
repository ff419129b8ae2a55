"""The three sets of headers of an answer: nothing but headers differs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.receiver.builders import Mock, get
from workbench.receiver.more_headers import HeaderSet, with_headers

if TYPE_CHECKING:
    from workbench.exchange import Response

LEAST = {"content-type", "x-request-id", "x-correlation-id"}
USUAL = LEAST | {"cache-control", "x-content-type-options"}


def an_answer(wanted: HeaderSet) -> tuple[Response, Response]:
    answer = asyncio.run(Mock().router(get("/metadata")))
    return answer, with_headers(answer, wanted)


@pytest.mark.parametrize(("wanted", "names"), [(HeaderSet.LEAST, LEAST), (HeaderSet.USUAL, USUAL)])
def test_the_least_and_the_usual_are_exactly_these(wanted: HeaderSet, names: set[str]) -> None:
    answer, changed = an_answer(wanted)
    assert {name.lower() for name, _ in changed.headers} == names
    assert (changed.status, changed.body) == (answer.status, answer.body)


def test_the_advised_set_has_twelve_of_the_thirteen_once_each_and_keeps_the_ids() -> None:
    answer, changed = an_answer(HeaderSet.ADVISED)
    names = [name.lower() for name, _ in changed.headers]
    assert len(names) == len(set(names)) == len(LEAST) + 12
    assert "clear-site-data" not in names
    assert all(value for _, value in changed.headers)
    for name in ("X-Request-Id", "X-Correlation-Id", "Content-Type"):
        assert changed.header(name) == answer.header(name)
