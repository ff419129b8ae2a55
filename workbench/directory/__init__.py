"""Environments, services, identities and made-up patients: values, loading, look-up.

Knows their JSON and nothing of what is done with them.
"""

from workbench.directory.directory import Directory
from workbench.directory.environments import Environment
from workbench.directory.shelf import Shelf
from workbench.directory.values import Identity, Patient, Service

__all__ = ["Directory", "Environment", "Identity", "Patient", "Service", "Shelf"]
