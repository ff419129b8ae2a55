"""Consistent masks for people: the same person gets the same invented name and reserved NHS number everywhere.

Pure: trees and texts in, trees and texts out. Must not know HTTP, files or the window.
"""

from workbench.masking.masker import Masker
from workbench.masking.pseudonyms import Pseudonyms

__all__ = ["Masker", "Pseudonyms"]
