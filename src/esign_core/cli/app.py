"""Build the command-line application, and turn every error into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import os
import sys
from collections.abc import Iterator, Sequence

import cyclopts

from esign_core.cli.cancel import cancel
from esign_core.cli.demo import demo
from esign_core.cli.download import download
from esign_core.cli.problems import CODES, UsageError, code_of, sentence_of, traceback_of
from esign_core.cli.providers import providers
from esign_core.cli.resend import resend
from esign_core.cli.screen import plain
from esign_core.cli.send import send
from esign_core.cli.status import status

__all__ = ["build", "run"]

_CODES = "\n".join(
    ["Exit codes:", "  0 done", "  1 a defect of esign", *(f"{code:3} {meaning}" for code, meaning, _ in CODES)]
)


def build() -> cyclopts.App:
    """Build the application with all commands."""
    app = cyclopts.App(
        name="esign",
        help="Send documents for signature, whichever e-signature vendor you use.",
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
    """Run one command and return its exit code; an error is one sentence on stderr."""
    debug = "--debug" in arguments
    try:
        with _log_shown() if debug else contextlib.nullcontext():
            build()(list(arguments), exit_on_error=False, print_error=False)
            sys.stdout.flush()
    except cyclopts.CycloptsError as error:
        return _report(UsageError(f"{error} (see esign --help)"), debug=debug)
    except BrokenPipeError:
        # The reader of the output has closed it; without this, the interpreter would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - people get a sentence instead of a traceback
        return _report(error, debug=debug)
    return 0


def _report(error: BaseException, *, debug: bool) -> int:
    if debug:
        sys.stderr.write(traceback_of(error))
    sys.stderr.write(f"esign: {plain(sentence_of(error))}\n")
    return code_of(error)


@contextlib.contextmanager
def _log_shown() -> Iterator[None]:
    log, handler = logging.getLogger("esign"), logging.StreamHandler(sys.stderr)
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
