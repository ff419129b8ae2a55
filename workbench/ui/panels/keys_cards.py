"""A card of the Keys panel: the chosen identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from workbench.ui.widgets import Card, Chip, Facts, Label, button, column, row, separator

if TYPE_CHECKING:
    from workbench.session.views import IdentityDetail


class IdentityCard(Card):
    """The chosen identity; `asked(id)` to act as it."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._id = ""
        self._title = Label("", weight=600, elide=True)
        self._facts = Facts(label_width=96)
        self._act = button(self.tr("Act as this identity"), self._on_act, kind="primary", name="act-as")
        self._now = Chip(self.tr("Acting as this one"), "ok")
        self.setLayout(
            column(
                self._title,
                self._facts,
                separator(),
                row(self._act, self._now, None),
                margins=(16, 12, 16, 14),
                spacing=10,
            )
        )

    def show_identity(self, identity: IdentityDetail) -> None:
        """Show an identity."""
        self._id = identity.id
        self._title.setText(identity.organisation)
        self._facts.show_facts(
            (
                (self.tr("ODS code"), identity.ods_code),
                (self.tr("Person"), identity.practitioner or self.tr("nobody named")),
                (self.tr("Role"), identity.role or self.tr("not stated")),
                (self.tr("Role profile"), identity.role_profile or self.tr("not stated")),
                (self.tr("Software"), identity.software),
                (self.tr("Own service"), identity.service),
            )
        )
        self._act.setVisible(not identity.current)
        self._now.setVisible(identity.current)

    def _on_act(self) -> None:
        self.asked.emit(self._id)
