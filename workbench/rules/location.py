"""Rules on Locations of ambulance messages: that they can be found, what they are, and where on Earth.

Whether a message needs one is judged by the message definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, Number, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import codes, extensions, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import ORDERS, number, stage
from workbench.rules.survey import survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from workbench.messages import JsonObject
    from workbench.rules.values import Submission

EXTENSION = urls.BARS_PROFILE + "LocationExtension"
TYPES = "https://fhir.nhs.uk/CodeSystem/location-types-bars"
INCIDENT_PROFILE = "BARSLocation-incident-location"
_LATITUDES, _LONGITUDES = (49, 61), (-9, 3)
"""The British Isles, roughly."""


def is_incident(location: JsonObject) -> bool:
    """Whether a Location is that of the incident, by its profile or its type."""
    named = tree.texts(tree.inner(location, "meta", "profile"))
    return any(one.endswith(INCIDENT_PROFILE) for one in named) or "ILOC" in codes(location.get("type"), TYPES)


def _given(location: JsonObject) -> set[str]:
    """The names of what the extension gives."""
    return {
        name
        for _, outer in extensions(location, EXTENSION)
        for inner in tree.objects(outer.get("extension"))
        if (name := tree.text(inner.get("url"))) and tree.text(inner.get("valueString"))
    }


@rule("RES-141", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def places_can_be_found(s: Submission) -> Iterator[Hit]:
    """A Location of an ambulance message (Applications 3, 4 and 6) says where it is in the extension for it.

    By UPRN, PAF, eastings with northings, or what3words. Of places beside the incident it is an error only when we
    compose.
    """
    application = number(s)
    if application not in (3, 4, 6):
        return
    for path, location in survey(s).resources("Location"):
        given = _given(location)
        if given & {"UPRN", "PAF", "what3words"} or {"eastings", "northings"} <= given:
            continue
        held = extensions(location, EXTENSION)
        place = f"{path}.extension[{held[0][0]}]" if held else f"{path}.extension"
        text = "The Location has none of UPRN, PAF, eastings with northings, and what3words."
        severity = when_sent(s) if application == 6 and not is_incident(location) else None
        yield Hit(place, text, severity=severity)


@rule("RES-142", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def there_is_one_place(s: Submission) -> Iterator[Hit]:
    """A request of Application 3 or 4 has one Location."""
    if number(s) not in (3, 4) or stage(s) not in ORDERS:
        return
    places = survey(s).resources("Location")
    if not places and number(s) == 3:
        yield Hit("Bundle.entry", "Location is missing: where the patient is.")
    for path, _ in places[1:]:
        yield Hit(path, "The request has more than one Location.")


@rule("RES-143", Severity.WARNING, source=sources.PAYLOAD, applies=scope.resources)
def places_are_in_these_isles(s: Submission) -> Iterator[Hit]:
    """The position of a Location lies in or around the British Isles.

    Samples of the standard write longitude and latitude the wrong way round; the repair swaps them.
    """
    for path, location in survey(s).resources("Location"):
        position = tree.as_object(location.get("position"))
        longitude, latitude = _decimal(position.get("longitude")), _decimal(position.get("latitude"))
        if longitude is None or latitude is None or _in_range(longitude, latitude):
            continue
        place = f"{path}.position"
        if _in_range(latitude, longitude):
            edits = (
                Edit(EditOp.SET, f"{place}.longitude", position["latitude"]),
                Edit(EditOp.SET, f"{place}.latitude", position["longitude"]),
            )
            yield Hit(place, "Longitude and latitude are the wrong way round.", Fix("Swap them", edits))
        else:
            yield Hit(place, "The position is far from the British Isles.")


@rule("RES-144", Severity.ERROR, source=sources.LOCATION_PROFILE, applies=scope.orders, since={6: "1.0.0-beta"})
def the_incident_is_called_so(s: Submission) -> Iterator[Hit]:
    """Between dispatch systems (Application 6) every Location has a type; that of the incident is ILOC and no other.

    A place of the type OLOC says in words what it is.
    """
    for path, location in survey(s).resources("Location"):
        named = tree.texts(tree.inner(location, "meta", "profile"))
        types = tree.objects(location.get("type"))
        held = codes(location.get("type"), TYPES)
        if any(one.endswith(INCIDENT_PROFILE) for one in named):
            if len(types) > 1:
                yield Hit(f"{path}.type[1]", "The Location of the incident has one type.")
            if "ILOC" not in held:
                yield Hit(f"{path}.type", "The Location of the incident has the type ILOC.")
        elif not held:
            text = f"The Location has no type of {TYPES}."
            yield Hit(f"{path}.type", text, severity=Severity.WARNING)
        elif "OLOC" in held and not any(tree.text(one.get("text")) for one in types):
            text = "The Location of the type OLOC does not say in words what it is."
            yield Hit(f"{path}.type[0].text", text, severity=Severity.WARNING)


def _decimal(value: object) -> Decimal | None:
    return value.decimal if isinstance(value, Number) else None


def _in_range(longitude: Decimal, latitude: Decimal) -> bool:
    return _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
