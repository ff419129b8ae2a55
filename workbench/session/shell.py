"""What the window shows outside its panels, the start page and the settings page; choosing environment and identity.

Words and states only; nothing here sends anything.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import ssl
import sys
from dataclasses import replace
from importlib import metadata
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.rules import RULE_SET, rules
from workbench.session.events import StatusChanged
from workbench.session.views import (
    AboutRow,
    EnvironmentView,
    IdentityView,
    ReadyRow,
    ReceiverView,
    SettingsPage,
    SettingView,
    StartPage,
    Status,
    Tone,
)
from workbench.settings import changed, keep_app_setting, specs
from workbench.transport.tls import host_of
from workbench.transport.variables import heard_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.directory import Environment, Identity
    from workbench.session.engine import Engine
    from workbench.session.receiving import OwnReceiver
    from workbench.session.tokens import TokenCalls

_LIBRARIES = ("PySide6-Essentials", "httpx", "h11", "fhir.resources", "PyJWT", "cryptography", "keyring", "lxml")
ABOUT = "A test and support tool, not a medical device, not by NHS England."


class Shell:
    """The shell of the open workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, tokens: TokenCalls) -> None:
        self._engine = engine
        self._tokens = tokens
        self._receiver: OwnReceiver | None = None
        self._awaited = 0
        self._serial = 0
        self._told: Status | None = None
        """What `refresh` has published last."""

    def attach(self, receiver: OwnReceiver) -> None:
        """Say which receiver the chip is about."""
        self._receiver = receiver

    async def refresh(self) -> None:
        """Count the replies that are waited for, and publish the present facts where they are others than before."""
        self._awaited = await self._engine.history.queries.waiting()
        found = self.status()
        if self._told is None or replace(found, serial=self._told.serial) != self._told:
            self._told = found
            self._engine.publish(StatusChanged(found))

    def status(self) -> Status:
        """Everything the shell shows now."""
        engine = self._engine
        directory = engine.directory
        workspace = engine.workspace
        self._serial += 1
        return Status(
            environment=self._environment(engine.current_environment()),
            environments=tuple(
                self._environment(engine.environment_of(one.id)) for one in directory.environments.all()
            ),
            identity=_identity(engine.current_identity()),
            identities=tuple(_identity(one) for one in directory.identities.all()),
            token=self._tokens.view(engine.current_environment()),
            receiver=self._receiver.view() if self._receiver is not None else ReceiverView(False, "", "", ""),
            awaited=self._awaited,
            rules=f"Rules {RULE_SET}, {len(rules())} rules",
            workspace=workspace.name,
            read_only=workspace.read_only,
            notice=workspace.notice,
            masked=engine.settings.app.masking,
            serial=self._serial,
        )

    async def choose_environment(self, id: str) -> Status:
        """Work in another environment; ConfigError for one that does not exist."""
        engine = self._engine
        chosen = engine.directory.environments.find(id)
        engine.environment = chosen.id
        if chosen.identity in engine.directory.identities.names():
            engine.identity = chosen.identity
        await self._keep("environment", engine.environment)
        return self._published()

    async def choose_identity(self, id: str) -> Status:
        """Act as somebody else; ConfigError for one that does not exist."""
        engine = self._engine
        engine.identity = engine.directory.identities.find(id).id
        await self._keep("identity", engine.identity)
        return self._published()

    def start_page(self) -> StartPage:
        """What is ready on this machine."""
        engine = self._engine
        address = engine.sandbox_address
        rows = [
            ReadyRow(
                "box",
                "Embedded sandbox",
                f"token, routing and {len(engine.directory.services.all())} services on {address.host}:{address.port}"
                if address is not None
                else "it is not running",
                Tone.OK if address is not None else Tone.ERROR,
                "Ready" if address is not None else "Stopped",
            ),
            self._receiver_row(),
            ReadyRow(
                "shield", "Rules of the standard", f"{len(rules())} rules, judged on this machine", Tone.OK, "Ready"
            ),
            ReadyRow(
                "user",
                f"{len(engine.directory.patients)} made-up patients",
                "with NHS numbers that cannot belong to anyone",
                Tone.OK,
                "Ready",
            ),
            self._int_row(),
        ]
        return StartPage(tuple(rows), engine.settings.app.show_start)

    async def set_show_start(self, shown: bool) -> None:
        """Whether the start page comes first."""
        await self.change_setting("show_start", "true" if shown else "false")

    def settings_page(self) -> SettingsPage:
        """The Settings panel."""
        engine = self._engine
        workspace = engine.workspace
        return SettingsPage(
            settings=tuple(
                SettingView(
                    name=spec.name,
                    label=spec.label,
                    help=spec.help,
                    kind=spec.kind,
                    value=engine.settings.text(spec.name),
                    choices=spec.choices,
                    minimum=spec.minimum,
                    maximum=spec.maximum,
                    origin=engine.settings.origin(spec.name),
                    read_only=engine.settings.overridden(spec.name) or workspace.read_only,
                    section=spec.section,
                )
                for spec in specs()
                if spec.shown
            ),
            workspace=(
                ("Name", workspace.name),
                ("Folder", str(workspace.folder)),
                ("Id", workspace.id),
                ("Kind", "Demo workspace" if workspace.demo else "Own workspace"),
                ("Opened", workspace.notice or "for this window alone"),
            ),
            about=about_rows(os.environ),
        )

    async def change_setting(self, name: str, value: str) -> SettingsPage:
        """Change a setting; ConfigError when the value does not fit or something overrides it."""
        engine = self._engine
        settings = changed(engine.settings, name, value)
        if any(spec.name == name and spec.of_app for spec in specs()):
            keep_app_setting(name, getattr(settings.app, name))
        else:
            engine.workspace.write("settings.json", settings.workspace_json())
        engine.settings = settings
        return self.settings_page()

    async def _keep(self, name: str, value: str) -> None:
        """Remember a choice for the next start, unless this run overrides it."""
        engine = self._engine
        if not engine.settings.overridden(name) and not engine.workspace.read_only:
            await self.change_setting(name, value)

    def _published(self) -> Status:
        status = self.status()
        self._engine.publish(StatusChanged(status))
        return status

    def _environment(self, environment: Environment) -> EnvironmentView:
        ready, reason = environment.ready, environment.reason
        if ready and environment.needs_token and self._engine.kid_of(environment) is None:
            ready, reason = False, self._keyless(environment)
        host = host_of(environment.base_url)
        return EnvironmentView(
            id=environment.id,
            title=environment.title,
            subtitle=environment.subtitle,
            ready=ready,
            reason=reason,
            production=environment.live,
            host=host,
            colour=environment.shown_colour,
            unverified="" if self._engine.network.verifies(environment) else host,
            clock=self._clock(environment),
        )

    def _clock(self, environment: Environment) -> str:
        """The sentence about clocks that differ by more than a minute (promise P26)."""
        words = self._tokens.clocks.words(self._engine, environment.id)
        if not words or not environment.needs_token:
            return f"{words}." if words else ""
        agreed = self._tokens.clocks.agreed(self._engine, environment.id)
        then = f"are dated by {environment.title}'s time" if agreed else "are likely to be refused: see Keys"
        return f"{words}. Sign-ins {then}."

    def _keyless(self, environment: Environment) -> str:
        """Why nothing signs for an environment: its key is locked away, does not sign for it, or is not there."""
        locked = self._engine.keys.locked(environment.id, environment.key)
        if locked:
            return f"Its key {locked} is locked away: unlock the keys under Keys."
        which = f"The key {environment.key} does not sign for it" if environment.key else "It needs a signing key"
        return f"{which}: see Keys."

    def _receiver_row(self) -> ReadyRow:
        view = self._receiver.view() if self._receiver is not None else ReceiverView(False, "", "", "")
        if view.listening:
            return ReadyRow("antenna", "Receiver", f"takes replies on {view.address}", Tone.OK, "Ready")
        return ReadyRow("antenna", "Receiver", view.problem or "it does not listen", Tone.WARNING, "Stopped")

    def _int_row(self) -> ReadyRow:
        view = self._environment(self._engine.environment_of("int"))
        if view.ready:
            return ReadyRow("plug", "INT", "a key and an application are set", Tone.OK, "Ready")
        place = self._engine.environment_of("int")
        if place.ready and self._engine.keys.locked(place.id, place.key):
            return ReadyRow("plug", "INT", "its key is locked away: unlock it under Keys", Tone.WARNING, "Locked")
        return ReadyRow("plug", "INT", "needs a key and a registered application", Tone.NEUTRAL, "Not set up")


def _identity(identity: Identity) -> IdentityView:
    person = f"{identity.role}, {identity.practitioner_given} {identity.practitioner_family}".strip(", ")
    return IdentityView(identity.id, identity.organisation, person)


def about_rows(environ: Mapping[str, str]) -> tuple[AboutRow, ...]:
    """The versions of everything this program runs on, and the variables that lead other programs elsewhere."""
    rows = [
        AboutRow("BaRS Workbench", __version__),
        AboutRow("Python", platform.python_version()),
        AboutRow("SQLite", sqlite3.sqlite_version),
        AboutRow("OpenSSL", ssl.OPENSSL_VERSION),
    ]
    for name in _LIBRARIES:
        rows.append(AboutRow(name, metadata.version(name)))
    rows += [AboutRow(name, words) for name, words in heard_variables(environ, sys.platform)]
    rows.append(AboutRow("What it is", ABOUT))
    return tuple(rows)
