"""The scenarios of the cassettes: played against the sandbox for recording, replayed from the cassette afterwards."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import attrs
from tests.replay.people import ANA, BRUNO, COMPANY, COMPANY_NUMBER, NEW_COMPANY_NUMBER, NEW_PHONE, PERSON_NUMBER

from esign_core import (
    Channel,
    Party,
    PartyEdit,
    Process,
    ProcessDraft,
    Resend,
    ResendReport,
    SecurityCode,
    SecurityCodeEdit,
    SignatureData,
    SignatureDataEdit,
    SignedFile,
    SignerEdit,
)
from esign_core.testing import EitherClient, Mode, perform, sample_document
from esign_core.testing.modes import Story

ROOT = Path(__file__).parents[2]
CASSETTES = ROOT / "cassettes"
ACCOUNT = "replayed"


class People(Protocol):
    """Those who sign: no HTTP call of ours, so on a cassette nothing of it is heard."""

    def sign_as(self, who: str, /) -> None:
        """Let somebody sign."""

    def decline_as(self, who: str, reason: str, /) -> None:
        """Let somebody decline."""


class Absent:
    """The people of a replay: what they did is in the answers already."""

    def sign_as(self, who: str, /) -> None:
        """Do nothing."""

    def decline_as(self, who: str, reason: str, /) -> None:
        """Do nothing."""


@attrs.frozen(kw_only=True)
class Result:
    """What a story came to: every process as it was read, what the resend reported, and the files."""

    processes: tuple[Process, ...]
    report: ResendReport
    files: tuple[SignedFile, ...]


ScenarioBody = Callable[[EitherClient, People, datetime], Coroutine[Any, Any, Result]]


@attrs.frozen(kw_only=True)
class Scenario:
    """One cassette: where it lies, what it tells, and the account it was recorded with."""

    provider: str
    name: str
    summary: str
    address: str
    """Address of the sandbox; no server answers there on replay."""
    settings: Mapping[str, Any]
    body: ScenarioBody

    @property
    def path(self) -> Path:
        """The cassette."""
        return CASSETTES / self.provider / f"{self.name}.yaml"

    def recorded(self, now: Callable[[], datetime], mode: Mode = Mode.SYNC) -> Result:
        """Play against the sandbox, whose people act."""

        async def story(client: EitherClient) -> Result:
            assert client.sandbox.settings.address == self.address
            return await self.body(client, client.sandbox, now())

        return self._play({"environment": "sandbox", "sandbox_seed": "cassettes"}, story, now, mode)

    def replayed(self, now: Callable[[], datetime], mode: Mode) -> Result:
        """Replay without a sandbox, at an address without a server."""

        async def story(client: EitherClient) -> Result:
            return await self.body(client, Absent(), now())

        return self._play({"base_url": self.address}, story, now, mode)

    def _play(self, place: Mapping[str, str], story: Story[Result], now: Callable[[], datetime], mode: Mode) -> Result:
        config = {"accounts": {ACCOUNT: {"provider": self.provider, **self.settings, **place}}}
        return perform(story, mode, ACCOUNT, config=config, clock=now)


async def reopen(client: EitherClient, people: People, now: datetime) -> Result:
    """Send by an upload address; somebody declines; bring it back; both sign; fetch."""
    draft = ProcessDraft(
        name="Services agreement",
        subject="Please sign",
        message="The agreement we spoke about.",
        documents=[sample_document()],
        signers=[ANA, BRUNO],
        expires_at=now + timedelta(days=30),
        tags=["legal"],
    )
    created = await client.create(draft)
    people.decline_as(str(ANA.email), "The price is wrong.")
    declined = await client.get(created)
    report = await client.resend(declined, Resend(reopen=True))
    reopened = await client.get(created)
    people.sign_as(str(ANA.email))
    people.sign_as(str(BRUNO.email))
    completed = await client.get(created)
    files = await client.download(completed)
    return Result(processes=(created, declined, reopened, completed), report=report, files=files)


async def correct(client: EitherClient, people: People, now: datetime) -> Result:
    """Send; correct an e-mail, move the security code to SMS, replace the company's number; both sign; fetch."""
    careful = attrs.evolve(
        ANA,
        security_code=SecurityCode(code="2468", email=ANA.email),
        signature_data=SignatureData(
            signatory=Party(name=ANA.name, document_number=PERSON_NUMBER),
            company=Party(name=COMPANY, document_number=COMPANY_NUMBER, validate=True),
        ),
    )
    draft = ProcessDraft(
        name="Services agreement",
        documents=[sample_document()],
        signers=[careful, BRUNO],
        expires_at=now + timedelta(days=30),
    )
    created = await client.create(draft)
    sent = await client.get(created)
    edit = SignerEdit(
        signer_id=sent.signer(email=ANA.email).id,
        email="ana.corrected@example.com",
        security_code=SecurityCodeEdit(channel=Channel.SMS, phone=NEW_PHONE),
        signature_data=SignatureDataEdit(company=PartyEdit(document_number=NEW_COMPANY_NUMBER, validate=True)),
    )
    report = await client.resend(sent, Resend(edits=[edit]))
    corrected = await client.get(created)
    people.sign_as("ana.corrected@example.com")
    people.sign_as(str(BRUNO.email))
    completed = await client.get(created)
    files = await client.download(completed)
    return Result(processes=(created, sent, corrected, completed), report=report, files=files)


SCENARIOS = (
    Scenario(
        provider="auco",
        name="reopen",
        summary="upload by the single-use address, decline, reactivate, sign, download",
        address="https://auco-sandbox.invalid/v1.5/ext",
        settings={
            "public_key": "puk_invented_for_cassettes",
            "private_key": "prk_invented_for_cassettes",
            "sender": "legal@example.com",
            "inline_limit": 0,
        },
        body=reopen,
    ),
    Scenario(
        provider="arqsign",
        name="correct",
        summary="send, correct by PATCH an e-mail, a security code and a company's number, sign, download",
        address="https://arqsign-sandbox.invalid",
        settings={
            "app_key": "invented-app-key",
            "subscription_key": "invented-subscription-key",
            "responsible_id": "7b0d6c1e-58d3-4c6e-9f51-2d5a0f4f3a11",
            "folder_id": "0f6f2a3c-1d2b-4a7e-8c55-9a1b2c3d4e5f",
        },
        body=correct,
    ),
)
