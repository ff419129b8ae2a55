"""How keys and their vault stand, in words: which status, what comes next, what can be done. Pure functions.

API specification, security: the platform keeps a fetched key set for an hour, so that at a rotation both keys are
published and the old one signs meanwhile. Must not know how keys are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.doctor.checks import on_this_machine
from workbench.keys import BITS, Standing, Vault, VaultState
from workbench.session.engine import EMBEDDED
from workbench.session.key_views import KeyDeed, KeyView, VaultView
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from workbench.keys import KeyFacts

_VAULT_WORDS = {
    VaultState.OPEN: "Keys are kept encrypted in this workspace, unlocked by {backend}.",
    VaultState.LOCKED: "The keys of this workspace are locked: {reason}",
    VaultState.MEMORY: "Nothing can be stored yet: {reason} The embedded sandbox works with a key held in memory.",
}
_BY_PASSPHRASE = "Enter the passphrase to use them."
_BY_NEWER = "Install that version to use them; here they stay as they are."
_BY_RECOVERY = "Try again once the keyring is there, or enter the recovery passphrase."
_BY_KEYRING = (
    "Unlock the keyring, or sign in to the desktop where the keys were made, and try again. "
    "If it is gone for good, make another workspace: its keys are new ones."
)
_MAKE = "Set a passphrase to keep keys of your own."
_RECOVERY_NONE = "Should the keyring lose their lock, a recovery passphrase opens them. None is set."
_RECOVERY_SET = "Should the keyring lose their lock, the recovery passphrase opens them."


def vault_view(vault: Vault) -> VaultView:
    """The vault as a person meets it."""
    words = _VAULT_WORDS[vault.state].format(backend=vault.backend, reason=vault.reason)
    if vault.state is VaultState.MEMORY:
        return VaultView("memory", words, _MAKE)
    if vault.state is VaultState.OPEN:
        if vault.by_passphrase:
            return VaultView("open", words, asks=False, changes=True)
        recovery = "set" if vault.has_recovery else "none"
        return VaultView("open", words, _RECOVERY_SET if vault.has_recovery else _RECOVERY_NONE, False, False, recovery)
    if vault.newer:
        return VaultView("locked", words, _BY_NEWER, asks=False)
    if vault.by_passphrase:
        return VaultView("locked", words, _BY_PASSPHRASE)
    step = _BY_RECOVERY if vault.has_recovery else _BY_KEYRING
    return VaultView("locked", words, step, asks=vault.has_recovery, tries=True)


def served_words(times: int, last: datetime | None, url: str) -> str:
    """How often the key set was fetched from its address, and who can reach that."""
    how = "once" if times == 1 else f"{times} times"
    words = "Nobody has fetched it yet." if last is None else f"Fetched {how}, last at {last.astimezone():%H:%M:%S}."
    if on_this_machine(url):
        return f"{words} Only this machine can reach it: the Receiver panel, Network, decides about that."
    return words


def key_view(
    facts: KeyFacts,
    others: Sequence[KeyFacts],
    titles: Mapping[str, str],
    signers: Mapping[str, str | None],
    now: datetime,
) -> KeyView:
    """A key among the others; `titles` and `signers` go by the id of an environment, `now` is aware."""
    signs_for = [id for id in facts.environments if signers.get(id) == facts.kid]
    tone, status = _status(facts, others, bool(signs_for))
    made = facts.created.astimezone()
    return KeyView(
        kid=facts.kid,
        environments=", ".join(titles[id] for id in facts.environments),
        tone=tone,
        status=status,
        about=f"RSA {facts.bits}, made {made.day} {made:%B %Y}",
        note=_note(facts, titles, signers, now, bool(signs_for)),
        stored=facts.stored,
        thumbprint=facts.thumbprint,
        bits=facts.bits,
        created=facts.created,
        usable=facts.usable,
        deeds=_deeds(facts, bool(signs_for)),
        advised=_advised(facts, now),
        signs_for=", ".join(titles[id] for id in signs_for),
    )


def _status(facts: KeyFacts, others: Sequence[KeyFacts], current: bool) -> tuple[Tone, str]:
    if facts.standing is Standing.RETIRED:
        return Tone.NEUTRAL, "Retired"
    if not facts.usable:
        return Tone.WARNING, "Locked"
    if facts.in_memory:
        return Tone.OK, "In memory for this run"
    if _unpublished(facts):
        return Tone.WARNING, "Not published"
    if facts.standing is Standing.WAITS:
        return Tone.WAITING, "Waits to sign"
    if not current:
        return Tone.NEUTRAL, "Not in use"
    followed = any(one.standing is Standing.WAITS and set(one.environments) & set(facts.environments) for one in others)
    return Tone.OK, "In use until rotated" if followed else "In use"


def _note(
    facts: KeyFacts, titles: Mapping[str, str], signers: Mapping[str, str | None], now: datetime, current: bool
) -> str:
    if facts.standing is Standing.RETIRED:
        return "It signs nothing and is left out of the key set."
    if facts.in_memory:
        return "It is forgotten when the program ends."
    place = " and ".join(titles[id] for id in facts.environments)
    old = next((kid for id in facts.environments if (kid := signers.get(id)) not in (None, facts.kid)), None)
    waits = facts.standing is Standing.WAITS
    meanwhile = f" {old} signs until you say otherwise." if waits and old else ""
    if _unpublished(facts):
        return f"{place} does not know it yet: publish the key set and say so here.{meanwhile}{_short(facts)}"
    known = facts.known_by
    if known is not None and now < known:
        since = f"{place} may know it from {_at(known, now)} on: it keeps a key set that it has read for an hour."
        return f"{since}{meanwhile}{_short(facts)}"
    if waits:
        after = f", and retire {old} later" if old else ""
        return f"{place} has had the time to read it: sign with it now{after}.{_short(facts)}"
    if not current and facts.usable:
        return f"It still stands in the key set. Retire it once nothing signed with it is under way.{_short(facts)}"
    return _short(facts).strip()


def _short(facts: KeyFacts) -> str:
    return f" It has {facts.bits:,} bits, which is taken; new keys have {BITS:,}." if facts.bits < BITS else ""


def _deeds(facts: KeyFacts, current: bool) -> frozenset[KeyDeed]:
    if facts.standing is Standing.RETIRED:
        return frozenset({KeyDeed.SIGN, KeyDeed.DELETE} if facts.usable else ())
    found = {KeyDeed.COPY}
    if facts.in_memory or not facts.usable:
        return frozenset(found)
    found |= {KeyDeed.RETIRE, KeyDeed.EXPORT}
    if _unpublished(facts):
        found.add(KeyDeed.PUBLISHED)
    found.add(KeyDeed.ROTATE if current else KeyDeed.SIGN)
    return frozenset(found)


def _advised(facts: KeyFacts, now: datetime) -> KeyDeed | None:
    """The next step of a rotation, once it is time for it."""
    if facts.standing is Standing.RETIRED or facts.in_memory or not facts.usable:
        return None
    if _unpublished(facts):
        return KeyDeed.PUBLISHED
    known = facts.known_by
    return KeyDeed.SIGN if facts.standing is Standing.WAITS and (known is None or known <= now) else None


def _unpublished(facts: KeyFacts) -> bool:
    """The embedded sandbox reads the keys of this workspace by itself; everybody else has to be given them."""
    return facts.published is None and set(facts.environments) != {EMBEDDED}


def _at(time: datetime, now: datetime) -> str:
    """`14:58`, with the day where that is another one."""
    local = time.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%H:%M} on {local.day} {local:%B}"
