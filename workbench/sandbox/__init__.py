"""The embedded BaRS: token endpoint, routing proxy rules, and partners that are each a `receiver`.

What passes inside it stays in its own log. Imports neither transport nor history.
"""

from workbench.sandbox.log import LogRow, LogTable
from workbench.sandbox.partner import Partner, PartnerSpec, Planned, ReplyPlan, partner_specs
from workbench.sandbox.proxy import Answer, ProxyLimits, Routes, Target, proxy_errors
from workbench.sandbox.replies import Replies, ReplyDelays
from workbench.sandbox.sandbox import JWKS_PATH, Sandbox
from workbench.sandbox.tasks import After, Tasks
from workbench.sandbox.token import TOKEN_PATH, Client, TokenEndpoint, token_errors

__all__ = [
    "JWKS_PATH",
    "TOKEN_PATH",
    "After",
    "Answer",
    "Client",
    "LogRow",
    "LogTable",
    "Partner",
    "PartnerSpec",
    "Planned",
    "ProxyLimits",
    "Replies",
    "ReplyDelays",
    "ReplyPlan",
    "Routes",
    "Sandbox",
    "Target",
    "Tasks",
    "TokenEndpoint",
    "partner_specs",
    "proxy_errors",
    "token_errors",
]
