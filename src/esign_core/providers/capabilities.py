"""Describe the features of a provider as data: the single source for checks, documentation and tests."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import ChallengeMethod, Channel, PlacementKind, ProcessDraft, Role, SignerDraft
from esign_core.model.errors import InvalidRequestError, Problem, UnsupportedError


class Feature(enum.Enum):
    """One feature that some providers support and others do not."""

    SEVERAL_DOCUMENTS = "several documents in one process"
    TEMPLATES = "documents made from the vendor's templates"
    DOCUMENT_LINK = "documents that the vendor fetches from an address"
    ORDER = "people asked one after another"
    APPROVER = "people who approve without signing"
    COPY_RECIPIENTS = "people who get copies without signing"
    OTP = "one-time codes"
    FACE_PHOTO = "a photo of the face"
    ID_DOCUMENT = "a photo of an identity document"
    VIDEO = "a video of the person"
    CERTIFICATE = "signing with a digital certificate"
    SECURITY_CODE = "a code chosen by the sender"
    SIGNATURE_DATA = "names and numbers filled in or checked at signing"
    ATTACHMENTS = "files asked of signers"
    ATTACHMENTS_ALONE = "files asked of people without a document to sign"
    SMS = "asking people by SMS"
    WHATSAPP = "asking people by WhatsApp"
    EXPIRY = "an expiry date"
    REMINDERS = "automatic reminders"
    FOLDER = "a folder to file the process in"
    TAGS = "tags (left out if the vendor has no field for them)"
    REFERENCE = "the caller's own key, given back by reads (left out if the vendor has no field for it)"
    CANCEL_REASON = "a reason that signers read (left out if the vendor has no field for it)"
    REQUESTED_BY = "a record of who asked for an action (left out if the vendor has no field for it)"
    RESEND_EDITS = "corrections of signers at a resend"
    REOPEN = "bringing an ended process back"
    TIMELINE = "the history of a process"
    AUDIT_RECORD = "the record of who signed when and how, downloaded beside the documents"
    ACCESS_LINK = "a link through which a person signs, returned to the caller"
    OWN_PLACEMENT = "finding a place for signatures itself where none is given"
    PLACEMENT_BOX = "signatures placed by a box on a page"
    PLACEMENT_TAG = "signatures placed by a tag in the text"
    PLACEMENT_TEMPLATE_ROLE = "signatures placed by a role in a template"
    NOTIFY = "processes of which people are not notified"
    SIGNER_NOTIFY = "notification decided person by person"
    SIGNER_MESSAGE = "a message for one person alone"
    SIGNER_DOCUMENTS = "people who sign only some of the documents"


def _features(given: Iterable[Feature]) -> frozenset[Feature]:
    # A function, where the type itself would do: type checkers cannot see through a generic type's constructor.
    return frozenset(given)


@attrs.frozen(kw_only=True)
class Capabilities:
    """The features of one provider."""

    features: frozenset[Feature] = attrs.field(converter=_features)
    hints: Mapping[Feature, str] = attrs.field(factory=dict)
    """Hints for missing features: what to do instead."""

    def supports(self, feature: Feature) -> bool:
        """Tell whether the provider supports a feature."""
        return feature in self.features

    def problem(self, feature: Feature, path: str) -> Problem:
        """Return the problem that a request needs a feature this provider lacks."""
        return Problem(
            path=path,
            message=f"this provider does not support {feature.value}",
            hint=self.hints.get(feature, "leave it out, or send through a provider that does (`esign providers`)"),
            unsupported=True,
        )

    def missing(self, draft: ProcessDraft) -> tuple[Problem, ...]:
        """Return one problem for each feature of the draft that this provider does not support."""
        return tuple(self.problem(feature, path) for feature, path in needed(draft) if not self.supports(feature))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems at once, if there are any.

    Raises:
        UnsupportedError: the provider does not support the request, and nothing else is wrong.
        InvalidRequestError: something is malformed.
    """
    found = tuple(problems)
    if found:
        kind = UnsupportedError if all(problem.unsupported for problem in found) else InvalidRequestError
        raise kind(problems=found)


Need = tuple[Feature, str]

_WHOLE: tuple[tuple[Feature, str, Callable[[ProcessDraft], bool]], ...] = (
    (Feature.SEVERAL_DOCUMENTS, "documents", lambda draft: len(draft.documents) > 1),
    (Feature.TEMPLATES, "documents", lambda draft: any(isinstance(d, TemplateDocument) for d in draft.documents)),
    (Feature.DOCUMENT_LINK, "documents", lambda draft: any(isinstance(d, Document) and d.url for d in draft.documents)),
    (Feature.ATTACHMENTS_ALONE, "documents", lambda draft: not draft.documents),
    (Feature.ORDER, "ordered", lambda draft: bool(draft.ordered)),
    (Feature.COPY_RECIPIENTS, "cc", lambda draft: bool(draft.cc)),
    (Feature.EXPIRY, "expires_at", lambda draft: draft.expires_at is not None),
    (Feature.REMINDERS, "remind_every", lambda draft: draft.remind_every is not None),
    (Feature.FOLDER, "folder", lambda draft: draft.folder is not None),
    (Feature.NOTIFY, "notify", lambda draft: draft.notify is False),
)

_EACH: tuple[tuple[Feature, str, Callable[[SignerDraft], bool]], ...] = (
    (Feature.APPROVER, "role", lambda signer: signer.role is Role.APPROVER),
    (Feature.SECURITY_CODE, "security_code", lambda signer: signer.security_code is not None),
    (Feature.SIGNATURE_DATA, "signature_data", lambda signer: signer.signature_data is not None),
    (Feature.ATTACHMENTS, "attachments", lambda signer: bool(signer.attachments)),
    (Feature.SMS, "channel", lambda signer: signer.channel is Channel.SMS),
    (
        Feature.WHATSAPP,
        "channel",
        lambda signer: signer.channel in (Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP),
    ),
    (
        Feature.SIGNER_NOTIFY,
        "notify",
        lambda signer: signer.notify is not None or signer.channel is Channel.NONE,
    ),
    (Feature.SIGNER_MESSAGE, "message", lambda signer: signer.message is not None),
    (Feature.SIGNER_DOCUMENTS, "documents", lambda signer: signer.documents is not None),
)

_CHALLENGES = {
    ChallengeMethod.OTP: Feature.OTP,
    ChallengeMethod.FACE_PHOTO: Feature.FACE_PHOTO,
    ChallengeMethod.ID_DOCUMENT: Feature.ID_DOCUMENT,
    ChallengeMethod.VIDEO: Feature.VIDEO,
    ChallengeMethod.CERTIFICATE: Feature.CERTIFICATE,
}

_PLACEMENTS = {
    PlacementKind.BOX: Feature.PLACEMENT_BOX,
    PlacementKind.TAG: Feature.PLACEMENT_TAG,
    PlacementKind.TEMPLATE_ROLE: Feature.PLACEMENT_TEMPLATE_ROLE,
}


def needed(draft: ProcessDraft) -> Iterator[Need]:
    """Yield each feature a draft needs, and where; notes (reference, tags) are never needed."""
    yield from ((feature, path) for feature, path, asks in _WHOLE if asks(draft))
    for index, signer in enumerate(draft.signers):
        where = f"signers[{index}]"
        yield from ((feature, f"{where}.{path}") for feature, path, asks in _EACH if asks(signer))
        for number, challenge in enumerate(signer.challenges):
            yield _CHALLENGES[challenge.method], f"{where}.challenges[{number}]"
        for number, placement in enumerate(signer.placements):
            yield _PLACEMENTS[placement.kind], f"{where}.placements[{number}]"
