"""Drafts as they are read while people are masked."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.session.test_masking import texts
from workbench.session.masked_drafts import masked_draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from workbench.session.session import Session
    from workbench.session.views import DraftVerdict

    Play = Callable[..., Any]

REFERRAL = "referral-full/a1t1"


async def a_verdict(session: Session, change: Callable[[str], str] = str) -> DraftVerdict:
    """The verdict on a referral about the first patient, its text changed."""
    offer = await session.offer(REFERRAL)
    service = next(one.id for one in offer.services if not one.reason)
    draft = await session.new_draft(REFERRAL, service, offer.patients[0].id)
    return await session.validate(draft.id, change(draft.text))


def people(session: Session) -> list[str]:
    """What tells who the patient of a draft is."""
    patient = session._engine.directory.patients[0]
    return [patient.given, patient.family, patient.nhs_number, patient.birth_date, patient.line, patient.phone]


def leaks(session: Session, *shown: object) -> list[str]:
    told = texts(shown)
    return [one for one in people(session) if one in told]


def test_a_masked_draft_names_nobody_and_says_the_same_of_everything_else(play: Play) -> None:
    async def shown(session: Session) -> None:
        verdict = await a_verdict(session)
        assert leaks(session, verdict) == people(session)
        masked = await session.masked_drafts.shown(verdict)
        assert not leaks(session, masked)
        assert masked.message is not None
        assert verdict.message is not None
        assert [one.type for one in masked.message.entries()] == [one.type for one in verdict.message.entries()]
        assert [one.name for one in masked.headers] == [one.name for one in verdict.headers]
        assert [one.size for one in masked.headers] == [one.size for one in verdict.headers]
        assert (masked.draft, masked.likely, masked.choices) == (verdict.draft, verdict.likely, verdict.choices)

    play(shown)


def test_the_patient_has_the_same_invented_name_in_picker_draft_and_timeline(play: Play) -> None:
    async def shown(session: Session) -> None:
        verdict = await a_verdict(session)
        sent = await session.send(verdict.draft, verdict.text)
        await session.settle()
        await session.change_setting("masking", "true")
        masked = await session.masked_drafts.shown(verdict)
        leg = await session.detail(sent.exchange)
        assert masked.message is not None
        assert leg.request is not None
        name = str(masked.message.facts.patient_name)
        assert name == leg.request.facts.patient_name
        offer = await session.offer(REFERRAL)
        assert not leaks(session, offer.patients[0])
        given, family = offer.patients[0].title.partition(",")[0].split()
        assert {given, family} <= set(name.replace(",", " ").split())
        assert offer.patients[0].subtitle.replace(" ", "") in masked.text

    play(shown)


def test_findings_stand_in_the_masked_text_and_have_no_repair(play: Play) -> None:
    async def shown(session: Session) -> None:
        number = people(session)[2]
        wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
        verdict = await a_verdict(session, lambda text: text.replace(number, wrong))
        masked = await session.masked_drafts.shown(verdict)
        assert [one.rule for one in masked.verdict.findings] == [one.rule for one in verdict.verdict.findings]
        found = next(one for one in masked.verdict.findings if one.rule == "PAT-001")
        assert found.fix is None
        assert found.place is not None
        line = masked.text.splitlines()[found.place.line - 1]
        assert '"value"' in line
        assert wrong not in masked.text

    play(shown)


def test_a_name_in_a_header_is_masked_and_what_is_hidden_stays_hidden(play: Play) -> None:
    async def shown(session: Session) -> None:
        verdict = await a_verdict(session)
        practitioner = {"resourceType": "PractitionerRole", "practitioner": {"display": "Quillon Ashgrove"}}
        encoded = base64.b64encode(json.dumps(practitioner).encode()).decode()
        headers = tuple(
            replace(one, encoded=encoded, written=json.dumps(practitioner))
            if one.name == "NHSD-Requesting-Practitioner"
            else one
            for one in verdict.headers
        )
        changed = replace(verdict, headers=headers)
        changed = replace(changed, choices=replace(changed.choices, overrides=(("X-Note", "Quillon Ashgrove"),)))
        masked = await session.masked_drafts.shown(changed)
        assert "Quillon" not in texts(masked)
        assert "Quillon" not in "".join(base64.b64decode(one.encoded).decode() for one in masked.headers if one.encoded)
        assert masked.choices.overrides == (("X-Note", ""),), "which header was changed is still known"
        assert masked.headers[0] == verdict.headers[0], "a token that is hidden already"

    play(shown)


@pytest.mark.parametrize("text", ['{"resourceType": "Bundle", "entry": [ {"Jones" ', "Julie Jones"])
def test_a_text_that_cannot_be_read_is_replaced_whole(play: Play, text: str) -> None:
    async def shown(session: Session) -> None:
        verdict = await a_verdict(session, lambda _: text)
        masked = masked_draft(verdict, session._parts.masking.masker)
        assert "Jones" not in texts(masked)
        assert "cannot be read" in masked.text
        assert masked.message is None

    play(shown)


def test_a_large_draft_hands_on_no_message(play: Play) -> None:
    async def shown(session: Session) -> None:
        verdict = replace(await a_verdict(session), message=None, too_large=True)
        masked = await session.masked_drafts.shown(verdict)
        assert masked.message is None
        assert not leaks(session, masked)

    play(shown)
