"""The bar at the top: what the program is, which environment, who one is, the way to every command.

`environment_chosen(str)` and `identity_chosen(str)` carry the id of what was picked from a menu; `manage_asked` tells
that somebody wants to change the environments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from workbench.ui import icons
from workbench.ui.actions import ActionId
from workbench.ui.shell.buttons import EnvironmentPill, IdentityButton, SearchButton
from workbench.ui.theme import colour, em, scaled, theme_for
from workbench.ui.widgets import Area, Label, Pic, action_tool, row

if TYPE_CHECKING:
    from workbench.session.views import Status
    from workbench.ui.actions import Actions

WIDE = 85
"""Ems of window width from which on everything has its second line."""
TINY = 45
"""Ems below which even the name of who one is has no room."""


class Strip(QWidget):
    """The line along the top in the colour of the environment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environment = "embedded"
        self.setFixedHeight(3)

    def show_environment(self, colours: str) -> None:
        """Take the colours of an environment, by their name."""
        self._environment = colours
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(theme_for(self.palette()).environment(self._environment).solid))


class TopBar(Area):
    """The bar; it shows a `Status`."""

    environment_chosen = Signal(str)
    identity_chosen = Signal(str)
    manage_asked = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", edges="b", parent=parent)
        self._status: Status | None = None
        self._logo = Pic("logo", 20, role="accent")
        self._name = Label("BaRS Workbench", weight=600)
        self._pill = EnvironmentPill()
        self._identity = IdentityButton()
        palette = actions[ActionId.PALETTE]
        self._search = SearchButton(palette.text(), self.tr("Ctrl K"))
        self._search.clicked.connect(palette.trigger)
        self._help = action_tool(actions[ActionId.ABOUT])
        self._pill.clicked.connect(self._on_pill)
        self._identity.clicked.connect(self._on_identity)
        self._pill.hide()
        self._identity.hide()
        layout = row(
            self._logo,
            self._name,
            4,
            self._pill,
            self._identity,
            None,
            self._search,
            self._help,
            margins=(16, 4, 12, 4),
            spacing=10,
        )
        self.setLayout(layout)
        self.setMinimumHeight(scaled(46))

    def show_status(self, status: Status) -> None:
        """Show the environment and the identity."""
        self._status = status
        environment = status.environment
        self._pill.show_environment(environment.id, environment.title, environment.subtitle, environment.colour)
        self._identity.show_identity(status.identity.organisation, status.identity.person)
        self._pill.show()
        self._identity.show()

    def set_width(self, width: int) -> None:
        """Leave out what does not fit a window of this width."""
        ems = width / em()
        self._name.setVisible(ems >= WIDE)
        for button in (self._pill, self._identity, self._search):
            button.set_narrow(ems < WIDE)
        self._identity.set_tiny(ems < TINY)

    def environment_menu(self) -> QMenu:
        """The environments; one that cannot be used yet says why and is greyed."""
        menu = QMenu(self)
        if self._status is None:
            return menu
        for one in self._status.environments:
            words = one.title if one.ready else f"{one.title}: {one.reason}"
            action = QAction(icons.icon(EnvironmentPill.ICONS.get(one.id, "globe")), words, menu)
            action.setObjectName(f"environment-{one.id}")
            action.setData(one.id)
            action.setCheckable(True)
            action.setChecked(one.id == self._status.environment.id)
            action.setEnabled(one.ready)
            menu.addAction(action)
        menu.addSeparator()
        manage = QAction(icons.icon("settings"), self.tr("Manage environments..."), menu)
        manage.setObjectName("manage-environments")
        menu.addAction(manage)
        menu.triggered.connect(self._on_environment)
        return menu

    def identity_menu(self) -> QMenu:
        """The identities."""
        menu = QMenu(self)
        if self._status is None:
            return menu
        for one in self._status.identities:
            action = QAction(f"{one.organisation}: {one.person}", menu)
            action.setObjectName(f"identity-{one.id}")
            action.setData(one.id)
            action.setCheckable(True)
            action.setChecked(one.id == self._status.identity.id)
            menu.addAction(action)
        menu.triggered.connect(self._on_identity_chosen)
        return menu

    def _on_pill(self) -> None:
        self._drop(self.environment_menu(), self._pill)

    def _on_identity(self) -> None:
        self._drop(self.identity_menu(), self._identity)

    @staticmethod
    def _drop(menu: QMenu, under: QWidget) -> None:
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))

    def _on_environment(self, action: QAction) -> None:
        if action.data() is None:
            self.manage_asked.emit()
        else:
            self.environment_chosen.emit(str(action.data()))

    def _on_identity_chosen(self, action: QAction) -> None:
        self.identity_chosen.emit(str(action.data()))
