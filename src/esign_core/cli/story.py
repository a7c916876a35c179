"""The story that the demo tells: one contract through both vendors, step by step, each on its own sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs

from esign_core.client import Client, connect
from esign_core.model.documents import Document, SignedFile
from esign_core.model.drafts import ProcessDraft, SignerDraft
from esign_core.model.process import Process
from esign_core.model.resend import Resend, SignerEdit

__all__ = ["ANA", "BRUNO", "Deed", "MISTYPED", "STORIES", "Step", "tell"]

ANA = SignerDraft(name="Ana Example", email="ana@example.com", phone="+573001234567")
BRUNO = SignerDraft(name="Bruno Sample", email="bruno@example.com", phone="+5511912345678")
# What the sender types by mistake in place of Bruno's address.
MISTYPED = attrs.evolve(BRUNO, email="brno@example.com")


@attrs.frozen(kw_only=True)
class Step:
    """One step of a story, and where the process stood after it."""

    provider: str
    text: str
    process: Process
    files: tuple[SignedFile, ...] = ()


@attrs.define
class _Stage:
    """What the deeds of a story work on."""

    client: Client
    document: Document
    folder: Path
    process: Process = Process(id="")
    files: tuple[SignedFile, ...] = ()

    def send(self, second: SignerDraft) -> None:
        now = self.client.sandbox.clock.now()
        draft = ProcessDraft(
            name="Services agreement",
            documents=[self.document],
            signers=[ANA, second],
            subject="A contract for you",
            message="Please read and sign.",
            expires_at=now + timedelta(days=20),
        )
        self.process = self.client.create(draft)

    def correct(self) -> None:
        mistyped = self.process.signer(email=MISTYPED.email)
        edit = SignerEdit(signer_id=mistyped.id, email=BRUNO.email)
        self.client.resend(self.process, Resend(edits=[edit]))

    def sign(self, who: SignerDraft) -> None:
        self.client.sandbox.sign_as(who.email or "", process_id=self.process.id)

    def download(self) -> None:
        self.files = self.client.download(self.process, self.folder)


Deed = Callable[[_Stage], object]

STORIES: Mapping[str, tuple[tuple[str, Deed], ...]] = {
    "auco": (
        ("A contract is sent to Ana and Bruno", lambda stage: stage.send(BRUNO)),
        ("Ana signs", lambda stage: stage.sign(ANA)),
        (
            "Bruno declines: a wrong amount",
            lambda stage: stage.client.sandbox.decline_as(BRUNO.email or "", "The amount is wrong."),
        ),
        (
            "It is explained to him, and the process reopened",
            lambda stage: stage.client.resend(stage.process, Resend(reopen=True)),
        ),
        ("Bruno is reminded", lambda stage: stage.client.resend(stage.process)),
        ("Bruno signs", lambda stage: stage.sign(BRUNO)),
        ("The signed contract is fetched", _Stage.download),
    ),
    "arqsign": (
        ("A contract is sent to Ana, and to Bruno's mistyped address", lambda stage: stage.send(MISTYPED)),
        ("Ana signs", lambda stage: stage.sign(ANA)),
        ("Bruno's address is corrected, and he is asked again", _Stage.correct),
        ("Bruno lets the deadline pass", lambda stage: stage.client.sandbox.move_clock(timedelta(days=21))),
        (
            "The process is reopened",
            lambda stage: stage.client.resend(stage.process, Resend(reopen=True)),
        ),
        ("Bruno signs", lambda stage: stage.sign(BRUNO)),
        ("The signed contract is fetched", _Stage.download),
    ),
}
"""What happens at each vendor, in order: one is declined and reopened, the other corrected, expired and reopened."""


def tell(provider: str, document: Document, folder: Path) -> Iterator[Step]:
    """Play a vendor's story, and give each step as soon as it is done and read back."""
    account: dict[str, Any] = {"provider": provider, "environment": "sandbox"}
    with connect(provider, config={"accounts": {provider: account}}) as client:
        stage = _Stage(client, document, folder)
        for text, deed in STORIES[provider]:
            deed(stage)
            stage.process = client.get(stage.process)
            yield Step(provider=provider, text=text, process=stage.process, files=stage.files)
