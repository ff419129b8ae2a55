"""The bar of Compose: three pickers and Send; in a narrow window the pickers take two rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from workbench.ui.actions import ActionId
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Picker, action_button

if TYPE_CHECKING:
    from workbench.session.views import Choice, ComposeOffer, DraftView
    from workbench.ui.actions import Actions


class SendBar(Area):
    """`message_picked`, `service_picked` and `patient_picked` tell that a person chose; `chosen` gives the ids."""

    message_picked = Signal()
    service_picked = Signal()
    patient_picked = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", edges="b", parent=parent)
        self._offer: ComposeOffer | None = None
        self._what = Picker(self.tr("What"), "doc", self.tr("Choose a message"))
        self._to = Picker(self.tr("To service"), "building", self.tr("Choose a service"))
        self._about = Picker(self.tr("About patient"), "user", self.tr("Choose a patient"))
        for picker, name in ((self._what, "pick-message"), (self._to, "pick-service"), (self._about, "pick-patient")):
            picker.setObjectName(name)
        self._send = action_button(actions[ActionId.SEND], kind="primary")
        self._send.setObjectName("send-button")
        self._send.setMinimumHeight(scaled(40))
        self.breaks = action_button(actions[ActionId.BREAK_IT])
        self.breaks.setMinimumHeight(scaled(40))
        self.templates = action_button(actions[ActionId.TEMPLATES])
        self.templates.setMinimumHeight(scaled(40))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(scaled(16), scaled(10), scaled(16), scaled(10))
        self._grid.setSpacing(scaled(8))
        self._narrow: bool | None = None
        self._live = False
        self.set_narrow(False)
        self._what.picked.connect(self._on_what)
        self._to.picked.connect(self._on_to)
        self._about.picked.connect(self._on_about)

    def show_offer(self, offer: ComposeOffer) -> None:
        """Fill the pickers."""
        self._offer = offer
        self._what.show_choices(offer.messages)
        self._to.show_choices(offer.services)
        self._about.show_choices(offer.patients)
        if offer.patients and not self._about.current():
            self._about.choose(offer.patients[0].id)

    def show_draft(self, draft: DraftView) -> None:
        """Show what the draft in front is."""
        self._what.choose(draft.message, draft.title)
        if draft.service:
            self._to.choose(draft.service)
        if draft.patient:
            self._about.choose(draft.patient)

    def choose(self, message: str, service: str, patient: str) -> None:
        """Set the pickers; empty ids take the first that can be chosen."""
        if self._offer is None:
            return
        self._what.choose(message or _first(self._offer.messages))
        self._to.choose(service or _first(self._offer.services))
        self._about.choose(patient or _first(self._offer.patients))

    def message(self) -> str:
        """The chosen message, empty when there is none."""
        return self._what.current()

    def service_name(self) -> str:
        """The name of the chosen service, empty when there is none."""
        services = self._offer.services if self._offer is not None else ()
        return next((one.title for one in services if one.id == self._to.current()), "")

    def service(self) -> str:
        """The chosen service, empty when there is none."""
        return self._to.current()

    def chosen(self) -> tuple[str, str, str] | None:
        """(message, service, patient), the first that fit where none is chosen; None while one is missing."""
        if self._offer is None or not self._what.current():
            return None
        service = self._to.current()
        if service not in {one.id for one in self._offer.services if not one.reason}:
            service = _first(self._offer.services)
        patient = self._about.current() or _first(self._offer.patients)
        return (self._what.current(), service, patient) if service and patient else None

    def production(self, on: bool) -> None:
        """Name the danger on the button."""
        self._live = on
        self._send.setProperty("kind", "danger" if on else "primary")
        self._send.show_words(self._words())

    def busy(self, on: bool) -> None:
        """While a send goes on."""
        self._send.show_words(self.tr("Sending...") if on else self._words())

    def _words(self) -> str:
        """What the button says at rest."""
        return self.tr("Send to PRODUCTION") if self._live else self.tr("Send")

    def set_narrow(self, narrow: bool) -> None:
        """Two rows of pickers in a narrow window."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        across = QSizePolicy.Policy.Expanding if narrow else QSizePolicy.Policy.Fixed
        self._send.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        for widget in (self._what, self._to, self._about, self.templates, self.breaks, self._send):
            self._grid.removeWidget(widget)
        if narrow:
            self._grid.addWidget(self._what, 0, 0, 1, 2)
            self._grid.addWidget(self.templates, 0, 2)
            self._grid.addWidget(self.breaks, 0, 3)
            self._grid.addWidget(self._to, 1, 0)
            self._grid.addWidget(self._about, 1, 1)
            self._grid.addWidget(self._send, 1, 2, 1, 2)
            stretches = (1, 1, 0, 0, 0, 0)
        else:
            for place, part in enumerate((self._what, self._to, self._about, self.templates, self.breaks, self._send)):
                self._grid.addWidget(part, 0, place)
            stretches = (5, 5, 4, 0, 0, 0)
        for place, stretch in enumerate(stretches):
            self._grid.setColumnStretch(place, stretch)

    def _on_what(self, _: str) -> None:
        self.message_picked.emit()

    def _on_to(self, _: str) -> None:
        self.service_picked.emit()

    def _on_about(self, _: str) -> None:
        self.patient_picked.emit()


def _first(choices: tuple[Choice, ...]) -> str:
    return next((choice.id for choice in choices if not choice.reason), "")
