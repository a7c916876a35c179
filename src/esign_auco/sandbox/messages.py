"""What the Auco sandbox says in `message`: the vendor's codes, and sentences where no code is documented."""

from __future__ import annotations

from typing import Final

OK: Final = {"message": "OK"}

# Documented on the page of the endpoint that answers with them.
ATTACHMENT_NOT_FOUND: Final = "ATTACHMENT_NOT_FOUND"
CODE_NOT_VALID: Final = "CODE_NOT_VALID"
CODE_REQUIRED: Final = "CODE_REQUIRED"
DOCUMENTS_MIN_TWO: Final = "DOCUMENTS_MIN_TWO"
DOCUMENT_MODIFIED: Final = "DOCUMENT_MODIFIED"
DOCUMENT_NOT_FOUND: Final = "DOCUMENT_NOT_FOUND"
EXPIRED_DATE_INVALID: Final = "EXPIRED_DATE_INVALID"
INVALID_RESOURCE: Final = "INVALID_RESOURCE"
MISSING_SIGNER_ID: Final = "MISSING_SIGNER_ID"
NOT_BLOCKED_PROCESS: Final = "NOT_BLOCKED_PROCESS"
PACKAGE_ID_INVALID: Final = "PACKAGE_ID_INVALID"
PACKAGE_MODIFIED: Final = "PACKAGE_MODIFIED"
PACKAGE_NOT_FOUND: Final = "PACKAGE_NOT_FOUND"
PROCESS_NOT_FOUND: Final = "PROCESS_NOT_FOUND"
REMINDER_SENT: Final = "REMINDER_SENT"
SIGNER_EMAIL_REQUIRED: Final = "SIGNER_EMAIL_REQUIRED"
SIGNER_NOTIFICATION_NOT_SUPPORTED: Final = "SIGNER_NOTIFICATION_NOT_SUPPORTED"
SIGNER_SEQUENCE_NOT_SUPPORTED: Final = "SIGNER_SEQUENCE_NOT_SUPPORTED"
SIGNER_VALIDATIONS_NOT_SUPPORTED: Final = "SIGNER_VALIDATIONS_NOT_SUPPORTED"
USER_ID_NOT_ALLOWED: Final = "USER_ID_NOT_ALLOWED"
USER_ID_REQUIRED: Final = "USER_ID_REQUIRED"
VALIDATION_NOT_FOUND: Final = "VALIDATION_NOT_FOUND"

USER_NOTFOUND: Final = "USER_NOTFOUND"
"""Seen by an integrator, documented on no page."""

# The sandbox's own: the pages document a status here and no code, or nothing at all.
INVALID_PROCESS_STATUS: Final = "INVALID_PROCESS_STATUS"
"""For a wrong state; the page on `unlock` alone documents a code for one."""
METHOD_NOT_ALLOWED: Final = "METHOD_NOT_ALLOWED"
NOT_FOUND: Final = "NOT_FOUND"
SIGNER_NOT_FOUND: Final = "SIGNER_NOT_FOUND"
TEMPLATE_NOT_FOUND: Final = "TEMPLATE_NOT_FOUND"
UNAUTHORIZED: Final = "UNAUTHORIZED"

LABEL_WITHOUT_FILE: Final = '"label" works with "file" only'


def exclusive(*names: str) -> str:
    """Say that at most one of these fields may be sent."""
    return f"[{', '.join(names)}] are mutually exclusive"


def one_required(*names: str) -> str:
    """Say that one of these fields must be sent."""
    return f"one of [{', '.join(names)}] is required"


def repeated(what: str) -> str:
    """Say that two signers must not share an e-mail or a phone."""
    return f"The {what} of the signers must not be repeated"
