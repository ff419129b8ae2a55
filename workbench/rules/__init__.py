"""The rules of the standard: judging messages, headers and answers.

Rules live in topic modules, one decorated generator each; the list below names every one of them, so that importing
this package registers them all. Pure: no clock, no files, no network.
"""

from workbench.rules import (  # the imports register the rules
    answer_headers,
    answer_outcome,
    answer_search,
    appointment,
    base,
    bundle,
    cancellation,
    care_plan,
    clinical,
    codes,
    consent,
    definition,
    demographics,
    dispatch,
    elements,
    encounter,
    flag,
    harness,
    harness_dispatch,
    harness_searches,
    http_access,
    http_body,
    http_headers,
    http_response,
    location,
    message_header,
    organisation,
    parameters,
    patient,
    profile,
    questionnaire,
    receiver_definition,
    references,
    response,
    search_values,
    service_request,
    slot_search,
    syntax,
    times,
    updates,
)
from workbench.rules.answers import answer_to, likely_answer
from workbench.rules.engine import RULE_SET, judge, judge_bytes
from workbench.rules.profiles import profile_of
from workbench.rules.registry import RuleSpec, registered, spec_of
from workbench.rules.values import Answer, Side, Submission, Verdict

TOPICS = (
    answer_headers,
    answer_outcome,
    answer_search,
    appointment,
    base,
    bundle,
    cancellation,
    care_plan,
    clinical,
    codes,
    consent,
    definition,
    demographics,
    dispatch,
    elements,
    encounter,
    flag,
    harness,
    harness_dispatch,
    harness_searches,
    http_access,
    http_body,
    http_headers,
    http_response,
    location,
    message_header,
    organisation,
    parameters,
    patient,
    profile,
    questionnaire,
    receiver_definition,
    references,
    response,
    search_values,
    service_request,
    slot_search,
    syntax,
    times,
    updates,
)
"""Every module that registers rules; a test compares it with the folder."""


def rules() -> tuple[RuleSpec, ...]:
    """Every rule by id, with its help."""
    return registered()


__all__ = [
    "RULE_SET",
    "TOPICS",
    "Answer",
    "RuleSpec",
    "Side",
    "Submission",
    "Verdict",
    "answer_to",
    "judge",
    "judge_bytes",
    "likely_answer",
    "profile_of",
    "rules",
    "spec_of",
]
