"""What the session shows of people while they are masked."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from tests.masking.test_masker import SEEDED
from tests.session.test_exporting import QUIET, a_seeded
from workbench.session.events import StatusChanged

if TYPE_CHECKING:
    from workbench.session.session import Session

Play = "Callable[..., Any]"


def texts(value: object) -> str:
    """Every text that a value holds, however deep."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return "\n".join(f"{name}\n{texts(held)}" for name, held in value.items())
    if isinstance(value, tuple | list):
        return "\n".join(texts(one) for one in value)
    if is_dataclass(value):
        return "\n".join(texts(getattr(value, one.name)) for one in fields(value))
    return str(value)


def leaks(*values: object) -> list[str]:
    told = texts(values)
    return [word for word in SEEDED if word in told]


def test_a_masked_detail_holds_nobody(play: Play) -> None:
    async def shown(session: Session) -> None:
        id = await a_seeded(session)
        raw = await session.detail(id)
        assert len(leaks(raw)) > 30
        assert raw.verdict is not None
        await session.change_setting("masking", "true")
        detail = await session.detail(id)
        assert detail.masked
        assert not leaks(detail, await session.conversation(id))
        assert detail.verdict is not None
        assert [one.rule for one in detail.verdict.findings] == [one.rule for one in raw.verdict.findings]
        assert not leaks(await session.foreign.curl(id))

    play(shown, options=QUIET)


def test_places_of_findings_are_those_of_the_masked_text(play: Play) -> None:
    async def placed(session: Session) -> None:
        id = await a_seeded(session)
        await session.change_setting("masking", "true")
        detail = await session.detail(id)
        assert detail.verdict is not None
        assert detail.request is not None
        found = [one for one in detail.verdict.findings if one.place is not None]
        assert found
        assert all(one.place == detail.request.place(one.path) for one in found)
        assert all(one.fix is None for one in detail.verdict.findings)

    play(placed, options=QUIET)


def test_the_same_person_has_the_same_masks_everywhere(play: Play) -> None:
    async def consistent(session: Session) -> None:
        await session.play("validation")
        await session.settle()
        await session.change_setting("masking", "true")
        id = (await session.conversations())[0].id
        view = await session.conversation(id)
        details = [await session.detail(row.exchange) for row in view.lanes.rows if row.exchange]
        facts = [one.request.facts for one in details if one.request is not None]
        numbers = {one.nhs_number for one in facts if one.nhs_number}
        names = {one.patient_name for one in facts if one.patient_name}
        assert len(numbers) == len(names) == 1
        assert next(iter(numbers)).startswith("999")

    play(consistent)


def test_comparing_shows_nobody_either(play: Play) -> None:
    async def compared(session: Session) -> None:
        one, other = await a_seeded(session), await a_seeded(session)
        assert leaks(await session.comparing.compare((one, "response"), (other, "request")))
        await session.change_setting("masking", "true")
        found = await session.comparing.compare((one, "response"), (other, "request"))
        assert found is not None
        assert found.telling
        assert not leaks(found)

    play(compared, options=QUIET)


def test_one_message_can_be_asked_for_unmasked(play: Play) -> None:
    async def bare(session: Session) -> None:
        id = await a_seeded(session)
        await session.change_setting("masking", "true")
        detail = await session.detail(id, unmasked=True)
        assert not detail.masked
        assert leaks(detail)
        assert (await session.detail(id)).masked

    play(bare, options=QUIET)


def test_the_switch_is_told_to_the_shell_and_stays(play: Play) -> None:
    async def switched(session: Session) -> None:
        seen: list[bool] = []
        session.subscribe(lambda event: seen.append(event.status.masked) if isinstance(event, StatusChanged) else None)
        assert not (await session.status()).masked
        await session.change_setting("masking", "true")
        assert (await session.status()).masked
        assert seen[-1]

    play(switched, options=QUIET)


def test_comparing_tells_how_much_the_masks_hide(play: Play) -> None:
    async def compared(session: Session) -> None:
        one, other = await a_seeded(session), await a_seeded(session, noted=SEEDED[18][::-1])
        pair = ((one, "request"), (other, "request"))
        raw = await session.comparing.compare(*pair)
        assert raw is not None
        await session.change_setting("masking", "true")
        found = await session.comparing.compare(*pair)
        assert found is not None
        assert dict(found.hidden)["masked differences"] == len(raw.telling) - len(found.telling) > 0

    play(compared, options=QUIET)
