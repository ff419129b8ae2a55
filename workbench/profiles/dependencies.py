"""Which packages belong together: those asked for, and what they need as far as it can be found.

Must not know what is in a package beyond its manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError
from workbench.profiles import reading, sources
from workbench.profiles.manifests import fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from workbench.profiles.reading import Package


class Closure(NamedTuple):
    """Packages with what they need."""

    packages: tuple[Package, ...]
    """What needs another comes before it."""
    missing: tuple[str, ...]
    """`name#version` of what no package gives."""


def close_over(roots: Iterable[Package], missing: Iterable[str] = (), *, make: bool = True) -> Closure:
    """The packages given, with everything they need that can be found; `missing` is what is known to be missing.

    A name is loaded once: a package that was given, or the version that is asked for nearest to those given, serves all
    who need it. InputError when two versions of one name are given; `make` as in `reading.read`.
    """
    loaded: dict[str, Package] = {}
    given = list(roots)
    for one in given:
        name, other = one.manifest.name, loaded.get(one.manifest.name)
        if other is not None and other.manifest.version != one.manifest.version:
            cause = f"{other.manifest.version} and {one.manifest.version}"
            raise InputError(ErrorCode.INPUT_PACKAGE_TWICE, what=name, cause=cause)
        loaded.setdefault(name, one)
    lost: dict[str, str] = {}
    waiting = list(loaded.values())
    while waiting:
        package = waiting.pop(0)
        for name, wanted in package.manifest.dependencies:
            if name in loaded:
                continue
            found = _found(name, wanted, [one.path.parent for one in given], make=make)
            if found is None:
                lost.setdefault(name, wanted)
                continue
            loaded[name] = found
            waiting.append(found)
    named = [*missing, *(f"{name}#{wanted}" for name, wanted in lost.items() if name not in loaded)]
    return Closure(tuple(_ordered(given, loaded)), tuple(dict.fromkeys(named)))


def _found(name: str, wanted: str, beside: list[Path], *, make: bool) -> Package | None:
    path = sources.find(name, wanted, beside=beside)
    if path is None:
        return None
    package = reading.read(path, make=make)
    meant = package.manifest.name == name and fits(package.manifest.version, wanted)
    return package if meant else None


def _ordered(given: list[Package], loaded: Mapping[str, Package]) -> list[Package]:
    """What needs another before it; packages that need each other in the order given."""
    done: list[Package] = []
    seen: set[str] = set()
    for root in reversed(given):
        stack: list[tuple[str, bool]] = [(root.manifest.name, False)]
        while stack:
            name, leave = stack.pop()
            if leave:
                done.append(loaded[name])
                continue
            if name in seen:
                continue
            seen.add(name)
            stack.append((name, True))
            stack.extend((other, False) for other, _ in loaded[name].manifest.dependencies if other in loaded)
    return done[::-1]
