"""A table of routes that is itself a Handler: 404 and 405 come from here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from workbench.exchange.values import Request, Response

if TYPE_CHECKING:
    from workbench.exchange.ports import Refuse

RouteHandler = Callable[[Request, Mapping[str, str]], Awaitable[Response]]
"""Answers a request; the mapping holds the `{names}` of the route's path, percent-decoded."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path, for example `GET /FHIR/R4/Appointment/{id}`; paths are compared case-sensitively."""

    method: str
    path: str
    handler: RouteHandler
    operation: str
    """A row of `resources/standard/operations.toml`."""


class Router:
    """Finds the route of a request and answers it; `refuse` words the 404 and 405."""

    def __init__(self, routes: Sequence[Route], refuse: Refuse) -> None:
        self._routes = [(route, _pattern(route.path)) for route in routes]
        self._refuse = refuse

    def match(self, request: Request) -> tuple[Route, Mapping[str, str]] | None:
        """The route that answers this request with the values of its path, or None."""
        path = urlsplit(request.url).path
        for route, pattern in self._routes:
            if route.method == request.method and (found := pattern.fullmatch(path)):
                return route, {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    async def __call__(self, request: Request) -> Response:
        """Answer by the matching route; 405 with `Allow` where only the method differs, else 404."""
        if found := self.match(request):
            route, values = found
            return await route.handler(request, values)
        path = urlsplit(request.url).path
        allowed = sorted({route.method for route, pattern in self._routes if pattern.fullmatch(path)})
        if allowed:
            refusal = self._refuse(405, "not-supported", f"{request.method} is not offered at {path}", request)
            return Response(
                refusal.status, refusal.reason, (*refusal.headers, ("Allow", ", ".join(allowed))), refusal.body
            )
        return self._refuse(404, "not-found", f"there is nothing at {path}", request)


def _pattern(path: str) -> re.Pattern[str]:
    """`/a/{id}` as a pattern; every other character stands for itself."""
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    )
