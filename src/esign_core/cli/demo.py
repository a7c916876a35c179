"""Define `esign demo`: a contract sent through both vendors, with no account and no network."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from esign_core.cli.opening import Common, Options
from esign_core.cli.screen import plain
from esign_core.cli.story import STORIES, Step, play_story
from esign_core.cli.tables import file_table, table
from esign_core.model.documents import Document
from esign_core.model.json_form import to_dict
from esign_core.model.process import Signer
from esign_core.sandbox.sample import sample_pdf

__all__ = ["demo"]


def demo(file: Path | None = None, /, *, common: Common = None) -> None:
    """Send a contract through both vendors: declined or expired, reopened, corrected, signed and fetched.

    Args:
        file: A PDF of yours; without it, a small one is made.
        common: Options of every command.
    """
    screen = (common or Options()).screen
    document = Document.from_bytes(sample_pdf(), name="contract.pdf") if file is None else Document.from_path(file)
    folder = _new_folder()
    steps: list[Step] = []
    try:
        # The folder may lie in a repository of the user's, which must stay clean.
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        for provider in STORIES:
            with screen.busy(f"Sending a contract through {provider}"):
                steps += play_story(provider, document, folder / provider)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    screen.show(
        {"folder": str(folder), "steps": [_form(step) for step in steps]},
        *(_table(provider, [step for step in steps if step.provider == provider]) for provider in STORIES),
        file_table(file for step in steps for file in step.files),
        Text(f"The signed PDFs are in {folder}"),
    )


def _form(step: Step) -> dict[str, object]:
    return {
        "provider": step.provider,
        "step": step.text,
        "process": to_dict(step.process),
        "files": [to_dict(file) for file in step.files],
    }


def _table(provider: str, steps: Sequence[Step]) -> Table:
    rows = [
        (
            number,
            step.text,
            step.process.status.name,
            step.process.status_detail.vendor_status,
            Text("\n").join(_person(who) for who in step.process.signers),
        )
        for number, step in enumerate(steps, start=1)
    ]
    columns = ("", "what happens", "status", "vendor's word", "people")
    return table(f"{provider}, process {steps[-1].process.id}", columns, rows)


def _person(who: Signer) -> Text:
    first, word = who.name.partition(" ")[0], who.status_detail.vendor_status
    return plain(f"{first}: {who.status.name}" + (f" ({word})" if word else ""))


def _new_folder() -> Path:
    # Nothing is overwritten: the first free name in this folder, or a temporary folder where this one is read-only.
    number = 1
    while True:
        folder = Path(f"esign-demo-{number}").absolute()
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        except OSError:
            return Path(tempfile.mkdtemp(prefix="esign-demo-"))
        else:
            return folder
