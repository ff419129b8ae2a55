"""Make `resources/standard/r4.json` from the published package hl7.fhir.r4.core 4.0.1 (a .tgz): facts only.

    python packaging/scripts/make_r4_table.py hl7.fhir.r4.core-4.0.1.tgz resources/standard/r4.json

Kept: names, order, types (a Quantity without comparator told), cardinalities, reference targets and the codes of
required bindings where these are few.
Left out: every sentence, and the datatypes that no resource reaches. The output depends on the package only.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

MOST_CODES = 200
REFERENCE = "http://hl7.org/fhir/StructureDefinition/"
SIMPLE_QUANTITY = REFERENCE + "SimpleQuantity"
FHIR_TYPE = REFERENCE + "structuredefinition-fhir-type"
SHARED = {
    "DomainResource": [
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
    ],
    "Resource": ["id", "meta", "implicitRules", "language"],
    "BackboneElement": ["id", "extension", "modifierExtension"],
    "Element": ["id", "extension"],
}


class Package:
    """The definitions of the package by canonical url and by name."""

    def __init__(self, path: Path) -> None:
        self.structures: dict[str, dict[str, Any]] = {}
        self.value_sets: dict[str, dict[str, Any]] = {}
        self.code_systems: dict[str, dict[str, Any]] = {}
        with tarfile.open(path) as archive:
            for member in archive:
                name = Path(member.name).name
                if not name.startswith(("StructureDefinition-", "ValueSet-", "CodeSystem-")):
                    continue
                stream = archive.extractfile(member)
                if stream is None:
                    continue
                content = json.load(stream)
                kind = content["resourceType"]
                if kind == "ValueSet":
                    self.value_sets[content["url"]] = content
                elif kind == "CodeSystem":
                    self.code_systems[content["url"]] = content
                elif content.get("derivation") != "constraint" and content["kind"] != "logical":
                    self.structures[content["type"]] = content

    def expand(self, canonical: str) -> list[tuple[str, str]] | None:
        """The (system, code) pairs of a value set, or None where they are not finite here."""
        value_set = self.value_sets.get(canonical.split("|")[0])
        if value_set is None or value_set.get("compose", {}).get("exclude"):
            return None
        found: list[tuple[str, str]] = []
        for include in value_set.get("compose", {}).get("include", []):
            part = self._include(include)
            if part is None:
                return None
            found += part
        return list(dict.fromkeys(found)) if 0 < len(found) <= MOST_CODES else None

    def _include(self, include: dict[str, Any]) -> list[tuple[str, str]] | None:
        if include.get("filter") or (include.get("valueSet") and include.get("system")):
            return None
        if "valueSet" in include:
            parts = [self.expand(url) for url in include["valueSet"]]
            return parts[0] if len(parts) == 1 else None
        system = include["system"]
        if "concept" in include:
            return [(system, concept["code"]) for concept in include["concept"]]
        code_system = self.code_systems.get(system)
        if code_system is None or code_system.get("content") != "complete":
            return None
        return [(system, code) for code in _codes(code_system.get("concept", []))]


def _codes(concepts: list[dict[str, Any]]) -> list[str]:
    return [code for concept in concepts for code in (concept["code"], *_codes(concept.get("concept", [])))]


class Table:
    """Collects the rows of the types asked for and of every type they reach."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.rows: dict[str, list[str]] = {}
        self.bindings: dict[str, int] = {}
        self.code_lists: list[dict[str, Any]] = []
        self.open_types: list[str] = [
            kind["code"]
            for element in package.structures["Extension"]["snapshot"]["element"]
            if element["path"] == "Extension.value[x]"
            for kind in element["type"]
        ]
        self._queue: list[str] = []

    def add(self, names: list[str]) -> None:
        self._queue = list(names)
        while self._queue:
            name = self._queue.pop(0)
            if name not in self.rows and self.package.structures[name]["kind"] != "primitive-type":
                self._structure(self.package.structures[name])

    def _structure(self, structure: dict[str, Any]) -> None:
        name = structure["type"]
        self.rows[name] = []
        resource = structure["kind"] == "resource"
        for element in structure["snapshot"]["element"][1:]:
            owner, _, leaf = element["path"].rpartition(".")
            row = self._row(element, leaf, resource=resource and owner == name)
            self.rows.setdefault(owner, []).append(row)

    def _row(self, element: dict[str, Any], leaf: str, *, resource: bool) -> str:
        kinds: list[str] = []
        for kind in element.get("type", []):
            code = kind["code"]
            if code.startswith("http://hl7.org/fhirpath/"):
                declared = [e["valueUrl"] for e in kind.get("extension", []) if e["url"] == FHIR_TYPE]
                code = "id" if leaf == "id" and resource else (declared or ["string"])[0]
            targets = [url.removeprefix(REFERENCE) for url in kind.get("targetProfile", [])]
            self._queue.append(code)
            keep = code == "Reference" and targets and targets != ["Resource"]
            if kind.get("profile") == [SIMPLE_QUANTITY]:
                code = "Quantity(SimpleQuantity)"
            kinds.append(f"{code}({'|'.join(targets)})" if keep else code)
        if kinds == self.open_types:
            kinds = ["*"]
        if "contentReference" in element:
            kinds = ["@" + element["contentReference"].removeprefix("#")]
        binding = element.get("binding", {})
        codes = self._binding(binding.get("valueSet", "")) if binding.get("strength") == "required" else ""
        return f"{leaf} {','.join(kinds)} {element['min']} {element['max']}{codes}"

    def _binding(self, canonical: str) -> str:
        url = canonical.split("|")[0]
        if url not in self.bindings:
            pairs = self.package.expand(url)
            if pairs is None:
                return ""
            systems = list(dict.fromkeys(system for system, _ in pairs))
            self.bindings[url] = len(self.code_lists)
            self.code_lists.append(
                {"system": systems[0] if len(systems) == 1 else "", "codes": " ".join(code for _, code in pairs)}
            )
        return f" {self.bindings[url]}"


def _shorten(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Replace the elements that every type of a family begins with by one row `^Family`; families keep their own."""
    families = {name: rows_of for name, rows_of in rows.items() if name in SHARED}
    result: dict[str, list[str]] = {}
    for path, own in rows.items():
        result[path] = own
        for family, names in SHARED.items():
            if family in families and path != family and own[: len(names)] == families[family][: len(names)]:
                result[path] = [f"^{family}", *own[len(names) :]]
                break
    return result


def make(package: Package) -> dict[str, Any]:
    """The whole table as a JSON value."""
    table = Table(package)
    structures = package.structures.values()
    resources = sorted(s["type"] for s in structures if s["kind"] == "resource" and not s["abstract"])
    table.add(["Element", "BackboneElement", "Resource", "DomainResource", *resources])
    return {
        "source": "hl7.fhir.r4.core 4.0.1",
        "primitives": sorted(s["type"] for s in structures if s["kind"] == "primitive-type"),
        "resources": resources,
        "open_types": table.open_types,
        "codes": table.code_lists,
        "elements": _shorten(table.rows),
    }


def main(arguments: list[str]) -> int:
    """Write the table; the first argument is the package, the second the file."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    table = make(Package(Path(arguments[0])))
    elements = table.pop("elements")
    lines = [f"  {json.dumps(path)}: {json.dumps(rows, separators=(',', ':'))}" for path, rows in elements.items()]
    head = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in table.items()]
    text = "{\n" + ",\n".join(head) + ',\n"elements": {\n' + ",\n".join(lines) + "\n}}\n"
    Path(arguments[1]).write_text(text, encoding="utf-8")
    print(f"{len(elements)} types and paths, {len(text) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
