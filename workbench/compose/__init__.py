"""The one builder of messages: templates, replies, cancellations, drafts and their editing."""

from workbench.compose.buffer import DraftBuffer
from workbench.compose.draft import Draft
from workbench.compose.facts import Links, Party, PatientFacts, Practitioner, Setting, SourceSoftware
from workbench.compose.following import acknowledge, cancel, reply
from workbench.compose.new import compose
from workbench.compose.slots import slot_resources
from workbench.compose.templates import Purpose, Template, template, templates
from workbench.headers.build import HeaderChoices

__all__ = [
    "Draft",
    "DraftBuffer",
    "HeaderChoices",
    "Links",
    "Party",
    "PatientFacts",
    "Practitioner",
    "Purpose",
    "Setting",
    "SourceSoftware",
    "Template",
    "acknowledge",
    "cancel",
    "compose",
    "reply",
    "slot_resources",
    "template",
    "templates",
]
