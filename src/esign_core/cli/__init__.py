"""The command line: one file per command; this one only starts it, or says what is not installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

_NEEDED = {"cyclopts", "rich"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        from esign_core.cli.app import run
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _NEEDED:
            raise
        sys.stderr.write(f'esign: The command line needs {missing}; install it with: pip install "esign[cli]"\n')
        return 3
    return run(sys.argv[1:] if arguments is None else arguments)
