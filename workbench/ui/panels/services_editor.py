"""One service of the directory to be written: its fields, keeping it, taking it out."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.directory import Service
from workbench.standard.urls import DOS_SERVICE_ID
from workbench.ui.widgets import Area, Banner, Combo, Field, HeadBar, button, clear, column, line, row, scroll_area

_LISTS = ("environments", "use_cases", "tags")


class ServiceEditor(Area):
    """The form. `kept(Service)` tells what is to be kept, `removed(str)` the id of what is to go."""

    kept = Signal(object)
    removed = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__(role="canvas")
        self._service: Service | None = None
        self._head = HeadBar("", role="canvas")
        self._problem = QVBoxLayout()
        self._playing = Combo([("receiver", self.tr("Receiver")), ("sender", self.tr("Own"))])
        self._playing.setObjectName("service-role")
        self._lines = {
            name: line(name=f"service-{name.replace('_', '-')}", mono=name in ("system", "value"))
            for name in ("name", "value", "system", "organisation", "ods_code", *_LISTS, "notes")
        }
        lines = self._lines
        several = self.tr("Several with a comma between.")
        fields = (
            Field(self.tr("Name"), lines["name"], required=True),
            Field(self.tr("Value of the target identifier"), lines["value"], required=True),
            Field(self.tr("System of the target identifier"), lines["system"], required=True),
            Field(self.tr("Role"), self._playing),
            Field(self.tr("Organisation"), lines["organisation"]),
            Field(self.tr("ODS code"), lines["ods_code"]),
            Field(self.tr("Tags"), lines["tags"], hint=several),
            Field(self.tr("Environments"), lines["environments"], hint=several),
            Field(self.tr("Use cases"), lines["use_cases"], hint=self.tr("Codes such as a1t1; none = not known.")),
            Field(self.tr("Notes"), lines["notes"]),
        )
        self._remove = button(self.tr("Take out"), self._on_remove, kind="danger", icon="trash", name="remove-service")
        buttons = row(
            button(self.tr("Keep"), self._on_keep, kind="primary", name="keep-service"),
            button(self.tr("Give up"), self.given_up.emit, name="give-up-service"),
            None,
            self._remove,
        )
        inner = QWidget()
        inner.setLayout(column(self._problem, *fields, buttons, None, margins=(16, 12, 16, 16), spacing=12))
        self.setLayout(column(self._head, (scroll_area(inner, role="canvas"), 1), spacing=0))

    @property
    def id(self) -> str:
        """Id of the service that is written; empty for a new one."""
        return self._service.id if self._service is not None else ""

    def show_service(self, service: Service | None) -> None:
        """Show a service, or an empty form for a new one."""
        self._service = service
        clear(self._problem)
        self._head.title.setText(service.name if service is not None else self.tr("New service"))
        self._remove.setVisible(service is not None)
        for name, field in self._lines.items():
            value = getattr(service, name) if service is not None else DOS_SERVICE_ID if name == "system" else ""
            field.setText(", ".join(value) if isinstance(value, tuple) else value)
            field.setCursorPosition(0)
        self._playing.choose(service.role if service is not None else "receiver")
        self._lines["name"].setFocus()

    def show_problem(self, sentence: str, next_step: str) -> None:
        """Say why it was not kept."""
        clear(self._problem)
        self._problem.addWidget(Banner("error", sentence, next_step))

    def _on_keep(self) -> None:
        texts = {name: field.text().strip() for name, field in self._lines.items()}
        several = {name: tuple(part for part in re.split(r"[,;]\s*", texts[name]) if part) for name in _LISTS}
        before = self._service
        self.kept.emit(
            Service(
                id=self.id,
                name=texts["name"],
                system=texts["system"],
                value=texts["value"],
                role=self._playing.value(),
                organisation=texts["organisation"],
                ods_code=texts["ods_code"],
                environments=several["environments"],
                use_cases=several["use_cases"],
                notes=texts["notes"],
                tags=several["tags"],
                favourite=before is not None and before.favourite,
            )
        )

    def _on_remove(self) -> None:
        if self._service is not None:
            self.removed.emit(self._service.id)
