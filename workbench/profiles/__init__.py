"""Base R4 and profiles of FHIR packages: checking structures over compiled definitions.

Pure but for reading packages; must not know the BaRS rules.
"""
