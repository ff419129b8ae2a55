"""Which exchanges belong to one conversation, and why, in words.

Pure functions of exchanges and the facts of their messages; must not know where they are kept.
"""

from workbench.correlation.conflicts import REACHING, TELLING, conflicts
from workbench.correlation.conversation import components, conversation_state, group, lead, legs_in_order
from workbench.correlation.keys import keys_of
from workbench.correlation.links import by_person, correlate, principal
from workbench.correlation.values import (
    Author,
    Conflict,
    ConflictKind,
    ConversationState,
    Key,
    KeyKind,
    Known,
    Link,
    LinkKind,
    Standing,
    Strength,
)

__all__ = [
    "REACHING",
    "TELLING",
    "Author",
    "Conflict",
    "ConflictKind",
    "ConversationState",
    "Key",
    "KeyKind",
    "Known",
    "Link",
    "LinkKind",
    "Standing",
    "Strength",
    "by_person",
    "components",
    "conflicts",
    "conversation_state",
    "correlate",
    "group",
    "keys_of",
    "lead",
    "legs_in_order",
    "principal",
]
