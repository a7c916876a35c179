"""Define `esign resend`: ask again those who have not signed."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.tables import report_table
from esign_core.model.json_form import to_dict
from esign_core.model.resend import Resend

__all__ = ["resend"]


def resend(process_id: str, /, *, reopen: bool = False, common: Common = None) -> None:
    """Ask again those who have not signed.

    Args:
        process_id: The process, as `esign send` named it.
        reopen: Reopen a process that was declined or has expired.
        common: Options of every command.
    """
    options = common or Options()
    with open_client(options) as client, options.screen.busy(f"Resending through {client.provider}"):
        report = client.resend(process_id, Resend(reopen=reopen))
    options.screen.show(to_dict(report), report_table(report))
