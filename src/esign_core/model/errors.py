"""The errors of esign: one class for each thing the caller would do next.

    EsignError
    +-- ConfigError              correct the configuration; nothing was sent
    +-- InvalidRequestError      correct the request: `problems` lists every problem; nothing was sent
    |   +-- UnsupportedError     the request is valid, but this provider does not support it
    +-- NotFoundError            there is no such process (or document, template, ...) for this account
    +-- AuthenticationError      correct the keys or their rights; nothing happened
    +-- RefusedError             the vendor refused, nothing happened: read `vendor_code`, `vendor_message`
    +-- ConflictError            the process is in another state than the operation needs: read it again
    +-- RateLimitError           wait until `retry_at`; nothing happened
    +-- UnavailableError         nothing happened: safe to try again later
    +-- OutcomeUnknownError      it may have succeeded: do not repeat it, follow `advice`
    +-- UnreadableReplyError     the answer to a read cannot be understood; nothing was changed

No error inherits from a built-in timeout or connection error, so that a retry decorator made for
those can never repeat a call whose outcome is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, overload

import attrs


class _Unsupported:
    """`problem.unsupported` is a bool; `Problem.unsupported(path, message, hint)` returns a problem with it set."""

    @overload
    def __get__(self, problem: None, kind: type[Problem]) -> Callable[..., Problem]: ...
    @overload
    def __get__(self, problem: Problem, kind: type[Problem]) -> bool: ...
    def __get__(self, problem: Problem | None, kind: type[Problem]) -> Callable[..., Problem] | bool:
        return kind._unsupported_by if problem is None else problem._unsupported  # noqa: SLF001 - both are of one class


@attrs.frozen(kw_only=True)
class Problem:
    """One problem of a request, found before anything is sent."""

    path: str
    """Where: `signers[1].email`, `expires_at`, ..."""
    message: str
    """The problem in words, without the offending value."""
    hint: str = ""
    """What to do about it."""
    _unsupported: bool = attrs.field(default=False, alias="unsupported", repr=False)
    note: bool = False
    """True: the draft can be sent as it is; this only says what will happen (`client.check(draft, notes=True)`)."""

    unsupported = _Unsupported()
    """True: this provider does not support it; False: it is malformed at every provider."""

    @classmethod
    def invalid(cls, path: str, message: str, hint: str = "") -> Problem:
        """Return a problem of a request that is malformed at any provider."""
        return cls(path=path, message=message, hint=hint)

    @classmethod
    def _unsupported_by(cls, path: str, message: str, hint: str = "") -> Problem:
        """Return a problem of a well-formed request that this provider does not support."""
        return cls(path=path, message=message, hint=hint, unsupported=True)

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class EsignError(Exception):
    """The base class of all errors that esign raises on purpose."""

    summary = "the operation failed"
    """The message used where none is given."""

    def __init__(
        self,
        message: str = "",
        *,
        provider: str | None = None,
        operation: str | None = None,
        process_id: str | None = None,
        status: int | None = None,
        vendor_code: str | None = None,
        vendor_message: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__()
        self.message = message or self.summary
        self.provider = provider
        self.operation = operation
        self.process_id = process_id
        self.status = status
        self.vendor_code = vendor_code
        self.vendor_message = vendor_message
        self.hint = hint
        self.problems: tuple[Problem, ...] = ()
        """The problems that a refusal names, each with its neutral path; in an `InvalidRequestError` every problem."""
        self.report: Any = None
        """The part of a resend that was done before it failed: a `ResendReport`, or None.

        Declared as Any: a report holds errors (`ResendReport.missed`), so its module imports this one.
        """
        self.definite = False
        """True: the reply says that the vendor refused and that nothing happened, with any HTTP status."""

    def __str__(self) -> str:
        facts = [
            fact
            for fact in (
                self.provider,
                self.operation,
                f"process {self.process_id}" if self.process_id else None,
                f"HTTP {self.status}" if self.status else None,
                self.vendor_code,
            )
            if fact
        ]
        text = self.message + (f" [{', '.join(facts)}]" if facts else "")
        if self.vendor_message:
            text += f" The vendor says: {self.vendor_message}"
        if self.hint:
            text += f" {self.hint}"
        return text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.__dict__.copy())


def _rebuild(cls: type[EsignError], state: dict[str, Any]) -> EsignError:
    error = cls.__new__(cls)
    error.__dict__.update(state)
    return error


class ConfigError(EsignError):
    """The configuration is missing, wrong or incomplete; names the key, never its value."""

    summary = "the configuration cannot be used"


class InvalidRequestError(EsignError):
    """The request is malformed; `problems` lists everything at once, and nothing was sent."""

    summary = "the request cannot be sent as it is"

    def __init__(self, message: str = "", *, problems: Iterable[Problem] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        text = super().__str__()
        return "; ".join([text, *map(str, self.problems)]) if self.problems else text


class UnsupportedError(InvalidRequestError):
    """The request is well-formed, but this provider does not support it."""

    summary = "this provider cannot do that"


class NotFoundError(EsignError):
    """The vendor knows nothing under that identifier for this account."""

    summary = "there is nothing under that identifier"


class AuthenticationError(EsignError):
    """The vendor did not accept the account's keys; nothing happened."""

    summary = "the vendor did not accept the account's keys"


class RefusedError(EsignError):
    """The vendor refused the request; nothing happened."""

    summary = "the vendor refused the request, and nothing happened"


class ConflictError(EsignError):
    """The process is in a state that does not allow the operation; nothing happened."""

    summary = "the process is not in a state that allows this"


class RateLimitError(EsignError):
    """Too many calls; nothing happened. `retry_at` (aware datetime) says when to come back, where known."""

    summary = "too many calls in too short a time; nothing was done"

    def __init__(self, message: str = "", *, retry_at: datetime | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_at = retry_at

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} Try again at {self.retry_at.isoformat()}." if self.retry_at else text


class UnavailableError(EsignError):
    """The vendor could not be reached or could not answer; nothing happened, so trying again is safe."""

    summary = "the vendor could not be reached or could not answer; nothing happened, and trying again is safe"


class OutcomeUnknownError(EsignError):
    """The outcome is unknown: a repetition may do the operation twice. `advice` says what to check."""

    summary = "the outcome is unknown: the operation may have succeeded"

    def __init__(self, message: str = "", *, advice: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.advice = advice

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} {self.advice}" if self.advice else text


class UnreadableReplyError(EsignError):
    """The answer to a read cannot be understood; the read changed nothing."""

    summary = "the vendor's answer cannot be read"
