"""The command `esign download`: the signed files of a finished process."""

from __future__ import annotations

from pathlib import Path

from esign_core.cli.opening import Common, Options, opened
from esign_core.cli.shapes import file_shape
from esign_core.cli.tables import file_table

__all__ = ["download"]


def download(process_id: str, /, *, to: Path = Path(), common: Common = None) -> None:
    """Fetch the signed files of a finished process; no file is overwritten.

    Args:
        process_id: The process, as `esign send` named it.
        to: The folder they go to; this one, where none is named.
        common: What every command may be told.
    """
    options = common or Options()
    with opened(options) as client, options.screen.busy(f"Fetching from {client.provider}"):
        files = client.download(process_id, to)
    shape = {"process_id": process_id, "files": [file_shape(file) for file in files]}
    options.screen.show(shape, file_table(files))
