"""The parts that panels are built of; each has its look from `theme` and `style` and knows nothing of the session.

They follow a change of the palette. Another size of the text makes them anew: lengths are taken when they are made.
"""

from workbench.ui.widgets.areas import (
    Area,
    Card,
    HeadBar,
    PageColumn,
    ScrollArea,
    page,
    scroll_area,
    separator,
    splitter,
)
from workbench.ui.widgets.buttons import (
    ActionButton,
    FilterChips,
    Segments,
    action_button,
    action_tool,
    button,
    set_kind,
    tool,
)
from workbench.ui.widgets.chip import Chip, chip_height, chip_width, paint_chip
from workbench.ui.widgets.facts import Facts, facts_grid
from workbench.ui.widgets.fields import (
    Combo,
    Field,
    LinesField,
    SearchField,
    SwitchRow,
    check,
    line,
    number,
    set_severity,
)
from workbench.ui.widgets.labels import KeyCap, Label, Pic
from workbench.ui.widgets.layouts import NO_LIMIT, clear, column, holder, row
from workbench.ui.widgets.notices import Banner, Busy, EmptyState, Skeleton, Toast, announce, progress
from workbench.ui.widgets.picker import ChoicePopup, Picker
from workbench.ui.widgets.rows import RowDelegate, RowPaint, TallList, list_view
from workbench.ui.widgets.table import DataTable
from workbench.ui.widgets.tabs import Tabs

__all__ = [
    "NO_LIMIT",
    "ActionButton",
    "Area",
    "Banner",
    "Busy",
    "Card",
    "Chip",
    "ChoicePopup",
    "Combo",
    "DataTable",
    "EmptyState",
    "Facts",
    "Field",
    "FilterChips",
    "HeadBar",
    "KeyCap",
    "Label",
    "LinesField",
    "PageColumn",
    "Pic",
    "Picker",
    "RowDelegate",
    "RowPaint",
    "ScrollArea",
    "SearchField",
    "Segments",
    "Skeleton",
    "SwitchRow",
    "Tabs",
    "TallList",
    "Toast",
    "action_button",
    "action_tool",
    "announce",
    "button",
    "check",
    "chip_height",
    "chip_width",
    "clear",
    "column",
    "facts_grid",
    "holder",
    "line",
    "list_view",
    "number",
    "page",
    "paint_chip",
    "progress",
    "row",
    "scroll_area",
    "separator",
    "set_kind",
    "set_severity",
    "splitter",
    "tool",
]
