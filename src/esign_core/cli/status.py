"""The command `esign status`: where a process stands."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, opened
from esign_core.cli.shapes import process_shape
from esign_core.cli.tables import process_table, signer_table

__all__ = ["status"]


def status(process_id: str, /, *, common: Common = None) -> None:
    """Show where a process and its people stand.

    Args:
        process_id: The process, as `esign send` named it.
        common: What every command may be told.
    """
    options = common or Options()
    with opened(options) as client, options.screen.busy(f"Asking {client.provider}"):
        process = client.get(process_id)
    options.screen.show(process_shape(process), process_table(process), signer_table(process))
