"""Searching an open workspace: found_places (what is searched and where hits stand), pages, searches under a name."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.correlation.builders import an_exchange
from tests.messages.test_diff import a_message
from tests.session.conftest import a_session
from workbench.errors import ErrorCode, InputError
from workbench.exchange import FailureKind
from workbench.history.search import FoundText, Material
from workbench.history.wanted import read
from workbench.masking import Masker, Pseudonyms
from workbench.messages import build
from workbench.session.found_places import LONGEST, holds_phrases, places, snippet, words_of
from workbench.session.searching import Searching
from workbench.workspace import SEARCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workbench.history.search import Due
    from workbench.session.session import Session

MASKER = Masker(Pseudonyms(bytes(32)))


def material(body: bytes = b"", **more: object) -> Material:
    given: dict[str, Any] = {"title": "", "findings": (), "note": "", "event": "", "reason": "", "use_case": ""}
    return Material(an_exchange("a", body=body, answer=b""), **{**given, **more})


def place(found: Material, text: str, masker: Masker | None = None) -> tuple[str, str, list[str]] | None:
    shown = snippet(found, read(text, today=date(2026, 11, 24)), masker)
    if shown is None:
        return None
    return shown.label, shown.text, [shown.text[start : start + length] for start, length in shown.marks]


def test_everything_of_an_exchange_is_found_but_the_names_of_elements() -> None:
    found = material(
        build(a_message()).source,
        title="A referral",
        note="Ring back",
        findings=(FoundText("PAT-009", "error", "The birth date is odd.", "Bundle"),),
        event="servicerequest-request",
    )
    words = words_of(found)
    assert {"referral", "ring", "pat-009", "rule=pat-009", "severity=error", "status=200", "direction=out"} <= words
    assert {"event=servicerequest-request", "env=embedded", "operation=process-message"} <= words
    assert "resourcetype" not in words
    assert "birthdate" not in words


def test_the_nhs_number_is_a_field_of_its_own() -> None:
    body = json.dumps({"resourceType": "Patient", "identifier": [{"value": "9990000417"}, {"value": "1234567890"}]})
    words = words_of(material(body.encode()))
    assert "nhs=9990000417" in words
    assert {"9990000417", "1234567890"} <= words
    assert "nhs=1234567890" not in words


def test_a_body_that_is_no_message_is_found_as_text() -> None:
    cut = an_exchange("a", body=b"<html><b>Bad</b> gateway</html>", failure=FailureKind.UNKNOWN)
    words = words_of(replace(material(), exchange=cut))
    assert {"bad", "gateway"} <= words
    assert "html" not in words


def test_the_place_of_a_hit_is_named_and_marked() -> None:
    body = json.dumps({"resourceType": "Patient", "name": [{"family": "Quillfeather"}]}).encode()
    assert place(material(body), "quill") == ("Family", "Quillfeather", ["Quill"])
    assert place(material(body, note="Quill is a friend"), "quill friend") == (
        "Note",
        "Quill is a friend",
        ["Quill", "friend"],
    )
    assert place(material(body), "status:200") == ("", "status 200", [])
    assert place(material(body), "nowhere") is None


def test_a_phrase_is_marked_as_a_whole_where_it_stands() -> None:
    name = {"family": "Quillfeather", "given": ["Ann", "Mary"]}
    body = json.dumps({"resourceType": "Patient", "name": [name]}).encode()
    found = material(body, note="Mary rang; ask for Quillfeather")
    assert place(found, '"mary quillfeather"') == ("Name", "Ann Mary Quillfeather", ["Mary Quillfeather"])
    assert place(found, '"ask for quill') == ("Note", "Mary rang; ask for Quillfeather", ["ask for Quill"])
    today = date(2026, 11, 24)
    assert holds_phrases(found, read('"mary quillfeather" "mary rang"', today=today))
    assert not holds_phrases(found, read('"mary quillfeather" "rang mary"', today=today))


def test_a_long_text_is_cut_around_its_hit() -> None:
    shown = place(material(note="word " * 200 + "needle " + "word " * 200), "needle")
    assert shown is not None
    label, text, marks = shown
    assert (label, marks) == ("Note", ["needle"])
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) <= LONGEST + 2


def test_a_masked_place_shows_the_mask_and_nothing_of_the_person() -> None:
    family = "Quillfeather"
    source = json.dumps({"resourceType": "Patient", "name": [{"family": family}], "birthDate": "1990-02-03"}).encode()
    assert [one.label for one in places(material(source))].count("Family") == 1
    bare, masked = place(material(source), family), place(material(source), family, MASKER)
    assert bare is not None
    assert masked is not None
    assert (bare[0], masked[0]) == ("Family", "Family")
    assert masked[1]
    assert family.lower() not in masked[1].lower()
    noted = place(material(source, note=f"{family} rang"), f"{family} rang", MASKER)
    assert noted is not None
    assert family not in noted[1]


def test_a_masked_place_is_found_though_masks_leave_a_header_out() -> None:
    long = an_exchange("a", body=b"{}", answer=b"", headers=(("Content-Length", "2"), ("X-Odd", "needle here")))
    found = replace(material(), exchange=long)
    assert place(found, "needle", MASKER) == place(found, "needle") == ("X-Odd", "needle here", ["needle"])


async def searched(session: Session) -> dict[str, list[str]]:
    await session.play("validation")
    await session.settle()
    rows = await session.conversations()
    asked = ("validation", "direction:in status:200", "status:422", "nothing-like-it", "after:2020-01-01")
    found = {text: [hit.row.id for hit in (await session.searching.page(text)).found.hits] for text in asked}
    assert (await session.searching.page("validation")).left == 0
    return {"all": [row.id for row in rows], **found}


def test_what_was_just_recorded_is_found(play: Callable[..., Any]) -> None:
    found = play(searched)
    assert found["validation"] == found["direction:in status:200"] == found["after:2020-01-01"] == found["all"]
    assert found["status:422"] == found["nothing-like-it"] == []


def test_the_index_goes_on_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.session.searching.QUIET_S", 0.0)
    taken = asyncio.Event()
    real = Searching._take_up

    async def take_up(searching: Searching, due: Sequence[Due], *, unless_busy: bool) -> None:
        await real(searching, due, unless_busy=unless_busy)
        taken.set()

    monkeypatch.setattr(Searching, "_take_up", take_up)

    async def begun() -> None:
        async with a_session(tmp_path / "w") as session:
            await session.play("validation")
            await session.settle()
            await session.searching.close()
            store = session._engine.history.store
            await store.run(
                lambda c: c.execute("INSERT OR IGNORE INTO search_due SELECT seq, 0 FROM exchange").rowcount
            )

    async def gone_on() -> int:
        async with a_session(tmp_path / "w") as session:
            async with asyncio.timeout(10):
                while await session.searching.left():
                    await taken.wait()
                    taken.clear()
            return len((await session.searching.page("validation")).found.hits)

    asyncio.run(begun())
    assert asyncio.run(gone_on()) == 1


def test_without_a_pause_the_index_takes_up_some_and_waits_again(
    play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"QUIET_S": 0.0, "LONGEST_PAUSES": 1, "BATCH": 1, "UNPAUSED": 2}.items():
        monkeypatch.setattr(f"workbench.session.searching.{name}", value)
    rounds: list[list[int]] = [[]]
    waited, took = Searching._quiet, Searching._take_up
    empty = asyncio.Event()

    async def quiet(searching: Searching) -> bool:
        rounds.append([])
        return await waited(searching)

    async def take_up(searching: Searching, due: Sequence[Due], *, unless_busy: bool) -> None:
        rounds[-1] += [one.seq for one in due]
        await took(searching, due, unless_busy=unless_busy)
        if not await searching.left():
            empty.set()

    async def work(session: Session) -> int:
        await session.play("validation")
        await session.settle()
        searching = session.searching
        await searching.close()
        store = session._engine.history.store
        await store.run(lambda c: c.execute("INSERT OR IGNORE INTO search_due SELECT seq, 0 FROM exchange").rowcount)
        due = await searching.left()
        monkeypatch.setattr(searching, "_idle", lambda: False)
        monkeypatch.setattr(Searching, "_quiet", quiet)
        monkeypatch.setattr(Searching, "_take_up", take_up)
        searching.start()
        async with asyncio.timeout(10):
            await empty.wait()
        return due

    due = play(work)
    assert due > 2
    assert max(map(len, rounds)) == 2
    assert sum(map(len, rounds)) >= due
    assert all(one == sorted(one) for one in rounds), "the oldest first"


@pytest.mark.expects_warnings
def test_a_damaged_index_is_made_anew_by_the_next_search(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> tuple[int, int]:
        await session.play("validation")
        await session.settle()
        await session.searching.catch_up()
        store = session._engine.history.store
        await store.run(
            lambda c: c.execute("UPDATE search_data SET block = x'00000001ffffffffffff' WHERE id = 10").rowcount
        )
        first = await session.searching.page("validation")
        await session.searching.catch_up()
        return len(first.found.hits), len((await session.searching.page("validation")).found.hits)

    first, then = play(work)
    assert first == 0
    assert then == 1


def test_searches_are_kept_under_names(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[object]:
        searching = session.searching
        await searching.save("  Refused   ones ", " status:422 ")
        await searching.save("A", "smith")
        await searching.save("A", "jones")
        kept = await searching.saved()
        stored = session._engine.workspace.read(SEARCHES)["searches"]
        with pytest.raises(InputError) as caught:
            await searching.save("B", "  ")
        assert caught.value.code is ErrorCode.INPUT_SEARCH
        with pytest.raises(InputError, match="needs a name"):
            await searching.save(" ", "x")
        return [kept, stored, await searching.forget("A")]

    kept, stored, left = play(work)
    assert kept == (("A", "jones"), ("Refused ones", "status:422"))
    assert stored == [{"name": "A", "text": "jones"}, {"name": "Refused ones", "text": "status:422"}]
    assert left == (("Refused ones", "status:422"),)
