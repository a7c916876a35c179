"""Define `esign download`: save the signed files of a finished process."""

from __future__ import annotations

from pathlib import Path

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.tables import file_table
from esign_core.model.json_form import to_dict

__all__ = ["download"]


def download(process_id: str, /, *, to: Path = Path(), common: Common = None) -> None:
    """Save the signed files of a finished process; no file is overwritten.

    Args:
        process_id: The process, as `esign send` named it.
        to: The folder they are saved in; the current one by default.
        common: Options of every command.
    """
    options = common or Options()
    with open_client(options) as client, options.screen.busy(f"Downloading from {client.provider}"):
        files = client.download(process_id, to)
    document = {"process_id": process_id, "files": [to_dict(file) for file in files]}
    options.screen.show(document, file_table(files))
