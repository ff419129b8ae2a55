"""Settings as two frozen dataclasses, each value with the place it came from: flag, variable, workspace, app, default.

A field carries label, help and limits; screens and checks derive from it. Reads and writes `app.json`; must not know
what a setting does.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import platformdirs

from workbench import APP
from workbench.errors import ConfigError, ErrorCode
from workbench.files import write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "BARS_WORKBENCH_"
PASSPHRASE = f"{PREFIX}PASSPHRASE"
FORMAT = 1
Value = str | int | float | bool


def _setting(default: Value, label: str, help: str, section: str, **limits: object) -> Any:
    """A field with what screens and checks need to know of it."""
    return field(default=default, metadata={"label": label, "help": help, "section": section, **limits})


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What belongs to the program on this machine, whatever workspace is open."""

    theme: str = _setting(
        "system",
        "Appearance",
        "Light, dark, or as the system.",
        "Appearance",
        choices=(("system", "As the system"), ("light", "Light"), ("dark", "Dark")),
    )
    text_percent: int = _setting(
        100, "Text size", "Percent of the system's text size.", "Appearance", minimum=75, maximum=300
    )
    show_start: bool = _setting(True, "Start page", "Show Start here when the window opens.", "Appearance")
    masking: bool = _setting(
        False,
        "Mask people",
        "Show invented names and reserved NHS numbers in the timeline; what is sent stays as it is.",
        "Privacy",
    )
    last_workspace: str = _setting("", "Last workspace", "Folder of the workspace opened last.", "", hidden=True)


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """What belongs to a workspace."""

    environment: str = _setting("embedded", "Environment", "Where messages go.", "", hidden=True)
    identity: str = _setting("nhs-111-yorkshire", "Identity", "Who the workbench acts as.", "", hidden=True)
    hidden_layers: str = _setting("", "Layers switched off", "Findings of these layers are hidden.", "", hidden=True)
    packages: str = _setting(
        "", "Validation packages", "FHIR packages to judge with, as name#version with blanks between.", "", hidden=True
    )
    send_attempts: int = _setting(
        3,
        "Attempts of a send",
        "How often a message is sent where the guide asks for a retry: 1 sends it once.",
        "Sending",
        minimum=1,
        maximum=5,
    )
    their_clock: bool = _setting(
        False,
        "Sign in by their time",
        "Date sign-ins by the environment's time where this machine's clock is more than a minute away from it.",
        "Sending",
    )
    receiver_host: str = _setting(
        "127.0.0.1",
        "Receiver address",
        "Where the receiver listens. An address that others reach is chosen in the Receiver panel, for one session.",
        "Receiver",
        hidden=True,
    )
    receiver_port: int = _setting(
        0, "Receiver port", "0 takes any free port at every start.", "Receiver", minimum=0, maximum=65535
    )
    receiver_names: str = _setting(
        "",
        "Receiver names",
        "Further host names by which callers reach it, with blanks between.",
        "Receiver",
        hidden=True,
    )
    receiver_https: str = _setting(
        "off",
        "Receiver over HTTPS",
        "Plain HTTP, a certificate of the test authority, or one of your own.",
        "Receiver",
        choices=(("off", "No"), ("test", "Test certificate"), ("files", "Own certificate")),
        hidden=True,
    )
    receiver_certificate: str = _setting(
        "", "Receiver certificate", "Its file: PEM or PKCS#12.", "Receiver", hidden=True
    )
    receiver_certificate_key: str = _setting(
        "", "Receiver key", "The file of its key, where the certificate's does not hold it.", "Receiver", hidden=True
    )
    receiver_callers: str = _setting(
        "any",
        "Certificates of callers",
        "Ask for none, note the one that is shown, or turn callers without one away.",
        "Receiver",
        choices=(("any", "Not asked for"), ("asked", "Asked for"), ("required", "Required")),
        hidden=True,
    )
    receiver_client_ca: str = _setting(
        "",
        "Authority of the callers",
        "The file of the authority that signs their certificates.",
        "Receiver",
        hidden=True,
    )
    answer_mode: str = _setting(
        "judged",
        "Answers",
        "Judge a message before it is answered, or store it first and judge it afterwards.",
        "Receiver",
        choices=(("judged", "Judged first"), ("stored", "Stored first, judged after")),
    )
    answer_headers: str = _setting(
        "usual",
        "Headers of answers",
        "More or fewer than usual show whether senders expect what the standard does not ask for.",
        "Receiver",
        choices=(("usual", "Usual"), ("least", "Least possible"), ("advised", "All that OWASP advises")),
    )
    accepted_callers: str = _setting(
        "",
        "Who may call",
        "ODS codes with blanks between: others are answered 401. Empty lets everybody call.",
        "Receiver",
    )
    request_id_alone: bool = _setting(
        False,
        "Duplicates by request id alone",
        "A message is a duplicate by its X-Request-Id, whatever its X-Correlation-Id.",
        "Receiver",
    )
    keep_days: int = _setting(
        0,
        "Keep conversations for",
        "Days since the last message of a conversation; 0 keeps them for ever. Locked ones always stay.",
        "History",
        minimum=0,
        maximum=36_500,
    )
    keep_megabytes: int = _setting(
        0,
        "Largest history",
        "Megabytes: beyond it the oldest conversations go. 0 sets no limit. Locked ones always stay.",
        "History",
        minimum=0,
        maximum=1_000_000,
    )
    interim_delay_s: float = _setting(
        4.0,
        "Interim response after",
        "Seconds until the sandbox has taken a case on.",
        "Embedded sandbox",
        minimum=0,
        maximum=3600,
    )
    full_delay_s: float = _setting(
        6.0, "Full response after", "Seconds from there until its outcome.", "Embedded sandbox", minimum=0, maximum=3600
    )
    safeguarding_delay_s: float = _setting(
        5.0,
        "Did-not-attend report after",
        "Seconds until the sandbox reports that a patient with a safeguarding concern did not come.",
        "Embedded sandbox",
        minimum=0,
        maximum=3600,
    )


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting as screens and checks know it."""

    name: str
    label: str
    help: str
    section: str
    kind: str
    """`choice`, `integer`, `number`, `boolean` or `text`."""
    default: Value
    choices: tuple[tuple[str, str], ...]
    minimum: int
    maximum: int
    shown: bool
    of_app: bool

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return f"{PREFIX}{self.name.upper()}"

    def read(self, text: str, *, origin: str, code: ErrorCode = ErrorCode.CONFIG_SETTING) -> Any:
        """A text as the setting's value; ConfigError naming `origin` when it does not fit."""

        def bad(cause: str) -> ConfigError:
            return ConfigError(code, what=origin, cause=cause)

        if self.kind == "boolean":
            known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
            if text.strip().lower() not in known:
                raise bad(f"'{text}' is neither true nor false")
            return known[text.strip().lower()]
        if self.kind == "choice":
            if text not in {value for value, _ in self.choices}:
                raise bad(f"'{text}' is none of {', '.join(value for value, _ in self.choices)}")
            return text
        if self.kind == "text":
            return text.strip()
        try:
            number = int(text) if self.kind == "integer" else float(text)
        except ValueError:
            raise bad(f"'{text}' is no number") from None
        if not self.minimum <= number <= self.maximum:
            raise bad(f"{text} is not between {self.minimum} and {self.maximum}")
        return number


@cache
def specs() -> tuple[SettingSpec, ...]:
    """Every setting, in the order it is shown."""
    return (*_specs_of(AppSettings, of_app=True), *_specs_of(WorkspaceSettings, of_app=False))


def _specs_of(kind: type[AppSettings | WorkspaceSettings], *, of_app: bool) -> tuple[SettingSpec, ...]:
    found = []
    for one in fields(kind):
        default = one.default
        if default is MISSING or not isinstance(default, str | int | float):
            raise AssertionError(f"the setting {one.name} needs a plain default")
        facts = one.metadata
        kinds: dict[type, str] = {bool: "boolean", int: "integer", float: "number"}
        found.append(
            SettingSpec(
                name=one.name,
                label=facts["label"],
                help=facts["help"],
                section=facts["section"],
                kind="choice" if "choices" in facts else kinds.get(type(default), "text"),
                default=default,
                choices=tuple(facts.get("choices", ())),
                minimum=facts.get("minimum", 0),
                maximum=facts.get("maximum", 0),
                shown=not facts.get("hidden", False),
                of_app=of_app,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings in force, and where each value came from."""

    app: AppSettings
    workspace: WorkspaceSettings
    origins: tuple[tuple[str, str], ...]
    """(name, origin) of what is not the default: `workspace`, `app`, or the flag or variable that overrides it."""
    kept: tuple[tuple[str, Value], ...] = ()
    """What the workspace's file says, without flags and variables: it is this that is written back."""

    def origin(self, name: str) -> str:
        """Where a value came from."""
        return dict(self.origins).get(name, "default")

    def overridden(self, name: str) -> bool:
        """Whether a flag or variable of this run decides it, so that it cannot be changed here."""
        return self.origin(name) not in ("default", "workspace", "app")

    def text(self, name: str) -> str:
        """A value as text, as `change_setting` takes it."""
        holder = self.app if name in {one.name for one in fields(AppSettings)} else self.workspace
        value = getattr(holder, name)
        return (
            {True: "true", False: "false"}[value]
            if isinstance(value, bool)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )

    def workspace_json(self) -> dict[str, Value]:
        """What is kept in the workspace's `settings.json`."""
        return dict(self.kept)


def resolve(
    stored: Mapping[str, object],
    environ: Mapping[str, str],
    *,
    flags: Mapping[str, str],
    app: AppSettings | None = None,
) -> Resolved:
    """The settings in force: flag, then variable, then workspace, then app, then default.

    ConfigError for a variable of ours that is not known, and for any value that does not fit.
    """
    check_variables(environ)
    base = app or load_app_settings(environ)
    origins: dict[str, str] = {}
    kept: dict[str, Any] = {}
    workspace = WorkspaceSettings()
    for spec in specs():
        if spec.of_app:
            if getattr(base, spec.name) != spec.default:
                origins[spec.name] = "app"
        elif spec.name in stored:
            kept[spec.name] = spec.read(_plain(stored[spec.name]), origin=f"{spec.name} in settings.json")
            workspace = replace(workspace, **{spec.name: kept[spec.name]})
            origins[spec.name] = "workspace"
        for text, origin, code in (
            (environ.get(spec.variable), spec.variable, ErrorCode.CONFIG_VARIABLE),
            (flags.get(spec.name), f"--{spec.name.replace('_', '-')}", ErrorCode.CONFIG_FLAG),
        ):
            if text is None:
                continue
            value = spec.read(text, origin=origin, code=code)
            if spec.of_app:
                base = replace(base, **{spec.name: value})
            else:
                workspace = replace(workspace, **{spec.name: value})
            origins[spec.name] = origin
    return Resolved(base, workspace, tuple(origins.items()), tuple(kept.items()))


def changed(settings: Resolved, name: str, value: str) -> Resolved:
    """The settings with one value changed by a person; ConfigError when it does not fit or this run overrides it."""
    spec = next((one for one in specs() if one.name == name), None)
    if spec is None:
        raise ConfigError(ErrorCode.CONFIG_SETTING, what=name, cause="there is no such setting")
    if settings.overridden(name):
        raise ConfigError(ErrorCode.CONFIG_SETTING, what=name, cause=f"{settings.origin(name)} decides it")
    read = spec.read(value, origin=spec.label)
    origins = {**dict(settings.origins), name: "app" if spec.of_app else "workspace"}
    if spec.of_app:
        return replace(settings, app=replace(settings.app, **{name: read}), origins=tuple(origins.items()))
    return replace(
        settings,
        workspace=replace(settings.workspace, **{name: read}),
        origins=tuple(origins.items()),
        kept=tuple({**dict(settings.kept), name: read}.items()),
    )


def check_variables(environ: Mapping[str, str]) -> None:
    """ConfigError for a variable with our prefix that is none of ours."""
    known = {PASSPHRASE, *(spec.variable for spec in specs())}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            raise ConfigError(ErrorCode.CONFIG_VARIABLE, what=name, cause=f"it is none of {', '.join(sorted(known))}")


def app_file() -> Path:
    """Where `app.json` lies."""
    return platformdirs.user_config_path(APP, appauthor=False, roaming=False) / "app.json"


def window_file() -> Path:
    """Where the geometry of the window is kept."""
    return app_file().with_name("window.ini")


def load_app_settings(environ: Mapping[str, str]) -> AppSettings:
    """The program's own settings; a file that is absent or cannot be read gives the defaults.

    ConfigError for a variable that does not fit. A value in the file that does not fit is passed over: the file
    concerns looks only, and the window must open.
    """
    try:
        stored = json.loads(app_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    settings = AppSettings()
    for spec in specs():
        if not spec.of_app:
            continue
        if isinstance(stored, dict) and spec.name in stored:
            try:
                settings = replace(settings, **{spec.name: spec.read(_plain(stored[spec.name]), origin=spec.name)})
            except ConfigError:
                continue
        if (text := environ.get(spec.variable)) is not None:
            value = spec.read(text, origin=spec.variable, code=ErrorCode.CONFIG_VARIABLE)
            settings = replace(settings, **{spec.name: value})
    return settings


def keep_app_setting(name: str, value: Value) -> None:
    """Keep one of the program's own settings, the others as they are; ConfigError when the folder cannot be written.

    What a variable decides for this run is thereby not kept. A file that a newer version wrote is left as it is, with a
    ConfigError too.
    """
    file = app_file()
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    made = stored.get("format", FORMAT) if isinstance(stored, dict) else FORMAT
    if not isinstance(made, int) or made > FORMAT:
        cause = "It was written by a newer version of this program."
        raise ConfigError(ErrorCode.CONFIG_READ_ONLY, what=str(file), cause=cause)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(file, {**(stored if isinstance(stored, dict) else {}), "format": FORMAT, name: value})
    except OSError as error:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(file), cause=error.strerror or str(error)) from error


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
