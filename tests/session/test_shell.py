"""What the window shows outside its panels: status, environments, settings with their origin; also services."""

from __future__ import annotations

import socket
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from workbench.errors import ConfigError
from workbench.keys import generate_private_pem
from workbench.session import signing
from workbench.session.environment_views import EnvironmentEdit
from workbench.session.events import Noticed, StatusChanged
from workbench.session.options import SessionOptions
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session
    from workbench.session.views import Status


def test_the_status_names_environment_identity_receiver_and_rules(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        status = await session.status()
        assert status.environment.id == "embedded"
        assert status.environment.ready
        assert {one.id for one in status.environments} == {"embedded", "sandbox", "int", "production"}
        assert [one.id for one in status.environments if one.production] == ["production"]
        assert status.receiver.listening
        assert status.receiver.address.startswith("127.0.0.1:")
        assert status.identity.organisation
        assert "rules" in status.rules
        assert not status.read_only

        heard: list[object] = []
        end = session.subscribe(heard.append)
        other = next(one.id for one in status.identities if one.id != status.identity.id)
        assert (await session.choose_identity(other)).identity.id == other
        assert (await session.choose_environment("int")).environment.id == "int"
        assert any(isinstance(event, StatusChanged) for event in heard)
        end()
        heard.clear()
        await session.choose_environment("embedded")
        assert heard == []

    play(work)


def test_what_happened_before_anybody_listened_is_told_to_the_first_who_does(play: Callable[..., Any]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        async def work(session: Session) -> None:
            heard: list[object] = []
            later: list[object] = []
            session.subscribe(heard.append)
            session.subscribe(later.append)
            (notice,) = (event for event in heard if isinstance(event, Noticed))
            assert port in notice.title
            assert notice.text
            assert later == []

        play(work, BARS_WORKBENCH_RECEIVER_PORT=port)


def test_a_setting_tells_where_it_comes_from_and_keeps_its_limits(
    play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:canary-word@proxy.example:1")

    async def work(session: Session) -> None:
        page = await session.settings_page()
        by_name = {row.name: row for row in page.settings}
        assert by_name["receiver_port"].origin == "default"
        assert by_name["interim_delay_s"].read_only
        assert "BARS_WORKBENCH_INTERIM_DELAY_S" in by_name["interim_delay_s"].origin
        assert any("PySide6" in row.label or "PySide6" in row.value for row in page.about)
        told = {row.label: row.value for row in page.about}
        assert told["HTTPS_PROXY"].startswith("Set. It counts only for an environment that goes by")
        assert "canary" not in repr(page)

        page = await session.change_setting("full_delay_s", "2.5")
        changed = next(row for row in page.settings if row.name == "full_delay_s")
        assert (changed.value, changed.origin) == ("2.5", "workspace")
        for name, value in (("full_delay_s", "-1"), ("interim_delay_s", "1"), ("receiver_port", "http")):
            with pytest.raises(ConfigError) as raised:
                await session.change_setting(name, value)
            assert raised.value.next_step

    play(work, options=SessionOptions(), BARS_WORKBENCH_INTERIM_DELAY_S="0")


def test_the_start_page_tells_what_is_ready_and_can_be_switched_off(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        page = await session.start_page()
        assert page.show_at_start
        assert all(row.title and row.word for row in page.ready)
        assert any(row.tone is Tone.OK for row in page.ready)
        await session.set_show_start(False)
        assert not (await session.start_page()).show_at_start

    play(work)


def test_a_service_says_what_it_offers_when_asked(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        services = await session.services()
        assert len({one.id for one in services}) == len(services) > 5
        department = next(one for one in services if one.id == "northgate-emergency-department")
        assert department.use_cases
        assert department.target.endswith(department.value)
        own = [one for one in services if one.own]
        assert own
        assert all(one.address.startswith("http://127.0.0.1:") for one in own)

        check = await session.directory.check(department.id)
        assert [tone for tone, _, _ in check.rows if tone is Tone.ERROR] == []
        assert len(check.rows) >= 3
        asked = await session.detail(check.exchange)
        assert asked.exchange.operation == "metadata"
        assert asked.response is not None
        assert asked.response.resource["resourceType"] == "CapabilityStatement"

    play(work)


def test_a_receiver_keeps_its_state_and_gives_it_up(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        await session.run_scenario("validation")
        await session.settle()
        page = await session.receiver_page("own")
        assert page.listening
        assert page.log
        assert all(entry.answered_by for entry in page.log)
        sandbox = await session.receiver_page("sandbox")
        assert sandbox.log
        assert dict(sandbox.state)

        kept = session.held.snapshot()
        assert kept
        await session.stop_receiver()
        assert not (await session.receiver_page("own")).listening
        await session.start_receiver()
        assert (await session.status()).receiver.listening
        await session.reset_state("sandbox")
        empty = dict((await session.receiver_page("sandbox")).state)
        assert empty != dict(sandbox.state)

    play(work)


def test_an_environment_whose_key_is_locked_away_says_so_and_not_that_there_is_none(
    play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))

    async def work(session: Session) -> None:
        def of_int(status: Status) -> str:
            return next(one.reason for one in status.environments if one.id == "int")

        page = await session.environments.page()
        one = next(one.environment for one in page.environments if one.environment.id == "int")
        await session.environments.keep(EnvironmentEdit(replace(one, client_id="app-1")))
        assert of_int(await session.status()) == "It needs a signing key: see Keys."
        await session.keys.create("int")
        assert of_int(await session.status()) == ""
        await session.keys.lock()
        assert of_int(await session.status()) == "Its key int-1 is locked away: unlock the keys under Keys."
        row = next(row for row in (await session.start_page()).ready if row.title == "INT")
        assert (row.word, "locked away" in row.subtitle) == ("Locked", True)
        status = await session.choose_environment("int")
        assert status.token.text == "Keys are locked"

    play(work, passphrase="a few words in a row")
