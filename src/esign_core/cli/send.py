"""Define `esign send`: send documents for signature."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from esign_core.cli.opening import Common, Options, open_client
from esign_core.cli.problems import UsageError
from esign_core.cli.tables import process_table, signer_table
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft, SignerDraft
from esign_core.model.json_form import to_dict

__all__ = ["send", "signer_from"]

_SIGNER = re.compile(r"\s*(?P<name>[^<>]*[^<>\s])\s*<\s*(?P<email>[^<>\s]+)\s*>\s*(?P<phone>\+[0-9 ().-]*[0-9])?\s*")


def send(
    files: Annotated[list[Path], Parameter(consume_multiple=True)],
    /,
    *,
    name: str,
    signer: Annotated[list[str], Parameter(consume_multiple=False)],
    subject: str | None = None,
    message: str | None = None,
    common: Common = None,
) -> None:
    """Send PDFs for signature.

    Args:
        files: The PDFs.
        name: The name of the process.
        signer: A person who must sign: "Name <e-mail>" or, with a phone, "Name <e-mail> +573001234567"; repeatable.
        subject: The subject of the message to the signers.
        message: The message to the signers.
        common: Options of every command.
    """
    options = common or Options()
    draft = ProcessDraft(
        name=name,
        documents=[Document.from_path(file) for file in files],
        signers=[signer_from(text) for text in signer],
        subject=subject,
        message=message,
    )
    with open_client(options) as client, options.screen.busy(f"Sending through {client.provider}"):
        process = client.create(draft)
    options.screen.show(to_dict(process), process_table(process), signer_table(process))


def signer_from(text: str) -> SignerDraft:
    """Read a signer from text: a name, an e-mail in angle brackets and, optionally, a phone."""
    found = _SIGNER.fullmatch(text)
    if found is None:
        raise UsageError('Write a signer as --signer "Name <e-mail>", or with a phone: "Name <e-mail> +573001234567".')
    phone = found["phone"]
    return SignerDraft(
        name=found["name"],
        email=found["email"],
        phone=None if phone is None else "+" + re.sub(r"[^0-9]", "", phone),
    )
