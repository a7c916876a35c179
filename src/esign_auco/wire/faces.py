"""AucoFace: identity validations without a document, and the checks of single images."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.statuses import FACE
from esign_auco.wire.kit import answered_at, read, read_object
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.status import ProcessStatus, StatusDetail
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Reply

LIFETIME = timedelta(minutes=5)
"""How long the addresses of the images of a validation hold."""


@attrs.frozen(kw_only=True)
class FaceError:
    """Why an attempt failed."""

    key: Text = wired("key", None)
    error: Text = wired("error", None)


@attrs.frozen(kw_only=True)
class Attempt:
    """One try of a person to show who they are; its images are in `raw`, at addresses that hold for five minutes."""

    similarity: float | None = wired("similarity", None)
    """From 0 to 100."""
    errors: tuple[FaceError, ...] = wired("errorMessages", ())
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class WireFace:
    """A validation as the answer has it."""

    status: str = wired("status")
    code: Text = wired("code", None)
    attempts: tuple[Mapping[str, Any], ...] | None = wired("attempts", None)
    ocr_data: Any = wired("ocrData", None, repr=False)
    hash: Text = wired("hash", None)
    custom: Any = wired("custom", None, repr=False)


@attrs.frozen(kw_only=True)
class FaceValidation:
    """Where a validation of a person's identity stands."""

    code: str
    status: ProcessStatus
    status_detail: StatusDetail
    attempts: tuple[Attempt, ...] = attrs.field(default=(), repr=False)
    ocr_data: Any = attrs.field(default=None, repr=False)
    """What was read from the identity document."""
    hash: str | None = None
    """Of the finished validation."""
    custom: Any = attrs.field(default=None, repr=False)
    images_until: datetime | None = None
    """Until when the addresses of the images hold; None where the answer told no time and the caller gave none."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class CardCheck:
    """Whether an image shows a genuine identity document."""

    code: Text = wired("code", None)
    error: Flag = wired("error")
    message: Text = wired("message", None)
    """Why not, for example `DOCUMENT_FAKE`."""
    is_front: Flag = wired("isFront", None)
    data: Any = wired("data", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class FaceMatch:
    """Whether a face is the one on an identity document."""

    error: Flag = wired("error")
    similarity: float | None = wired("similarity", None)
    code: Text = wired("code", None)
    card: CardCheck | None = wired("identificationCard", None)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_code(reply: Reply, what: str) -> str:
    """Read the code of what was just begun.

    Raises:
        UnreadableReplyError: the answer has none.
    """
    code = read_object(reply, what).get("code")
    if not isinstance(code, str) or not code:
        raise UnreadableReplyError(f"the vendor's answer is not what was due: {what} has no code")
    return code


def load_face(reply: Reply, code: str, now: datetime | None) -> FaceValidation:
    """Read where a validation stands.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    tree = read_object(reply, "the validation")
    answer = read(WireFace, tree, "the validation")
    status, detail = FACE.read(answer.status)
    moment = answered_at(reply, now)
    return FaceValidation(
        code=answer.code or code,
        status=status,
        status_detail=detail,
        attempts=tuple(read(Attempt, each, "an attempt") for each in answer.attempts or ()),
        ocr_data=answer.ocr_data,
        hash=answer.hash,
        custom=answer.custom,
        images_until=None if moment is None else moment + LIFETIME,
        raw=tree,
    )


def load_match(reply: Reply) -> FaceMatch:
    """Read whether a face is the one on a document.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    return read(FaceMatch, read_object(reply, "the comparison"), "the comparison")


def load_card(reply: Reply) -> CardCheck:
    """Read whether an image shows a genuine document.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    return read(CardCheck, read_object(reply, "the check"), "the check")
