"""Check drafts and resends by the rules that hold at every provider, and bring them into the form that is sent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs

from esign_core.model.documents import CONTENTS_ABSENT, TemplateDocument
from esign_core.model.drafts import (
    Challenge,
    ChallengeMethod,
    Channel,
    Party,
    Placement,
    PlacementKind,
    ProcessDraft,
    SecurityCode,
    SignerDraft,
)
from esign_core.model.errors import Problem
from esign_core.model.fields import Unset
from esign_core.model.resend import PartyEdit, Resend
from esign_core.model.trees import plain_tree
from esign_core.providers import kinds
from esign_core.providers.kinds import Shape, shapes
from esign_core.providers.texts import canonical_text, compact_number, is_email, is_phone, text_problem

__all__ = [
    "Problems",
    "canonical",
    "draft_problems",
    "in_utc",
    "is_email",
    "is_phone",
    "kind_problems",
    "outside",
    "repeated",
    "resend_problems",
]

T = TypeVar("T")
Problems = Iterator[Problem]

_CODE = re.compile(r"[0-9]{4}")
_BRAZILIAN = re.compile(r"[0-9]{11}|[0-9A-Z]{12}[0-9]{2}")
_ADDRESS = re.compile(r"https://[^/\s][^\s\0-\x1f\x7f]*")
_LONGEST_WAIT = timedelta(days=365_250)
_MAY_BE_BLANK = ("line", "lines", "exact")
_MOST_POINTS = 10.0**7


def repeated(values: Iterable[str | None]) -> tuple[int, ...]:
    """Return the positions whose value, compared without case and outer blanks, stood earlier in the list."""
    seen: set[str] = set()
    again = []
    for index, value in enumerate(values):
        folded = value.strip().casefold() if type(value) is str else ""
        if folded and folded in seen:
            again.append(index)
        seen.add(folded)
    return tuple(again)


def kind_problems(draft: ProcessDraft) -> tuple[Problem, ...]:
    """Return the values of a draft that are of another kind than their field; nothing else can be checked before."""
    return tuple(kinds.kind_problems(draft))


def canonical(value: T) -> T:
    """Return a draft or a resend in the form in which it is checked and sent.

    Names and lines are composed (NFC) and without outer blanks; e-mails have a composed domain; phones and numbers
    have ASCII's digits, dashes and blanks, a CPF and a CNPJ no separators; extras are plain copies. Optional
    texts that are blank count as left out. Identifiers and the caller's own keys stay as they are.

    Args:
        value: a draft or a resend without problems of kind.
    """
    whole: Any = value
    changes = {}
    for shape in shapes(type(whole)):
        part = getattr(value, shape.name)
        sent = tuple(_formed(each, shape) for each in part) if type(part) is tuple else _formed(part, shape)
        if sent is not part:
            changes[shape.name] = sent
    formed: T = _numbered(attrs.evolve(whole, **changes) if changes else whole)
    return formed


def _formed(part: Any, shape: Shape) -> Any:
    # `type`, not `isinstance`: what is of another kind may do anything when it is asked for its class.
    kind = type(part)
    if issubclass(kind, str) and shape.text:
        sent = canonical_text(part, shape.text)
        blank = not sent.strip() and shape.text in _MAY_BE_BLANK and shape.optional and Unset not in shape.kinds
        # A form's empty field is not a text: it counts as left out.
        return None if blank else sent
    if issubclass(kind, Mapping) and Mapping in shape.kinds:
        return plain_tree(part)
    return canonical(part) if attrs.has(kind) else part


def _numbered(value: Any) -> Any:
    """Return a person or a company whose CPF or CNPJ is written without separators."""
    if not isinstance(value, (Party, PartyEdit)) or type(value.document_number) is not str:
        return value
    kind = value.document_kind.strip().upper() if type(value.document_kind) is str else "CPF"
    compact = compact_number(value.document_number)
    brazilian = kind in ("CPF", "CNPJ") and _BRAZILIAN.fullmatch(compact)
    return attrs.evolve(value, document_number=compact) if brazilian else value


def draft_problems(draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
    """Return everything that is malformed in a canonical draft without problems of kind; empty where nothing is."""
    found = (*_whole(draft, now), *_documents(draft), *_people(draft))
    named = {problem.path for problem in found}
    return (*(problem for problem in _texts("", draft) if problem.path not in named), *found)


def resend_problems(resend: Resend) -> tuple[Problem, ...]:
    """Return everything that is malformed in a resend; empty where nothing is."""
    if not isinstance(resend, Resend):
        return (Problem.invalid("resend", "must be a Resend", "make one, and give that"),)
    problems = list(kinds.kind_problems(resend))
    if not problems:
        resend = canonical(resend)
        problems += _texts("", resend)
        again = repeated(edit.signer_id for edit in resend.edits)
        problems += (
            Problem.invalid(f"edits[{n}].signer_id", "is there twice", "give one edit per signer") for n in again
        )
    return tuple(problems)


def _texts(path: str, value: Any) -> Problems:
    """Yield what is wrong with the texts of a value and of all that it holds, by the annotations of its fields."""
    for shape in shapes(type(value)):
        part = getattr(value, shape.name)
        where = f"{path}.{shape.name}" if path else shape.name
        if type(part) is tuple and shape.collection:
            for index, each in enumerate(part):
                yield from _text(f"{where}[{index}]", each, shape)
        else:
            yield from _text(where, part, shape)


def _text(path: str, value: Any, shape: Shape) -> Problems:
    kind = type(value)
    if issubclass(kind, str) and shape.text:
        wrong = text_problem(value, shape.text)
        if wrong:
            yield Problem.invalid(path, *wrong)
    elif value is None and shape.text and not shape.optional:
        yield Problem.invalid(path, "is missing", "give a text")
    elif shape.only_text and not issubclass(kind, (type(None), Unset)):
        yield Problem.invalid(path, "must be a text")
    elif attrs.has(kind):
        yield from _texts(path, value)


def _whole(draft: ProcessDraft, now: datetime) -> Problems:
    if not draft.signers and not _from_templates(draft):
        yield Problem.invalid("signers", "is empty", "name at least one person who signs")
    if draft.expires_at is not None:
        yield from _deadline(draft.expires_at, now)
    if draft.remind_every is not None and not timedelta(0) < draft.remind_every <= _LONGEST_WAIT:
        yield Problem.invalid(
            "remind_every",
            "must be positive, and 1,000 years at most",
            "give for example timedelta(days=3)",
        )


def _from_templates(draft: ProcessDraft) -> bool:
    return bool(draft.documents) and all(isinstance(document, TemplateDocument) for document in draft.documents)


def _deadline(moment: datetime, now: datetime) -> Problems:
    at = in_utc(moment)
    if at is None:
        yield Problem.invalid(
            "expires_at", "must be a date with a time zone", "give an aware datetime, for example in UTC"
        )
    elif at <= now:
        yield Problem.invalid("expires_at", "is not in the future", "give a later date")
    elif at - now > _LONGEST_WAIT:
        yield Problem.invalid("expires_at", "is more than 1,000 years away", "give an earlier date, or leave it out")


def in_utc(moment: datetime) -> datetime | None:
    """Return an aware datetime in UTC; None for one without a time zone or outside the years 1 to 9999 in UTC."""
    try:
        return None if moment.utcoffset() is None else moment.astimezone(UTC)
    except Exception:  # noqa: BLE001 - a time zone is any object
        return None


def _documents(draft: ProcessDraft) -> Problems:
    if not draft.documents and not any(signer.attachments for signer in draft.signers):
        yield Problem.invalid("documents", "is empty", "give at least one document, or ask a signer for attachments")
    for index, document in enumerate(draft.documents):
        path = f"documents[{index}]"
        if isinstance(document, TemplateDocument):
            continue
        if document.url is not None:
            if not _matches(_ADDRESS, document.url):
                yield Problem.invalid(f"{path}.url", "must be an https address", "give one that the vendor can fetch")
        elif document.digest is not None:
            yield Problem.invalid(path, CONTENTS_ABSENT, "make the document again from its file")
        elif not document.is_pdf:
            yield Problem.invalid(path, "is not a PDF", "send a PDF file: its first line begins with %PDF-")


def _people(draft: ProcessDraft) -> Problems:
    for index, signer in enumerate(draft.signers):
        path = f"signers[{index}]"
        yield from _contact(path, signer)
        if signer.order is not None and signer.order < 1:
            yield Problem.invalid(f"{path}.order", "is less than 1", "count the order from 1")
        if signer.order is not None and not draft.ordered:
            yield Problem.invalid(f"{path}.order", "is given, but the process is not ordered", "set ordered=True")
        if any(not 0 <= number < len(draft.documents) for number in signer.documents or ()):
            yield Problem.invalid(f"{path}.documents", "names a document that is not there", "count documents from 0")
        if signer.documents == ():
            yield Problem.invalid(f"{path}.documents", "is empty", "leave it out for all documents")
        yield from _details(path, signer)
        for number, placement in enumerate(signer.placements):
            yield from _placement(f"{path}.placements[{number}]", placement, len(draft.documents))


def _contact(path: str, signer: SignerDraft) -> Problems:
    channel = signer.channel
    if signer.email is None and channel in (Channel.EMAIL, Channel.EMAIL_AND_WHATSAPP):
        yield Problem.invalid(f"{path}.email", "is missing", "this person is asked by e-mail")
    if signer.phone is None and channel in (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP):
        yield Problem.invalid(f"{path}.phone", "is missing", "this person is asked by phone")


def _details(path: str, signer: SignerDraft) -> Problems:
    for number, challenge in enumerate(signer.challenges):
        yield from _challenge(f"{path}.challenges[{number}]", challenge)
    if signer.security_code is not None:
        yield from _security_code(f"{path}.security_code", signer.security_code)
    for number in repeated(attachment.name for attachment in signer.attachments):
        yield Problem.invalid(
            f"{path}.attachments[{number}].name", "is there twice", "give each attachment its own name"
        )


def _challenge(path: str, challenge: Challenge) -> Problems:
    if challenge.method is ChallengeMethod.OTP and challenge.channel in (None, Channel.NONE):
        yield Problem.invalid(f"{path}.channel", "is missing", "say how the code travels: Challenge.otp(Channel.EMAIL)")
    if challenge.method is ChallengeMethod.ID_DOCUMENT:
        for name in ("number", "kind", "country"):
            if getattr(challenge, name) is None:
                yield Problem.invalid(f"{path}.{name}", "is missing", "give a text")


def _security_code(path: str, code: SecurityCode) -> Problems:
    if not _matches(_CODE, code.code):
        yield Problem.invalid(f"{path}.code", "must be four digits", 'give a text such as "0417"')
    if code.channel is Channel.EMAIL_AND_WHATSAPP:
        yield Problem.invalid(f"{path}.channel", "must be one channel", "choose EMAIL, SMS, WHATSAPP or NONE")


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return issubclass(type(value), str) and pattern.fullmatch(value) is not None


def _placement(path: str, placement: Placement, documents: int) -> Problems:
    if placement.document is not None and not 0 <= placement.document < documents:
        yield Problem.invalid(f"{path}.document", "names a document that is not there", "count documents from 0")
    if placement.kind is PlacementKind.TEMPLATE_ROLE and placement.role is None:
        yield Problem.invalid(f"{path}.role", "is missing", "give a text")
    if placement.kind is not PlacementKind.BOX:
        return
    if placement.page < 1:
        yield Problem.invalid(f"{path}.page", "is less than 1", "count pages from 1")
    size: Any = placement.page_size
    if size is not None and (len(size) != 2 or not all(0 < side < _MOST_POINTS for side in size)):
        yield Problem.invalid(f"{path}.page_size", "must be a width and a height", "give both in points, or neither")
    # Written so that nan, which compares with nothing, is refused too.
    elif not (0 < placement.width < math.inf and 0 < placement.height < math.inf):
        yield Problem.invalid(path, "must have an area", "give a width and a height in points (1/72 inch)")
    elif not (0 <= placement.x < math.inf and 0 <= placement.y < math.inf) or outside(placement):
        yield Problem.invalid(path, "lies outside its page", "measure in points from the page's top left corner")


def outside(placement: Placement) -> bool:
    """Return True for a box that goes over the edges of its page, as far as the page's size is known."""
    if placement.page_size is None:
        return placement.x + placement.width > _MOST_POINTS or placement.y + placement.height > _MOST_POINTS
    width, height = placement.page_size
    # A hair of tolerance: boxes are often computed from fractions of the page.
    return placement.x + placement.width > width + 0.01 or placement.y + placement.height > height + 0.01
