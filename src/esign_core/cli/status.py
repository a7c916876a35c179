"""Define `esign status`: show the status of a process."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.tables import process_table, signer_table
from esign_core.model.json_form import to_dict

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
    options.screen.show(to_dict(process), process_table(process), signer_table(process))
