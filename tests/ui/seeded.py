"""A workspace full of one person's texts, and everything that a window says: for the test that masking leaves nobody.

Seeds exchanges of both directions, a note, a rule, and what the own receiver and a party of the sandbox hold.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QApplication, QWidget

from tests.evidence.test_ticket import encodings
from tests.masking.test_masker import SEEDED, a_seeded_bundle
from tests.session.conftest import a_session
from tests.session.test_exporting import BORN, NUMBER, a_seeded
from tests.ui.conftest import PASSPHRASE
from workbench.exchange import Direction, Exchange, Request, Response, Timing
from workbench.messages import build, tree
from workbench.receiver import Item, Kind
from workbench.receiver.state import Person as Known
from workbench.session.answer_views import RuleEdit
from workbench.session.platform import owner
from workbench.session.receiving import OWNER
from workbench.standard.versions import default_profile
from workbench.ui.panels.compose_editor import DraftEditor
from workbench.ui.panels.compose_views import DraftViews

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from workbench.messages import JsonObject
    from workbench.session.session import Session

PERSONAL = (*SEEDED, NUMBER, "943 476 5919", BORN)
"""What may not be seen: forty texts, and number and date of birth of whom they are about."""
HELD = "5e3f1a52-8c0c-4f7b-9a1d-0f1f5c8f7a11"
PARTY, SERVICE = "northgate-ed", "northgate-emergency-department"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_SAID = ("text", "toPlainText", "title", "placeholderText")
_TOLD = ("windowTitle", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription")
_MOST = 400
"""Rows of one level of a model that are read."""


@pytest.fixture(scope="session")
def seeded_workspace(made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace full of one person's texts, made once."""
    folder = tmp_path_factory.mktemp("seeded") / "demo"
    shutil.copytree(made_workspace, folder)
    seed(folder, PASSPHRASE)
    return folder


def seed(folder: Path, passphrase: str) -> None:
    """Fill a workspace that no window has open."""

    async def fill() -> None:
        async with a_session(folder, passphrase) as session:
            first = await a_seeded(session)
            await session.listing.note(first, f"Rang {SEEDED[0]}, {NUMBER}: {SEEDED[8]}")
            await came_in(session)
            await session.answering.keep("own", RuleEdit(nhs_number=NUMBER, status=503, why="not today."))
            history = session._engine.history.state
            held = {(item.kind.value, item.id): item.to_json() for item in items()}
            await history.save(OWNER, held)
            await history.save(owner(PARTY), held)

    asyncio.run(fill())


async def came_in(session: Session) -> None:
    """A call that was taken here, with a remark that quotes it."""
    engine = session._engine
    exchange = Exchange(
        id=engine.ids(),
        seq=0,
        direction=Direction.IN,
        environment="embedded",
        operation="process-message",
        versions=default_profile(),
        request=Request(
            "POST",
            f"http://127.0.0.1/FHIR/R4/$process-message?patient:name={SEEDED[0]}",
            (("Content-Type", "application/fhir+json"), ("X-Note", SEEDED[0])),
            build(a_seeded_bundle()).source,
        ),
        timing=Timing(engine.clock(), wait=0.1),
        response=replace(
            Response(200, "OK", (("Content-Type", "application/fhir+json"),), build(a_seeded_bundle()).source),
            remark=f"It names {SEEDED[0]} and {SEEDED[1]}.",
        ),
    )
    await engine.history.journal.answered(exchange)
    await session.settle()


def items() -> Iterator[Item]:
    """One thing of each kind that holds every one of the texts."""
    contained = [
        {**tree.as_object(entry.get("resource")), "id": f"part-{n}"}
        for n, entry in enumerate(tree.objects(a_seeded_bundle().get("entry")))
    ]
    whom: JsonObject = {
        "type": "Patient",
        "display": SEEDED[3],
        "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER},
    }
    known = Known(NUMBER, SEEDED[0], SEEDED[1], BORN, SEEDED[10])
    referral: JsonObject = {
        "resourceType": "ServiceRequest",
        "id": HELD,
        "contained": [*contained],
        "status": "active",
        "intent": "plan",
        "code": {"text": SEEDED[22]},
        "subject": whom,
    }
    booking: JsonObject = {
        "resourceType": "Appointment",
        "id": HELD,
        "contained": [*contained],
        "status": "booked",
        "description": SEEDED[19],
        "participant": [{"actor": whom, "status": "accepted"}],
    }
    encounter: JsonObject = {"resourceType": "Encounter", "id": HELD, "contained": [*contained], "status": "planned"}
    facts: JsonObject = {"event": "servicerequest-request", "patient_name": f"{SEEDED[0]}, {SEEDED[1]}"}
    rows = ((Kind.REFERRAL, referral), (Kind.APPOINTMENT, booking), (Kind.ENCOUNTER, encounter), (Kind.RECEIVED, facts))
    for kind, resource in rows:
        status = tree.text(resource.get("status")) or ""
        yield Item(kind, HELD, resource, status, known, "2000011147", bundle=HELD, organisation="RA999")


def leaks(told: Mapping[str, str]) -> dict[str, str]:
    """The personal texts that occur in what was told (text, where), as they are or in any encoding: where, and how."""
    everything = "\0".join(told).lower().encode("utf-8", "surrogatepass")
    found: dict[str, str] = {}
    for word in PERSONAL:
        forms = [form.lower() for form in encodings(word)]
        if any(form in everything for form in forms):
            found[word] = next(_placed(forms, told), "where two texts meet")
    return found


def _placed(forms: list[bytes], told: Mapping[str, str]) -> Iterator[str]:
    for text, where in told.items():
        source = text.lower().encode("utf-8", "surrogatepass")
        for form in forms:
            if (at := source.find(form)) >= 0:
                yield f"{where}: {source[max(0, at - 60) : at + 60]!r}"


def told_by_window(*, hidden: bool) -> set[str]:
    """Every text of every widget, menu and model of the program that is shown; of those that are `hidden` too.

    What a draft really says stays in its editor, hidden behind what is shown masked: it is what is sent.
    """
    told: set[str] = set()
    for widget in QApplication.allWidgets():
        if widget.isVisible() or (hidden and not isinstance(widget, DraftEditor)):
            told |= _told_by(widget)
    told.add(QApplication.clipboard().text())
    told.discard("")
    return told


def _told_by(widget: QWidget) -> set[str]:
    told = {str(getattr(widget, name)()) for name in _TOLD}
    if not isinstance(widget, DraftViews):  # its `text` is shown by nothing: it is what is sent
        told |= {text for name in _SAID if isinstance(text := _asked(widget, name), str)}
    told |= {text for action in widget.actions() for text in _said_by(action)}
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is not None and interface.isValid():
        told |= {interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)}
    for name in ("tabText", "tabToolTip", "itemText"):
        count = _asked(widget, "count")
        if hasattr(widget, name) and isinstance(count, int):
            told |= {str(getattr(widget, name)(place)) for place in range(count)}
    model = _asked(widget, "model")
    if isinstance(model, QAbstractItemModel):
        told |= set(_cells(model, QModelIndex()))
    return told


def _asked(widget: QWidget, name: str) -> object:
    """What a method without arguments gives, None where there is none such."""
    method = getattr(widget, name, None)
    if isinstance(method, QAbstractItemModel):
        return method
    try:
        return method() if callable(method) else None
    except TypeError:  # of the same name, but it asks for something
        return None


def _said_by(action: QAction) -> set[str]:
    return {action.text(), action.toolTip(), action.statusTip(), action.whatsThis()}


def _cells(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for section in range(columns):
        yield str(model.headerData(section, Qt.Orientation.Horizontal) or "")
    for row in range(min(_MOST, model.rowCount(parent))):
        for place in range(columns):
            index = model.index(row, place, parent)
            for role in _ROLES:
                value = index.data(role)
                if isinstance(value, str):
                    yield value
            if place == 0 and model.rowCount(index):
                yield from _cells(model, index)


def a_file(folder: Path) -> Path:
    """A file with the seeded message, in which a name stands for a date: what is found on it quotes that."""
    folder.mkdir(exist_ok=True)
    path = folder / "message.json"
    path.write_bytes(build(a_seeded_bundle()).source.replace(BORN.encode(), SEEDED[0].encode()))
    return path


def a_command() -> str:
    """A call of another tool as it would be pasted."""
    query = f"patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C{NUMBER}&patient:name={SEEDED[0]}"
    url = f"https://int.api.service.nhs.uk/booking-and-referral/FHIR/R4/Appointment?{query}"
    request = {"method": "GET", "header": [{"key": "Accept", "value": "application/fhir+json"}], "url": url}
    return json.dumps({"info": {"name": "c", "schema": SCHEMA}, "item": [{"name": SEEDED[0], "request": request}]})
