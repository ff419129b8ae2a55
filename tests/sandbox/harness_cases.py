"""What is done for each row of the two documents on the national harness; rows are known by a digest of their text.

A case gets the bench and the cells of its row, so that what is expected is read from the document where it
stands there.
Where the two documents differ, the guide's table is followed and the configuration's rules are added to it; a case says
so where the answer is therefore another one than the row's.
"""

from __future__ import annotations

from tests.sandbox import harness_calls, harness_linked, harness_messages
from tests.sandbox.harness_kit import CASES

MODULES = (harness_calls, harness_linked, harness_messages)
"""Those that fill the table."""

__all__ = ["CASES", "MODULES"]
