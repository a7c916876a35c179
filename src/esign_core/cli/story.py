"""Play the demo: one contract through both vendors, step by step, each in its own sandbox."""

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

__all__ = ["ANA", "Action", "BRUNO", "MISTYPED", "STORIES", "Step", "play_story"]

ANA = SignerDraft(name="Ana Example", email="ana@example.com", phone="+573001234567")
BRUNO = SignerDraft(name="Bruno Sample", email="bruno@example.com", phone="+5511912345678")
# What the sender types by mistake in place of Bruno's address.
MISTYPED = attrs.evolve(BRUNO, email="brno@example.com")


@attrs.frozen(kw_only=True)
class Step:
    """Describe one step of a story, and the process after it."""

    provider: str
    text: str
    process: Process
    files: tuple[SignedFile, ...] = ()


@attrs.define
class _Run:
    """Hold what the steps of a story work on."""

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


Action = Callable[[_Run], object]

STORIES: Mapping[str, tuple[tuple[str, Action], ...]] = {
    "auco": (
        ("A contract is sent to Ana and Bruno", lambda run: run.send(BRUNO)),
        ("Ana signs", lambda run: run.sign(ANA)),
        (
            "Bruno declines: a wrong amount",
            lambda run: run.client.sandbox.decline_as(BRUNO.email or "", "The amount is wrong."),
        ),
        (
            "It is explained to him, and the process reopened",
            lambda run: run.client.resend(run.process, Resend(reopen=True)),
        ),
        ("Bruno is reminded", lambda run: run.client.resend(run.process)),
        ("Bruno signs", lambda run: run.sign(BRUNO)),
        ("The signed contract is fetched", _Run.download),
    ),
    "arqsign": (
        ("A contract is sent to Ana, and to Bruno's mistyped address", lambda run: run.send(MISTYPED)),
        ("Ana signs", lambda run: run.sign(ANA)),
        ("Bruno's address is corrected, and he is asked again", _Run.correct),
        ("Bruno lets the deadline pass", lambda run: run.client.sandbox.move_clock(timedelta(days=21))),
        (
            "The process is reopened",
            lambda run: run.client.resend(run.process, Resend(reopen=True)),
        ),
        ("Bruno signs", lambda run: run.sign(BRUNO)),
        ("The signed contract is fetched", _Run.download),
    ),
}
"""What happens at each vendor, in order: one is declined and reopened, the other corrected, expired and reopened."""


def play_story(provider: str, document: Document, folder: Path) -> Iterator[Step]:
    """Play a vendor's story, and yield each step as soon as it is done and read back."""
    account: dict[str, Any] = {"provider": provider, "environment": "sandbox"}
    with connect(provider, config={"accounts": {provider: account}}) as client:
        run = _Run(client, document, folder)
        for text, action in STORIES[provider]:
            action(run)
            run.process = client.get(run.process)
            yield Step(provider=provider, text=text, process=run.process, files=run.files)
