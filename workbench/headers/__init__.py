"""The headers of the standard: composed, decoded, read from files and checked for what HTTP allows.

Pure; knows the header table, must not know rules, tokens or sockets.
"""

from workbench.headers.build import (
    MADE_WHEN_SENT,
    HeaderChoices,
    Organisation,
    PractitionerFacts,
    Software,
    TargetIdentifier,
    accept,
    compose_headers,
    use_context,
    wire_value,
)
from workbench.headers.decoded import DecodedHeader, decode_headers
from workbench.headers.lines import HeaderLines, read_header_lines

__all__ = [
    "MADE_WHEN_SENT",
    "DecodedHeader",
    "HeaderChoices",
    "HeaderLines",
    "Organisation",
    "PractitionerFacts",
    "Software",
    "TargetIdentifier",
    "accept",
    "compose_headers",
    "decode_headers",
    "read_header_lines",
    "use_context",
    "wire_value",
]
