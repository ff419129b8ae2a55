"""What the directory holds, as frozen values; the addresses are those of the API specification, environments."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
    api_version: str

    @property
    def ready(self) -> bool:
        """Whether it has all that a call needs, the signing key apart."""
        return not self.reason

    @property
    def reason(self) -> str:
        """What is missing, one sentence; empty when nothing is."""
        if not self.base_url:
            return f"{self.title} is not running."
        if self.needs_token and not self.client_id:
            return f"{self.title} needs the key of a registered application (client_id in environments.json)."
        return ""

    def with_addresses(self, base_url: str, token_url: str) -> Environment:
        """The same with other addresses."""
        return replace(self, base_url=base_url, token_url=token_url)


@dataclass(frozen=True, slots=True)
class Service:
    """A service messages are sent to, or one of our own."""

    id: str
    name: str
    system: str
    """System of the target identifier."""
    value: str
    role: str
    """`receiver`, or `sender` for our own."""
    organisation: str
    ods_code: str
    environments: tuple[str, ...] = ()
    use_cases: tuple[str, ...] = ()
    """Codes of usecases-categories-bars; empty = not known."""
    notes: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """By what it is found beside its id."""
        return (self.value, f"{self.system}|{self.value}", self.name)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the workbench acts as: organisation, person, software, own service."""

    id: str
    organisation: str
    ods_code: str
    service: str
    """Id of the own service: the source of messages and the address of replies."""
    practitioner_family: str = ""
    practitioner_given: str = ""
    role_profile: str = ""
    role_code: str = ""
    """SNOMED CT."""
    role: str = ""
    software: str = "BaRS Workbench"
    software_version: str = ""
    software_system: str = ""
    software_value: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """By what it is found beside its id."""
        return (self.organisation, self.ods_code)


@dataclass(frozen=True, slots=True)
class Patient:
    """A made-up patient."""

    id: str
    family: str
    given: str
    nhs_number: str
    gender: str
    birth_date: str
    line: str
    city: str
    postcode: str
    phone: str
    notes: str = ""
    """What the embedded sandbox does on purpose for this patient."""
