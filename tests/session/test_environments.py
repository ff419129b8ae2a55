"""Environments of an open workspace: environment_checks, keeping, secrets, network choices, tests of the connection."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.test_network import closed_port
from tests.faults.tls_farm import HOST, PASSPHRASE, Farm
from workbench.directory import Environment
from workbench.errors import ConfigError, ErrorCode, VaultError
from workbench.keys import Vault
from workbench.session import environment_checks
from workbench.session import network as network_module
from workbench.session.calls import Outgoing
from workbench.session.environment_checks import id_of, problems
from workbench.session.environment_views import EnvironmentEdit, Problem
from workbench.session.events import ConnectionStep
from workbench.session.network import Network, skippable
from workbench.session.sending import check_production
from workbench.transport.system_proxy import SystemSettings
from workbench.transport.tls_look import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session

NOW = datetime(2026, 10, 14, tzinfo=UTC)
PROXY_SECRET = "canary-of-the-proxy"
RIG = Environment(
    id="rig",
    title="Rig",
    subtitle="own",
    base_url="https://rig.example/FHIR/R4",
    token_url=None,
    needs_token=False,
    client_id="",
    production=False,
)
TOKEN = {"needs_token": True, "token_url": "https://rig.example/oauth2/token", "client_id": "app"}


def found(environment: Environment, passphrase: str = "") -> tuple[Problem, ...]:
    return problems(EnvironmentEdit(environment), (RIG,), passphrase=passphrase, now=NOW)


# checks


def test_a_good_environment_has_no_problem() -> None:
    assert found(RIG) == ()
    assert found(replace(RIG, **TOKEN)) == ()
    assert found(replace(RIG, api_version="1.5.0", application=8, application_version="1.0.0-alpha.2")) == ()
    assert found(replace(RIG, base_url="http://127.0.0.1:8080/FHIR/R4", proxy="http://p.example:3128")) == ()


@pytest.mark.parametrize(
    ("changes", "field", "severe", "said"),
    [
        ({"title": " "}, "title", True, "Give it a name"),
        ({"title": "R" * 41}, "title", True, "longer than 40"),
        ({"id": "other"}, "title", True, "Another environment has this name"),
        ({"id": "Bad id"}, "id", True, "small letters"),
        ({"colour": "red"}, "colour", True, "no such colour"),
        ({"base_url": ""}, "base_url", True, "Give the address"),
        ({"base_url": "rig.example"}, "base_url", True, "must start with https://"),
        ({"base_url": "https://rig.example:70000/FHIR/R4"}, "base_url", True, "1 to 65535"),
        ({"base_url": "https://me:pw@rig.example/FHIR/R4"}, "base_url", True, "credentials"),
        ({"base_url": "https://rig.example/FHIR/R4?x=1"}, "base_url", True, "leave out what follows"),
        ({"base_url": "https://rig example/FHIR/R4"}, "base_url", True, "blank"),
        ({"base_url": "http://rig.example/FHIR/R4"}, "base_url", False, "read along"),
        ({"base_url": "http://rig.example/FHIR/R4", **TOKEN}, "base_url", True, "must not travel over plain http"),
        ({"base_url": "https://rig.example/"}, "base_url", False, "/FHIR/R4"),
        ({"base_url": "https://api.service.nhs.uk/FHIR/R4"}, "production", False, "guarded as production"),
        ({**TOKEN, "token_url": ""}, "token_url", True, "where tokens are had"),
        ({**TOKEN, "token_url": "ftp://rig.example"}, "token_url", True, "must start with https://"),
        ({**TOKEN, "token_url": "http://rig.example/t"}, "token_url", True, "plain http"),
        ({**TOKEN, "token_url": "https://other.example/t"}, "token_url", False, "is that meant"),
        ({**TOKEN, "client_id": ""}, "client_id", False, "no token is given out"),
        ({**TOKEN, "client_id": "a b"}, "client_id", True, "copy it again"),
        ({"proxy_user": "me"}, "proxy", True, "no proxy"),
        ({"proxy": "https://p.example:1"}, "proxy", True, "spoken to in http"),
        ({"proxy": "http://p.example"}, "proxy", True, "Give the port"),
        ({"proxy": "http://me:pw@p.example:1"}, "proxy", True, "fields of their own"),
        ({"proxy": "http://p.example:1/proxy.pac"}, "proxy", True, "PAC"),
        ({"proxy": "p.example:3128"}, "proxy", True, "http://"),
        ({"application": 9}, "application", True, "no Application 9"),
        ({"application_version": "3.0.0"}, "application_version", True, "its newest is 2.1.0"),
        ({"api_version": "1.5.0-alpha"}, "api_version", True, "three numbers"),
        ({"api_version": "1.4.0", "production": True}, "api_version", False, "INT only"),
        ({"core": "1.2.0"}, "core", True, "two lines"),
        ({"ca": "/nowhere/ca.pem"}, "ca", True, "there is no file"),
        ({"certificate": "/nowhere/c.pem"}, "certificate", True, "there is no file"),
        ({"certificate_key": "/nowhere/k.pem"}, "certificate", True, "but no certificate"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(changes: dict[str, Any], field: str, severe: bool, said: str) -> None:
    only = [one for one in found(replace(RIG, **changes)) if one.field == field]
    assert [one.severe for one in only] == [severe]
    assert said in only[0].text


def test_certificates_are_judged_with_their_files(tmp_path: Path) -> None:
    farm = Farm(tmp_path)
    p12, pem = farm.client_p12(), farm.client_pem()
    assert found(replace(RIG, ca=str(farm.ca_file), certificate=str(p12)), PASSPHRASE) == ()
    (locked,) = found(replace(RIG, certificate=str(p12)))
    assert (locked.field, locked.severe) == ("passphrase", True)
    (wrong,) = found(replace(RIG, certificate=str(p12)), "a wrong phrase")
    assert "does not fit" in wrong.text
    (no_key,) = found(replace(RIG, certificate=str(pem), certificate_key=str(farm.ca_file)))
    assert (no_key.field, no_key.severe) == ("certificate_key", True)
    leaf = farm.write("leaf.pem", farm.ca.issue_cert("x").cert_chain_pems[0].bytes())
    (no_authority,) = found(replace(RIG, ca=str(leaf)))
    assert not no_authority.severe
    assert "vouches for nobody" in no_authority.text
    other = farm.write("other.key", farm.ca.issue_cert("x").private_key_pem.bytes())
    (pair,) = found(replace(RIG, certificate=str(pem), certificate_key=str(other)))
    assert "does not belong" in pair.text


def test_the_addresses_of_the_embedded_sandbox_are_its_own() -> None:
    embedded = replace(RIG, id="embedded", base_url="", title="Embedded sandbox")
    assert found(embedded) == ()


def test_an_id_is_made_of_the_title_and_differs_from_all_others() -> None:
    assert id_of("Northgate: Rig 7!", ()) == "northgate-rig-7"
    assert id_of("Rig", ("rig", "rig-2")) == "rig-3"
    assert id_of("***", ()) == "environment"
    assert len(id_of("x" * 90, ())) == 36


# production


@pytest.mark.parametrize("flag", [True, False])
def test_a_send_to_live_patients_needs_the_host_typed_whatever_the_environment_is_called(flag: bool) -> None:
    live = replace(RIG, base_url="https://api.service.nhs.uk/FHIR/R4", production=flag)
    for typed in ("", "api.service.nhs", "rig.example"):
        with pytest.raises(ConfigError):
            check_production(live, typed, "POST")
    check_production(live, " API.service.nhs.uk ", "POST")
    check_production(live, "", "GET")
    check_production(RIG, "", "POST")


# the network


def a_network(folder: Path, passphrase: str | None = "a few words in a row") -> Network:
    return Network(Vault.open(folder, workspace_id="w", passphrase=passphrase, find_keyring=lambda: None, cost=2**14))


def test_secrets_live_in_the_vault_alone(tmp_path: Path) -> None:
    network = a_network(tmp_path / "vault")
    wanted = replace(RIG, certificate="/c.p12", proxy="http://p:1", proxy_user="me")
    edit = EnvironmentEdit(wanted, PASSPHRASE, PROXY_SECRET)
    assert network.obstacle() == ""
    network.keep(edit)
    assert network.tls(edit.environment).passphrase == PASSPHRASE
    assert network.proxy(edit.environment) == Proxy("http://p:1", "me", PROXY_SECRET)
    assert PASSPHRASE not in repr(edit)
    for path in (tmp_path / "vault").iterdir():
        assert PROXY_SECRET.encode() not in path.read_bytes()
        assert PASSPHRASE.encode() not in path.read_bytes()
    network.keep(replace(edit, passphrase=None, proxy_password=""))
    assert (network.secret("rig", "client-certificate"), network.secret("rig", "proxy")) == (PASSPHRASE, "")
    network.forget("rig")
    assert not network.has("rig", "client-certificate")


def test_without_a_vault_no_secret_is_kept_and_a_locked_one_says_so(tmp_path: Path) -> None:
    nothing = a_network(tmp_path / "none", passphrase=None)
    edit = EnvironmentEdit(replace(RIG, certificate="/c.p12"), PASSPHRASE)
    with pytest.raises(VaultError) as raised:
        nothing.keep(edit)
    assert raised.value.code is ErrorCode.VAULT_NO_BACKEND
    assert "passphrase or password" in nothing.obstacle()
    nothing.keep(EnvironmentEdit(RIG))
    assert nothing.proxy(RIG) is None
    a_network(tmp_path / "vault").keep(edit)
    locked = a_network(tmp_path / "vault", passphrase=None)
    assert locked.has("rig", "client-certificate")
    with pytest.raises(VaultError, match="locked"):
        locked.tls(edit.environment)


def test_verification_is_left_out_for_a_target_and_a_session_and_never_within_nhs_uk(tmp_path: Path) -> None:
    network = a_network(tmp_path)
    network.verify(RIG, False)
    assert not network.verifies(RIG)
    assert network.verifies(replace(RIG, base_url="https://rig.example:8443/FHIR/R4"))
    assert a_network(tmp_path).verifies(RIG), "the next session checks again"
    network.verify(RIG, True)
    assert network.verifies(RIG)
    for url in ("https://int.api.service.nhs.uk/FHIR/R4", "https://x.nhs.uk./FHIR/R4"):
        official = replace(RIG, base_url=url)
        assert not skippable(official)
        with pytest.raises(ConfigError, match=r"nhs\.uk"):
            network.verify(official, False)
        assert network.verifies(official)
    with pytest.raises(ConfigError, match="production"):
        network.verify(replace(RIG, production=True), False)
    with pytest.raises(ConfigError):
        network.verify(replace(RIG, token_url="https://token.nhs.uk/t"), False)
    assert skippable(RIG)


# the workspace


def test_the_proxy_of_the_machine_is_used_on_choice_only_and_a_script_is_said(
    play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://me:word@proxy.example:3128")

    async def work(session: Session) -> None:
        network = session._engine.network
        assert network.proxy(RIG) is None, "variables of the system are not read unless somebody chose so"
        chosen = replace(RIG, system_proxy=True)
        assert network.proxy(chosen) == Proxy("http://proxy.example:3128", "me", "word")
        assert await session.environments.check(EnvironmentEdit(chosen)) == ()

        script = SystemSettings({}, lambda _: False, "http://wpad.example/proxy.pac")
        monkeypatch.setattr(network_module, "system_settings", lambda: script)
        monkeypatch.setattr(environment_checks, "system_settings", lambda: script)
        (problem,) = await session.environments.check(EnvironmentEdit(chosen))
        assert (problem.field, problem.severe) == ("proxy_way", False)
        assert "a script names it (http://wpad.example/proxy.pac), and scripts are not run here" in problem.text
        await session.environments.keep(EnvironmentEdit(replace(chosen, id="", title="Rig 7", needs_token=False)))
        await session.choose_environment("rig-7")
        service = next(iter(session._engine.directory.services.all()))
        done = await session._parts.sender.send(Outgoing("metadata", service))
        assert done.failure is not None
        assert done.failure.code is ErrorCode.CONFIG_SYSTEM_PROXY
        assert "Ask whoever runs the network" in done.failure.next_step

        away = SystemSettings({"https": f"http://127.0.0.1:{closed_port()}"}, lambda _: False)
        monkeypatch.setattr(network_module, "system_settings", lambda: away)
        done = await session._parts.sender.send(Outgoing("metadata", service))
        assert done.failure is not None
        assert done.failure.sentence.startswith("Nothing is listening at the proxy 127.0.0.1:"), "asked anew"

    play(work)


def test_an_environment_is_added_changed_chosen_and_taken_away(play: Callable[..., Any], tmp_path: Path) -> None:
    async def refused(session: Session) -> None:
        with pytest.raises(ConfigError, match="no such identity"):
            await session.environments.keep(EnvironmentEdit(replace(RIG, id="", title="Rig 7", identity="nobody")))

    play(refused, passphrase="a few words in a row")

    async def goes_on(session: Session) -> None:
        environments = session.environments
        other = (await environments.page()).identities[-1][0]
        wanted = replace(RIG, id="", title="Rig 7", identity=other, api_version="1.4.0")
        page = await environments.keep(EnvironmentEdit(wanted, None, PROXY_SECRET))
        kept = next(one for one in page.environments if one.environment.id == "rig-7")
        assert (kept.built_in, kept.has_proxy_password, kept.may_skip) == (False, True, True)
        assert ("INT only", "warning") in kept.badges
        assert "API 1.4.0" in kept.profile
        status = await session.choose_environment("rig-7")
        assert (status.environment.colour, status.identity.id) == ("own", other)
        await environments.verify("rig-7", False)
        assert (await session.status()).environment.unverified == "rig.example"
        page = await environments.remove("rig-7")
        assert "rig-7" not in [one.environment.id for one in page.environments]
        assert (await session.status()).environment.id == "embedded"

    play(goes_on, passphrase="a few words in a row")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if PROXY_SECRET.encode() in path.read_bytes()]


def test_a_built_in_environment_is_changed_and_reset_and_survives_a_restart(play: Callable[..., Any]) -> None:
    async def change(session: Session) -> None:
        page = await session.environments.page()
        one = next(one.environment for one in page.environments if one.environment.id == "int")
        page = await session.environments.keep(EnvironmentEdit(replace(one, client_id="app-1")))
        assert next(one for one in page.environments if one.environment.id == "int").changed

    async def reset(session: Session) -> None:
        page = await session.environments.page()
        assert next(one for one in page.environments if one.environment.id == "int").environment.client_id == "app-1"
        page = await session.environments.remove("int")
        assert not next(one for one in page.environments if one.environment.id == "int").changed

    play(change)
    play(reset)


def test_a_key_signs_only_where_it_is_bound(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        page = await session.environments.page()
        kid, _, bound = page.keys[0]
        assert bound == ("embedded",)
        foreign = await session.environments.check(EnvironmentEdit(replace(RIG, key=kid)))
        assert [(one.field, "not bound" in one.text) for one in foreign] == [("key", True)]
        gone = await session.environments.check(EnvironmentEdit(replace(RIG, key="gone")))
        assert "There is no key gone" in gone[0].text
        embedded = next(one.environment for one in page.environments if one.environment.id == "embedded")
        await session.environments.keep(EnvironmentEdit(replace(embedded, key=kid)))
        assert (await session.status()).environment.ready
        engine = session._engine
        assert engine.kid_of(engine.current_environment()) == kid
        assert engine.kid_of(replace(embedded, key="gone")) is None

    play(work, passphrase="a few words in a row")


def test_calls_use_the_versions_the_environment_names(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> str:
        page = await session.environments.page()
        embedded = next(one.environment for one in page.environments if one.environment.id == "embedded")
        await session.environments.keep(EnvironmentEdit(replace(embedded, api_version="1.4.0")))
        service = next(iter(session._engine.directory.services.all()))
        done = await session._parts.sender.send(Outgoing("message-definition", service, parameters=(("context", "x"),)))
        return done.request.header("Accept") or ""

    assert "version=1.4.0" in play(work)


def test_the_connection_of_the_embedded_sandbox_is_tested_step_by_step(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> tuple[Any, list[ConnectionStep]]:
        told: list[ConnectionStep] = []
        session.subscribe(lambda event: told.append(event) if isinstance(event, ConnectionStep) else None)
        page = await session.environments.page()
        return await session.environments.test(EnvironmentEdit(page.environments[0].environment)), told

    rows, told = play(work)
    assert [row.title for row in rows] == ["Name", "Connection", "TLS", "Token", "GET /metadata"]
    assert "Answered 200" in rows[-1].text, "the one request carries the token"
    assert tuple(one.row for one in told) == rows
    assert {row.tone.value for row in rows} == {"ok"}


def test_an_unkept_environment_with_mutual_tls_is_tested_and_the_read_is_kept(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    farm = Farm(tmp_path)

    async def work(session: Session) -> tuple[Any, Any]:
        async with farm.serving(farm.context(wants=farm.ca)) as origin:
            wanted = replace(
                RIG, id="", base_url=f"{origin}/FHIR/R4", ca=str(farm.ca_file), certificate=str(farm.client_p12())
            )
            rows = await session.environments.test(EnvironmentEdit(wanted, PASSPHRASE))
        await session.settle()
        return rows, await session.conversations()

    rows, conversations = play(work)
    assert (rows[-1].tone.value, rows[-1].title) == ("ok", "GET /metadata")
    assert any("client.example" in row.text or "is shown" in row.text for row in rows)
    assert len(conversations) == 1
    assert [head.split(b" ")[1] for head in farm.requests if head] == [b"/FHIR/R4/metadata"]


def test_a_test_of_a_connection_can_be_stopped(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        arrived, talks = asyncio.Event(), set[asyncio.Task[None]]()

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talks.add(asyncio.ensure_future(hear(reader, writer)))
            arrived.set()

        server = await asyncio.start_server(silent, HOST, 0)
        url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}/FHIR/R4"
        testing = asyncio.ensure_future(session.environments.test(EnvironmentEdit(replace(RIG, base_url=url))))
        await arrived.wait()
        testing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await testing
        server.close()
        await asyncio.gather(*talks)

    play(work)


def test_what_happened_in_an_environment_is_still_shown_once_it_is_gone(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    farm = Farm(tmp_path)

    async def work(session: Session) -> None:
        async with farm.serving(None) as origin:
            rig = replace(RIG, id="", title="Rig 7", base_url=f"{origin.replace('https', 'http')}/FHIR/R4")
            await session.environments.keep(EnvironmentEdit(rig))
            await session.keys.create("rig-7")
            await session.choose_environment("rig-7")
            service = next(iter(session._engine.directory.services.all()))
            await session._parts.sender.send(Outgoing("metadata", service))
        await session.settle()
        await session.environments.remove("rig-7")

    async def later(session: Session) -> None:
        assert (await session.status()).environment.id == "embedded", "the next start goes on where it can"
        (row,) = await session.conversations()
        view = await session.conversation(row.id)
        assert "rig-7" in repr(view.lanes)
        assert "rig-7" in repr(await session.keys.page())

    play(work, passphrase="a few words in a row")
    play(later, passphrase="a few words in a row")


def test_the_embedded_sandbox_knows_the_application_it_is_told(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> str:
        embedded = (await session.environments.page()).environments[0].environment
        await session.environments.keep(EnvironmentEdit(replace(embedded, client_id="another-app")))
        return (await session.renew_token()).token.text

    assert play(work, passphrase="a few words in a row") == "Token"
