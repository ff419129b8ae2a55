"""Invented names, numbers and dates in place of real ones: the same for the same value, whoever asks.

A keyed hash chooses, so that nobody without the key can tell which of two candidates a mask stands for. Initials,
year of birth and the shape of identifiers stay, so that a masked list and a masked message agree.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.messages import nhs_number

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESERVED = "999"
"""NHS numbers that begin so are never given to a person."""
_MONTH_DAYS = 28
_DATE = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?(?P<rest>.*)", re.DOTALL)


class Pseudonyms:
    """Masks of single values under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def given(self, name: str) -> str:
        """An invented given name with the same initial."""
        return self._name("given", name)

    def family(self, name: str) -> str:
        """An invented family name with the same initial."""
        return self._name("family", name)

    def nhs_number(self, number: str) -> str:
        """A valid NHS number of the range that is reserved for tests; blanks and wrong check digits do not matter."""
        digits = "".join(c for c in number if c.isdigit())
        for attempt in range(100):
            nine = f"{_RESERVED}{self._number('nhs-number', f'{digits}/{attempt}') % 1_000_000:06}"
            if (check := nhs_number.check_digit(nine)) is not None:
                return f"{nine}{check}"
        raise AssertionError("one number in eleven has no check digit: a hundred in a row cannot be without")

    def birth_date(self, date: str) -> str:
        """Another day of the same year, as precise as the date given; what is no date becomes the empty text."""
        found = _DATE.fullmatch(date.strip())
        if found is None:
            return ""
        chosen = self._number("birth-date", date)
        month = f"-{chosen % 12 + 1:02}" if found[2] else ""
        day = f"-{chosen // 12 % _MONTH_DAYS + 1:02}" if found[3] else ""
        return f"{found[1]}{month}{day}"

    def shaped(self, text: str) -> str:
        """A text of the same shape: digits for digits, letters for letters, everything else as it is."""
        stream = self._stream("shaped", text, len(text))
        return "".join(_shaped(character, byte) for character, byte in zip(text, stream, strict=True))

    def _name(self, kind: str, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name.strip()).casefold()
        first = plain[:1].upper()
        choices = _names()[kind].get(first) or tuple(names[0] for names in _names()[kind].values())
        return choices[self._number(kind, plain) % len(choices)]

    def _number(self, kind: str, text: str) -> int:
        return int.from_bytes(self._stream(kind, text, 8))

    def _stream(self, kind: str, text: str, length: int) -> bytes:
        told = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        seed = hmac.digest(self._key, told, "sha256")
        return hashlib.shake_256(seed).digest(length)


def _shaped(character: str, byte: int) -> str:
    if character.isdigit():
        return str(byte % 10)
    if character.isalpha():
        letter = chr(ord("a") + byte % 26)
        return letter.upper() if character.isupper() else letter
    return character


@cache
def _names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    table = assets.table("masking", "names.toml")
    return {kind: {letter: tuple(names) for letter, names in rows.items()} for kind, rows in table.items()}
