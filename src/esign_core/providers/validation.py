"""What is malformed anywhere, whoever the provider is: every problem of a draft or a resend, at once."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    ChallengeMethod,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    PlacementKind,
    ProcessDraft,
    Role,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import Problem
from esign_core.model.fields import Unset, given
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit

Problems = Iterator[Problem]

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)*@(?:\w(?:[\w-]*\w)?\.)+\w[\w-]*\w")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_CODE = re.compile(r"[0-9]{4}")


def is_email(text: object) -> bool:
    """Tell whether a text has the form of an e-mail address; nobody is asked whether it exists."""
    return isinstance(text, str) and len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_phone(text: object) -> bool:
    """Tell whether a text is a phone number in E.164: `+573001234567`."""
    return isinstance(text, str) and _PHONE.fullmatch(text) is not None


def repeated(values: Iterable[str | None]) -> tuple[int, ...]:
    """Return the positions whose value, compared without case and outer blanks, stood there before."""
    seen: set[str] = set()
    again = []
    for index, value in enumerate(values):
        folded = value.strip().casefold() if isinstance(value, str) else ""
        if folded and folded in seen:
            again.append(index)
        seen.add(folded)
    return tuple(again)


def kind_problems(draft: ProcessDraft) -> tuple[Problem, ...]:
    """Return what in a draft is of the wrong type: nothing else can be judged before that is mended."""
    return tuple(_shape("", draft))


def draft_problems(draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
    """Return everything that is malformed in a draft whose values have the right types; empty where nothing is."""
    return (*_whole(draft, now), *_documents(draft), *_people(draft))


def resend_problems(resend: Resend) -> tuple[Problem, ...]:
    """Return everything that is malformed in a resend; empty where nothing is."""
    if not isinstance(resend, Resend):
        return (_problem("resend", "is no Resend", "make one, and give that"),)
    problems = list(_shape("", resend))
    if not problems:
        ids = [edit.signer_id for edit in resend.edits]
        again = repeated(ids)
        problems += (_problem(f"edits[{n}].signer_id", "is named twice", "give one edit per signer") for n in again)
        for index, edit in enumerate(resend.edits):
            problems += _edit(f"edits[{index}]", edit)
    if resend.requested_by is not None and not is_email(resend.requested_by):
        problems.append(_problem("requested_by", "is no e-mail address", "give the address of a user of the platform"))
    return tuple(problems)


def _problem(path: str, message: str, hint: str = "") -> Problem:
    return Problem(path=path, message=message, hint=hint)


_NONE = type(None)
# What a field may be, where its contents are not judged anyway; `tuple` first means a collection of the rest.
_SHAPES: Mapping[type, Mapping[str, tuple[type, ...]]] = {
    ProcessDraft: {
        "documents": (tuple, Document, TemplateDocument),
        "signers": (tuple, SignerDraft),
        "cc": (tuple, CopyRecipient),
        "tags": (tuple, str),
        "extras": (Mapping,),
        "expires_at": (datetime, _NONE),
        "remind_every": (timedelta, _NONE),
    },
    Document: {"name": (str,), "head": (bytes,), "url": (str, _NONE), "size": (int, _NONE)},
    TemplateDocument: {"values": (Mapping,)},
    SignerDraft: {
        "challenges": (tuple, Challenge),
        "placements": (tuple, Placement),
        "attachments": (tuple, Attachment),
        "documents": (tuple, int, _NONE),
        "extras": (Mapping,),
        "channel": (Channel,),
        "role": (Role,),
        "order": (int, _NONE),
        "security_code": (SecurityCode, _NONE),
        "signature_data": (SignatureData, _NONE),
    },
    Challenge: {"method": (ChallengeMethod,), "channel": (Channel, _NONE)},
    SecurityCode: {"channel": (Channel,)},
    SignatureData: {"signatory": (Party, _NONE), "company": (Party, _NONE)},
    Placement: {
        "kind": (PlacementKind,),
        "page": (int,),
        "x": (int, float),
        "y": (int, float),
        "width": (int, float),
        "height": (int, float),
        "page_size": (tuple, int, float, _NONE),
        "document": (int, _NONE),
    },
    Resend: {"edits": (tuple, SignerEdit)},
    SignerEdit: {
        "channel": (Channel, Unset, _NONE),
        "security_code": (SecurityCodeEdit, Unset, _NONE),
        "signature_data": (SignatureDataEdit, Unset, _NONE),
    },
    SecurityCodeEdit: {"channel": (Channel, Unset, _NONE)},
    SignatureDataEdit: {"signatory": (PartyEdit, Unset, _NONE), "company": (PartyEdit, Unset, _NONE)},
}


def _shape(path: str, value: object) -> Problems:
    """Yield what is of the wrong type in a value and in all that it holds."""
    shape = next((shape for kind, shape in _SHAPES.items() if isinstance(value, kind)), {})
    for name, kinds in shape.items():
        where, part = f"{path}.{name}" if path else name, getattr(value, name)
        if part is None and _NONE in kinds:
            continue
        if kinds[0] is not tuple:
            yield from _fitting(where, part, kinds)
        elif isinstance(part, tuple):
            for index, each in enumerate(part):
                yield from _fitting(f"{where}[{index}]", each, kinds[1:])
        else:
            yield _problem(where, f"is no collection of {_named(kinds[1:])}", f"give a list of {_named(kinds[1:])}")


def _fitting(path: str, value: object, kinds: tuple[type, ...]) -> Problems:
    if not isinstance(value, kinds) or isinstance(value, bool):
        yield _problem(path, f"is no {_named(kinds)}")
    yield from _shape(path, value)


def _named(kinds: tuple[type, ...]) -> str:
    return " or ".join(kind.__name__ for kind in kinds if kind not in (_NONE, Unset))


def _whole(draft: ProcessDraft, now: datetime) -> Problems:
    yield from _required_text("name", draft.name)
    for path in ("subject", "message", "folder", "reference"):
        yield from _optional_text(path, getattr(draft, path))
    for index, tag in enumerate(draft.tags):
        yield from _required_text(f"tags[{index}]", tag)
    if not draft.signers and not _from_templates(draft):
        yield _problem("signers", "is empty", "name at least one person who shall sign")
    if draft.expires_at is not None:
        yield from _deadline(draft.expires_at, now)
    if draft.remind_every is not None and draft.remind_every <= timedelta(0):
        yield _problem("remind_every", "is no positive length of time", "give for example timedelta(days=3)")
    for index, recipient in enumerate(draft.cc):
        yield from _required_text(f"cc[{index}].name", recipient.name)
        yield from _email(f"cc[{index}].email", recipient.email)


def _from_templates(draft: ProcessDraft) -> bool:
    return bool(draft.documents) and all(isinstance(document, TemplateDocument) for document in draft.documents)


def _deadline(moment: datetime, now: datetime) -> Problems:
    if moment.utcoffset() is None:
        yield _problem("expires_at", "has no time zone", "give an aware datetime, for example in UTC")
    elif moment <= now:
        yield _problem("expires_at", "is not in the future", "give a later date")


def _documents(draft: ProcessDraft) -> Problems:
    if not draft.documents and not any(signer.attachments for signer in draft.signers):
        yield _problem("documents", "is empty", "give at least one document, or ask somebody for attachments")
    for index, document in enumerate(draft.documents):
        path = f"documents[{index}]"
        if isinstance(document, TemplateDocument):
            yield from _required_text(f"{path}.template_id", document.template_id)
            yield from _optional_text(f"{path}.name", document.name)
            continue
        yield from _required_text(f"{path}.name", document.name)
        if document.url is not None:
            if not document.url.startswith("https://"):
                yield _problem(f"{path}.url", "is no https address", "give one that the vendor can fetch")
        elif not document.is_pdf:
            yield _problem(path, "is no PDF", "send a PDF file: its first line begins with %PDF-")


def _people(draft: ProcessDraft) -> Problems:
    for index, signer in enumerate(draft.signers):
        path = f"signers[{index}]"
        yield from _required_text(f"{path}.name", signer.name)
        yield from _optional_text(f"{path}.message", signer.message)
        yield from _contact(path, signer)
        if signer.order is not None and signer.order < 1:
            yield _problem(f"{path}.order", "is less than 1", "count the order from 1")
        if signer.order is not None and not draft.ordered:
            yield _problem(f"{path}.order", "is given, but the process is not ordered", "set ordered=True")
        for number in signer.documents or ():
            if not 0 <= number < len(draft.documents):
                yield _problem(f"{path}.documents", "names a document that is not there", "count documents from 0")
        if signer.documents == ():
            yield _problem(f"{path}.documents", "is empty", "leave it out for all documents")
        yield from _details(path, signer)
        for number, placement in enumerate(signer.placements):
            yield from _placement(f"{path}.placements[{number}]", placement, len(draft.documents))


def _contact(path: str, signer: SignerDraft) -> Problems:
    if signer.email is not None:
        yield from _email(f"{path}.email", signer.email)
    if signer.phone is not None:
        yield from _phone(f"{path}.phone", signer.phone)
    channel = signer.channel
    if signer.email is None and channel in (Channel.EMAIL, Channel.EMAIL_AND_WHATSAPP):
        yield _problem(f"{path}.email", "is missing", "this person is to be asked by e-mail")
    if signer.phone is None and channel in (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP):
        yield _problem(f"{path}.phone", "is missing", "this person is to be asked by phone")


def _details(path: str, signer: SignerDraft) -> Problems:
    for number, challenge in enumerate(signer.challenges):
        yield from _challenge(f"{path}.challenges[{number}]", challenge)
    if signer.security_code is not None:
        yield from _security_code(f"{path}.security_code", signer.security_code)
    if signer.signature_data is not None:
        for side in ("signatory", "company"):
            yield from _party(f"{path}.signature_data.{side}", getattr(signer.signature_data, side))
    for number, attachment in enumerate(signer.attachments):
        yield from _required_text(f"{path}.attachments[{number}].name", attachment.name)
    for number in repeated(attachment.name for attachment in signer.attachments):
        yield _problem(f"{path}.attachments[{number}].name", "is there twice", "give each attachment its own name")


def _challenge(path: str, challenge: Challenge) -> Problems:
    if challenge.method is ChallengeMethod.OTP and challenge.channel in (None, Channel.NONE):
        yield _problem(f"{path}.channel", "is missing", "say how the code travels: Challenge.otp(Channel.EMAIL)")
    if challenge.method is ChallengeMethod.ID_DOCUMENT:
        for name in ("number", "kind", "country"):
            yield from _required_text(f"{path}.{name}", getattr(challenge, name))


def _security_code(path: str, code: SecurityCode) -> Problems:
    if not _CODE.fullmatch(str(code.code)):
        yield _problem(f"{path}.code", "is not four digits", 'give a text such as "0417"')
    if code.channel is Channel.EMAIL_AND_WHATSAPP:
        yield _problem(f"{path}.channel", "is no single channel", "choose EMAIL, SMS, WHATSAPP or NONE")
    if code.email is not None:
        yield from _email(f"{path}.email", code.email)
    if code.phone is not None:
        yield from _phone(f"{path}.phone", code.phone)


def _party(path: str, party: Party | None) -> Problems:
    if party is None:
        return
    for name in ("name", "document_number", "document_kind"):
        yield from _optional_text(f"{path}.{name}", getattr(party, name))


def _placement(path: str, placement: Placement, documents: int) -> Problems:
    if placement.document is not None and not 0 <= placement.document < documents:
        yield _problem(f"{path}.document", "names a document that is not there", "count documents from 0")
    if placement.kind is PlacementKind.TEMPLATE_ROLE:
        yield from _required_text(f"{path}.role", placement.role)
    if placement.kind is not PlacementKind.BOX:
        return
    if placement.page < 1:
        yield _problem(f"{path}.page", "is less than 1", "count pages from 1")
    size: Any = placement.page_size
    if size is not None and (len(size) != 2 or not all(0 < side < math.inf for side in size)):
        yield _problem(f"{path}.page_size", "is no width and height", "give both in points, or leave it out")
    # Written so that nan, which compares with nothing, is refused too.
    elif not (0 < placement.width < math.inf and 0 < placement.height < math.inf):
        yield _problem(path, "has no area", "give a width and a height in points (1/72 inch)")
    elif not (0 <= placement.x < math.inf and 0 <= placement.y < math.inf) or outside(placement):
        yield _problem(path, "lies outside its page", "measure in points from the page's top left corner")


def outside(placement: Placement) -> bool:
    """Tell whether a box goes over the edges of its page, as far as the page's size is known."""
    if placement.page_size is None:
        return False
    width, height = placement.page_size
    # A hair of tolerance: boxes are often computed from fractions of the page.
    return placement.x + placement.width > width + 0.01 or placement.y + placement.height > height + 0.01


def _edit(path: str, edit: SignerEdit) -> Problems:
    yield from _required_text(f"{path}.signer_id", edit.signer_id)
    yield from _edited_contact(path, edit.email, edit.phone)
    if given(edit.name) and edit.name is not None:
        yield from _required_text(f"{path}.name", edit.name)
    if isinstance(edit.security_code, SecurityCodeEdit):
        code = edit.security_code
        yield from _edited_contact(f"{path}.security_code", code.email, code.phone)
    if isinstance(edit.signature_data, SignatureDataEdit):
        for side in ("signatory", "company"):
            party = getattr(edit.signature_data, side)
            for name in ("name", "document_number") if party else ():
                value = getattr(party, name)
                if given(value):
                    yield from _optional_text(f"{path}.signature_data.{side}.{name}", value)


def _edited_contact(path: str, email: Any, phone: Any) -> Problems:
    if given(email) and email is not None:
        yield from _email(f"{path}.email", email)
    if given(phone) and phone is not None:
        yield from _phone(f"{path}.phone", phone)


def _email(path: str, value: object) -> Problems:
    if not is_email(value):
        yield _problem(path, "is no e-mail address", "give one such as ana@example.com")


def _phone(path: str, value: object) -> Problems:
    if not is_phone(value):
        yield _problem(path, "is no phone number in E.164", "plus sign, country code, number: +573001234567")


def _required_text(path: str, value: object) -> Problems:
    if value is None or (isinstance(value, str) and not value.strip()):
        yield _problem(path, "is missing", "give a text")
    else:
        yield from _optional_text(path, value)


def _optional_text(path: str, value: object) -> Problems:
    if value is None:
        return
    if not isinstance(value, str):
        yield _problem(path, "is no text")
    elif any(unicodedata.category(letter) == "Cs" or letter == "\0" for letter in value):
        yield _problem(path, "holds something that is no character", "clean the text before sending it")
