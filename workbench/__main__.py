"""The entry point: `bars-workbench` and `python -m workbench`; it must know nothing but the command line."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import sys


def main() -> int:
    """Run the command line and give its exit code (0 fine, 1 the answer is no, 2 could not run)."""
    multiprocessing.freeze_support()
    _protect()
    from workbench import cli

    return cli.main(sys.argv[1:])


def _protect() -> None:
    """Files for their owner alone, no memory image after a crash, but the stacks of one on stderr."""
    os.umask(0o077)
    if sys.stderr is not None:
        faulthandler.enable()
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


if __name__ == "__main__":
    sys.exit(main())
