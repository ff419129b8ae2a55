"""Compiled definitions and problems are plain values: compiled and problems."""

from __future__ import annotations

from workbench.profiles.compiled import CompiledProfile, Discriminator, ElementRule, Slicing, TypeRule
from workbench.profiles.problems import Kind, Problem


def test_a_compiled_profile_is_compared_by_what_it_says() -> None:
    def made(least: int) -> CompiledProfile:
        slicing = Slicing((Discriminator("value", "system"),), "open")
        nhs = ElementRule("Patient.identifier:nhs", "identifier", least, 1, (TypeRule("Identifier"),), slice_name="nhs")
        identifiers = ElementRule("Patient.identifier", "identifier", slicing=slicing, slices=(nhs,))
        return CompiledProfile(
            "urn:p", "1", "P", "Patient", "", ElementRule("Patient", "Patient", children=(identifiers,))
        )

    assert made(1) == made(1)
    assert made(1) != made(0)


def test_a_problem_leaves_its_severity_to_the_rule() -> None:
    assert Problem(Kind.MISSING, "Patient.name", "The name is missing.").severity is None
