"""What three validators say, in one shape: severity, rule, text and the places it can mean, as our paths are written.

Knows how each of them writes its places; must not know how they are run or compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NOTE = re.compile(r"/\*.*?\*/|\[url='[^']*'\]")
_TYPED = re.compile(r"\.ofType\((\w)(\w*)\)")
_MEANT = re.compile(r"\((Bundle\.entry\[\d+\][^)\s]*)\)")
_INDEX = re.compile(r"\[\d+\]")
_SLICE = re.compile(r":[\w-]+")
_ONLY_PROFILE = re.compile(r" \(from | in the profile ")
_SERVER = re.compile(
    r"CodeSystem is unknown|is ignored/not-present|codeSystem '[^']*' version '[^']*' is not supported|snomed\.info/sct"
)
_SYSTEM = re.compile(r"unknown and can't be validated: +(\S+)|odeSystem '([^']+)'|(http://snomed\.info/sct)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of one validator."""

    severity: str
    """`fatal`, `error`, `warning` or `information`."""
    rule: str
    """Its own id of what it checked."""
    text: str
    paths: tuple[str, ...]
    """Where it is, or all places where it can be; none = no place given."""
    layer: str = ""
    """Of our findings only."""
    exact: bool = True
    """Whether the path has the positions in lists."""
    server: bool = False
    """Whether only a terminology server could tell."""

    @property
    def error(self) -> bool:
        """Whether it makes the message invalid."""
        return self.severity in ("fatal", "error")

    @property
    def place(self) -> str:
        """The place given, for people."""
        return self.paths[0] if self.paths else "(no place given)"


def of_ours(raw: Iterable[Mapping[str, object]]) -> tuple[Said, ...]:
    """Our own findings."""
    return tuple(
        Said(_of(one, "severity"), _of(one, "rule"), _of(one, "text"), (_of(one, "path"),), _of(one, "layer"))
        for one in raw
    )


def of_reference(raw: Iterable[Mapping[str, object]]) -> tuple[Said, ...]:
    """The findings of HAPI FHIR, each once, at the place that the text names rather than at the whole Bundle.

    It says a thing again for every profile of the resource, and what it says of an unknown profile again without a
    place: those repeats are left out.
    """
    found: dict[tuple[str, str, str], Said] = {}
    for one in raw:
        text = _of(one, "text")
        path = _of(one, "path")
        paths = tuple(_MEANT.findall(text)) or ((reference_path(path),) if path else ())
        rule = _of(one, "messageId") or "(none)"
        said = Said(_of(one, "severity"), rule, text, paths, server=_SERVER.search(text) is not None)
        found.setdefault((said.place, rule, _ONLY_PROFILE.split(text)[0]), said)
    placed = {said.rule for said in found.values() if said.paths}
    return tuple(said for said in found.values() if said.paths or said.rule not in placed)


def of_pyrofile(raw: Iterable[Mapping[str, object]], message: object) -> tuple[Said, ...]:
    """The findings of pyrofile, whose paths begin at the resource; `message` is the text of the file, read."""
    entries = list(_entries(message))
    found: dict[tuple[str, str, str], Said] = {}
    for one in raw:
        path = _of(one, "path")
        rule = _of(one, "code")
        first, _, rest = path.partition(".")
        places = tuple(
            f"{start}.{rest}".rstrip(".")
            for start, kind, own in entries
            if kind == first and own == _of(one, "resourceId")
        )
        said = Said(_of(one, "severity"), rule, _of(one, "message"), places or (path,), exact=bool(_INDEX.search(path)))
        found.setdefault((path, _of(one, "resourceId"), rule), said)
    return tuple(found.values())


def reference_path(path: str) -> str:
    """A place as HAPI FHIR writes it, `Bundle.entry[0].resource/*Flag/x*/.value.ofType(Coding)`, as we write it."""
    plain = _NOTE.sub("", path)
    return _TYPED.sub(lambda match: match[1].upper() + match[2], plain).rstrip(".")


def bare(path: str) -> str:
    """A path below its resource without positions in lists and without names of slices."""
    start, below, rest = path.rpartition(".resource")
    return start + below + _SLICE.sub("", _INDEX.sub("", rest))


def systems(said: Said) -> tuple[str, ...]:
    """The code systems that a finding about unreachable terminology names."""
    return tuple(dict.fromkeys(part for match in _SYSTEM.findall(said.text) for part in match if part))


def _entries(message: object) -> Iterator[tuple[str, str, str]]:
    """(path, type, id) of the message and of the resources of its entries; an absent id is empty."""
    if not isinstance(message, dict):
        return
    yield str(message.get("resourceType")), str(message.get("resourceType")), str(message.get("id") or "")
    entries = message.get("entry")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield f"Bundle.entry[{index}].resource", str(resource.get("resourceType")), str(resource.get("id") or "")


def _of(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name)
    return "" if value is None else str(value)
