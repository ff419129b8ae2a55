"""HTTP as values that both directions share, and the ports between layers.

Requests, responses, failures, timings and whole exchanges are frozen; `Journal`, `Send`, `Handler` and `Clock` are
the ports through which layers meet without importing each other. Knows HTTP, must not know BaRS.
"""

from workbench.exchange.ports import Clock, Handler, Ids, Journal, LedgerState, Refuse, Send
from workbench.exchange.router import Route, Router
from workbench.exchange.values import (
    Address,
    Delivery,
    Direction,
    Drop,
    Exchange,
    Failure,
    FailureKind,
    Headers,
    Peer,
    Phase,
    Request,
    Response,
    Timing,
    TlsFacts,
    header,
    headers,
)

__all__ = [
    "Address",
    "Clock",
    "Delivery",
    "Direction",
    "Drop",
    "Exchange",
    "Failure",
    "FailureKind",
    "Handler",
    "Headers",
    "Ids",
    "Journal",
    "LedgerState",
    "Peer",
    "Phase",
    "Refuse",
    "Request",
    "Response",
    "Route",
    "Router",
    "Send",
    "Timing",
    "TlsFacts",
    "header",
    "headers",
]
