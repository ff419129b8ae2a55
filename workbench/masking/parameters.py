"""Search parameters that say something of a person, in addresses: of calls, and of lists that repeat the call.

Pure; must not know HTTP beyond the form of a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.masking.pseudonyms import Pseudonyms

_TOLD_BY = {
    **dict.fromkeys(("name", "family", "given"), "name"),
    **dict.fromkeys(("birthdate", "birth-date"), "date"),
    **dict.fromkeys(("address", "address-postalcode", "postcode", "phone", "email", "telecom"), "shape"),
}
"""How the value of a search parameter is masked, by the last part of its name (R4, Patient, search parameters)."""
_WHOSE = frozenset({"patient", "subject", "person", "actor", "participant", "practitioner"})


def masked_parameter(name: str, value: str, pseudonyms: Pseudonyms) -> str:
    """The value of a parameter such as `patient:name` as its mask; any other as it is."""
    whose, _, rest = name.lower().replace(".", ":").partition(":")
    kind = _TOLD_BY.get(rest.rpartition(":")[2] if rest else whose, "")
    if not kind or not value or (rest and whose not in _WHOSE):
        return value
    if kind == "name":
        *given, family = value.split() or [""]
        return " ".join([*(pseudonyms.given(one) for one in given), pseudonyms.family(family)])
    if kind == "date":
        sign = value[:2] if value[:2].isalpha() else ""
        return sign + pseudonyms.birth_date(value[len(sign) :])
    return pseudonyms.shaped(value)


def masked_query(
    query: str, pseudonyms: Pseudonyms, words: Callable[[str], str], told: Callable[[str, str], object]
) -> str:
    """A query without people: parameters about somebody as their masks, all others through `words`.

    It stays as it was written where nothing of it is masked. `told(value, mask)` hears of every one about somebody.
    """
    given = parse_qsl(query, keep_blank_values=True)
    masked = []
    for name, value in given:
        shown = masked_parameter(name, value, pseudonyms)
        if shown != value:
            told(value, shown)
        masked.append((name, shown if shown != value else words(value)))
    return urlencode(masked, quote_via=quote, safe="/:|,@") if masked != given else query
