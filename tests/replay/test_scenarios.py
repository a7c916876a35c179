"""The committed cassettes, replayed with both clients where no network is, every request compared whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML has no types
from pypdf import PdfReader
from scripts.record_cassettes import README, record, rows
from tests.replay.people import ANA, BRUNO
from tests.replay.scenarios import SCENARIOS, Result, Scenario
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # vcrpy has no types

from esign_core import Process, ProcessDraft, ProcessStatus, SignerStatus
from esign_core.testing import EitherClient, Mode, replaying

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.provider}-{one.name}")
each_mode = pytest.mark.parametrize("mode", Mode, ids=lambda mode: mode.value)

STATUSES = {
    "reopen": [
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.DECLINED,
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.COMPLETED,
    ],
    "correct": [
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.IN_PROGRESS,
        ProcessStatus.COMPLETED,
    ],
}


def replay(scenario: Scenario, mode: Mode) -> Result:
    """Replay a cassette at the moment it was recorded."""
    with replaying(scenario.path) as cassette:
        return scenario.replayed(cassette.clock, mode)


def text_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@each_mode
@each_scenario
def test_cassette_tells_the_whole_story(scenario: Scenario, mode: Mode) -> None:
    """Every step of the story is as it was recorded, down to the signed file with the page that was sent."""
    result = replay(scenario, mode)
    assert [process.status for process in result.processes] == STATUSES[scenario.name]
    assert {signer.status for signer in result.processes[-1].signers} == {SignerStatus.DONE}
    assert result.report.count == 2
    [file] = result.files
    pages = text_of(file.content or b"")
    assert "Services agreement" in pages[0]
    assert "Made by a sandbox" in pages[-1]


@each_scenario
def test_both_clients_replay_the_same(scenario: Scenario) -> None:
    """One cassette gives equal values to both clients."""
    assert replay(scenario, Mode.SYNC) == replay(scenario, Mode.ASYNC)


def test_declined_process_is_brought_back() -> None:
    """On the reopening cassette, one signer had declined; after the reactivation no signer has."""
    _, declined, reopened, _ = replay(SCENARIOS[0], Mode.SYNC).processes
    assert declined.signer(email=ANA.email).status is SignerStatus.DECLINED
    assert declined.status_detail.reopenable
    assert {signer.status for signer in reopened.signers} == {SignerStatus.NOTIFIED}


def test_correction_is_read_back() -> None:
    """On the cassette that corrects, the new e-mail is there afterwards, and the other person is untouched."""
    _, sent, corrected, _ = replay(SCENARIOS[1], Mode.SYNC).processes
    assert {signer.email for signer in sent.signers} == {ANA.email, BRUNO.email}
    assert {signer.email for signer in corrected.signers} == {"ana.corrected@example.com", BRUNO.email}


@each_mode
@each_scenario
def test_recording_again_gives_the_same(scenario: Scenario, mode: Mode, tmp_path: Path) -> None:
    """Recording again at the same time gives the committed cassette; if not: scripts/record_cassettes.py."""
    moment = datetime.fromisoformat(content(scenario.path)["metadata"]["recorded_at"])
    record(scenario, tmp_path / "again.yaml", moment, mode)
    assert content(tmp_path / "again.yaml") == content(scenario.path)


def content(path: Path) -> Any:
    """Return what a cassette says; of finished PDFs the text, for their compression differs between platforms."""
    tree = yaml.safe_load(path.read_text("utf-8"))
    for exchange in tree["interactions"]:
        body = exchange["response"]["body"]["string"]
        if isinstance(body, bytes):
            exchange["response"]["body"]["string"] = text_of(body)
    return tree


@each_mode
@each_scenario
@pytest.mark.parametrize(
    "change",
    [
        lambda draft: attrs.evolve(draft, name="Another agreement"),
        lambda draft: attrs.evolve(draft, expires_at=draft.expires_at + timedelta(days=1)),
        lambda draft: attrs.evolve(draft, signers=draft.signers[:1]),
    ],
    ids=["name", "expiry", "signers"],
)
def test_another_request_is_not_answered(
    scenario: Scenario, mode: Mode, change: Callable[[ProcessDraft], ProcessDraft]
) -> None:
    """A body that differs from the recorded one finds no answer, and does not reach the network either."""

    async def other(client: EitherClient, *_: object) -> Result:
        create = client.create

        async def changed(draft: ProcessDraft) -> Process:
            return await create(change(draft))

        client.create = changed  # type: ignore[method-assign]  # what the story sends is what is changed
        return await scenario.body(client, *_)  # type: ignore[arg-type]  # handed on as they came

    with (
        pytest.raises(CannotOverwriteExistingCassetteException, match="bodies differ"),
        replaying(scenario.path) as tape,
    ):
        attrs.evolve(scenario, body=other).replayed(tape.clock, mode)


def test_another_day_is_not_answered() -> None:
    """Requests hold dates: without the clock of the recording, they are not the recorded ones."""

    def tomorrow() -> datetime:
        return tape.recorded_at + timedelta(days=1)

    with pytest.raises(CannotOverwriteExistingCassetteException), replaying(SCENARIOS[0].path) as tape:
        SCENARIOS[0].replayed(tomorrow, Mode.SYNC)


def test_requests_left_over_are_told() -> None:
    """A replay with fewer requests than recorded fails."""

    async def shorter(client: EitherClient, people: object, now: datetime) -> Any:
        return None

    message = r"of the \d+ requests recorded in reopen.yaml were not made"
    with pytest.raises(ValueError, match=message), replaying(SCENARIOS[0].path) as tape:
        attrs.evolve(SCENARIOS[0], body=shorter).replayed(tape.clock, Mode.SYNC)


def test_readme_names_every_cassette_and_its_moment() -> None:
    """The README's table is the one that the recording command writes, and lists every cassette."""
    [moment] = {content(one.path)["metadata"]["recorded_at"] for one in SCENARIOS}
    text = README.read_text("utf-8")
    assert rows(datetime.fromisoformat(moment)) in text
    assert "They do not prove that the vendor agrees" in text
    assert set(README.parent.rglob("*.yaml")) == {one.path for one in SCENARIOS}
