"""The command `esign cancel`: a process stopped."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, opened
from esign_core.cli.shapes import process_shape
from esign_core.cli.tables import process_table

__all__ = ["cancel"]


def cancel(process_id: str, /, *, reason: str = "", common: Common = None) -> None:
    """Stop a process before everybody has signed.

    Args:
        process_id: The process, as `esign send` named it.
        reason: What the signers are told, where the vendor has a place for it.
        common: What every command may be told.
    """
    options = common or Options()
    with opened(options) as client, options.screen.busy(f"Cancelling at {client.provider}"):
        process = client.cancel(process_id, reason=reason)
    options.screen.show(process_shape(process), process_table(process))
