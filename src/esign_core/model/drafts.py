"""Describe the signing process to create: drafts, signers, placements.

Constructors check nothing; `client.check` and the operations check everything at once.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import attrs

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.fields import EMAIL, EXACT, LINES, NUMBER, PHONE, as_tuple

T = TypeVar("T")


class Role(enum.Enum):
    """The part of a person in a process."""

    SIGNER = "signer"
    APPROVER = "approver"


class Channel(enum.Enum):
    """The ways to reach a person."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL_AND_WHATSAPP = "email_and_whatsapp"
    NONE = "none"


class PlacementKind(enum.Enum):
    """The three ways to place a signature."""

    BOX = "box"
    TAG = "tag"
    TEMPLATE_ROLE = "template_role"


@attrs.frozen(kw_only=True)
class Placement:
    """The place of a signature; made by `box`, `tag` or `template_role`."""

    kind: PlacementKind
    page: int = 1
    """From 1."""
    x: float = 0.0
    """In PDF points from the page's left edge to the box's left edge."""
    y: float = 0.0
    """In PDF points from the page's top edge to the box's top edge."""
    width: float = 0.0
    height: float = 0.0
    page_size: tuple[float, float] | None = attrs.field(default=None, converter=as_tuple)
    """Width and height of the page in PDF points; read from the PDF where missing."""
    document: int | None = None
    """Index of the document, from 0; None means every one."""
    role: str | None = attrs.field(default=None, metadata=EXACT)
    template_id: str | None = attrs.field(default=None, metadata=EXACT)

    @classmethod
    def box(
        cls,
        page: int,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        page_size: tuple[float, float] | None = None,
        document: int | None = None,
    ) -> Placement:
        """Return a box in PDF points (1/72 inch) from the page's top left corner; pages count from 1."""
        return cls(
            kind=PlacementKind.BOX,
            page=page,
            x=x,
            y=y,
            width=width,
            height=height,
            page_size=page_size,
            document=document,
        )

    @classmethod
    def tag(cls) -> Placement:
        """Return a placement by a tag in the document's text."""
        return cls(kind=PlacementKind.TAG)

    @classmethod
    def template_role(cls, role: str, template_id: str | None = None) -> Placement:
        """Return a placement stored in a template of the vendor's under a role's name."""
        return cls(kind=PlacementKind.TEMPLATE_ROLE, role=role, template_id=template_id)


class ChallengeMethod(enum.Enum):
    """The ways to prove an identity."""

    OTP = "otp"
    FACE_PHOTO = "face_photo"
    ID_DOCUMENT = "id_document"
    VIDEO = "video"
    CERTIFICATE = "certificate"


@attrs.frozen(kw_only=True)
class Challenge:
    """One proof of identity that a signer must give; made by the class methods."""

    method: ChallengeMethod
    channel: Channel | None = None
    number: str | None = attrs.field(default=None, repr=False, metadata=NUMBER)
    kind: str | None = None
    """Kind of identity document, in the country's own abbreviation: `CC`, `CURP`, ..."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    back: bool = False
    icp_brasil: bool = True

    @classmethod
    def otp(cls, channel: Channel) -> Challenge:
        """Return a one-time code sent by the channel."""
        return cls(method=ChallengeMethod.OTP, channel=channel)

    @classmethod
    def face_photo(cls) -> Challenge:
        """Return a photo of the face."""
        return cls(method=ChallengeMethod.FACE_PHOTO)

    @classmethod
    def id_document(cls, *, number: str, kind: str, country: str, back: bool = False) -> Challenge:
        """Return a photo of an identity document, to which the face is matched."""
        return cls(method=ChallengeMethod.ID_DOCUMENT, number=number, kind=kind, country=country, back=back)

    @classmethod
    def video(cls) -> Challenge:
        """Return a short video of the person."""
        return cls(method=ChallengeMethod.VIDEO)

    @classmethod
    def certificate(cls, icp_brasil: bool = True) -> Challenge:  # noqa: FBT001, FBT002 - the argument's name says it
        """Return a digital certificate, of the Brazilian public-key infrastructure or another."""
        return cls(method=ChallengeMethod.CERTIFICATE, icp_brasil=icp_brasil)


@attrs.frozen(kw_only=True)
class SecurityCode:
    """A code that the sender chooses and the person must type before signing."""

    code: str = attrs.field(repr=False, metadata=EXACT)
    """Four digits."""
    channel: Channel = Channel.EMAIL
    email: str | None = attrs.field(default=None, repr=False, metadata=EMAIL)
    phone: str | None = attrs.field(default=None, repr=False, metadata=PHONE)
    allow_resend: bool | None = None


@attrs.frozen(kw_only=True)
class Party:
    """A person's or a company's name and document number, filled in before signing or checked at signing."""

    name: str | None = attrs.field(default=None, repr=False)
    document_number: str | None = attrs.field(default=None, repr=False, metadata=NUMBER)
    document_kind: str | None = None
    """`CPF` or `CNPJ` where nothing is said; the provider's page lists the others."""
    validate: bool | None = None
    """True: the number typed at signing must be this one; otherwise it is only filled in."""


@attrs.frozen(kw_only=True)
class SignatureData:
    """Data of the signing person, of the company they sign for, or of both."""

    signatory: Party | None = None
    company: Party | None = None


@attrs.frozen(kw_only=True)
class Attachment:
    """A file asked of a signer."""

    name: str
    required: bool = True


@attrs.frozen(kw_only=True)
class CopyRecipient:
    """A person who gets copies and does not sign."""

    name: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False, metadata=EMAIL)


@attrs.frozen(kw_only=True)
class SignerDraft:
    """A person who is asked to sign or approve."""

    name: str = attrs.field(repr=False)
    email: str | None = attrs.field(default=None, repr=False, metadata=EMAIL)
    phone: str | None = attrs.field(default=None, repr=False, metadata=PHONE)
    """E.164: a plus sign, the country's code, the number."""
    role: Role = Role.SIGNER
    order: int | None = None
    """From 1; people of equal order are asked together. Needs `ProcessDraft.ordered`."""
    channel: Channel = Channel.EMAIL
    """How this person is asked."""
    challenges: tuple[Challenge, ...] = attrs.field(default=(), converter=as_tuple)
    security_code: SecurityCode | None = None
    signature_data: SignatureData | None = None
    placements: tuple[Placement, ...] = attrs.field(default=(), converter=as_tuple)
    documents: tuple[int, ...] | None = attrs.field(default=None, converter=as_tuple)
    """Indices of the documents this person signs, from 0; None means all."""
    attachments: tuple[Attachment, ...] = attrs.field(default=(), converter=as_tuple)
    message: str | None = attrs.field(default=None, repr=False, metadata=LINES)
    notify: bool | None = None
    """None: as the process says."""
    extras: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    """Parameters only this vendor knows, merged into this person's part of the request untouched."""


@attrs.frozen(kw_only=True)
class ProcessDraft:
    """A signing process as you want it."""

    name: str = attrs.field(repr=False)
    documents: tuple[Document | TemplateDocument, ...] = attrs.field(converter=as_tuple)
    signers: tuple[SignerDraft, ...] = attrs.field(converter=as_tuple)
    subject: str | None = attrs.field(default=None, repr=False)
    """Unset: where the vendor requires one, `name` stands in."""
    message: str | None = attrs.field(default=None, repr=False, metadata=LINES)
    """Unset: where the vendor requires one, `name` stands in."""
    cc: tuple[CopyRecipient, ...] = attrs.field(default=(), converter=as_tuple)
    expires_at: datetime | None = None
    """An aware datetime."""
    remind_every: timedelta | None = None
    ordered: bool = False
    """True: people are asked one after another, by `SignerDraft.order` or as they stand."""
    folder: str | None = attrs.field(default=None, repr=False, metadata=EXACT)
    """In the vendor's own notation: a path, an identifier."""
    reference: str | None = attrs.field(default=None, repr=False, metadata=EXACT)
    """Your own key for this process."""
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, repr=False, metadata=EXACT)
    notify: bool | None = None
    """None: the vendor's default, which is to notify."""
    extras: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    """Parameters only this vendor knows, merged into the request untouched."""
