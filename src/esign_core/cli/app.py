"""The application: puts the commands together, and turns whatever goes wrong into a sentence and an exit code."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Sequence

import cyclopts

from esign_core.cli.cancel import cancel
from esign_core.cli.demo import demo
from esign_core.cli.download import download
from esign_core.cli.problems import CODES, UsageError, code_of, sentence_of
from esign_core.cli.providers import providers
from esign_core.cli.resend import resend
from esign_core.cli.screen import plain
from esign_core.cli.send import send
from esign_core.cli.status import status

__all__ = ["build", "run"]

_CODES = "\n".join(
    ["Exit codes:", "  0 done", "  1 a mistake of esign's own", *(f"{code:3} {meaning}" for code, meaning, _ in CODES)]
)


def build() -> cyclopts.App:
    """Assemble the commands."""
    app = cyclopts.App(
        name="esign",
        help="Have documents signed, whoever the e-signature vendor is.",
        help_epilogue=_CODES,
        help_format="plaintext",
        version=lambda: importlib.metadata.version("esign"),
        default_parameter=cyclopts.Parameter(negative=()),
        result_action="return_none",
        suppress_keyboard_interrupt=False,
    )
    for command in (demo, providers, send, status, resend, cancel, download):
        app.command(command)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what goes wrong is one sentence on stderr."""
    try:
        build()(list(arguments), exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except cyclopts.CycloptsError as error:
        return _failed(UsageError(f"{error} (see esign --help)"))
    except BrokenPipeError:
        # Whoever read our output has had enough of it; there is nobody left to tell, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - people get a sentence, never a traceback
        return _failed(error)
    return 0


def _failed(error: BaseException) -> int:
    sys.stderr.write(f"esign: {plain(sentence_of(error))}\n")
    return code_of(error)
