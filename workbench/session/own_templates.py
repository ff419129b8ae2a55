"""Own templates: drafts kept under a name to begin from, and a template with a table of patients made into many.

Kept in the workspace's history; it must not know any window, nor how many messages are sent.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose import Draft
from workbench.compose.facts import PatientFacts
from workbench.compose.renewing import about, renewed
from workbench.compose.variables import SAMPLES, Values, filled, has_variables
from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text, tree
from workbench.session.files import read_file, write_text
from workbench.session.parties import patient_values
from workbench.session.views import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.views import DraftView

_OWNER, _KIND = "own-templates", "template"
MOST = 10_000
"""Rows of a table that are taken at once."""
_FIELDS = ("family", "given", "nhs_number", "gender", "birth_date", "line", "city", "postcode", "phone")
_OTHER_NAMES = {
    "surname": "family",
    "last_name": "family",
    "first_name": "given",
    "forename": "given",
    "nhs": "nhs_number",
    "nhsnumber": "nhs_number",
    "birthdate": "birth_date",
    "dob": "birth_date",
    "date_of_birth": "birth_date",
    "sex": "gender",
    "address": "line",
    "post_code": "postcode",
    "telephone": "phone",
    "mobile": "phone",
}
"""Headings that tables of other systems have for the same."""


class Made(NamedTuple):
    """Messages that were made of a template and a table."""

    paths: tuple[str, ...]
    """The files, in the order of the rows: `Bulk.send` takes them."""
    folder: str


class DraftMenu(NamedTuple):
    """What there is to begin from and to go on with."""

    templates: tuple[Choice, ...]
    drafts: tuple[Choice, ...]
    variables: tuple[Choice, ...]
    """Samples of variables, written as they are typed; the id begins with `variable:`."""


class OwnTemplates:
    """Called on the I/O thread."""

    def __init__(self, engine: Engine, drafts: DraftDesk) -> None:
        self._engine = engine
        self._drafts = drafts

    async def all(self) -> tuple[Choice, ...]:
        """Every own template by its name."""
        kept = await self._engine.history.state.load(_OWNER)
        found = [Draft.from_json(tree.as_object(value)) for (kind, _), value in kept.items() if kind == _KIND]
        titles = {draft.id: self._words(draft) for draft in found}
        return tuple(
            Choice(draft.id, draft.title, titles[draft.id])
            for draft in sorted(found, key=lambda one: one.title.lower())
        )

    async def menu(self) -> DraftMenu:
        """Own templates, drafts, and the variables that a text may have."""
        samples = tuple(Choice(f"variable:{written}", written, words) for written, words in SAMPLES)
        return DraftMenu(await self.all(), await self._drafts.all(), samples)

    async def keep(self, draft_id: str, text: str, name: str) -> Choice:
        """Keep a draft as typed under a name; one of the same name is replaced. InputError without a name."""
        title = name.strip()
        if not title:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The template", cause="it needs a name")
        same = next((one.id for one in await self.all() if one.title.lower() == title.lower()), None)
        draft = self._drafts.find(draft_id)
        kept = replace(draft, id=same or self._engine.ids(), title=title, text=text, based_on=None)
        stored = json_text.load(json.dumps(kept.to_json()), what="The template")
        await self._engine.history.state.save(_OWNER, {(_KIND, kept.id): stored})
        return Choice(kept.id, kept.title, self._words(kept))

    async def forget(self, id: str) -> None:
        """Take an own template away, if it is there."""
        await self._engine.history.state.save(_OWNER, {(_KIND, id): None})

    async def begin(self, id: str) -> DraftView:
        """A draft from an own template, as a message of its own; KeyError where there is none."""
        kept = await self._load(id)
        engine = self._engine
        now = engine.clock()
        text = renewed(kept.text, now=now, ids=engine.ids)
        draft = replace(kept, id=engine.ids(), parameters=(("template", kept.title),))
        return await self._drafts.keep(draft.with_text(text, now))

    async def many(self, draft_id: str, text: str, table: str, folder: str) -> Made:
        """One message for each row of a CSV file, written into a folder; the draft stays as it is.

        Its variables are filled in from the columns; where it has none, its Patient becomes that of the row. InputError
        for a file that is no such table, StoreError when a message cannot be written.
        """
        draft = self._drafts.find(draft_id)
        rows = await asyncio.to_thread(_rows_of, table)
        made = await asyncio.to_thread(self._messages, draft, text, rows)
        target = Path(folder)
        paths = []
        ending = "xml" if text.lstrip()[:1] == "<" else "json"
        for number, message in enumerate(made, 1):
            path = target / f"message-{number:05}.{ending}"
            await asyncio.to_thread(write_text, str(path), message)
            paths.append(str(path))
        return Made(tuple(paths), str(target))

    def _messages(self, draft: Draft, text: str, rows: tuple[dict[str, str], ...]) -> list[str]:
        engine = self._engine
        patient = self._patient(draft)
        found = []
        for number, row in enumerate(rows, 1):
            now = engine.clock()
            try:
                if has_variables(text):
                    one = filled(text, Values(now, engine.ids, patient, row))
                else:
                    one = about(text, _facts(row))
                found.append(renewed(one, now=now, ids=engine.ids))
            except InputError as error:
                raise InputError(error.code, what=f"Row {number} of the table", cause=error.sentence) from error
        return found

    def _patient(self, draft: Draft) -> Mapping[str, str]:
        return patient_values(self._engine.directory.patient(draft.patient)) if draft.patient else {}

    async def _load(self, id: str) -> Draft:
        kept = await self._engine.history.state.load(_OWNER)
        return Draft.from_json(tree.as_object(kept[(_KIND, id)]))

    def _words(self, draft: Draft) -> str:
        names = {one.id: one.name for one in self._engine.directory.services.all()}
        to = names.get(draft.service or "", "")
        return f"{to}, saved {draft.updated:%d %b}" if to else f"saved {draft.updated:%d %b}"


def _rows_of(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file by their headings; commas, semicolons or tabs."""
    source, name = read_file(table)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=name, cause="it is no UTF-8 text") from error
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    lines = [line for line in reader if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise InputError(
            ErrorCode.INPUT_TEMPLATE, what=name, cause="it needs a row of headings and one for each patient"
        )
    if len(lines) > MOST + 1:
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=name, cause=f"it has more than {MOST} rows")
    headings = [_heading(cell) for cell in lines[0]]
    if not set(headings) & set(_FIELDS):
        cause = f"none of its headings is one of {', '.join(_FIELDS)}"
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=name, cause=cause)
    for number, line in enumerate(lines[1:], 2):
        if len(line) > len(headings):
            cause = f"line {number} has {len(line)} values for {len(headings)} headings"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what=name, cause=cause)
    return tuple(dict(zip(headings, (cell.strip() for cell in line), strict=False)) for line in lines[1:])


def _heading(cell: str) -> str:
    name = "_".join(cell.strip().lower().removeprefix("patient.").split())
    return _OTHER_NAMES.get(name, name)


def _facts(row: Mapping[str, str]) -> PatientFacts:
    held = {name: row.get(name, "") for name in _FIELDS}
    return PatientFacts("", **{**held, "nhs_number": held["nhs_number"].replace(" ", "")})
