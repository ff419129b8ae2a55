"""What can be composed, to whom and about whom: the choices of the pickers, each greyed one with its reason.

It must not know how messages are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose import template, templates
from workbench.messages import MessageFacts, nhs_number
from workbench.messages.titles import route_of
from workbench.session.views import Choice, ComposeOffer
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.compose import Template
    from workbench.compose.templates import Purpose
    from workbench.directory import Patient, Service
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.offers import Offer, Offers

RECEIVER = "receiver"
"""Role of a service that messages go to."""
HARNESS = "test harness"
"""Tag of a service that is there for tests of its own: nobody is to be led to it unasked."""


class Choosing:
    """The choices in the present environment; called on the I/O thread."""

    def __init__(self, engine: Engine, offers: Offers, masking: Masking) -> None:
        self._engine = engine
        self._offers = offers
        self._masking = masking

    async def offer(self, message: str = "", service: str = "", recent: tuple[Choice, ...] = ()) -> ComposeOffer:
        """What can be begun from nothing, every service (those of the test harness last), and every patient.

        `message` (an id of the offer) greys the services that do not take it, each with its reason; `service` marks the
        messages that would go to another one. A message that no service takes is greyed. What a service said about
        itself counts for a day; of one that was not asked, everything is offered, and it says so. `recent` comes last
        among the messages: what may follow those that were sent.
        """
        directory = self._engine.directory
        known = await self._offers.all(self._engine.current_environment().id)
        services = sorted(directory.services.all(), key=_is_harness)
        wanted = _wanted(message)
        takers = tuple(one for one in services if one.role == RECEIVER)
        chosen = next((one for one in takers if one.id == service), None)
        return ComposeOffer(
            tuple(
                self._message_choice(row, case, takers, chosen, known)
                for case in use_cases()
                for row in beginnings()
                if case in row.use_cases
            )
            + recent,
            tuple(self._service_choice(one, wanted, known.get(one.id)) for one in services),
            tuple(self._patient_choice(patient) for patient in directory.patients),
        )

    def _message_choice(
        self, row: Template, code: str, takers: Sequence[Service], chosen: Service | None, known: Mapping[str, Offer]
    ) -> Choice:
        """`111 to ED: referral, new`; a fuller template of the same kind says so."""
        case = use_cases()[code]
        kind = row.kind.id.replace("-", ", ")
        variant = f", {row.variant}" if row.variant else ""
        note = "In the code system only: no Application page names it yet" if case.code_system_only else row.title
        reasons = {one.id: self._why_not(one, row, code, known.get(one.id)) for one in takers}
        reason = ""
        if all(reasons.values()):
            reason = f"No service of the directory takes {case.display}"
        elif chosen is not None and reasons[chosen.id]:
            note = f"{note}. Not for {chosen.name}: {lowered(reasons[chosen.id])}"
        title = f"{route_of(MessageFacts(use_case=code))}: {kind}{variant}"
        return Choice(f"{row.id}/{code}", title, note, case.display, reason)

    def _service_choice(self, service: Service, wanted: tuple[Template, str] | None, offer: Offer | None) -> Choice:
        if service.role != RECEIVER:
            reason = "It is this workbench's own service"
        else:
            reason = self._why_not(service, *wanted, offer) if wanted is not None else ""
        asked = f"checked {offer.asked:%H:%M} UTC" if offer is not None and _counts(offer) else "not checked"
        subtitle = f"{service.value}, {asked}" if service.role == RECEIVER else service.value
        return Choice(service.id, service.name, subtitle, service.organisation, reason)

    def _why_not(self, service: Service, row: Template, code: str, offer: Offer | None) -> str:
        """Why a service does not take a message, empty where it does or where nobody knows (guide, Content
        negotiation): the directory, then its CapabilityStatement, then its MessageDefinitions."""
        case = use_cases()[code]
        if service.use_cases and code not in service.use_cases:
            return f"It does not take {case.display}"
        if offer is None or not _counts(offer):
            return ""
        name = row.kind.definition
        if offer.takes and name.removeprefix("bars-message-") not in offer.takes:
            return f"Its capability statement does not list {name}"
        named = [one for one in offer.definitions if one.name == name]
        if not named:
            return f"It has no message definition {name}"
        fitting = [one for one in named if not one.use_cases or code in one.use_cases]
        if not fitting:
            return f"Its definition {name} is not for {case.display}"
        ours = self._engine.current_environment().profile_for(case.application).application_version
        majors = {one.version.partition(".")[0] for one in fitting if one.version}
        if majors and ours.partition(".")[0] not in majors:
            theirs = ", ".join(sorted({one.version for one in fitting}))
            return f"It takes version {theirs} of Application {case.application}, and this environment has {ours}"
        return ""

    def _patient_choice(self, patient: Patient) -> Choice:
        """`Julie Jones, 64, F`, with their number; while people are masked as their messages show them."""
        today = self._engine.clock().date()
        masker = self._masking.wanted()
        born = masker.parameter("birthdate", patient.birth_date) if masker is not None else patient.birth_date
        year, month, day = (int(part) for part in born.split("-"))
        age = today.year - year - ((today.month, today.day) < (month, day))
        name = self._masking.person(patient.given, patient.family)
        number = nhs_number.grouped(self._masking.text(patient.nhs_number))
        return Choice(patient.id, f"{name}, {age}, {patient.gender[:1].upper()}", number)


def first_message(purpose: Purpose, codes: Sequence[str]) -> str:
    """The first message of a purpose that can be begun from nothing for one of these use cases (none = any): an id of
    the offer. KeyError where there is none."""
    for case in use_cases():
        for row in beginnings():
            if row.purpose is purpose and case in row.use_cases and (not codes or case in codes):
                return f"{row.id}/{case}"
    raise KeyError(purpose)


def beginnings() -> tuple[Template, ...]:
    """The templates that can be begun from nothing."""
    return tuple(row for row in templates() if not row.follows)


def lowered(sentence: str) -> str:
    """A sentence as part of another one."""
    return sentence[:1].lower() + sentence[1:]


def _is_harness(service: Service) -> bool:
    return HARNESS in service.tags


def _wanted(message: str) -> tuple[Template, str] | None:
    """Template and use case of an id of the offer."""
    template_id, _, code = message.partition("/")
    return (template(template_id), code) if code else None


def _counts(offer: Offer) -> bool:
    """Whether what a service said is young enough to be gone by: older offers have lost their definitions."""
    return bool(offer.definitions)
