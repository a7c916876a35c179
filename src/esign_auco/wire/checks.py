"""What Auco cannot carry on the path a draft takes: all of it at once, each with its field and a way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from esign_auco.settings import AucoSettings
from esign_auco.wire import identity, placing
from esign_auco.wire.fields import Path, choose, field
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import Channel, PlacementKind, ProcessDraft, Role, SignerDraft
from esign_core.model.errors import Problem
from esign_core.providers.validation import repeated

__all__ = [
    "Problems",
    "SHORTEST_LIFE",
    "draft_problems",
    "travels_inline",
]

SHORTEST_LIFE = timedelta(days=3)
"""How far ahead an expiry has to lie, and a little more."""

# What the flow itself writes: with another value in its place it would upload the wrong thing, or overwrite a process.
_RESERVED = ("file", "compress", "documents", "signProfile", "data", "code", "package")

Problems = Iterator[Problem]


def travels_inline(draft: ProcessDraft, path: Path, settings: AucoSettings) -> bool:
    """Tell whether the draft's PDF goes inside the request."""
    pdf = draft.documents[0] if draft.documents else None
    small = isinstance(pdf, Document) and pdf.size is not None and pdf.size <= settings.inline_limit
    return small and path in (Path.UPLOAD, Path.ATTACHMENTS)


def draft_problems(draft: ProcessDraft, settings: AucoSettings, now: datetime) -> tuple[Problem, ...]:
    """Return what Auco cannot carry of a well-formed draft; boxes may still lack their page's size."""
    path = choose(draft)
    found = [*_places(draft, path), *_documents(draft, path), *_times(draft, path, settings, now)]
    found += [*_folder(draft), *_extras(draft)]
    if not path.is_template:
        found += [*_people(draft, path, settings), *_order(draft)]
        if path.is_package:
            found += _package(draft)
    return tuple(found)


def _cannot(path: str, message: str, hint: str) -> Problem:
    return Problem(path=path, message=message, hint=hint, unsupported=True)


def _places(draft: ProcessDraft, path: Path) -> Problems:
    """Refuse what the draft uses and the table has no place for on this path."""
    for neutral, where in _used(draft, path):
        row = field(neutral)
        if row.at(path) is None and not row.note:
            yield _cannot(where, f"has no place where Auco makes a process of {path.value}", row.hint)


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
        yield from _used_by(signer, f"signers[{index}]", path)


def _used_by(signer: SignerDraft, where: str, path: Path) -> Iterator[tuple[str, str]]:
    # Who is asked for files is notified in any case, so that asking for it needs no place.
    silenced = signer.notify is False or (signer.notify is True and path is not Path.ATTACHMENTS)
    used = {
        "role: APPROVER": signer.role is Role.APPROVER,
        "notify": silenced,
        "channel: NONE": signer.channel is Channel.NONE,
        "attachments": bool(signer.attachments),
    }
    yield from ((f"signers[].{name}", f"{where}.{name.partition(':')[0]}") for name, is_used in used.items() if is_used)
    for number, placement in enumerate(signer.placements):
        at = f"{where}.placements[{number}]"
        if placement.kind is PlacementKind.TAG:
            yield "signers[].placements: tag", at
        if placement.template_id is not None:
            yield "signers[].placements: template_role(template_id=)", f"{at}.template_id"


def _documents(draft: ProcessDraft, path: Path) -> Problems:
    if path is Path.ATTACHMENTS and len(draft.documents) > 1:
        hint = "ask for the files in a process of their own"
        yield _cannot("documents", "are more than one, and files are asked of signers", hint)
    for index, document in enumerate(draft.documents):
        if isinstance(document, TemplateDocument):
            if not all(str(key).strip() for key in document.values):
                hint = "name each value after a variable: operations.template tells them"
                yield Problem(path=f"documents[{index}].values", message="have a blank name among them", hint=hint)
            for key, value in document.values.items():
                yield from _value(f"documents[{index}].values[{key!r}]", value)


def _value(where: str, value: Any) -> Problems:
    known = isinstance(value, str | int | date) and not isinstance(value, bool | datetime)
    if not known:
        hint = "give a text, a whole number or a date: Auco fills in texts"
        yield Problem(path=where, message="is nothing that a template can be filled with", hint=hint)


def _times(draft: ProcessDraft, path: Path, settings: AucoSettings, now: datetime) -> Problems:
    if draft.expires_at is not None and draft.expires_at <= now + SHORTEST_LIFE:
        yield _cannot("expires_at", "is too near", "give a moment more than 3 days ahead")
    if draft.remind_every is None:
        return
    step = 1 if settings.dialect == "current" and path in (Path.UPLOAD, Path.SAVE) else 3
    if draft.remind_every % timedelta(hours=step):
        hours = "whole hours" if step == 1 else "a multiple of 3 hours"
        yield _cannot("remind_every", f"is not {hours}", f"give {hours}: timedelta(hours=24)")


def _folder(draft: ProcessDraft) -> Problems:
    if draft.folder is not None and not draft.folder.strip():
        yield Problem(path="folder", message="is blank", hint="give a folder's path, or leave it unset")


def _people(draft: ProcessDraft, path: Path, settings: AucoSettings) -> Problems:
    template = any(placement.template_id for signer in draft.signers for placement in signer.placements)
    inline = travels_inline(draft, path, settings)
    for index, signer in enumerate(draft.signers):
        where = f"signers[{index}]"
        yield from _contact(where, signer, path)
        yield from identity.problems(where, signer, settings.dialect)
        yield from placing.problems(where, signer, draft)
        if signer.notify is True and signer.channel is Channel.NONE:
            yield Problem(path=f"{where}.notify", message="contradicts Channel.NONE", hint="leave one of them out")
        tagged = any(placement.kind is PlacementKind.TAG for placement in signer.placements)
        if tagged and not inline and not path.is_package and draft.documents:
            hint = "give boxes, or raise the setting inline_limit"
            yield _cannot(f"{where}.placements", "name a tag, which Auco finds only in a PDF inside the request", hint)
        if path is Path.ATTACHMENTS and not signer.attachments:
            hint = "ask them for a file too, with required=False if need be"
            yield _cannot(f"{where}.attachments", "are missing: where Auco asks for files, it asks everybody", hint)
    if template:
        yield from _stored_positions(draft)
    yield from _repeated(draft)


def _contact(where: str, signer: SignerDraft, path: Path) -> Problems:
    if signer.email is None:
        yield _cannot(f"{where}.email", "is missing", "Auco tells people apart by it, over WhatsApp too")
    if path is Path.ATTACHMENTS and signer.phone is None:
        yield _cannot(f"{where}.phone", "is missing", "Auco wants one of everybody where it asks for files")


def _stored_positions(draft: ProcessDraft) -> Problems:
    named = [placement for signer in draft.signers for placement in signer.placements if placement.template_id]
    if len({placement.template_id for placement in named}) > 1:
        hint = "take all roles from one template"
        yield _cannot("signers", "name roles of several templates", hint)


def _repeated(draft: ProcessDraft) -> Problems:
    for name in ("email", "phone"):
        for index in repeated(getattr(signer, name) for signer in draft.signers):
            hint = "give each person their own: Auco tells people apart by it"
            yield _cannot(f"signers[{index}].{name}", "is somebody else's too", hint)


def _order(draft: ProcessDraft) -> Problems:
    given = [signer.order is not None for signer in draft.signers]
    if draft.ordered and any(given):
        for index in (index for index, has in enumerate(given) if not has):
            hint = "give everybody an order, or nobody"
            yield Problem(path=f"signers[{index}].order", message="is missing, while others have one", hint=hint)


def _package(draft: ProcessDraft) -> Problems:
    asked = [identity.identity_of(signer) for signer in draft.signers]
    for index, wanted in enumerate(asked):
        if wanted != asked[0]:
            hint = "ask the same of everybody, or send each document as a process of its own"
            path = f"signers[{index}].challenges"
            yield _cannot(path, "or channel differ from signers[0]'s, and a package has one set for all", hint)
    for index in range(len(draft.documents)):
        if not any(index in placing.signed_by(draft, signer) for signer in draft.signers):
            hint = "name it in the documents of somebody, or leave it out"
            yield _cannot(f"documents[{index}]", "is signed by nobody", hint)
    people = {(signer.email or "").strip().casefold() for signer in draft.signers}
    for index, recipient in enumerate(draft.cc):
        if recipient.email.strip().casefold() in people:
            hint = "leave them out here: who signs gets the copies anyway"
            yield _cannot(f"cc[{index}].email", "is a signer's too", hint)


def _extras(draft: ProcessDraft) -> Problems:
    for key in _RESERVED:
        if key in draft.extras:
            hint = "say it in the draft" if key not in ("code", "package") else "use operations.overwrite"
            yield Problem(path=f"extras.{key}", message="is written by the client itself", hint=hint)
    for index, signer in enumerate(draft.signers):
        if "files" in signer.extras and not signer.attachments:
            hint = "say it in attachments, which chooses the path that has a place for it"
            yield Problem(path=f"signers[{index}].extras.files", message="has no place here", hint=hint)
