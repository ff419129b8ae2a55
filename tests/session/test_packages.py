"""Packages in a running session: added, used by all verdicts of a workspace, and removed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import a_setting
from tests.profiles.packed import a_manifest, a_structure, element, pack
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.errors import ConfigError, InputError
from workbench.profiles import sources
from workbench.session.events import FileJudged, Noticed, PackagesChanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session

USED = ("mock.bars#1.0.0",)
PROFILE = a_structure("Strict", "Bundle", element("Bundle.identifier", min=1))


def a_package(folder: Path, version: str = "1.0.0", **dependencies: str) -> str:
    return str(pack(folder, a_manifest("mock.bars", version, **dependencies), PROFILE))


async def loaded(session: Session) -> tuple[str, ...]:
    """What verdicts are judged with, once it is loaded."""
    found = await session._engine.packages.ready()
    return found.names if found is not None else ()


def test_a_package_is_added_used_and_removed(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        heard: list[object] = []
        session.subscribe(heard.append)
        assert (await session.packages_page()).packages == ()
        (one,) = (await session.add_package(a_package(tmp_path))).packages
        assert (one.label, one.profiles, one.missing, one.used) == ("mock.bars#1.0.0", 1, (), False)
        assert await loaded(session) == (), "what is only added is not judged with"
        (one,) = (await session.use_package("mock.bars#1.0.0", True)).packages
        assert one.used
        assert await loaded(session) == ("mock.bars#1.0.0",)
        assert PackagesChanged(("mock.bars#1.0.0",), ()) in heard
        assert (await session.use_package("mock.bars#1.0.0", False)).packages[0].used is False
        await session.use_package("mock.bars#1.0.0", True)
        page = await session.remove_package("mock.bars#1.0.0")
        assert (page.packages, page.gone) == ((), ())
        assert await loaded(session) == ()

    play(work)


def test_the_choice_is_kept_with_the_workspace(play: Callable[..., Any], tmp_path: Path) -> None:
    async def choose(session: Session) -> None:
        await session.add_package(a_package(tmp_path))
        await session.use_package("mock.bars#1.0.0", True)

    play(choose)
    kept = json.loads((tmp_path / "workspace" / "settings.json").read_text("utf-8"))
    assert kept["packages"] == "mock.bars#1.0.0"
    assert play(loaded) == ("mock.bars#1.0.0",)


def test_a_package_that_is_gone_is_named_and_judging_goes_on(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        found = await session._engine.packages.ready()
        assert found is not None
        assert found.missing == ("mock.bars#1.0.0",)
        page = await session.packages_page()
        assert page.gone == ("mock.bars#1.0.0",)
        assert page.read_only, "a variable decides it for this run"
        with pytest.raises(ConfigError):
            await session.use_package("mock.bars#2.0.0", True)

    play(work, BARS_WORKBENCH_PACKAGES="mock.bars#1.0.0")


def test_one_version_of_a_package_is_used_at_a_time(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        for version in ("1.0.0", "2.0.0"):
            await session.add_package(a_package(tmp_path, version))
            page = await session.use_package(f"mock.bars#{version}", True)
        assert [(one.version, one.used) for one in page.packages] == [("1.0.0", False), ("2.0.0", True)]

    play(work)


def test_what_cannot_be_added_says_why_and_changes_nothing(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        bad = tmp_path / "bad.tgz"
        bad.write_bytes(b"no package")
        with pytest.raises(InputError, match=r"bad\.tgz is not a FHIR package"):
            await session.add_package(str(bad))
        with pytest.raises(InputError, match="was not found"):
            await session.remove_package("mock.none#1.0.0")
        assert (await session.packages_page()).packages == ()

    play(work)


def test_adding_can_be_stopped(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        adding = asyncio.ensure_future(session.add_package(a_package(tmp_path)))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
        assert (await session.packages_page()).packages == ()

    play(work)


@pytest.mark.expects_warnings
def test_a_spoilt_package_is_told_and_judging_goes_on(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        await session.add_package(a_package(tmp_path))
        heard: list[object] = []
        session.subscribe(heard.append)
        (sources.added_folder() / "mock.bars#1.0.0.tgz").write_bytes(b"spoilt")
        page = await session.use_package("mock.bars#1.0.0", True)
        assert "is not a FHIR package" in page.packages[0].problem
        assert await loaded(session) == ()
        assert any(isinstance(one, Noticed) and "is not a FHIR package" in one.title for one in heard)

    play(work)


def test_every_verdict_of_the_workspace_names_the_packages(play: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_bytes(compose("referral-full", a_setting(), now=now(), ids=new_id).source)

    async def work(session: Session) -> None:
        await session.add_package(a_package(tmp_path))
        await session.use_package("mock.bars#1.0.0", True)
        draft = await session.open_file(str(file))
        for text in (draft.text, draft.text + " " * 1_100_000):  # the second one in a worker process
            assert (await session.validate(draft.id, text)).verdict.packages == USED
        heard: list[object] = []
        session.subscribe(heard.append)
        await session.judge_files("b", (str(file),))
        assert [one.file.verdict.packages for one in heard if isinstance(one, FileJudged)] == [USED]

        offer = await session.offer("referral-full/a1t1")
        service = next(one.id for one in offer.services if not one.reason)
        own = await session.new_draft("referral-full/a1t1", service, offer.patients[0].id)
        sent = await session.send(own.id, own.text)
        await session.settle()
        detail = await session.detail(sent.exchange)
        assert detail.verdict is not None
        assert detail.verdict.packages == USED

    play(work)
