"""Operations only Auco has, to be run by a client: `client.run(operations.unlock, code, action="approve")`.

Each is a flow whose first parameter is the provider. Those whose answers hold links for a while take `now`, so that a
link can say until when it holds; without it the answer's own Date header is asked.
"""

from __future__ import annotations

from esign_auco.operations.attachments import attachments, download_attachments
from esign_auco.operations.background import background_report, check_background, check_representatives
from esign_auco.operations.company import (
    Webhook,
    WebhookHeader,
    company,
    put_webhook,
    set_webhooks,
    update_company,
)
from esign_auco.operations.edition import SIGNATURES_WILL_BE_LOST, edit, edition, overwrite
from esign_auco.operations.evidence import signer_images
from esign_auco.operations.faces import check_card, face_validation, match_face, validate_face
from esign_auco.operations.people import APPROVED, AccessCode, access_code, remind, unlock
from esign_auco.operations.processes import cancel_documents, prebuild, roadmap
from esign_auco.operations.templates import (
    automated_templates,
    create_template,
    template,
    templates,
    update_template,
)
from esign_auco.operations.whatsapp import whatsapp_records

__all__ = [
    "APPROVED",
    "AccessCode",
    "SIGNATURES_WILL_BE_LOST",
    "Webhook",
    "WebhookHeader",
    "access_code",
    "attachments",
    "automated_templates",
    "background_report",
    "cancel_documents",
    "check_background",
    "check_card",
    "check_representatives",
    "company",
    "create_template",
    "download_attachments",
    "edit",
    "edition",
    "face_validation",
    "match_face",
    "overwrite",
    "prebuild",
    "put_webhook",
    "remind",
    "roadmap",
    "set_webhooks",
    "signer_images",
    "template",
    "templates",
    "unlock",
    "update_company",
    "update_template",
    "validate_face",
    "whatsapp_records",
]
