"""Why a sign-in or a call was refused, found out on this machine: pure functions from facts to a diagnosis in words.

It asks nobody, stores nothing and sees no secret: tokens and assertions come as facts. Must not know session or window.
"""

from workbench.doctor.assertion import assertion_checks
from workbench.doctor.call_refusal import diagnose_call
from workbench.doctor.explain import Explanation, Retry, explain
from workbench.doctor.network import diagnose_failure
from workbench.doctor.token_refusal import diagnose_token
from workbench.doctor.values import CallFacts, Check, Diagnosis, KnownKey, KnownPlace, SignIn, State, TokenFacts

__all__ = [
    "CallFacts",
    "Check",
    "Diagnosis",
    "Explanation",
    "KnownKey",
    "KnownPlace",
    "Retry",
    "SignIn",
    "State",
    "TokenFacts",
    "assertion_checks",
    "diagnose_call",
    "diagnose_failure",
    "diagnose_token",
    "explain",
]
