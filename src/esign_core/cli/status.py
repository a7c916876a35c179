"""Define `esign status`: show the status of a process."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.shapes import process_shape
from esign_core.cli.tables import process_table, signer_table

__all__ = ["status"]


def status(process_id: str, /, *, common: Common = None) -> None:
    """Show the status of a process and of its signers.

    Args:
        process_id: The process, as `esign send` named it.
        common: Options of every command.
    """
    options = common or Options()
    with open_client(options) as client, options.screen.busy(f"Asking {client.provider}"):
        process = client.get(process_id)
    options.screen.show(process_shape(process), process_table(process), signer_table(process))
