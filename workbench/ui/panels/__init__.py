"""The panels of the window, one module each; the list below is the order of the rail.

Imported only once a session is open, so that the first paint does not wait for what they need.
"""

from workbench.ui.panels.compose import PANEL as COMPOSE
from workbench.ui.panels.keys import PANEL as KEYS
from workbench.ui.panels.receiver import PANEL as RECEIVER
from workbench.ui.panels.scenarios import PANEL as SCENARIOS
from workbench.ui.panels.services import PANEL as SERVICES
from workbench.ui.panels.settings import PANEL as SETTINGS
from workbench.ui.panels.start import PANEL as START
from workbench.ui.panels.timeline import PANEL as TIMELINE

PANELS = (START, COMPOSE, TIMELINE, SCENARIOS, SERVICES, KEYS, RECEIVER, SETTINGS)
"""Every panel."""
