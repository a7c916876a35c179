"""Define `esign cancel`: stop a process."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.tables import process_table
from esign_core.model.json_form import to_dict

__all__ = ["cancel"]


def cancel(process_id: str, /, *, reason: str = "", common: Common = None) -> None:
    """Stop a process before all signers have signed.

    Args:
        process_id: The process, as `esign send` named it.
        reason: The reason that the signers read, if the vendor passes it on.
        common: Options of every command.
    """
    options = common or Options()
    with open_client(options) as client, options.screen.busy(f"Cancelling at {client.provider}"):
        process = client.cancel(process_id, reason=reason)
    options.screen.show(to_dict(process), process_table(process))
