"""Statuses: two small enums, the detail beside them, and the normalizer that reads a vendor's words.

A vendor's vocabulary is data: a table of rules, of which the first match wins.
The normalizer is pure; an unknown word becomes UNKNOWN and keeps the vendor's spelling.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from typing import Any, Generic, TypeVar

import attrs


class ProcessStatus(enum.Enum):
    """The status of a signing process."""

    DRAFT = "draft"
    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    AWAITING_APPROVAL = "awaiting_approval"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class SignerStatus(enum.Enum):
    """The status of one person in a process."""

    NOT_NOTIFIED = "not_notified"
    NOTIFIED = "notified"
    DELIVERY_FAILED = "delivery_failed"
    VIEWED = "viewed"
    AUTHENTICATING = "authenticating"
    BLOCKED = "blocked"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Basis(enum.Enum):
    """The certainty of a status."""

    EXACT = "exact"
    """The vendor says so."""
    DERIVED = "derived"
    """Computed from flags, dates or an accepted command."""
    AMBIGUOUS = "ambiguous"
    """The vendor's word has more than one meaning; the likelier one was chosen."""


class EndReason(enum.Enum):
    """Why a process ended."""

    ALL_DONE = "all_done"
    PARTIAL_AT_DEADLINE = "partial_at_deadline"
    CLOSED_MANUALLY = "closed_manually"
    SIGNER_DECLINED = "signer_declined"
    APPROVER_REJECTED = "approver_rejected"
    SENDER_CANCELLED = "sender_cancelled"
    DEADLINE_PASSED = "deadline_passed"
    IDENTITY_FAILED = "identity_failed"
    DELIVERY_FAILED = "delivery_failed"
    PROVIDER_ERROR = "provider_error"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class StatusDetail:
    """The reasons for a status, down to the row of the table that decided."""

    vendor_status: str = ""
    """The vendor's own word; empty if the vendor has not given one yet."""
    basis: Basis = Basis.EXACT
    rule: str = ""
    """The id of the table row that decided, for example `auco.process.finish`."""
    end_reason: EndReason | None = None
    reopenable: bool = False
    """True: the vendor can reopen the process from here."""
    status: str = ""
    """The name of the status this explains."""

    @property
    def known(self) -> bool:
        """False if the vendor's word is not in the table."""
        return not self.rule.endswith(".unknown")

    def explain(self) -> str:
        """Say in one sentence how the status came about."""
        said = f"the vendor says {self.vendor_status!r}" if self.vendor_status else "the vendor has said nothing yet"
        if not self.known:
            return f"{self.status or 'UNKNOWN'}, because {said}, a word that is in no table (rule {self.rule})."
        why = {
            Basis.EXACT: "which means just that",
            Basis.DERIVED: "and the rest follows from other facts",
            Basis.AMBIGUOUS: "which can mean more than one thing, and this is the likelier",
        }[self.basis]
        return f"{self.status or 'This status'}, because {said}, {why} (rule {self.rule})."


S = TypeVar("S", ProcessStatus, SignerStatus)


def _facts(given: Iterable[str]) -> frozenset[str]:
    # A function, where the type itself would do: type checkers cannot see through a generic type's constructor.
    return frozenset(given)


def _rules(given: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(given)


@attrs.frozen
class Rule(Generic[S]):
    """One row of a vocabulary: a vendor's word (None: any) and a set of facts give a status."""

    id: str
    word: str | None
    status: S
    facts: frozenset[str] = attrs.field(default=frozenset(), converter=_facts, kw_only=True)
    basis: Basis = attrs.field(default=Basis.EXACT, kw_only=True)
    end_reason: EndReason | None = attrs.field(default=None, kw_only=True)
    reopenable: bool = attrs.field(default=False, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    """The source: a page of the vendor's, or "inferred" and from what."""


@attrs.frozen
class Vocabulary(Generic[S]):
    """All words of one kind that a vendor uses in one place, as a table of rules."""

    name: str
    """For example `auco.process`; prefixes every rule's id."""
    unknown: S
    rules: tuple[Rule[S], ...] = attrs.field(converter=_rules)

    def read(self, word: object, facts: Collection[str] = ()) -> tuple[S, StatusDetail]:
        """Return the status for a vendor's word and facts, and the reasons; never raises."""
        spelled = "" if word is None else str(word)
        known = frozenset(facts)
        for rule in self.rules:
            if (rule.word is None or rule.word == spelled) and rule.facts <= known:
                return rule.status, StatusDetail(
                    vendor_status=spelled,
                    basis=rule.basis,
                    rule=f"{self.name}.{rule.id}",
                    end_reason=rule.end_reason,
                    reopenable=rule.reopenable,
                    status=rule.status.name,
                )
        return self.unknown, StatusDetail(
            vendor_status=spelled, basis=Basis.AMBIGUOUS, rule=f"{self.name}.unknown", status=self.unknown.name
        )


def implied(status: ProcessStatus | SignerStatus, rule: str, *, end_reason: EndReason | None = None) -> StatusDetail:
    """Return the detail of a status that follows from an accepted command, not from a word of the vendor's."""
    return StatusDetail(basis=Basis.DERIVED, rule=rule, end_reason=end_reason, status=status.name)
