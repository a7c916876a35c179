"""Start the command line, or say which package it needs; each command has a file of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

_NEEDED = {"cyclopts", "rich"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        from esign_core.cli.app import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _NEEDED:
            raise
        sys.stderr.write(f'esign: The command line needs {missing}; install it with: pip install "esign[cli]"\n')
        return 3
    except KeyboardInterrupt:
        # Only while modules are imported: `run` handles every later interruption.
        sys.stderr.write("esign: Interrupted; nothing was sent.\n")
        return 130
