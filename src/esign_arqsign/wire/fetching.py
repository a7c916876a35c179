"""Files by their links: each streamed to the caller's destination, without the account's keys."""

from __future__ import annotations

from collections.abc import Iterable

from esign_core.model.documents import SignedFile
from esign_core.providers.flow import Call, Flow, Save

__all__ = ["fetch"]


def fetch(links: Iterable[tuple[str, Save]], process_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the file behind each link; a link is its own permission, so no key goes with it."""
    files = []
    for link, save in links:
        reply = yield Call.get(link, save=save, anonymous=True, process_id=process_id)
        files.append(reply.file)
    return tuple(file for file in files if file is not None)
