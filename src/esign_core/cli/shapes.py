"""Shapes: what a command prints for programs, as plain JSON values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esign_core.model.documents import SignedFile
from esign_core.model.process import Process, Signer
from esign_core.model.resend import ResendReport
from esign_core.providers.plugins import Installed

__all__ = ["file_shape", "plugin_shape", "process_shape", "report_shape"]


def process_shape(process: Process) -> dict[str, Any]:
    """Give a process: statuses by their names, dates in ISO 8601; links for signing are left out, being secrets."""
    return {
        "id": process.id,
        "provider": process.provider,
        "account": process.account,
        "name": process.name,
        "status": process.status.name,
        "vendor_status": process.status_detail.vendor_status,
        "explanation": process.status_detail.explain(),
        "signers": [_signer_shape(signer) for signer in process.signers],
        "documents": [
            {
                "id": document.id,
                "name": document.name,
                "status": document.status.name if document.status else None,
                "order": document.order,
            }
            for document in process.documents
        ],
        "created_at": _moment(process.created_at),
        "updated_at": _moment(process.updated_at),
        "expires_at": _moment(process.expires_at),
        "read_at": _moment(process.read_at),
        "reference": process.reference,
    }


def report_shape(report: ResendReport) -> dict[str, Any]:
    """Give what a resend did."""
    return {
        "process_id": report.process_id,
        "reopened": report.reopened,
        "count": report.count,
        "notified": [
            {
                "signer_id": who.signer_id,
                "name": who.name,
                "order": who.order,
                "channel": who.channel.value if who.channel else None,
                "destination": who.destination,
            }
            for who in report.notified
        ],
        "missed": [{"signer_id": who.signer_id, "error": str(who.error)} for who in report.missed],
    }


def file_shape(file: SignedFile) -> dict[str, Any]:
    """Give a file that was fetched, and where it is."""
    return {
        "name": file.name,
        "kind": file.kind.value,
        "path": str(file.path) if file.path else None,
        "size": file.size,
        "sha256": file.sha256,
    }


def plugin_shape(plugin: Installed) -> dict[str, Any]:
    """Give an installed plugin."""
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "module": plugin.module,
    }


def _signer_shape(signer: Signer) -> dict[str, Any]:
    return {
        "id": signer.id,
        "name": signer.name,
        "email": signer.email,
        "phone": signer.phone,
        "role": signer.role.value if signer.role else None,
        "order": signer.order,
        "status": signer.status.name,
        "vendor_status": signer.status_detail.vendor_status,
        "reason": signer.reason,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
