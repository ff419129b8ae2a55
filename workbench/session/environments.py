"""The environments of the workspace: shown, checked, kept, taken away, and their connections tested.

Knows no window. Secrets go into the vault and come back to nobody but the client.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.directory.directory import built_in_environments, read_environments
from workbench.directory.environments import (
    BUILT_IN,
    EMBEDDED,
    IMPORTED,
    OWN_COLOURS,
    int_only,
    with_environment,
    without_environment,
)
from workbench.errors import ConfigError, ErrorCode, VaultError, WorkbenchError
from workbench.exchange import Direction, Exchange, Request, Timing
from workbench.messages import MessageFacts, Syntax
from workbench.session.calls import Outgoing, call_request
from workbench.session.environment_checks import id_of, problems
from workbench.session.environment_views import (
    CLIENT_CERTIFICATE,
    PROXY,
    ApplicationChoice,
    EnvironmentDetail,
    EnvironmentsPage,
    Problem,
    TestRow,
)
from workbench.session.events import ConnectionStep
from workbench.session.network import skippable
from workbench.session.views import Tone
from workbench.standard.versions import api_versions, applications
from workbench.transport.journaled import send_journaled
from workbench.transport.tls_steps import Step, Trial, steps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.directory import Environment
    from workbench.exchange import Failure, Response
    from workbench.messages.values import JsonObject
    from workbench.session.engine import Engine
    from workbench.session.environment_views import EnvironmentEdit
    from workbench.session.tokens import TokenCalls
    from workbench.session.views import Status
    from workbench.standard import VersionProfile

FILE = "environments.json"
_COLOURS = {"own": "Olive", "embedded": "Teal", "sandbox": "Slate blue", "int": "Plum"}


class Environments:
    """The use cases of Settings, Environments; called on the I/O thread."""

    def __init__(
        self,
        engine: Engine,
        tokens: TokenCalls,
        choose: Callable[[str], Awaitable[Status]],
        changed: Callable[[], None],
    ) -> None:
        """`choose` works in another environment from now on, `changed` has everybody know how things stand."""
        self._engine = engine
        self._tokens = tokens
        self._choose = choose
        self._changed = changed

    async def page(self) -> EnvironmentsPage:
        """Every environment with what its fields may be chosen from."""
        engine = self._engine
        return EnvironmentsPage(
            environments=tuple(self._detail(one) for one in engine.directory.environments.all()),
            applications=tuple(
                ApplicationChoice(
                    one.number,
                    f"{one.number}: {one.title}" + (f" ({one.status})" if one.prerelease else ""),
                    tuple((version, _version_words(version)) for version in one.versions),
                )
                for one in applications().values()
            ),
            apis=tuple((one, f"{one}, INT only" if int_only(one) else one) for one in api_versions()),
            cores=(("1.0.7", "1.0.7"), ("1.5.0", "1.5.0")),
            colours=tuple((one, _COLOURS[one]) for one in OWN_COLOURS),
            identities=tuple((one.id, one.organisation) for one in engine.directory.identities.all()),
            keys=tuple((one.kid, f"{one.kid}, {one.bits} bits", one.environments) for one in engine.keys.facts()),
            read_only=engine.workspace.read_only,
            vault=engine.network.obstacle(),
        )

    async def check(self, edit: EnvironmentEdit) -> tuple[Problem, ...]:
        """What is wrong with an environment as it is wanted (a new one has no id yet); its files are read for that."""
        engine, edit = self._engine, self._named(edit)
        passphrase = edit.passphrase
        if passphrase is None:
            with suppress(VaultError):  # locked away: the certificate is then judged as far as it can be
                passphrase = engine.network.secret(edit.environment.id, CLIENT_CERTIFICATE)
        others = engine.directory.environments.all()
        found = await asyncio.to_thread(problems, edit, others, passphrase=passphrase or "", now=engine.clock())
        return (*found, *self._bindings(edit.environment))

    async def keep(self, edit: EnvironmentEdit) -> EnvironmentsPage:
        """Keep an environment; ConfigError with what is wrong, VaultError when a secret cannot be kept."""
        edit = self._named(edit)
        severe = [one for one in await self.check(edit) if one.severe]
        if severe:
            title = edit.environment.title or "without a name"
            raise ConfigError(ErrorCode.CONFIG_ENVIRONMENT_VALUE, what=title, cause=severe[0].text)
        engine = self._engine
        environment = edit.environment
        if environment.id == EMBEDDED:
            environment = replace(environment, base_url="", token_url=None)
        if engine.workspace.read_only:
            raise ConfigError(ErrorCode.CONFIG_FILE, what=FILE, cause="this workspace can only be read")
        await asyncio.to_thread(engine.network.keep, edit)
        await self._write(with_environment(engine.workspace.read(FILE), environment), environment.id)
        return await self.page()

    async def remove(self, id: str) -> EnvironmentsPage:
        """Take an own environment away, its secrets with it; a built-in one is as it came again."""
        engine = self._engine
        old = engine.directory.environments.find(id)
        await self._write(without_environment(engine.workspace.read(FILE), old.id), old.id)
        await asyncio.to_thread(engine.network.forget, old.id)
        return await self.page()

    async def verify(self, id: str, wanted: bool) -> EnvironmentsPage:
        """Check the certificates of an environment, or leave that out until the program ends.

        ConfigError for production and for anything within nhs.uk: there it is never left out.
        """
        engine = self._engine
        engine.network.verify(engine.environment_of(id), wanted)
        await self._drop_clients(tuple(engine.clients))
        self._changed()
        return await self.page()

    async def test(self, edit: EnvironmentEdit) -> tuple[TestRow, ...]:
        """Test the connection of an environment as it stands in the form, kept or not; ConnectionStep tells each row.

        Cancelling stops it at once. VaultError when a secret is needed that is locked away.
        """
        engine, edit = self._engine, self._named(edit)
        environment = edit.environment
        if environment.id == EMBEDDED:
            environment = engine.environment_of(EMBEDDED)
        tls = engine.network.tls(environment, edit.passphrase)
        proxy = engine.network.proxy(environment, edit.proxy_password)
        client = engine.make_client(tls=tls, proxy=proxy)
        request = self._metadata(environment)

        async def send(request: Request) -> Response | Failure:
            done = await send_journaled(client, engine.history.journal, self._exchange(environment, request))
            answer = done.response or done.failure
            if answer is None:
                raise AssertionError("an exchange that was sent has an answer or a failure")
            return answer

        async def sign_in() -> tuple[Step, str]:
            try:
                token = await self._tokens.trial(environment, client)
            except WorkbenchError as error:
                return Step("warning", "Token", f"{error.sentence} {error.next_step}"), ""
            if token is None:
                raise AssertionError("an environment that asks for a token gives one or an error")
            words = (
                f"{environment.title} gave one for {token.seconds_left(engine.timer()):.0f} s, signed by {token.kid}."
            )
            return Step("ok", "Token", words), token.authorization()

        rows: list[TestRow] = []
        try:
            wanted = sign_in if environment.needs_token else None
            trial = Trial(environment.base_url, tls, proxy, request, send, wanted)
            async for step in steps(trial, engine.clock(), engine.timer):
                rows.append(_row(step))
                engine.publish(ConnectionStep(environment.id, rows[-1]))
        finally:
            await client.close()
        return tuple(rows)

    # inside

    def _named(self, edit: EnvironmentEdit) -> EnvironmentEdit:
        """The same with an id where it is new."""
        environment = edit.environment
        if environment.id:
            return edit
        id = id_of(environment.title, (*self._engine.directory.environments.names(), IMPORTED))
        return replace(edit, environment=replace(environment, id=id))

    def _bindings(self, environment: Environment) -> tuple[Problem, ...]:
        engine, found = self._engine, []
        if environment.identity and environment.identity not in engine.directory.identities.names():
            found.append(Problem("identity", "There is no such identity in this workspace."))
        key = next((one for one in engine.keys.facts() if one.kid == environment.key), None)
        if environment.key and key is None:
            found.append(Problem("key", f"There is no key {environment.key} in this workspace."))
        elif key is not None and environment.id not in key.environments:
            words = f"The key {key.kid} is not bound to this environment, so it never signs for it."
            found.append(Problem("key", words))
        return tuple(found)

    def _metadata(self, environment: Environment) -> Request:
        """GET /metadata with who asks, as anybody may ask it."""
        engine = self._engine
        service = next(iter(engine.directory.services.all()))
        outgoing = Outgoing("metadata", service, request_id=engine.ids(), correlation_id=engine.ids())
        identity = engine.current_identity()
        return call_request(outgoing, identity, environment.base_url, MessageFacts(), Syntax.JSON, environment.profile)

    def _exchange(self, environment: Environment, request: Request) -> Exchange:
        engine = self._engine
        return Exchange(
            id=engine.ids(),
            seq=0,
            direction=Direction.OUT,
            environment=environment.id,
            operation="metadata",
            versions=environment.profile,
            request=request,
            timing=Timing(engine.clock()),
            identity=engine.identity,
        )

    async def _write(self, content: JsonObject | dict[str, object], id: str) -> None:
        engine = self._engine
        environments = read_environments(content)
        await asyncio.to_thread(engine.workspace.write, FILE, content)
        before = engine.directory.environments
        old = before.get(id) if id in before.names() else None
        engine.directory = engine.directory.with_environments(environments)
        if old is not None and old.token_url:
            engine.tokens.drop(old.token_url)
        await self._drop_clients((id,))
        if engine.environment not in engine.directory.environments.names():
            await self._choose(EMBEDDED)
        self._changed()

    async def _drop_clients(self, ids: tuple[str, ...]) -> None:
        """Have the next call open its connections anew."""
        for id in ids:
            client = self._engine.clients.pop(id, None)
            if client is not None:
                await client.close()

    def _detail(self, environment: Environment) -> EnvironmentDetail:
        engine = self._engine
        shown = engine.environment_of(environment.id)
        as_it_comes = next((one for one in built_in_environments() if one.id == environment.id), None)
        unverified = not engine.network.verifies(shown)
        return EnvironmentDetail(
            environment=environment,
            built_in=environment.id in BUILT_IN,
            changed=as_it_comes is not None and as_it_comes != environment,
            current=environment.id == engine.environment,
            badges=_badges(environment, unverified),
            profile=_profile_words(environment, environment.profile),
            state=shown.reason.replace(": see Settings, Environments.", "."),
            has_passphrase=engine.network.has(environment.id, CLIENT_CERTIFICATE),
            has_proxy_password=engine.network.has(environment.id, PROXY),
            unverified=unverified,
            may_skip=skippable(shown),
        )


def _badges(environment: Environment, unverified: bool) -> tuple[tuple[str, Tone], ...]:
    found = []
    if environment.live:
        found.append(("Live patients", Tone.ERROR))
    if unverified:
        found.append(("Certificate not checked", Tone.ERROR))
    application = applications().get(environment.application)
    version = environment.profile.application_version
    if application is not None and (application.prerelease or "-" in version):
        found.append(("Pre-release", Tone.WARNING))
    if int_only(environment.profile.api):
        found.append(("INT only", Tone.WARNING))
    return tuple(found)


def _profile_words(environment: Environment, profile: VersionProfile) -> str:
    api = profile.api if environment.api_version else f"{profile.api} or what the message needs"
    return f"Application {profile.application}, version {profile.application_version}, Core {profile.core}, API {api}"


def _version_words(version: str) -> str:
    return f"{version}, pre-release" if "-" in version else version


def _row(step: Step) -> TestRow:
    return TestRow(Tone(step.tone), step.title, step.text)
