"""The plain-language card, and the cards of what is not a message: outcomes, search results, single resources.

Patients appear by initials, sex and age only. Tolerant of every shape; must not judge.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.outcome import issues
from workbench.messages.phrases import (
    NOT_STATED,
    age,
    concept_text,
    counted,
    day_of,
    last_part,
    period_text,
    sentence,
    time_text,
)
from workbench.messages.titles import title_of
from workbench.messages.words import type_words, words_of

if TYPE_CHECKING:
    from workbench.messages.message import Message
    from workbench.messages.values import JsonObject

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the card shows."""

    title: str
    sentence: str
    facts: Rows
    """(label, value) in the order to show them: what matters most first."""
    headings: tuple[tuple[int, str], ...] = ()
    """(number of a fact, the heading that stands before it)."""

    @property
    def sections(self) -> tuple[tuple[str, Rows], ...]:
        """The facts under their headings; the first have none."""
        starts = [(0, ""), *self.headings]
        ends = [*(start for start, _ in self.headings), len(self.facts)]
        return tuple((name, self.facts[start:end]) for (start, name), end in zip(starts, ends, strict=True))

    def without(self, label: str) -> Summary:
        """The same without the fact of that label, if it has one."""
        place = next((number for number, row in enumerate(self.facts) if row[0] == label), None)
        if place is None:
            return self
        headings = tuple((start - (place < start), name) for start, name in self.headings)
        return replace(self, facts=(*self.facts[:place], *self.facts[place + 1 :]), headings=headings)

    def with_fact(self, label: str, value: str, *, after: str) -> Summary:
        """The same with one fact more, after the one with that label; before every other where there is none."""
        place = next((number + 1 for number, row in enumerate(self.facts) if row[0] == after), 0)
        headings = tuple((start + (place <= start), name) for start, name in self.headings)
        return replace(self, facts=(*self.facts[:place], (label, value), *self.facts[place:]), headings=headings)


def resources_of(message: Message, kind: str) -> list[JsonObject]:
    """Every resource of a type, in entry order; the root itself when it is one."""
    if message.resource_type == kind:
        return [message.resource]
    return [entry.resource for entry in message.entries() if entry.type == kind]


def patient_words(message: Message) -> str:
    """`J.J., female, 62 years`, the age at the time of the message."""
    facts = message.facts
    years = age(facts.patient_birth_date, day_of(facts.written))
    parts = [facts.patient_initials or "name not stated", facts.patient_gender or "sex not stated"]
    return ", ".join([*parts, f"{years} years" if years is not None else "age not stated"])


def outcome_card(message: Message, answered_by: str) -> Summary:
    """Of an OperationOutcome: its worst issue in words."""
    found = issues(message.resource)
    worst = next((issue for issue in found if issue.severity in ("fatal", "error")), found[0] if found else None)
    if worst is None:
        return Summary("Outcome without issues", "An OperationOutcome that names no issue.", ())
    said = worst.diagnostics or worst.details_text or words_of(worst.code).replace("-", " ") or NOT_STATED
    good = worst.severity in ("information", "warning")
    code = worst.details_code or worst.code or NOT_STATED
    rows = [("Code", code), ("Issue", worst.code or NOT_STATED), ("Severity", worst.severity or NOT_STATED)]
    rows += [("Element", expression) for expression in worst.expression]
    rows += [("Issues", str(len(found)))] if len(found) > 1 else []
    verb = "confirmed" if good else "refused"
    words = f"{answered_by} {verb}: {said.strip().rstrip('.')} ({code})."
    return Summary(f"{'Confirmation' if good else 'Refusal'}: {code}", words, tuple(rows))


def collection_card(message: Message) -> Summary:
    """Of a searchset, or of a Bundle that says no event."""
    kind = tree.text(message.resource.get("type")) or NOT_STATED
    counts = Counter(type_words(entry.type).lower() if entry.type else "empty entry" for entry in message.entries())
    if kind == "searchset" and resources_of(message, "MessageDefinition"):
        return _definitions(message)
    if kind == "searchset" and resources_of(message, "Slot"):
        return _slots(message)
    listed = ", ".join(counted(number, name) for name, number in counts.items()) or "nothing"
    rows = (("Type", kind), ("Entries", str(len(message.entries()))))
    if kind == "searchset":
        return Summary("Search result", f"The search found {listed}.", rows)
    return Summary(
        "Bundle without a message event", f"A Bundle of type {kind} that names no event; it holds {listed}.", rows
    )


def _slots(message: Message) -> Summary:
    slots = resources_of(message, "Slot")
    free = [slot for slot in slots if slot.get("status") == "free"]
    starts = sorted(text for slot in free if (text := tree.text(slot.get("start"))))
    names = (tree.text(service.get("name")) for service in resources_of(message, "HealthcareService"))
    service = next((name for name in names if name), "The service (name not stated)")
    first = f", the first on {time_text(starts[0])}" if starts else ""
    rows = [("Slots", f"{len(slots)}, {len(free)} of them free")]
    rows += [("First", time_text(starts[0])), ("Last", time_text(starts[-1]))] if starts else []
    return Summary("Slots found", f"{service} offers {counted(len(free), 'free slot')}{first}.", tuple(rows))


def _definitions(message: Message) -> Summary:
    rows: list[tuple[str, str]] = []
    names: list[str] = []
    for definition in resources_of(message, "MessageDefinition"):
        name = last_part(tree.text(definition.get("url")) or tree.text(definition.get("name")))
        names.append(name)
        rows.append(("Definition", f"{name} {tree.text(definition.get('version')) or ''}".strip()))
    words = f"The service takes {counted(len(names), 'kind')} of message: {', '.join(names)}"
    return Summary("Message definitions", sentence(words), tuple(rows))


def single_card(message: Message) -> Summary:
    """Of one resource that stands alone."""
    resource, kind = message.resource, message.resource_type
    if kind == "CapabilityStatement":
        return _capability(message)
    if kind == "Patient":
        return Summary("Patient", f"A patient, {patient_words(message)}.", (("About", patient_words(message)),))
    status = tree.text(resource.get("status"))
    rows = [("Id", tree.text(resource.get("id")) or NOT_STATED), ("Status", status or NOT_STATED)]
    if kind == "Appointment":
        when = period_text(resource.get("start"), resource.get("end"))
        rows.append(("Appointment", when or NOT_STATED))
        words = f"A booking for {when or 'a time that is not stated'}, {status or 'status not stated'}"
        return Summary("Booking", sentence(words), tuple(rows))
    code = concept_text(resource.get("code"))
    rows += [("Code", code)] if code else []
    name = tree.text(resource.get("name")) or tree.text(resource.get("title")) or code
    words = f"One {type_words(kind).lower()}{f': {name}' if name else ''}{f', {status}' if status else ''}"
    title = title_of(message.facts) if message.facts.use_case else type_words(kind)
    return Summary(title, sentence(words), tuple(rows))


def _capability(message: Message) -> Summary:
    resource = message.resource
    name = tree.inner_text(resource, "software", "name") or tree.text(resource.get("title")) or "The service"
    by_mode: dict[str, list[str]] = {}
    for messaging in tree.objects(resource.get("messaging")):
        for item in tree.objects(messaging.get("supportedMessage")):
            definition = last_part(tree.text(item.get("definition")))
            by_mode.setdefault(tree.text(item.get("mode")) or NOT_STATED, []).append(definition)
    reads = [
        tree.text(item.get("type")) or NOT_STATED
        for rest in tree.objects(resource.get("rest"))
        for item in tree.objects(rest.get("resource"))
    ]
    takes = by_mode.get("receiver", [])
    rows = [("Version", tree.text(resource.get("version")) or NOT_STATED)]
    rows.append(("Receives", ", ".join(takes) or NOT_STATED))
    rows += [("Sends", ", ".join(by_mode["sender"]))] if "sender" in by_mode else []
    rows.append(("Reads", ", ".join(dict.fromkeys(reads)) or NOT_STATED))
    words = f"{name} can receive {counted(len(takes), 'kind')} of message."
    return Summary("What the service can do", words, tuple(rows))
