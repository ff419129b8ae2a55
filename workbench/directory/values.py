"""What the directory holds beside its environments, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass


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
    tags: tuple[str, ...] = ()
    """Words of one's own to find it by."""
    favourite: bool = False

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
