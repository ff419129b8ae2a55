"""Where the rules come from: the documents of the standard and their sections, named once.

Names only; must not hold rules.
"""

from __future__ import annotations

from workbench.messages import Source

_CORE = "BaRS Core 1.5.0"

PAYLOAD = Source("BaRS guide 1.12.0", "Application payload tables")
BUNDLE_PROFILE = Source("BARSBundleMessage", "profile")
HEADER_PROFILE = Source("BARSMessageHeader", "profiles")
ORDER_PROFILES = Source("BARSServiceRequest", "profiles")
LOCATION_PROFILE = Source("BARSLocation-incident-location", "profile")
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
SECURE_HEADERS = Source("OWASP Secure Headers Project", "19 July 2026")
HTTP = Source("RFC 9110", "fields")
URI = Source("RFC 3986", "percent-encoding")
FRAMING = Source("RFC 9112", "message body length")
PROFILES = Source("FHIR packages", "profiles")
R4_BUNDLE = Source("FHIR R4", "Bundle")
R4_OUTCOME = Source("FHIR R4", "OperationOutcome")
R4_REFERENCES = Source("FHIR R4", "References")
R4_DATATYPES = Source("FHIR R4", "Datatypes")
R4_RESOURCES = Source("FHIR R4", "Resource types and datatypes")
R4_JSON = Source("FHIR R4", "JSON representation of resources")
R4_CHOICES = Source("FHIR R4", "Formats, choice of datatypes")
R4_CODES = Source("FHIR R4", "Terminologies, required bindings")
R4_INVARIANTS = Source("FHIR R4", "Invariants of resources and datatypes")
NHS_NUMBER = Source("NHS Data Dictionary", "NHS NUMBER")
UK_CORE_PATIENT = Source("UKCore-Patient", "NHS number")
HARNESS = Source("National test harness", "common rules")
