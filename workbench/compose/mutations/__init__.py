"""Break it: named faults of a draft, each with the answer that a correct receiver gives and the rule that finds it."""

from workbench.compose.mutations.registry import broken, broken_headers, fits, fitting, mutations
from workbench.compose.mutations.values import Group, Mutation

__all__ = ["Group", "Mutation", "broken", "broken_headers", "fits", "fitting", "mutations"]
