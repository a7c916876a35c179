"""Operations of ArqSign alone: flow functions for `client.run`; the first parameter is the provider."""

from __future__ import annotations

from esign_arqsign.operations.account import account, folders, roles, usage, users
from esign_arqsign.operations.files import attachments, audit_record, audit_records, download_attachments
from esign_arqsign.operations.hooks import create_webhook, disable_webhook, enable_webhook, webhooks
from esign_arqsign.operations.reads import full_process, light_status

__all__ = [
    "account",
    "attachments",
    "audit_record",
    "audit_records",
    "create_webhook",
    "disable_webhook",
    "download_attachments",
    "enable_webhook",
    "folders",
    "full_process",
    "light_status",
    "roles",
    "usage",
    "users",
    "webhooks",
]
