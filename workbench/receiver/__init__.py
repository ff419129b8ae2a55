"""What we answer as a receiver: endpoints, duplicate detection, access control, decision table, answers on purpose.

A Handler that opens no socket; the same code is the workbench's own receiver and every partner of the sandbox.
"""

from workbench.receiver.answer_book import AnswerBook
from workbench.receiver.answer_rule import AnswerRule, How, When
from workbench.receiver.endpoints import endpoints
from workbench.receiver.faults import Fault, Faults, FaultSetting
from workbench.receiver.ledger import MemoryLedger
from workbench.receiver.outcome import Outcomes
from workbench.receiver.purpose import answer_rules
from workbench.receiver.state import Item, Kind, ReceiverState
from workbench.receiver.values import (
    BASE,
    Accepted,
    Judge,
    Ledger,
    Observer,
    ReceivedCall,
    ReceiverRules,
    Refusal,
    ServiceOffer,
)

__all__ = [
    "BASE",
    "Accepted",
    "AnswerBook",
    "AnswerRule",
    "Fault",
    "FaultSetting",
    "Faults",
    "How",
    "Item",
    "Judge",
    "Kind",
    "Ledger",
    "MemoryLedger",
    "Observer",
    "Outcomes",
    "ReceivedCall",
    "ReceiverRules",
    "ReceiverState",
    "Refusal",
    "ServiceOffer",
    "When",
    "answer_rules",
    "endpoints",
]
