"""Services as JSON and CSV, out and in: cells no spreadsheet runs, rows that cannot be used named by their line.

Knows texts and services; must not know files or where the directory is kept.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from workbench.directory.values import Service
from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text
from workbench.spreadsheet import as_csv, uncell
from workbench.standard.urls import DOS_SERVICE_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FORMAT = 1
LARGEST = 5 * 1024 * 1024
"""Bytes of a file that is read."""
MOST_ROWS = 20_000
ROLES = ("receiver", "sender")
_LISTS = ("environments", "use_cases", "tags")
_NAMES = tuple(one.name for one in fields(Service))
_NEEDED = ("name", "system", "value")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_TRUE = frozenset({"true", "yes", "1", "x"})


@dataclass(frozen=True, slots=True)
class ServicesRead:
    """What a file held."""

    services: tuple[Service, ...]
    problems: tuple[str, ...]
    """Rows that cannot be used, with their lines, in words."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A directory with what a file brought."""

    services: tuple[Service, ...]
    added: int
    changed: int


def service_row(service: Service) -> dict[str, object]:
    """A service as `services.json` keeps it."""
    values = {name: getattr(service, name) for name in _NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def to_json(services: Iterable[Service]) -> str:
    """Services as JSON text, which `read_services` and `services.json` take."""
    rows = [service_row(service) for service in services]
    return json.dumps({"format": FORMAT, "services": rows}, ensure_ascii=False, indent=2) + "\n"


def to_csv(services: Iterable[Service]) -> str:
    """Services as CSV (RFC 4180): lists with ` ; ` between, formula-like cells behind an apostrophe."""
    return as_csv(_NAMES, ([_written(getattr(service, name)) for name in _NAMES] for service in services))


def _written(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else ""
    return " ; ".join(value) if isinstance(value, tuple) else value


def read_services(source: bytes, *, what: str = "The file") -> ServicesRead:
    """The services of a JSON or CSV text; a row without an id gets one made of its name.

    InputError (input.services) for what is neither, is not UTF-8 or is too large; single rows that cannot be used are
    told of, the others are given.
    """
    if len(source) > LARGEST:
        raise _refused(what, f"it is larger than {LARGEST // 1024 // 1024} MB")
    text = _decoded(source, what)
    if not text.strip():
        raise _refused(what, "it is empty")
    rows = _json_rows(text, what) if text.lstrip()[:1] in "{[" else _csv_rows(text, what)
    services: list[Service] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], str] = {}
    for where, row in rows:
        if len(services) + len(problems) >= MOST_ROWS:
            problems.append(f"Only the first {MOST_ROWS:,} rows were read.")
            break
        service = row if isinstance(row, str) else _service(row)
        if isinstance(service, str):
            problems.append(f"{where}: {service}.")
            continue
        key = (service.system.lower(), service.value)
        if key in seen:
            problems.append(f"{where}: {service.value} is there already, in {seen[key].lower()}.")
            continue
        seen[key] = where
        services.append(service)
    return ServicesRead(tuple(services), tuple(problems))


def merged(known: Sequence[Service], read: Iterable[Service]) -> Merged:
    """A directory after an import: the same identifier is replaced and keeps its id, others come at the end."""
    places = {(one.system.lower(), one.value): n for n, one in enumerate(known)}
    result = list(known)
    ids = {one.id for one in known}
    added = changed = 0
    for one in read:
        place = places.get((one.system.lower(), one.value))
        if place is not None:
            fresh = replace(one, id=result[place].id)
            changed += fresh != result[place]
            result[place] = fresh
            continue
        id = free_id(one.id or one.name, ids)
        ids.add(id)
        result.append(replace(one, id=id))
        added += 1
    return Merged(tuple(result), added, changed)


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """An id made of words that no other has: `northgate-ed`, `northgate-ed-2`."""
    stem = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:60] or "service"
    used = set(taken)
    return next(id for n in range(1, len(used) + 2) if (id := stem if n == 1 else f"{stem}-{n}") not in used)


def problem_of(service: Service) -> str | None:
    """Why a service cannot be kept, or None."""
    for name in _NEEDED:
        if not str(getattr(service, name)).strip():
            return f"its {name} is missing"
    if any(blank in service.system + service.value for blank in (" ", "\t", "|")):
        return "system and value of the target identifier have no blanks and no bar"
    if service.role not in ROLES:
        return f"its role is {' or '.join(ROLES)}, not '{service.role}'"
    for name in _NAMES:
        value = getattr(service, name)
        if _CONTROL.search(" ".join(value) if isinstance(value, tuple) else str(value)):
            return f"its {name} has control characters"
    return None


def _service(row: Mapping[str, object]) -> Service | str:
    """One row as a service, or why it cannot be used."""
    values: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, given in row.items():
        if name in _LISTS:
            parts = re.split(r"[;\n]", given) if isinstance(given, str) else given
            if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
                return f"its {name} must be a list of texts"
            lists[name] = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        elif name in _NAMES and name != "favourite":
            if not isinstance(given, str):
                return f"its {name} must be a text"
            values[name] = given.strip()
    made = Service(
        id=values.get("id", ""),
        name=values.get("name", ""),
        system=values.get("system") or DOS_SERVICE_ID,
        value=values.get("value", ""),
        role=values.get("role", "").lower() or ROLES[0],
        organisation=values.get("organisation", ""),
        ods_code=values.get("ods_code", ""),
        notes=values.get("notes", ""),
        environments=lists.get("environments", ()),
        use_cases=lists.get("use_cases", ()),
        tags=lists.get("tags", ()),
        favourite=str(row.get("favourite", "")).strip().lower() in _TRUE,
    )
    return problem_of(made) or made


def _json_rows(text: str, what: str) -> Iterator[tuple[str, Mapping[str, object] | str]]:
    try:
        value = json_text.load(text, what=what)
    except InputError as error:
        raise _refused(what, error.sentence.rstrip(".")) from error
    rows = value.get("services") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise _refused(what, "it holds no list of services")
    made = value.get("format", FORMAT) if isinstance(value, dict) else FORMAT
    if str(made) != str(FORMAT):  # there was none before the first
        yield "The file", "it is of a newer version of this program; what only that version knows was not read"
    for number, row in enumerate(rows, 1):
        yield f"Row {number}", row if isinstance(row, dict) else "it is no object"


def _csv_rows(text: str, what: str) -> Iterator[tuple[str, Mapping[str, object] | str]]:
    """The rows by their columns; a comma, a semicolon or a tab may stand between."""
    first = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        head = [name.strip().lower().replace(" ", "_") for name in next(reader)]
        lost = [name for name in ("name", "value") if name not in head]
        if lost:
            raise _refused(what, f"its first line names no column {' and '.join(lost)}")
        if twice := {name for name in head if name and head.count(name) > 1}:
            raise _refused(what, f"its first line names {', '.join(sorted(twice))} twice")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"Line {reader.line_num}"
            if len(cells) > len(head):
                yield where, f"it has {len(cells)} cells, but there are {len(head)} columns"
                continue
            yield where, {name: uncell(cell) for name, cell in zip(head, cells, strict=False) if name}
    except csv.Error as error:
        raise _refused(what, f"line {reader.line_num} is no CSV ({error})") from error


def _decoded(source: bytes, what: str) -> str:
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _refused(what, "it is UTF-16; save it again as UTF-8")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(what, f"it is not UTF-8 (byte {error.start + 1}); save it again as UTF-8") from error


def _refused(what: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_SERVICES, what=what, cause=cause)
