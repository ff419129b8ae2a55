"""Findings that a person has silenced for a service, with the reason: values, their rows in `services.json`, look-up.

A silence says who made it and when. Nothing fatal can be silenced. Must not know rules or verdicts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode
from workbench.messages import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbench.messages import Finding

KEY = "silenced"
"""Under which `services.json` keeps the rows."""
_TEXTS = ("service", "rule", "path", "reason", "by", "when")
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Silence:
    """One kind of finding that is known noise of one service."""

    service: str
    """Id of the service."""
    rule: str
    path: str
    """A pattern in which `*` stands for anything (`Bundle.entry[*].resource.id`); empty = wherever it is found."""
    reason: str
    by: str
    when: datetime

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding that is silenced; fatal ones never are."""
        return (
            finding.rule == self.rule
            and finding.severity is not Severity.FATAL
            and (not self.path or _pattern(self.path).fullmatch(finding.path) is not None)
        )

    @property
    def words(self) -> str:
        """Why a finding does not count, who says so and since when: `silenced: Known, A. Tester, 2026-11-27`."""
        who = f", {self.by}" if self.by else ""
        return f"silenced: {self.reason}{who}, {self.when:%Y-%m-%d}"

    def row(self) -> dict[str, object]:
        """As it is kept."""
        return {**{name: getattr(self, name) for name in _TEXTS[:-1]}, "when": self.when.isoformat(timespec="seconds")}


def pattern_of(path: str) -> str:
    """The pattern for an element wherever it stands in its list: indexes become `[*]`."""
    return _INDEX.sub("[*]", path)


def silence_for(silences: Iterable[Silence], finding: Finding) -> Silence | None:
    """The first silence that covers a finding."""
    return next((one for one in silences if one.covers(finding)), None)


def read_silences(content: Mapping[str, object]) -> tuple[Silence, ...]:
    """The silences of `services.json`; ConfigError names the row that cannot be used."""
    rows = content.get(KEY, [])
    if not isinstance(rows, list):
        raise ConfigError(ErrorCode.CONFIG_FILE, what="services.json", cause=f"'{KEY}' must be a list")
    return tuple(_read(row, number) for number, row in enumerate(rows, 1))


def with_silence(content: Mapping[str, object], silence: Silence) -> dict[str, object]:
    """What `services.json` gets when a silence is added; one for the same rule and pattern gives way to it."""
    return {KEY: [*_without(content, silence), silence.row()]}


def without_silence(content: Mapping[str, object], silence: Silence) -> dict[str, object]:
    """What `services.json` gets when a silence is taken back; other rows stay as they are, unknown fields too."""
    return {KEY: _without(content, silence)}


def _without(content: Mapping[str, object], silence: Silence) -> list[object]:
    rows = content.get(KEY, [])
    kept = rows if isinstance(rows, list) else []
    return [
        row
        for row in kept
        if not isinstance(row, dict)
        or any(row.get(name, "") != getattr(silence, name) for name in ("service", "rule", "path"))
    ]


def _read(row: object, number: int) -> Silence:
    where = f"Row {number} of '{KEY}' in services.json"
    if not isinstance(row, dict):
        raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause="it must be an object")
    texts = {name: row.get(name, "") for name in _TEXTS}
    for name, value in texts.items():
        if not isinstance(value, str) or (not value.strip() and name in ("service", "rule", "reason", "when")):
            raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause=f"'{name}' must be a text")
    try:
        when = datetime.fromisoformat(texts["when"])
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=where, cause="'when' must be a time with its offset")
    return Silence(texts["service"], texts["rule"], texts["path"], texts["reason"], texts["by"], when)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in path.split("*")), re.DOTALL)
