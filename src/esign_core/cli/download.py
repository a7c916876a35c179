"""Define `esign download`: save the signed files of a finished process."""

from __future__ import annotations

from pathlib import Path

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.shapes import file_shape
from esign_core.cli.tables import file_table

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
    shape = {"process_id": process_id, "files": [file_shape(file) for file in files]}
    options.screen.show(shape, file_table(files))
