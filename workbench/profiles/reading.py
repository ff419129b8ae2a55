"""A package in its compact form: read from its source once, kept on disk by the source's digest, read back in no time.

Must not know profiles as they are checked; a form that cannot be kept is made anew every time.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError
from workbench.messages import xml_text
from workbench.messages.encoding import decode
from workbench.messages.tree import text, texts
from workbench.profiles import blobs, sources
from workbench.profiles.archive import read_json, read_package
from workbench.profiles.manifests import FHIR, Manifest
from workbench.profiles.reduced import KINDS, PROFILES, reduce

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.messages import JsonObject
    from workbench.profiles.archive import Contents
    from workbench.profiles.blobs import Blobs

_log = logging.getLogger(__name__)
_WANTED = tuple(f'"{kind}"'.encode() for kind in KINDS)
_WANTED_XML = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(KINDS)})[\s>]")


class Package(NamedTuple):
    """One package, ready to be asked."""

    manifest: Manifest
    path: Path
    digest: str
    blobs: Blobs

    @property
    def profiles(self) -> int:
        """How many profiles and extensions it defines."""
        return int(text(self.blobs.head.get("profiles")) or "0")


class NotKeptError(Exception):
    """Something is not there in its compiled form, and was not to be made now."""


def read(path: Path, *, make: bool = True) -> Package:
    """The package at a path; InputError when it cannot be read or is none that can be used.

    NotKeptError when it is not there in its compact form and `make` is off.
    """
    try:
        digest = sources.digest(path)
    except OSError as error:
        cause = error.strerror or str(error)
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=path.name, cause=cause) from error
    file = sources.compiled_folder() / f"{digest[:40]}.package"
    kept = blobs.read(file)
    if kept is not None and kept.head.get("digest") == digest:
        return Package(_manifest(kept.head), path, digest, kept)
    if not make:
        raise NotKeptError(path.name)
    content = compact(read_package(path), digest)
    made = blobs.parse(content)
    if made is None:
        raise AssertionError("a compact form that was just made cannot be read")
    blobs.write(file, content)
    return Package(_manifest(made.head), path, digest, made)


def compact(contents: Contents, digest: str) -> bytes:
    """The compact form of a package; InputError when a definition is for another FHIR version or cannot be read."""
    manifest = contents.manifest
    head: JsonObject = {
        "digest": digest,
        "name": manifest.name,
        "version": manifest.version,
        "dependencies": [[name, wanted] for name, wanted in manifest.dependencies],
    }
    writing = blobs.Writing(head)
    profiles = 0
    for name, content in contents.files:
        resource = _definition(name, content, what=f"{name} of {manifest.label}")
        if resource is None:
            continue
        said = text(resource.get("fhirVersion"))
        if resource.get("resourceType") == "StructureDefinition" and said and not said.startswith(FHIR):
            raise InputError(ErrorCode.INPUT_PACKAGE_VERSION, what=f"{name} of {manifest.label}", cause=said)
        try:
            for one in reduce(resource):
                if writing.has(one.section, one.url):
                    _log.info("%s of %s defines %s again and is passed over", name, manifest.label, one.url)
                writing.add(one.section, one.url, one.version, one.value)
                profiles += one.section == PROFILES and one.value["derived"] is True
        except RecursionError as error:
            what = f"{name} of {manifest.label}"
            raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause="it is nested too deep") from error
    head["profiles"] = str(profiles)
    return writing.content()


def _definition(name: str, content: bytes, *, what: str) -> JsonObject | None:
    """The resource of a file that may be a definition of a kind that is kept; None for every other file."""
    if not name.endswith(".xml"):
        return read_json(content, what=what) if any(kind in content for kind in _WANTED) else None
    words = decode(content, what=what).text
    return xml_text.load(words, what=what) if _WANTED_XML.search(words) else None


def _manifest(head: JsonObject) -> Manifest:
    listed = head.get("dependencies")
    rows = [texts(row) for row in listed] if isinstance(listed, list) else []
    wanted = tuple((row[0], row[1]) for row in rows if len(row) == 2)
    return Manifest(text(head.get("name")) or "", text(head.get("version")) or "", wanted)
