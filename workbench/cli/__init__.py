"""The headless door: one function per command, results on stdout, everything else on stderr.

It reads arguments and prints; what anything means is decided below it. Exit codes: 0 fine, 1 the answer is no,
2 could not run.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from workbench.cli.arguments import parse
from workbench.errors import WorkbenchError
from workbench.settings import check_variables

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run one command; a WorkbenchError becomes its sentence, next step and code on stderr and exit code 2."""
    try:
        arguments = parse(argv)
        check_variables(os.environ)
        return arguments.run(arguments)
    except WorkbenchError as error:
        from workbench.cli.output import complain  # a window that opens has no use for it

        complain(error)
        return 2
    except KeyboardInterrupt:
        return 130
