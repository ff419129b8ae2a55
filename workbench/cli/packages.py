"""`bars-workbench packages`: add, list and remove FHIR packages on this machine; needs no workspace, takes no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.messages.phrases import counted
from workbench.profiles import store
from workbench.profiles.outdated import caution, cautions

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments
    from workbench.profiles.store import Added


def packages(arguments: Arguments) -> int:
    """Run one of the three; InputError and StoreError as they are raised below."""
    if arguments.action == "add":
        return _add(arguments)
    if arguments.action == "remove":
        store.remove(arguments.package)
        output.emit(f"Removed {arguments.package}.\n")
        return 0
    return _list(arguments)


def _add(arguments: Arguments) -> int:
    labels: list[str] = []
    for reference in arguments.packages:
        output.progress(f"Reading {reference}...")
        labels.append(store.add(reference))
        output.emit(f"Added {labels[-1]}.\n")
    for words in cautions(labels):
        output.emit(f"{words}\n")
    for one in store.listed():
        if one.label in labels and one.missing:
            needed = ", ".join(one.missing)
            output.emit(f"{one.label} needs {needed}: add these, too, or they are not checked.\n")
    return 0


def _list(arguments: Arguments) -> int:
    found = store.listed()
    if arguments.format == "json":
        output.document({"packages": [_row(one) for one in found]})
        return 0
    if not found:
        output.emit("No packages were added. Add one with: bars-workbench packages add FILE.tgz\n")
    for one in found:
        output.emit(f"{one.label}  {one.problem or counted(one.profiles, 'profile')}\n")
        if one.missing:
            output.emit(f"  missing: {', '.join(one.missing)}\n")
        if words := caution(one.label):
            output.emit(f"  {words}\n")
    return 0


def _row(one: Added) -> dict[str, object]:
    return {
        "name": one.name,
        "version": one.version,
        "profiles": one.profiles,
        "missing": list(one.missing),
        "problem": one.problem or None,
        "caution": caution(one.label) or None,
    }
