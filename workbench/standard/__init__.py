"""The standard as typed tables, loaded from `resources/standard`: facts only, no behaviour of their own."""

from workbench.standard.versions import (
    Application,
    VersionProfile,
    api_versions,
    applications,
    core_line,
    default_profile,
    is_at_least,
    known_version,
    package_of,
    supports,
)

__all__ = [
    "Application",
    "VersionProfile",
    "api_versions",
    "applications",
    "core_line",
    "default_profile",
    "is_at_least",
    "known_version",
    "package_of",
    "supports",
]
