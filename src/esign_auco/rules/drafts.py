"""Rules for a draft as a whole: what has a place on its path, documents, times, extras, packages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from esign_auco.rules import signers
from esign_auco.settings import AucoSettings
from esign_auco.wire import identity, positions
from esign_auco.wire.fields import Path, choose, field
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem

__all__ = ["Problems", "SHORTEST_LIFE", "draft_problems"]

SHORTEST_LIFE = timedelta(days=3)
"""How far ahead an expiry must at least be; it must be later than that."""

# Written by the client itself: another value here would upload other bytes, or overwrite another process.
_RESERVED = ("file", "compress", "documents", "signProfile", "data", "code", "package")

Problems = Iterator[Problem]


def draft_problems(draft: ProcessDraft, settings: AucoSettings, now: datetime) -> tuple[Problem, ...]:
    """Return what Auco cannot accept of a well-formed draft; boxes may still lack the size of their page."""
    path = choose(draft)
    found = [*_places(draft, path), *_documents(draft, path), *_times(draft, path, settings, now)]
    found += _extras(draft)
    if not path.is_template:
        found += signers.signer_problems(draft, path, settings)
        if path.is_package:
            found += _package(draft)
    return tuple(found)


def _places(draft: ProcessDraft, path: Path) -> Problems:
    """Find what the draft uses and the table of fields has no place for on this path."""
    for neutral, where in _used(draft, path):
        row = field(neutral)
        if row.at(path) is None and not row.note:
            yield Problem.unsupported(where, f"has no place where Auco creates a process from {path.value}", row.hint)


def _used(draft: ProcessDraft, path: Path) -> Iterator[tuple[str, str]]:
    whole = {
        "cc": bool(draft.cc),
        "notify": draft.notify is False,
        "ordered": draft.ordered,
        "signers": bool(draft.signers),
    }
    yield from ((name, name) for name, used in whole.items() if used)
    for index, document in enumerate(draft.documents):
        if isinstance(document, Document):
            yield "documents[]: PDF", f"documents[{index}]"
            continue
        yield "documents[]: template", f"documents[{index}]"
        if document.values:
            yield "documents[].values", f"documents[{index}].values"
    # Where people come from the template, one problem says so for all that is theirs.
    for index, signer in enumerate(() if path.is_template else draft.signers):
        yield from signers.used_by(signer, f"signers[{index}]", path)


def _documents(draft: ProcessDraft, path: Path) -> Problems:
    if path is Path.ATTACHMENTS and len(draft.documents) > 1:
        hint = "ask for the files in a process of their own"
        yield Problem.unsupported("documents", "must be one at most where files are asked of signers", hint)
    for index, document in enumerate(draft.documents):
        if isinstance(document, TemplateDocument):
            if not all(str(key).strip() for key in document.values):
                hint = "name each value after a variable: operations.template names them"
                yield Problem.invalid(f"documents[{index}].values", "must not have a blank name", hint)
            for key, value in document.values.items():
                yield from _value(f"documents[{index}].values[{key!r}]", value)


def _value(where: str, value: Any) -> Problems:
    known = isinstance(value, str | int | date) and not isinstance(value, bool | datetime)
    if not known:
        hint = "Auco fills in texts"
        yield Problem.invalid(where, "must be a text, a whole number or a date", hint)


def _times(draft: ProcessDraft, path: Path, settings: AucoSettings, now: datetime) -> Problems:
    if draft.expires_at is not None and draft.expires_at <= now + SHORTEST_LIFE:
        yield Problem.unsupported("expires_at", "must be more than 3 days ahead", "give a later moment")
    if draft.remind_every is None:
        return
    step = 1 if settings.dialect == "current" and path in (Path.UPLOAD, Path.SAVE) else 3
    if draft.remind_every % timedelta(hours=step):
        hours = "whole hours" if step == 1 else "a multiple of 3 hours"
        yield Problem.unsupported("remind_every", f"must be {hours}", "give for example timedelta(hours=24)")


def _package(draft: ProcessDraft) -> Problems:
    asked = [identity.identity_of(signer) for signer in draft.signers]
    for index, wanted in enumerate(asked):
        if wanted != asked[0]:
            hint = "ask the same of every signer, or send each document as a process of its own"
            path = f"signers[{index}].challenges"
            message = "or channel differ from signers[0]'s, and a package has one set for all"
            yield Problem.unsupported(path, message, hint)
    for index in range(len(draft.documents)):
        if not any(index in positions.signed_by(draft, signer) for signer in draft.signers):
            hint = "name it in the documents of a signer, or leave it out"
            yield Problem.unsupported(f"documents[{index}]", "has no signer", hint)
    people = {(signer.email or "").strip().casefold() for signer in draft.signers}
    for index, recipient in enumerate(draft.cc):
        if recipient.email.strip().casefold() in people:
            hint = "leave them out here: signers get the copies anyway"
            yield Problem.unsupported(f"cc[{index}].email", "must not be the e-mail of a signer", hint)


def _extras(draft: ProcessDraft) -> Problems:
    for key in _RESERVED:
        if key in draft.extras:
            hint = "use the draft's own fields" if key not in ("code", "package") else "use operations.overwrite"
            yield Problem.invalid(f"extras.{key}", "is written by the client itself", hint)
    for index, signer in enumerate(draft.signers):
        if "files" in signer.extras and not signer.attachments:
            hint = "use attachments, which chooses the path that has a place for it"
            yield Problem.invalid(f"signers[{index}].extras.files", "has no place here", hint)
