"""Rules on questionnaires and their answers: rejected services, sources looked up, pre-triage sieve, nature of call.

Must not know what an answer means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import extensions, has_status, lacks, links, when_sent
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import is_at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Found, Survey
    from workbench.rules.values import Submission

REASON = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-reason"
DOS_REASONS = "https://fhir.nhs.uk/CodeSystem/dos-rejected-reasons-bars"
NATURE_OF_CALL = "Nature of Call (NOC)"
_DISPATCH = {6: "1.0.0-beta"}
_SIEVE = frozenset(("78064003", "1023001", "428913001", "419045004", "248573009", "48348007", "20716004", "230145002"))
"""Answers of the pre-triage sieve (SNOMED CT)."""
_AMPDS = ("CHOM", "DAHM", "DROM", "FINM", "HANM", "HI1M", "INBM", "MATM", "MACM", "MEUM", "SARM", "TRUM")
_PATHWAYS = ("ANAP", "AP1P", "ALTP", "CHOP", "DROP", "FINP", "HANP", "HI1P", "OBEP", "5SHP", "16UP", "UNPP")
_NATURES = frozenset((*_AMPDS, *_PATHWAYS))
"""National answers on the nature of the call."""
_ASKED = ("identifier", "version", "name", "title", "status", "date", "publisher", "item")


def _reason(response: JsonObject) -> str:
    """What kind of answers it says they are, in lower case."""
    for _, extension in extensions(response, REASON):
        if text := tree.inner_text(extension, "valueCodeableConcept", "text"):
            return text.lower()
    return ""


def _items(owner: JsonObject, path: str) -> list[tuple[str, JsonObject]]:
    return [(f"{path}.item[{index}]", item) for index, item in enumerate(tree.objects(owner.get("item")))]


def _link_id(item: JsonObject) -> str:
    return tree.text(item.get("linkId")) or ""


def _of_kind(s: Submission, *words: str) -> list[Found]:
    """The responses whose kind begins with, or stands for, one of the words."""
    return [held for held in survey(s).resources("QuestionnaireResponse") if _is(held[1], words)]


def _is(response: JsonObject, words: tuple[str, ...]) -> bool:
    kind = _reason(response)
    return any(kind == word or kind.startswith(f"{word} ") for word in words) or any(
        f"({word})" in kind for word in words
    )


def _rejected(s: Submission) -> list[Found]:
    return [
        held
        for held in survey(s).resources("QuestionnaireResponse")
        if _reason(held[1]).startswith("rejected services") or _has_root(held[1], "RejectedServices")
    ]


def _sources(s: Submission) -> list[Found]:
    return [
        held
        for held in survey(s).resources("QuestionnaireResponse")
        if _reason(held[1]).startswith("additional information") or _has_root(held[1], "AdditionalSources")
    ]


def _has_root(response: JsonObject, link_id: str) -> bool:
    return any(_link_id(item) == link_id for _, item in _items(response, ""))


@rule("RES-201", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def answers_say_what_they_are(s: Submission) -> Iterator[Hit]:
    """A QuestionnaireResponse is completed and says in its reason extension what kind of answers it holds.

    Rejected services, additional information sources, pre-triage sieve or nature of call; receivers sort by it.
    """
    for held in survey(s).resources("QuestionnaireResponse"):
        path, response = held
        yield from has_status(held, "completed")
        if not _reason(response):
            text = "The QuestionnaireResponse does not say in its reason extension what kind of answers it holds."
            yield Hit(f"{path}.extension", text)


@rule("RES-202", Severity.WARNING, source=sources.RELEASES, applies=scope.orders, since={6: "1.0.0-beta.6"})
def nature_of_call_is_called_so(s: Submission) -> Iterator[Hit]:
    """Answers on the nature of the call have exactly the reason `Nature of Call (NOC)`.

    Since Application 6 1.0.0-beta.6. There is no published questionnaire for them any more, so none is
    named.
    """
    for path, response in _of_kind(s, "nature of call", "noc"):
        for index, extension in extensions(response, REASON):
            held = tree.inner_text(extension, "valueCodeableConcept", "text")
            if held is not None and held != NATURE_OF_CALL:
                place = f"{path}.extension[{index}].valueCodeableConcept.text"
                text = f"The reason is '{held}'; '{NATURE_OF_CALL}' is meant."
                yield Hit(place, text, set_fix(f"Use {NATURE_OF_CALL}", place, NATURE_OF_CALL))
        if "questionnaire" in response:
            text = "There is no published questionnaire on the nature of the call since 1.0.0-beta.6."
            yield Hit(f"{path}.questionnaire", text)


@rule("RES-203", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def rejected_services_are_listed(s: Submission) -> Iterator[Hit]:
    """Rejected services are listed one by one: id, name, reason as a code, and if wanted a comment.

    `RejectedServices` holds `Service1`, `Service2` and so on, each with `ServiceId`, `ServiceName`, `RejectionReason`
    and perhaps `RejectionComment`. The subject is the Flag that goes with them; order, author and patient are
    recommended.
    """
    for held in _rejected(s):
        yield from links(s, held, "subject", ("Flag",))
        yield from links(s, held, "basedOn", ("ServiceRequest",), missing=Severity.WARNING, wrong=Severity.WARNING)
        yield from links(s, held, "author", ("Practitioner",), missing=Severity.WARNING, wrong=Severity.WARNING)
        yield from links(s, held, "source", ("Patient",), missing=Severity.WARNING, wrong=Severity.WARNING)
        for place, service in _listed(held, "RejectedServices", "Service"):
            if isinstance(service, Hit):
                yield service
                continue
            parts = {_link_id(item): item for _, item in _items(service, place)}
            for name in ("ServiceId", "ServiceName"):
                if not tree.inner_text(parts.get(name), "answer", "valueString"):
                    yield Hit(place, f"The rejected service has no {name} as text.")
            reason = tree.as_object(tree.inner(parts.get("RejectionReason"), "answer", "valueCoding"))
            system = (tree.text(reason.get("system")) or "").strip()
            if system != DOS_REASONS or not tree.text(reason.get("code")):
                yield Hit(place, f"The rejected service has no RejectionReason of {DOS_REASONS}.")


@rule("RES-204", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def looked_up_sources_are_listed(s: Submission) -> Iterator[Hit]:
    """Sources that were looked up are listed one by one: `AdditionalSources` holds `Source1`, `Source2` and so on.

    Each has a `SourceName` and its `SourceURL`, or an `SPNTitle` for a special patient note. The subject is the
    Patient, left out by an official example: an error only when we compose. A CarePlan is recommended.
    """
    for held in _sources(s):
        yield from links(s, held, "subject", ("Patient",), missing=when_sent(s), wrong=when_sent(s))
        yield from links(s, held, "basedOn", ("CarePlan",), missing=Severity.WARNING, wrong=Severity.WARNING)
        for place, source in _listed(held, "AdditionalSources", "Source"):
            if isinstance(source, Hit):
                yield source
                continue
            parts = {_link_id(item): item for _, item in _items(source, place)}
            if not tree.inner_text(parts.get("SourceName"), "answer", "valueString"):
                yield Hit(place, "The source has no SourceName as text.")
            if not parts.keys() & {"SourceURL", "SPNTitle"}:
                yield Hit(place, "The source has neither SourceURL nor SPNTitle.", severity=when_sent(s))


@rule("RES-205", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def dispatch_answers_are_known(s: Submission) -> Iterator[Hit]:
    """The answers of the pre-triage sieve are those of its questionnaire, by code.

    For the nature of the call the national codes hold; since Application 6 1.0.0-beta.6 locally agreed ones may be
    used, which is a note.
    """
    for path, response in _of_kind(s, "pre triage sieve", "pre-triage sieve", "pts"):
        for place, code in _answers(response, path):
            if code not in _SIEVE:
                yield Hit(place, f"'{code}' is no answer of the pre-triage sieve.")
    local = is_at_least(s.versions.application_version, "1.0.0-beta.6")
    for path, response in _of_kind(s, "nature of call", "noc"):
        asked = _items(response, path)
        if local and len(asked) > 1:
            yield Hit(asked[1][0], "The nature of the call is one item.", severity=Severity.WARNING)
        for place, code in _answers(response, path):
            if code not in _NATURES:
                text = f"'{code}' is no national code for the nature of the call."
                yield Hit(place, text, severity=Severity.INFORMATION if local else None)


@rule("RES-206", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def answers_fit_their_questionnaire(s: Submission) -> Iterator[Hit]:
    """Where the message holds the questionnaire, every answered item has the number and the words of its question.

    And its answer is one of those it offers.
    """
    found = survey(s)
    for path, response in found.resources("QuestionnaireResponse"):
        asked = _questionnaire(found, response)
        if asked is None:
            continue
        questions = {_link_id(item): item for _, item in _items(asked, "")}
        for place, item in _items(response, path):
            question = questions.get(_link_id(item))
            if question is None:
                yield Hit(f"{place}.linkId", f"The questionnaire has no question '{_link_id(item)}'.")
                continue
            own, wanted = tree.text(item.get("text")), tree.text(question.get("text"))
            if own and wanted and own.strip() != wanted.strip():
                text = f"The question reads '{own}', in the questionnaire '{wanted}'."
                yield Hit(
                    f"{place}.text", text, set_fix("Take the words of the questionnaire", f"{place}.text", wanted)
                )
            offered = {
                tree.inner_text(option, "valueCoding", "code") for option in tree.objects(question.get("answerOption"))
            }
            for answer, code in _answers({"item": [item]}, path):
                if offered and code not in offered:
                    inside = answer.replace(f"{path}.item[0]", place, 1)
                    yield Hit(inside, f"'{code}' is not among the answers that the question offers.")


@rule("RES-207", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def questionnaires_are_described(s: Submission) -> Iterator[Hit]:
    """A Questionnaire in a dispatch message (Application 6) says what it is and what it asks.

    Identifier, version, name, title, date and publisher. It is active; every question has a number, words, a type, says
    whether it is required and which answers it offers.
    """
    for held in survey(s).resources("Questionnaire"):
        path, asked = held
        yield from has_status(held, "active")
        for element in _ASKED:
            yield from lacks(held, element)
        for place, item in _items(asked, path):
            own = (place, {"resourceType": "question", **item})
            for element in ("linkId", "text", "type", "required", "answerOption.valueCoding"):
                yield from lacks(own, element)


def _answers(response: JsonObject, path: str) -> Iterator[tuple[str, str]]:
    """The codes of the answers, with their paths."""
    for place, item in _items(response, path):
        for index, answer in enumerate(tree.objects(item.get("answer"))):
            if code := tree.inner_text(answer, "valueCoding", "code"):
                yield f"{place}.answer[{index}].valueCoding.code", code.strip()


def _listed(held: Found, root: str, name: str) -> Iterator[tuple[str, JsonObject | Hit]]:
    """The numbered items below the root item, and a hit in place of each thing that is not as meant."""
    path, response = held
    roots = [(place, item) for place, item in _items(response, path) if _link_id(item) == root]
    if not roots:
        yield path, Hit(f"{path}.item", f"The answers have no item '{root}'.")
    for place, item in roots:
        inside = _items(item, place)
        if not inside:
            yield place, Hit(f"{place}.item", f"The item '{root}' lists nothing.")
        for inner, one in inside:
            if re.fullmatch(rf"{name}\d+", _link_id(one)):
                yield inner, one
            else:
                yield inner, Hit(f"{inner}.linkId", f"'{_link_id(one)}' is not {name} and a number.")


def _questionnaire(found: Survey, response: JsonObject) -> JsonObject | None:
    """The questionnaire of the message that a response names, by its URL or the name at the end of it."""
    named = (tree.text(response.get("questionnaire")) or "").partition("|")[0]
    if not named:
        return None
    for entry in found.all("Questionnaire"):
        if tree.text(entry.resource.get("url")) == named:
            return entry.resource
        if tree.text(entry.resource.get("name")) == named.rpartition("/")[2]:
            return entry.resource
    return None
