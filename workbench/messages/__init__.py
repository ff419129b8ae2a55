"""FHIR values: reading, writing, places, facts, references, edits and plain-language summaries."""
