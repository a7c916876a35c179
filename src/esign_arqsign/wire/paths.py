"""Addresses below the account's own: an id goes into a path only if it has the form of one."""

from __future__ import annotations

from esign_arqsign.settings import is_guid
from esign_core.model.errors import NotFoundError
from esign_core.providers.convert import plain_id

__all__ = ["process_path", "with_id"]


def with_id(pattern: str, identifier: str) -> str:
    """Return a path with an id in it.

    Raises:
        NotFoundError: it cannot be an id of this vendor's.
    """
    if not is_guid(identifier):
        raise NotFoundError(hint="ArqSign's ids are GUIDs, such as 3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01.")
    return pattern.format(identifier)


def process_path(version: str, process_id: str, tail: str = "") -> str:
    """Return the path of a process that the client has accepted: any plain word, as a create may have answered one.

    Raises:
        UnreadableReplyError: it is not a plain word.
    """
    return f"/api/{version}/processo/{plain_id(process_id)}{tail}"
