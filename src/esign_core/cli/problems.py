"""Turn every way in which a command can fail into one sentence and one exit code."""

from __future__ import annotations

import importlib.metadata
import traceback
from pathlib import Path

from esign_core.model.errors import (
    AuthenticationError,
    ConfigError,
    ConflictError,
    EsignError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.redaction import mask

__all__ = ["CODES", "REPORT_TO", "UsageError", "code_of", "sentence_of", "traceback_of"]

REPORT_TO = "https://github.com/esign-python/esign/issues"
"""Where a defect of esign is reported."""

_UNKNOWN = 9
_NOTE = "esign: "


class UsageError(Exception):
    """The command line cannot be understood; the text says how to write it."""


CODES: tuple[tuple[int, str, tuple[type[BaseException], ...]], ...] = (
    (2, "the command line, or a file that it names, cannot be used", (UsageError, OSError)),
    (3, "the configuration is missing or cannot be used", (ConfigError,)),
    (4, "the request is wrong, or this provider does not support it; nothing was sent", (InvalidRequestError,)),
    (5, "there is no such process", (NotFoundError,)),
    (6, "the vendor did not accept the keys", (AuthenticationError,)),
    (7, "the vendor refused, or the process is in another state; nothing happened", (RefusedError, ConflictError)),
    (8, "nothing happened, try again later", (UnavailableError, RateLimitError)),
    (_UNKNOWN, "the outcome is unknown, also after an interruption: look before you repeat it", (OutcomeUnknownError,)),
    (10, "the vendor's answer cannot be read", (UnreadableReplyError,)),
    (130, "interrupted; nothing was sent that could have an effect", (KeyboardInterrupt,)),
)
"""Exit codes, their meaning, and the errors that end in them; 0 is success and 1 a defect of esign."""


def code_of(error: BaseException) -> int:
    """Return the exit code of an error."""
    if _notes(error):
        return _UNKNOWN
    return next((code for code, _, kinds in CODES if isinstance(error, kinds)), 1)


def sentence_of(error: BaseException) -> str:
    """Say in one line what went wrong and what to do next."""
    notes = _notes(error)
    if isinstance(error, KeyboardInterrupt):
        text = "Interrupted." if notes else "Interrupted; no request that could have an effect was sent."
    elif isinstance(error, EsignError | UsageError):
        text = str(error)
    elif isinstance(error, OSError):
        known = f"{error.strerror}: {error.filename or 'a file'}"
        text = known if error.strerror else str(error) or "A file cannot be used, and the system does not say why."
    else:
        text = _unexpected(error)
    return " ".join(" ".join((text, *notes)).split())


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an error, without secrets and personal data as far as their form shows them."""
    return mask("".join(traceback.format_exception(error)))


def _notes(error: BaseException) -> list[str]:
    # The engine adds such a note where an interrupted request may have had an effect.
    return [note.removeprefix(_NOTE) for note in getattr(error, "__notes__", ()) if note.startswith(_NOTE)]


def _unexpected(error: BaseException) -> str:
    # The error's own text may hold anything, so its class and its place are shown instead.
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" at {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno}" for frame in last)
    return (
        f"This is a defect of esign {importlib.metadata.version('esign')}: {type(error).__name__}{place}. "
        f"Please report this line at {REPORT_TO}; with --debug the command also prints a traceback. "
        "The command may have had an effect: look before you repeat it."
    )
