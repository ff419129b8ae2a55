"""Where the rules come from: the documents of the standard and their sections, named once.

Names only; must not hold rules.
"""

from __future__ import annotations

from workbench.messages import Source

_CORE = "BaRS Core 1.5.0"

PAYLOAD = Source("BaRS guide 1.12.0", "Application payload tables")
BUNDLE_PROFILE = Source("BARSBundleMessage", "profile")
HEADER_PROFILE = Source("BARSMessageHeader", "profiles")
DEFINITION = Source("MessageDefinition", "focus")
MESSAGE_HEADERS = Source(_CORE, "Message headers")
COMPOSITES = Source(_CORE, "Standard pattern, composite messages")
CANCELLATION = Source(_CORE, "Cancellation")
LAST_UPDATED = Source(_CORE, "FHIR usage, lastUpdated")
TIMES = Source(_CORE, "How to handle times")
JOURNEY = Source(_CORE, "Journey ID")
NEGOTIATION = Source("BaRS guide 1.12.0", "Content negotiation")
RELEASES = Source("BaRS guide 1.12.0", "Technical release notes")
USE_CASES = Source("BaRS code system", "usecases-categories-bars")
CODES = Source("BaRS code systems", "published codes")
HEADERS = Source("BaRS API specification 1.5.0", "headers")
OPERATIONS = Source("BaRS API specification 1.5.0", "operations")
ERRORS = Source("BaRS API specification 1.5.0", "errors")
LOGGING = Source(_CORE, "Logging")
INTEGRITY = Source(_CORE, "Transactional integrity")
RESPONSE_HEADERS = Source(_CORE, "HTTP response headers")
HTTP = Source("RFC 9110", "fields")
R4_BUNDLE = Source("FHIR R4", "Bundle")
R4_REFERENCES = Source("FHIR R4", "References")
R4_DATATYPES = Source("FHIR R4", "Datatypes")
NHS_NUMBER = Source("NHS Data Dictionary", "NHS NUMBER")
UK_CORE_PATIENT = Source("UKCore-Patient", "NHS number")
HARNESS = Source("National test harness", "common rules")
