"""Problems: every way in which a command can fail, as one sentence and one exit code."""

from __future__ import annotations

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

__all__ = ["CODES", "UsageError", "code_of", "sentence_of"]


class UsageError(Exception):
    """The command was typed in a way that makes no sense; the text says how to type it."""


CODES: tuple[tuple[int, str, tuple[type[BaseException], ...]], ...] = (
    (2, "what was typed, or a file that it names, cannot be used", (UsageError, OSError)),
    (3, "the configuration cannot be used", (ConfigError,)),
    (4, "the request is wrong, or this provider cannot carry it; nothing was sent", (InvalidRequestError,)),
    (5, "there is no such process", (NotFoundError,)),
    (6, "the vendor did not accept the keys", (AuthenticationError,)),
    (7, "the vendor refused, or the process is in another state; nothing happened", (RefusedError, ConflictError)),
    (8, "nothing happened, try again later", (UnavailableError, RateLimitError)),
    (9, "it may have happened: look before you repeat it", (OutcomeUnknownError,)),
    (10, "the vendor's answer cannot be read", (UnreadableReplyError,)),
    (130, "interrupted", (KeyboardInterrupt,)),
)
"""Exit codes, what they mean, and the errors that end in them; 0 is success and 1 a mistake of esign's own."""


def code_of(error: BaseException) -> int:
    """Give the exit code that an error ends in."""
    return next((code for code, _, kinds in CODES if isinstance(error, kinds)), 1)


def sentence_of(error: BaseException) -> str:
    """Say in one line what went wrong and what to do next."""
    if isinstance(error, KeyboardInterrupt):
        text = "Interrupted; look at the process with `esign status` before you repeat the command."
    elif isinstance(error, EsignError | UsageError):
        text = str(error)
    elif isinstance(error, OSError):
        told = f"{error.strerror}: {error.filename or 'a file'}"
        text = told if error.strerror else str(error) or "A file cannot be used, and the system does not say why."
    else:
        # Its text may hold anything, and no more than its class is needed to report it.
        text = f"This is a mistake in esign, not yours ({type(error).__name__}); nothing more is known about it."
    return " ".join(text.split())
