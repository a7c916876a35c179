"""Rules for changing a process that exists: what can replace it in edition, and what a resend can change."""

from __future__ import annotations

from collections.abc import Iterator

from esign_auco.capabilities import CAPABILITIES
from esign_auco.wire.fields import Path, choose
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem
from esign_core.model.resend import Resend
from esign_core.providers.capabilities import Feature

__all__ = ["SIGNATURES_WILL_BE_LOST", "confirmation_problems", "replacement_problems", "resend_problems"]

SIGNATURES_WILL_BE_LOST = "signatures will be lost"
"""What a caller gives as `confirm` to state that they know what edition does."""


def resend_problems(resend: Resend) -> Iterator[Problem]:
    """Find edits: Auco documents no way to change a person of a process."""
    if resend.edits:
        yield CAPABILITIES.problem(Feature.RESEND_EDITS, "edits")


def confirmation_problems(confirm: str) -> Iterator[Problem]:
    """Find a missing confirmation."""
    if confirm != SIGNATURES_WILL_BE_LOST:
        hint = f"if that is what you want, give confirm={SIGNATURES_WILL_BE_LOST!r}"
        yield Problem.invalid("confirm", "does not say that signatures will be lost", hint)


def replacement_problems(draft: ProcessDraft, *, is_package: bool) -> Iterator[Problem]:
    """Find a draft that cannot replace a process in edition: a package for a document, or a document for a package."""
    path = choose(draft)
    if not (path.is_package if is_package else path in (Path.UPLOAD, Path.SAVE)):
        hint = "a document is overwritten by one PDF or template, a package by several of one kind"
        yield Problem.unsupported("documents", "cannot replace this process", hint)
