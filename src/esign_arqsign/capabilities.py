"""What ArqSign can carry, as data, and the rules that a draft or a resend has to keep."""

from __future__ import annotations

from esign_core.providers.capabilities import Capabilities, Feature

__all__ = ["CAPABILITIES"]

CAPABILITIES = Capabilities(
    features=(
        Feature.SEVERAL_DOCUMENTS,
        Feature.DOCUMENT_LINK,
        Feature.ORDER,
        Feature.COPY_RECIPIENTS,
        Feature.CERTIFICATE,
        Feature.SECURITY_CODE,
        Feature.SIGNATURE_DATA,
        Feature.ATTACHMENTS,
        Feature.WHATSAPP,
        Feature.EXPIRY,
        Feature.REMINDERS,
        Feature.FOLDER,
        Feature.RESEND_EDITS,
        Feature.REOPEN,
        Feature.ACCESS_LINK,
        Feature.AUDIT_RECORD,
        Feature.OWN_PLACEMENT,
        Feature.PLACEMENT_BOX,
        Feature.NOTIFY,
        Feature.SIGNER_NOTIFY,
        Feature.SIGNER_MESSAGE,
    ),
    hints={
        Feature.TEMPLATES: "send a PDF: ArqSign has no templates in its API",
        Feature.APPROVER: "make them a signer, or a copy recipient",
        Feature.OTP: "give the signer a security_code, which travels by e-mail, SMS or WhatsApp",
        Feature.FACE_PHOTO: 'ask for a photo by attachments=[Attachment(name="Selfie")]',
        Feature.ID_DOCUMENT: "ask for a picture of it by attachments, or check its number by signature_data",
        Feature.VIDEO: "ask for the file by attachments",
        Feature.SMS: "ask people by e-mail or WhatsApp; SMS carries security codes alone",
        Feature.TIMELINE: "read the process with client.get, or receive webhooks",
        Feature.PLACEMENT_TAG: "give boxes, or leave placements out: ArqSign then adds a page for signatures",
        Feature.PLACEMENT_TEMPLATE_ROLE: "give boxes, or leave placements out",
        Feature.SIGNER_DOCUMENTS: "make one process for each set of signers: at ArqSign everybody signs everything",
    },
)
"""The features of this provider, and what to do instead of those it lacks."""
