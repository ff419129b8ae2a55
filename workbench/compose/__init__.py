"""The one builder of messages: templates, replies, cancellations, drafts and their editing."""

from workbench.compose.carrying import carried, rebooked
from workbench.compose.document import Document
from workbench.compose.draft import Draft
from workbench.compose.facts import Links, Party, PatientFacts, Practitioner, Setting, SourceSoftware
from workbench.compose.following import acknowledge, cancel, replies_to, reply, update
from workbench.compose.new import compose
from workbench.compose.slots import slot_resources
from workbench.compose.templates import Purpose, Template, template, templates
from workbench.headers.build import HeaderChoices

__all__ = [
    "Document",
    "Draft",
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
    "carried",
    "compose",
    "rebooked",
    "replies_to",
    "reply",
    "slot_resources",
    "template",
    "templates",
    "update",
]
