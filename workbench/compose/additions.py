"""Resources that are added to a message: made from the blocks of the templates or the table of the form.

It must not know where they are put.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.builder import made, tidy
from workbench.compose.filling import Filling, instant
from workbench.compose.form_names import url_of
from workbench.compose.form_table import form_table
from workbench.compose.tree import put
from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workbench.exchange import Ids
    from workbench.messages import JsonObject, Message

_NAMES: Mapping[str, str] = {
    "Patient": "patient",
    "Encounter": "encounter",
    "Practitioner": "practitioner",
    "PractitionerRole": "role",
    "Location": "location",
    "Organization": "sender",
    "HealthcareService": "service",
    "CarePlan": "plan",
    "ServiceRequest": "request",
    "Appointment": "appointment",
}
"""What the blocks call the first resource of a type."""


def made_resource(message: Message, id: str, now: datetime, ids: Ids) -> JsonObject:
    """The resource of an addition, its references leading to the first resources of their types in the message.

    InputError (input.path) for an addition that does not exist.
    """
    chosen = next((one for one in form_table().additions if one.id == id), None)
    if chosen is None:
        raise InputError(ErrorCode.INPUT_PATH, what=id, cause="there is no such resource to add")
    filling = Filling({"now": now}, _urls(message), ids)
    if chosen.block:
        resource = made(filling, chosen.block)
    else:
        resource = {"resourceType": chosen.type, "meta": {"lastUpdated": "", "profile": [chosen.profile]}}
        for path, written in (chosen.values or {}).items():
            if (element := filling.element(written)) is not None:
                put(resource, path, element)
    put(resource, "meta.lastUpdated", instant(now))
    return tidy(resource)


def _urls(message: Message) -> Mapping[str, str]:
    urls: dict[str, str] = {}
    for entry in message.entries():
        if (name := _NAMES.get(entry.type)) and (url := url_of(entry)):
            urls.setdefault(name, url)
    return urls
