"""One header of a call as a card: why it is there, what is inside, where it ends, how long it is.

For reading, here and in the timeline; what can be changed of it is a card of another kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.widgets import Card, Chip, Label, Pic, button, column, facts_grid, row

if TYPE_CHECKING:
    from workbench.headers import DecodedHeader


class HeaderCard(Card):
    """One header: name, why, decoded rows, where it ends, and its encoded form on demand."""

    def __init__(self, header: DecodedHeader, *, changed: bool = False) -> None:
        super().__init__()
        self.header = header
        self.setObjectName(f"header-{header.name}")
        self._encoded = Label(header.encoded, step="caption", mono=True, role="text2", wrap=True, breaks_anywhere=True)
        self._encoded.hide()
        self._toggle = button(self.tr("Show encoded"), kind="link")
        self._toggle.setAccessibleName(self.tr("Show {name} encoded").format(name=header.name))
        self._toggle.clicked.connect(self._on_toggle)
        travels = self.tr("Travels to the receiver") if header.travels else self.tr("Stops at BaRS")
        foot = row(
            Pic("aright" if header.travels else "stop", 13, role="text3"),
            (Label(travels, step="caption", role="text3", wrap=True), 1),
            self._toggle if header.encoded else None,
            spacing=5,
        )
        if changed:
            chip = Chip(self.tr("Changed"), "warning")
        else:
            chip = Chip(self.tr("Required") if header.required else self.tr("Optional"), "neutral", icon="")
        parts: list[object] = [
            row((Label(header.name, weight=600, elide=True), 1), chip, spacing=6),
            row((Label(header.title, step="caption", role="text3", wrap=True), 1), *self._size(), *self._beside()),
            facts_grid(header.rows, label_width=84),
        ]
        if header.problem:
            parts.append(
                row(
                    Pic("error", 14, tone="error"),
                    (Label(header.problem, step="caption", tone="error", wrap=True), 1),
                    spacing=6,
                )
            )
        parts += [foot, self._encoded, *self._below()]
        self.setLayout(column(*parts, margins=(12, 10, 12, 8), spacing=4))

    def _size(self) -> list[object]:
        """How much of the call it is, where that is known."""
        if not self.header.size:
            return []
        return [Label(self.tr("{n} bytes").format(n=self.header.size), step="caption", role="text3")]

    def _beside(self) -> list[object]:
        """What a card of another kind adds beside the words that say why it is there."""
        return []

    def _below(self) -> list[object]:
        """What a card of another kind adds at the end."""
        return []

    def _on_toggle(self) -> None:
        shown = self._encoded.isHidden()
        self._encoded.setVisible(shown)
        self._toggle.setText(self.tr("Hide encoded") if shown else self.tr("Show encoded"))
