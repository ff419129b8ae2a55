"""What a person typed into the search box, read: words, `field:value` pairs, ids and times.

Never refuses a text: what is no field is words. Must not know SQL beyond the language of FTS5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workbench.history.words import UUID, fold, words_in

FIELDS = {
    "status": "the HTTP status of the answer, as 400",
    "rule": "a finding, as PAT-001",
    "severity": "findings of a severity: error, warning",
    "service": "the id of the service that was called",
    "event": "the event of the message, as booking-request",
    "reason": "why it was sent: new, update, delete",
    "use-case": "the use case, as 111-to-ed",
    "operation": "the call, as process-message or slot-search",
    "nhs": "the NHS number in a message",
    "id": "any id, whole: of a request, Bundle, referral or booking",
    "env": "the environment, as embedded or int",
    "direction": "out or in",
    "before": "until a day, as 2026-11-24",
    "after": "from a day on",
}
"""Everything that may stand before a colon, with what it is for."""
_SAME = {"environment": "env", "nhs-number": "nhs", "nhsnumber": "nhs", "since": "after", "until": "before"}
_VALUES = {"direction": {"sent": "out", "received": "in"}, "severity": {"errors": "error", "warnings": "warning"}}
_PART = re.compile(r'(?:([A-Za-z-]+):)?(?:"([^"]*)("?)|(\S+))')
_NUMBER = re.compile(r"(?<![\w-])(\d{3})[ -](\d{3})[ -](\d{4})(?![\w-])")
"""An NHS number as people write it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for."""

    exact: tuple[str, ...] = ()
    """Tokens that must be there as they are: ids and facets."""
    begins: tuple[str, ...] = ()
    """Words that some word must begin with."""
    phrases: tuple[str, ...] = ()
    """Words that must stand side by side in one text, a space between them: the index knows no places, so whoever asks
    it looks for them in the texts. `*` at the end where the last word is only begun."""
    after: datetime | None = None
    before: datetime | None = None
    """Exclusive."""

    @property
    def anything(self) -> bool:
        """Whether something is searched for at all."""
        return bool(self.exact or self.begins or self.after or self.before)

    @property
    def match(self) -> str:
        """As FTS5 asks for it; empty where only time counts. Words hold no quote, so nothing in them is syntax."""
        return " AND ".join([*(f'"{word}"' for word in self.exact), *(f'"{word}" *' for word in self.begins)])

    @property
    def marked(self) -> tuple[str, ...]:
        """What to mark in the text that was found: of the facets only those that a text holds as they are."""
        exact = ((word.partition("=")[2] if word.startswith(("nhs=", "rule=")) else word) for word in self.exact)
        beside = {word for phrase in self.phrases for word in phrase.rstrip("*").split()}
        return tuple(word for word in (*exact, *self.begins) if "=" not in word and word not in beside)


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """What finds a phrase of `Wanted` in a folded text, whatever stands between its words."""
    words = r"\W+".join(re.escape(word) for word in phrase.rstrip("*").split())
    end = "" if phrase.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){words}{end}")


def facet(field: str, value: str) -> str:
    """The token by which a value of a field is found; empty where nothing of the value can be searched for."""
    kept = re.sub(r"[^\w./-]+", "-", fold(value.strip())).strip("-")
    return f"{field}={kept}" if kept else ""


def read(text: str, *, today: date) -> Wanted:
    """What a text asks for. A day is a day in UTC; `today` and `yesterday` are known."""
    exact: list[str] = []
    begins: list[str] = []
    phrases: list[str] = []
    times: dict[str, datetime] = {}
    for field, quoted, closed, plain in _PART.findall(_NUMBER.sub(r"\1\2\3", text)):
        name = _SAME.get(field.lower(), field.lower())
        value = quoted or plain
        day = _day(value, today) if name in ("before", "after") else None
        if day is not None:
            times[name] = datetime.combine(day, time(), UTC)
        elif name == "id":
            exact += _whole(value)
        elif name in FIELDS and name not in ("before", "after"):
            wanted = _VALUES.get(name, {}).get(fold(value), value)
            exact += [one for one in (facet(name, wanted.replace(" ", "") if name == "nhs" else wanted),) if one]
        elif not field and len(pieces := _beside(quoted)) > 1:
            phrases.append(" ".join(pieces) + ("" if closed else "*"))
            exact += pieces if closed else pieces[:-1]
            begins += [] if closed else pieces[-1:]
        else:
            for word in _whole(f"{field}:{value}" if field else value):
                (exact if quoted or UUID.fullmatch(word) else begins).append(word)
    once = [tuple(dict.fromkeys(one)) for one in (exact, begins, phrases)]
    return Wanted(once[0], once[1], once[2], times.get("after"), times.get("before"))


def _beside(quoted: str) -> list[str]:
    """The words of a phrase; none where there is no space in it, so that it is one word as the index knows words."""
    return re.findall(r"\w+", fold(quoted)) if " " in quoted.strip() else []


def _whole(text: str) -> list[str]:
    """The words of a text without the pieces of those that are there whole."""
    found = list(dict.fromkeys(words_in(text)))
    joined = [word for word in found if re.search(r"[-./]", word)]
    pieces = {piece for word in joined if not UUID.fullmatch(word) for piece in re.findall(r"\w+", word)}
    return [word for word in found if word in joined or word not in pieces]


def _day(text: str, today: date) -> date | None:
    known = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        return known.get(text.lower()) or date.fromisoformat(text)
    except ValueError:
        return None
