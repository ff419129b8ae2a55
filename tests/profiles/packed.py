"""Small FHIR packages made for a test: archives and folders of invented definitions."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING

from workbench.profiles.archive import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.messages import JsonObject

HOME = "https://mock.invalid"
R4 = "http://hl7.org/fhir/StructureDefinition/"


def a_structure(name: str, base: str, *elements: dict[str, object], **facts: object) -> dict[str, object]:
    """A profile of a base type (`Patient`) or of another profile of ours, by its differential."""
    address = base if base.startswith("http") else f"{R4}{base}"
    return {
        "resourceType": "StructureDefinition",
        "url": f"{HOME}/StructureDefinition/{name}",
        "version": "1.0.0",
        "name": name,
        "type": base,
        "kind": "resource",
        "abstract": False,
        "fhirVersion": "4.0.1",
        "baseDefinition": address,
        "derivation": "constraint",
        "differential": {"element": [*elements]},
        **facts,
    }


def element(id: str, **facts: object) -> dict[str, object]:
    """One element definition; the path and the name of the slice follow from its id."""
    steps = id.split(".")
    told = {"sliceName": steps[-1].partition(":")[2]} if ":" in steps[-1] else {}
    return {"id": id, "path": ".".join(step.partition(":")[0] for step in steps), **told, **facts}


def a_code_system(name: str, *concepts: dict[str, object], **facts: object) -> dict[str, object]:
    """A complete code system."""
    return {
        "resourceType": "CodeSystem",
        "url": f"{HOME}/CodeSystem/{name}",
        "content": "complete",
        "concept": [*concepts],
        **facts,
    }


def a_value_set(name: str, *includes: dict[str, object], **facts: object) -> dict[str, object]:
    """A value set of what is included."""
    return {
        "resourceType": "ValueSet",
        "url": f"{HOME}/ValueSet/{name}",
        "compose": {"include": [*includes]},
        **facts,
    }


def a_manifest(name: str, version: str = "1.0.0", **dependencies: str) -> dict[str, object]:
    """A `package.json`; an underscore in the name of a dependency stands for a dot."""
    return {
        "name": name,
        "version": version,
        "fhirVersions": ["4.0.1"],
        "dependencies": {other.replace("_", "."): wanted for other, wanted in dependencies.items()},
    }


def pack(folder: Path, manifest: dict[str, object], *resources: dict[str, object]) -> Path:
    """A `.tgz` of a package in a folder, named as packages are."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{manifest.get('name')}-{manifest.get('version')}.tgz"
    files = {"package/package.json": json.dumps(manifest).encode()}
    for number, resource in enumerate(resources):
        files[f"package/{resource['resourceType']}-{number}.json"] = json.dumps(resource).encode()
    path.write_bytes(tar(files))
    return path


def unpack(folder: Path, manifest: dict[str, object], *resources: dict[str, object]) -> Path:
    """The same package as a folder."""
    inside = folder / "package"
    inside.mkdir(parents=True)
    (inside / "package.json").write_text(json.dumps(manifest), "utf-8")
    for number, resource in enumerate(resources):
        (inside / f"{resource['resourceType']}-{number}.json").write_text(json.dumps(resource), "utf-8")
    return folder


def tar(files: dict[str, bytes], *members: tarfile.TarInfo) -> bytes:
    """A gzipped tar of some files and of members without content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for member in members:
            archive.addfile(member)
    return out.getvalue()


def as_json(value: dict[str, object]) -> JsonObject:
    """A value as it is read from a package, numbers by their text."""
    return read_json(json.dumps(value).encode(), what="a test")
