"""Environments: what each one is, the versions it works with, and how they stand in `environments.json`.

Values and rows only: what an address or a certificate is worth is judged where it is used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.standard import VersionProfile, default_profile
from workbench.standard.versions import api_versions, applications, core_line

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT_IN = ("embedded", "sandbox", "int", "production")
"""Ids of the environments that come with the program, in the order they are shown."""
EMBEDDED = "embedded"
IMPORTED = "imported"
"""Stands for the environment of calls that other programs recorded: nothing can be sent there."""
OWN_COLOURS = ("own", "embedded", "sandbox", "int")
"""Colours an environment may take; red is production's alone (visual design, environments)."""
PRODUCTION_HOSTS = frozenset({"api.service.nhs.uk"})
"""Hosts with live patients behind them, whatever an environment that leads there is called (API specification)."""
PRODUCTION_API = ("1.0.0", "1.1.0")
"""What production takes: 1.0.0, and 1.1.0 in part; all that is newer is in INT only (versions, components now)."""
_KEY = "environments"


@dataclass(frozen=True, slots=True)
class Environment:
    """A place messages go to."""

    id: str
    """`embedded`, `sandbox`, `int`, `production`, or one of one's own."""
    title: str
    subtitle: str
    """What it is, in three words."""
    base_url: str
    """Empty for the embedded sandbox, which has an address only while it runs."""
    token_url: str | None
    needs_token: bool
    client_id: str
    """The application's key at the platform; goes into `iss` and `sub`."""
    production: bool
    api_version: str = ""
    """What calls accept; empty = the least that the Application of a message needs."""
    application: int = 1
    """The BaRS Application that is composed for where a message names none."""
    application_version: str = ""
    """Empty = its newest."""
    core: str = ""
    """Line of the Core guide; empty = the one that goes with the API version."""
    identity: str = ""
    """Who acts there; empty = whoever is chosen."""
    key: str = ""
    """The signing key; empty = the newest that may be used there."""
    ca: str = ""
    """A file of authorities to trust beside those of the system."""
    certificate: str = ""
    """The client certificate: a PEM or PKCS#12 file."""
    certificate_key: str = ""
    """Its key, where the certificate's file does not hold it."""
    proxy: str = ""
    """`http://host:port` through which every call goes."""
    proxy_user: str = ""
    system_proxy: bool = False
    """Whether calls go through the proxy that the machine's settings name, in place of one named here."""
    colour: str = ""

    @property
    def ready(self) -> bool:
        """Whether it has all that a call needs, the signing key apart."""
        return not self.reason

    @property
    def reason(self) -> str:
        """What is missing, one sentence; empty when nothing is."""
        if not self.base_url:
            return f"{self.title} is not running." if self.id == EMBEDDED else f"{self.title} has no address yet."
        if self.needs_token and not self.client_id:
            return f"{self.title} needs the API key of a registered application: see Settings, Environments."
        return ""

    @property
    def live(self) -> bool:
        """Whether real patients are behind it: it says so, or its address does."""
        return self.production or leads_to_production(self.base_url)

    @property
    def shown_colour(self) -> str:
        """The name of its colours: production's where it is live, its own, or those of what it is."""
        if self.live:
            return "production"
        if self.colour in OWN_COLOURS:
            return self.colour
        return self.id if self.id in BUILT_IN and self.id != "production" else "own"

    @property
    def profile(self) -> VersionProfile:
        """The versions it works with, with the defaults of the standard for what is left open."""
        number = self.application if self.application in applications() else 1
        made = default_profile(number, self.application_version or None, self.api_version or None)
        return replace(made, core=self.core) if self.core else made

    def profile_for(self, application: int | None) -> VersionProfile:
        """The versions to compose with for an Application; None = the one it works with."""
        own = self.profile
        return own if application in (None, own.application) else self.versions_of(default_profile(application or 1))

    def versions_of(self, message: VersionProfile) -> VersionProfile:
        """The versions of a call whose message has its own: an API version that was chosen here holds for all."""
        if not self.api_version:
            return message
        return replace(message, api=self.api_version, core=self.core or core_line(self.api_version))

    def with_addresses(self, base_url: str, token_url: str) -> Environment:
        """The same with other addresses."""
        return replace(self, base_url=base_url, token_url=token_url)


def leads_to_production(url: str) -> bool:
    """Whether an address is one of the live platform."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host.rstrip(".") in PRODUCTION_HOSTS


def int_only(api: str) -> bool:
    """Whether an API version is offered in INT and not in production."""
    return api in api_versions() and api not in PRODUCTION_API


def with_environment(content: Mapping[str, object], environment: Environment) -> dict[str, object]:
    """What `environments.json` gets when an environment is kept; fields of a later program stay in its row."""
    rows = _rows(content)
    known = {one.name for one in fields(Environment)}
    old = next((row for row in rows if row.get("id") == environment.id), {})
    row: dict[str, object] = {name: value for name, value in old.items() if name not in known} | asdict(environment)
    row["token_url"] = environment.token_url or ""
    others = [one for one in rows if one.get("id") != environment.id]
    return {_KEY: sorted([*others, row], key=lambda one: str(one.get("id")))}


def without_environment(content: Mapping[str, object], id: str) -> dict[str, object]:
    """What `environments.json` gets when an environment goes, or a built-in one is as it came again."""
    return {_KEY: [row for row in _rows(content) if row.get("id") != id]}


def _rows(content: Mapping[str, object]) -> list[dict[str, object]]:
    rows = content.get(_KEY, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
