"""Addresses below the account's own: an id goes into one only if it has an id's form."""

from __future__ import annotations

from esign_arqsign.settings import is_guid
from esign_core.model.errors import NotFoundError

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
    """Return the path of a process, or of something below it."""
    return with_id(f"/api/{version}/processo/{{}}{tail}", process_id)
