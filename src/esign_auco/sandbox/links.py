"""Signed addresses of the sandbox's storage: where a file can be sent once, or fetched for a while."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import Final

from esign_auco.sandbox.context import Context
from esign_auco.sandbox.state import table
from esign_core.sandbox.clock import iso

UPLOADS: Final = "uploads.auco-sandbox.invalid"
DOWNLOADS: Final = "documents.auco-sandbox.invalid"
FIVE_SECONDS: Final = timedelta(seconds=5)
TWO_MINUTES: Final = timedelta(minutes=2)
FIVE_MINUTES: Final = timedelta(minutes=5)


def upload_address(context: Context, kind: str, target: str, holds: timedelta) -> str:
    """Make an address to which one file can be sent once, for a short time."""
    number = context.state.number("upload")
    token = seal(f"{kind}/{target}/{number}")
    until = iso(context.now + holds)
    table(context.state, "uploads")[token] = {"kind": kind, "target": target, "until": until, "used": False}
    return f"https://{UPLOADS}/{target}?X-Amz-Expires={int(holds.total_seconds())}&X-Amz-Signature={token}"


def download_address(now: datetime, thing: str, holds: timedelta = FIVE_MINUTES) -> str:
    """Make an address from which a thing can be fetched for a while."""
    until = math.floor((now + holds).timestamp())
    return f"https://{DOWNLOADS}/{thing}?Expires={until}&Signature={seal(f'{thing}?{until}')}"


def seal(text: str) -> str:
    """Seal an address, so that none can be guessed from another."""
    return hashlib.sha256(f"auco-sandbox:{text}".encode()).hexdigest()[:32]
