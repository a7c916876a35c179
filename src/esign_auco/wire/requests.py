"""Write creation requests, by the table of `fields`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from esign_auco.settings import AucoSettings
from esign_auco.wire.fields import Path, choose, place, travels_inline
from esign_auco.wire.identity import PROOFS, card_of, identity_of, write_card, write_identity
from esign_auco.wire.positions import signed_by, write_placements
from esign_core.model.documents import TemplateDocument
from esign_core.model.drafts import Attachment, Channel, ProcessDraft, Role, SignerDraft
from esign_core.providers.convert import format_instant, merge_extras

__all__ = ["dump_creation", "hours", "is_notified", "order_of", "template_data"]


def template_data(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the values of a template as Auco takes them: as texts, dates among them as DD/MM/YYYY."""
    return [{"key": str(key), "value": _text(value)} for key, value in values.items()]


def _text(value: Any) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def is_notified(draft: ProcessDraft, signer: SignerDraft) -> bool:
    """Return whether Auco itself asks a person to sign."""
    if signer.channel is Channel.NONE:
        return False
    return draft.notify is not False if signer.notify is None else signer.notify


def order_of(draft: ProcessDraft, index: int) -> int | None:
    """Return a person's place in the order; without one, their place among the draft's signers."""
    if not draft.ordered:
        return None
    return draft.signers[index].order or index + 1


def hours(span: timedelta) -> int:
    """Return a length of time in whole hours."""
    return span // timedelta(hours=1)


def dump_creation(draft: ProcessDraft, settings: AucoSettings, sender: str) -> dict[str, Any]:
    """Return the body that creates a process in a user's name; documents are leaves in it."""
    path = choose(draft)
    body = {"email": sender, **_names(draft, path), **_whole(draft, path, settings)}
    if path is Path.SAVE:
        # Without it Auco would e-mail the filled document for printing instead of having it signed.
        body["sign"] = True
    return merge_extras({**body, **_contents(draft, path, settings)}, draft.extras)


def _names(draft: ProcessDraft, path: Path) -> dict[str, str]:
    if path is not Path.ATTACHMENTS:
        return {"name": draft.name}
    return {"packageName": draft.name, **({"name": draft.name} if draft.documents else {})}


def _whole(draft: ProcessDraft, path: Path, settings: AucoSettings) -> dict[str, Any]:
    stand_in = draft.name if _needs_text(draft, path, settings) else None
    values: dict[str, Any] = {
        "subject": _filled(draft.subject, stand_in),
        "message": _filled(draft.message, stand_in),
        "folder": draft.folder,
        "remind_every": None if draft.remind_every is None else hours(draft.remind_every),
        "expires_at": None if draft.expires_at is None else format_instant(draft.expires_at),
        "cc": [{"name": recipient.name, "email": recipient.email} for recipient in draft.cc] or None,
        "notify": draft.notify,
        "tags": list(draft.tags) or None,
    }
    placed = {place(neutral, path): value for neutral, value in values.items() if value is not None}
    body = {name: value for name, value in placed.items() if name is not None}
    if draft.reference is not None and place("reference", path):
        body["custom"] = {"reference": draft.reference}
    if path is Path.MANY and draft.signers:
        # A package has one set of proofs for all; the rules refuse a draft in which they differ.
        body.update(write_identity(identity_of(draft.signers[0]), settings.dialect))
    return body


def _filled(text: str | None, stand_in: str | None) -> str | None:
    return text if text and text.strip() else stand_in


def _needs_text(draft: ProcessDraft, path: Path, settings: AucoSettings) -> bool:
    """Return whether the vendor requires subject and message: its older texts always, its newest where it e-mails."""
    if path is Path.ATTACHMENTS:
        return False
    if settings.dialect == "classic":
        return True
    if path is Path.SAVE:
        return draft.notify is not False
    by_mail = (Channel.EMAIL, Channel.EMAIL_AND_WHATSAPP)
    return path is Path.UPLOAD and any(s.channel in by_mail and is_notified(draft, s) for s in draft.signers)


def _contents(draft: ProcessDraft, path: Path, settings: AucoSettings) -> dict[str, Any]:
    if path is Path.MANY:
        return {
            "documents": [
                {"name": document.name, "signProfile": _people(draft, path, settings, index)}
                for index, document in enumerate(draft.documents)
            ]
        }
    templates = [document for document in draft.documents if isinstance(document, TemplateDocument)]
    if path is Path.MANY_TEMPLATES:
        return {"documents": [{**_template_name(template), **_template(template)} for template in templates]}
    if path is Path.SAVE:
        return _template(templates[0])
    people = {"signProfile": _people(draft, path, settings, 0)}
    return {**people, **(_template(templates[0]) if templates else _pdf(draft, path, settings))}


def _template_name(template: TemplateDocument) -> dict[str, Any]:
    name = _filled(template.name, None)
    return {} if name is None else {"name": name}


def _template(template: TemplateDocument) -> dict[str, Any]:
    data = {"data": template_data(template.values)} if template.values else {}
    return {"document": template.template_id, **data}


def _pdf(draft: ProcessDraft, path: Path, settings: AucoSettings) -> dict[str, Any]:
    if not draft.documents:
        return {}
    named = (placement.template_id for signer in draft.signers for placement in signer.placements)
    stored = next(filter(None, named), None)
    positions = {} if stored is None else {"document": stored}
    inline = travels_inline(draft, path, settings)
    return {**positions, **({"file": draft.documents[0]} if inline else {"compress": True})}


def _people(draft: ProcessDraft, path: Path, settings: AucoSettings, document: int) -> list[dict[str, Any]]:
    return [
        _person(draft, path, settings, index, document)
        for index, signer in enumerate(draft.signers)
        if document in signed_by(draft, signer) or not draft.documents
    ]


def _person(draft: ProcessDraft, path: Path, settings: AucoSettings, index: int, document: int) -> dict[str, Any]:
    signer = draft.signers[index]
    notified = False if signer.channel is Channel.NONE else signer.notify
    values = {
        "name": signer.name,
        "email": signer.email,
        "phone": signer.phone,
        "role: APPROVER": "APPROVER" if signer.role is Role.APPROVER else None,
        "notify": notified,
        "attachments": [_file(attachment) for attachment in signer.attachments] or None,
    }
    placed = {place(f"signers[].{neutral}", path): value for neutral, value in values.items() if value is not None}
    person = {name: value for name, value in placed.items() if name is not None}
    order = order_of(draft, index)
    if order is not None and place("ordered", path):
        person["order"] = str(order)
    proofs = {} if path is Path.MANY else _proofs(draft, signer, settings)
    return merge_extras(
        {**person, **write_placements(signer, document), **proofs, **write_card(card_of(signer))}, signer.extras
    )


def _proofs(draft: ProcessDraft, signer: SignerDraft, settings: AucoSettings) -> dict[str, Any]:
    """Return what is asked of one person, together with what the draft's extras ask of all signers.

    A signer who has any of `camera`, `otpCode` and `options` inherits nothing from the root any more (the page on
    validations), so that a code asked of all by extras would not be asked of this person.
    """
    own = write_identity(identity_of(signer), settings.dialect)
    if not own:
        return {}
    asked = {name: value for name, value in draft.extras.items() if name in PROOFS}
    switched_off = [name for name in ("camera", "otpCode") if signer.extras.get(name) is False]
    if switched_off and isinstance(asked.get("options"), Mapping):
        asked["options"] = {name: value for name, value in asked["options"].items() if name not in switched_off}
    return merge_extras(asked, own)


def _file(attachment: Attachment) -> dict[str, Any]:
    return {"name": attachment.name} if attachment.required else {"name": attachment.name, "optional": True}
