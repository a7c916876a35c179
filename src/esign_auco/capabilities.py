"""The features of Auco, as data."""

from __future__ import annotations

from esign_core.providers.capabilities import Capabilities, Feature

__all__ = ["CAPABILITIES"]

CAPABILITIES = Capabilities(
    features=(
        Feature.SEVERAL_DOCUMENTS,
        Feature.TEMPLATES,
        Feature.ORDER,
        Feature.APPROVER,
        Feature.COPY_RECIPIENTS,
        Feature.OTP,
        Feature.FACE_PHOTO,
        Feature.ID_DOCUMENT,
        Feature.VIDEO,
        Feature.ATTACHMENTS,
        Feature.ATTACHMENTS_ALONE,
        Feature.WHATSAPP,
        Feature.EXPIRY,
        Feature.REMINDERS,
        Feature.FOLDER,
        Feature.TAGS,
        Feature.REFERENCE,
        Feature.CANCEL_REASON,
        Feature.REQUESTED_BY,
        Feature.REOPEN,
        Feature.TIMELINE,
        Feature.AUDIT_RECORD,
        Feature.PLACEMENT_BOX,
        Feature.PLACEMENT_TAG,
        Feature.PLACEMENT_TEMPLATE_ROLE,
        Feature.NOTIFY,
        Feature.SIGNER_NOTIFY,
        Feature.SIGNER_DOCUMENTS,
    ),
    hints={
        Feature.CERTIFICATE: "ask for an ID document and a face photo instead: Challenge.id_document(...)",
        Feature.SECURITY_CODE: "let Auco choose the code: challenges=[Challenge.otp(Channel.EMAIL)]",
        Feature.SIGNATURE_DATA: "have the number checked against the document: Challenge.id_document(number=...)",
        Feature.SMS: "ask by Channel.WHATSAPP, or by e-mail with a code sent to the phone: Challenge.otp(Channel.SMS)",
        Feature.DOCUMENT_LINK: "fetch the file and send it: Document.from_path or Document.from_bytes",
        Feature.SIGNER_MESSAGE: "use the message of the process, which all signers get",
        Feature.RESEND_EDITS: "cancel the process and send a new one, or put it in edition: operations.edit",
        Feature.ACCESS_LINK: "show the signing page inside your own: operations.access_code",
    },
)
"""The features of Auco, on one creation path or another; `wire.fields` says which field carries what on which path."""
