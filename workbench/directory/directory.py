"""The directory of a workspace, read from its JSON files; what they leave out comes from the built-in environments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from typing import Any, TypeVar

from workbench import __version__, assets
from workbench.directory.environments import BUILT_IN, Environment
from workbench.directory.shelf import Shelf
from workbench.directory.values import Identity, Patient, Service
from workbench.errors import ConfigError, ErrorCode

T = TypeVar("T", Environment, Service, Identity, Patient)
Read = Callable[[str], Mapping[str, object]]
"""Gives the content of one of the workspace's JSON files, empty where there is none."""
_SEQUENCES = frozenset({"environments", "use_cases", "tags"})


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that can be chosen from."""

    environments: Shelf[Environment]
    services: Shelf[Service]
    identities: Shelf[Identity]
    patients: tuple[Patient, ...]

    @classmethod
    def load(cls, read: Read) -> Directory:
        """From a workspace's files. ConfigError names the file, the row and the field that cannot be used."""
        environments = read_environments(read("environments.json"))
        identities = _rows(read("identities.json"), "identities", Identity) or _rows(
            _built_in("identities.json"), "identities", Identity
        )
        services = _rows(read("services.json"), "services", Service) or _rows(
            _built_in("services.json"), "services", Service
        )
        return cls(
            Shelf(environments, ErrorCode.CONFIG_ENVIRONMENT),
            Shelf(services, ErrorCode.CONFIG_SERVICE),
            Shelf(identities, ErrorCode.CONFIG_IDENTITY),
            made_up_patients(),
        )

    def with_services(self, services: Iterable[Service]) -> Directory:
        """The same with other services."""
        return replace(self, services=Shelf(services, ErrorCode.CONFIG_SERVICE))

    def with_environments(self, environments: Iterable[Environment]) -> Directory:
        """The same with other environments."""
        return replace(self, environments=Shelf(environments, ErrorCode.CONFIG_ENVIRONMENT))

    def patient(self, id: str) -> Patient:
        """A patient by id or NHS number; KeyError where there is none."""
        found = next((one for one in self.patients if id in (one.id, one.nhs_number)), None)
        if found is None:
            raise KeyError(id)
        return found


def built_in_environments() -> tuple[Environment, ...]:
    """The environments that come with the program, as they come."""
    return _rows(_built_in("environments.json"), "environments", Environment)


def read_environments(content: Mapping[str, object]) -> tuple[Environment, ...]:
    """Every environment: the built-in ones, as a workspace's file has changed them, then its own, by title.

    ConfigError names the row and the field that cannot be used.
    """
    known = {one.id: one for one in built_in_environments()}
    known |= {one.id: one for one in _rows(content, "environments", Environment)}
    return tuple(sorted(known.values(), key=lambda one: (_place(one.id), one.title)))


@cache
def made_up_patients() -> tuple[Patient, ...]:
    """The patients that come with the program; none of their NHS numbers can belong to anyone."""
    return _rows(_built_in("patients.json"), "patients", Patient)


def _place(id: str) -> int:
    return BUILT_IN.index(id) if id in BUILT_IN else len(BUILT_IN)


def _built_in(name: str) -> Mapping[str, object]:
    value = json.loads(assets.text("demo", name))
    assert isinstance(value, dict)
    return value


def _rows(content: Mapping[str, object], key: str, kind: type[T]) -> tuple[T, ...]:
    rows = content.get(key, [])
    if not isinstance(rows, list):
        raise ConfigError(ErrorCode.CONFIG_FILE, what=f"{key}.json", cause=f"'{key}' must be a list")
    return tuple(_row(row, key, number, kind) for number, row in enumerate(rows, 1))


def _row(row: object, key: str, number: int, kind: type[T]) -> T:
    """One row as a value; fields it does not know are passed over, so that newer files can be read."""
    where = f"Row {number} of {key}.json"
    if not isinstance(row, dict):
        raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause="it must be an object")
    found: dict[str, Any] = {}
    for one in fields(kind):
        if one.name not in row:
            if one.default is MISSING:
                raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause=f"'{one.name}' is missing")
            continue
        value = row[one.name]
        if one.name in _SEQUENCES:
            if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
                raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause=f"'{one.name}' must be a list of texts")
            value = tuple(value)
        elif isinstance(value, bool) is not (one.type == "bool") or not _fits(str(one.type), value):
            raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause=f"'{one.name}' has the wrong type")
        found[one.name] = value
    if kind is Identity and not found.get("software_version"):
        found["software_version"] = __version__
    if kind is Environment and not found.get("token_url"):
        found["token_url"] = None
    return kind(**found)


def _fits(kind: str, value: object) -> bool:
    """Whether a value is of the type a field is declared with."""
    allowed = {"str": (str,), "int": (int,), "bool": (bool,), "str | None": (str, type(None))}
    return isinstance(value, allowed.get(kind, (object,)))
