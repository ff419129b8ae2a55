"""The history of a workspace in SQLite: what was sent and received, what was found, and what is kept beside it.

One writing connection in one thread, one reading connection in another; must not know Qt or the network.
"""

from workbench.history.conversations import PAGE, ConversationRow, PageKey, PatientBrief
from workbench.history.filters import EVERYTHING, ConversationFilter
from workbench.history.indexing import Indexer
from workbench.history.journal import HistoryJournal, IncomingContext
from workbench.history.keeping import DraftRow, Drafts, RunRow, Runs, StateItems
from workbench.history.ledger import Ledger
from workbench.history.marks import Marks
from workbench.history.placing import Placing
from workbench.history.queries import Queries
from workbench.history.secrets import Cut
from workbench.history.store import Store

__all__ = [
    "EVERYTHING",
    "PAGE",
    "ConversationFilter",
    "ConversationRow",
    "Cut",
    "DraftRow",
    "Drafts",
    "HistoryJournal",
    "IncomingContext",
    "Indexer",
    "Ledger",
    "Marks",
    "PageKey",
    "PatientBrief",
    "Placing",
    "Queries",
    "RunRow",
    "Runs",
    "StateItems",
    "Store",
]
