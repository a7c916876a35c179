"""The contract, part three: how processes go on and end, and what is fetched of them."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from esign_core.model.documents import FileKind
from esign_core.model.errors import ConflictError, RefusedError, UnsupportedError
from esign_core.model.events import EventKind
from esign_core.model.resend import Resend, SignerEdit
from esign_core.model.status import ProcessStatus, SignerStatus
from esign_core.providers.capabilities import Feature
from esign_core.testing.colours import Colour
from esign_core.testing.contract.bench import Bench, both_colours
from esign_core.testing.contract.sending import OPEN
from esign_core.testing.contract.stage import Stage, hinted

__all__ = ["Ending", "names_in", "whole_story"]

_MOMENT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


class Ending(Bench):
    """How processes go on and end, and what is fetched of them."""

    @both_colours
    async def test_signing_is_seen_person_by_person(self, stage: Stage) -> None:
        """Who has signed is DONE while the process stays open for the others."""
        process = await stage.sent_process()
        stage.sign(process, leave=1)
        read = await stage.client.get(process)
        assert read.status in OPEN
        assert read.signer(email=stage.draft.signers[0].email).status is SignerStatus.DONE
        assert read.signer(email=stage.draft.signers[-1].email).status is not SignerStatus.DONE

    @both_colours
    async def test_everybody_signing_completes_the_process(self, stage: Stage) -> None:
        """When the last one has signed, the process is COMPLETED and everybody DONE."""
        process = await stage.sent_process()
        stage.sign(process)
        read = await stage.client.get(process)
        assert read.status is ProcessStatus.COMPLETED
        assert {signer.status for signer in read.signers} == {SignerStatus.DONE}

    @both_colours
    async def test_completed_process_is_downloaded(self, stage: Stage) -> None:
        """A finished process gives at least one PDF, with its size and its hash."""
        process = await stage.sent_process()
        stage.sign(process)
        files = await stage.able(stage.client.download(process.id))
        for file in files or ():
            assert file.content is not None
            assert (file.size, file.sha256) == (len(file.content), hashlib.sha256(file.content).hexdigest())
        documents = [file for file in files or () if file.kind is FileKind.DOCUMENT]
        assert files is None or documents
        assert all((file.content or b"").startswith(b"%PDF-") for file in documents)

    @both_colours
    async def test_files_appear_in_a_directory_and_overwrite_nothing(self, stage: Stage) -> None:
        """With a directory, the files are there under their names; a second time, none of them is overwritten."""
        process = await stage.sent_process()
        stage.sign(process)
        with tempfile.TemporaryDirectory() as directory:
            files = await stage.able(stage.client.download(process.id, directory))
            assert names_in(directory) == sorted(file.path.name for file in files or () if file.path)
            assert {file.content for file in files or ()} <= {None}
            if files:
                with pytest.raises(FileExistsError):
                    await stage.client.download(process.id, directory)

    @both_colours
    async def test_unfinished_process_is_not_downloaded(self, stage: Stage) -> None:
        """While people still have to sign, a download is a conflict, by identifier or by process."""
        process = await stage.sent_process()
        stage.sign(process, leave=1)
        for given in (process.id, process, await stage.client.get(process)):
            with pytest.raises((ConflictError, UnsupportedError)) as caught:
                await stage.client.download(given)
            assert caught.value.hint

    @both_colours
    async def test_declining_ends_the_process(self, stage: Stage) -> None:
        """When somebody declines, they and the process are DECLINED."""
        process = await stage.sent_process()
        stage.box.decline_as(stage.draft.signers[0].email or "", "The price is wrong.", process_id=process.id)
        read = await stage.client.get(process)
        assert read.status is ProcessStatus.DECLINED
        assert read.signer(email=stage.draft.signers[0].email).status is SignerStatus.DECLINED

    @both_colours
    async def test_cancelling_ends_the_process(self, stage: Stage) -> None:
        """A cancelled process says so at once and whenever it is read; a second time there is nothing to cancel."""
        process = await stage.sent_process()
        cancelled = await stage.able(stage.client.cancel(process.id, reason="Sent by mistake."))
        if cancelled is None:
            return
        assert (cancelled.id, cancelled.status) == (process.id, ProcessStatus.CANCELLED)
        assert (await stage.client.get(process.id)).status is ProcessStatus.CANCELLED
        with pytest.raises((ConflictError, RefusedError)):
            await stage.client.cancel(process.id)

    @both_colours
    async def test_reminding_reaches_those_who_have_not_signed(self, stage: Stage) -> None:
        """A resend of an open process reports whom it reached, and leaves the process open."""
        process = await stage.sent_process()
        stage.sign(process, leave=1)
        report = await stage.able(stage.client.resend(process.id))
        if report is None:
            return
        assert report.process_id == process.id
        assert report.count is None or report.count >= 1
        assert report.missed == ()
        assert (await stage.client.get(process)).status in OPEN

    @both_colours
    async def test_reopening_brings_a_declined_process_back(self, stage: Stage) -> None:
        """With REOPEN, what can be reopened says so and is open again afterwards; without, it is refused."""
        process = await stage.sent_process()
        stage.box.decline_as(stage.draft.signers[0].email or "", "Not yet.", process_id=process.id)
        declined = await stage.client.get(process)
        assert stage.supports(Feature.REOPEN) or not declined.status_detail.reopenable
        if declined.status_detail.reopenable:
            report = await stage.client.resend(declined, Resend(reopen=True))
            assert report.reopened is not False
            assert (await stage.client.get(process)).status in OPEN
            return
        with pytest.raises((UnsupportedError, ConflictError, RefusedError)):
            await stage.client.resend(declined, Resend(reopen=True))
        assert (await stage.client.get(process)).status is ProcessStatus.DECLINED

    @both_colours
    async def test_corrections_are_kept_or_refused(self, stage: Stage) -> None:
        """With RESEND_EDITS, a corrected e-mail is read back; without, it is refused and nothing is sent."""
        process = await stage.sent_process()
        signer = process.signer(email=stage.draft.signers[0].email)
        resend = Resend(edits=[SignerEdit(signer_id=signer.id, email="corrected@example.com")])
        if stage.supports(Feature.RESEND_EDITS):
            await stage.client.resend(process, resend)
            assert (await stage.client.get(process)).signer(id=signer.id).email == "corrected@example.com"
            return
        before = len(stage.sent)
        with pytest.raises(UnsupportedError) as caught:
            await stage.client.resend(process, resend)
        assert hinted(caught.value)
        assert len(stage.sent) == before

    @both_colours
    async def test_history_is_told_or_refused(self, stage: Stage) -> None:
        """With TIMELINE, the history is told oldest first in neutral names; without, it is refused."""
        process = await stage.sent_process()
        stage.sign(process, leave=1)
        entries = await stage.able(stage.client.timeline(process.id))
        assert (entries is not None) == stage.supports(Feature.TIMELINE)
        moments = [entry.at for entry in entries or () if entry.at is not None]
        assert moments == sorted(moments)
        known = {kind.value for kind in EventKind} - {EventKind.UNKNOWN.value}
        assert {entry.kind for entry in entries or ()} <= known
        assert entries is None or any(entry.kind == EventKind.SIGNER_DONE.value for entry in entries)

    @both_colours
    async def test_blocked_people_are_seen(self, stage: Stage) -> None:
        """Where the vendor blocks people, the one who is blocked is BLOCKED; elsewhere the sandbox says it cannot."""
        process = await stage.sent_process()
        with contextlib.suppress(UnsupportedError):
            stage.box.block(stage.draft.signers[0].email or "", process_id=process.id)
            read = await stage.client.get(process)
            assert read.signer(email=stage.draft.signers[0].email).status is SignerStatus.BLOCKED

    def test_both_clients_do_the_same(self) -> None:
        """One story, told by `Client` and by `AsyncClient` under one clock, gives equal values from end to end."""
        told = {colour: self.play(colour, whole_story, clock=lambda: _MOMENT) for colour in Colour}
        assert told[Colour.SYNC] == told[Colour.ASYNC]


def names_in(directory: str) -> list[str]:
    """Return the names of a directory's files, sorted."""
    return sorted(path.name for path in Path(directory).iterdir())


async def whole_story(stage: Stage) -> list[Any]:
    """Send, remind, sign, read, fetch; send another, cancel it; and give back everything that was said."""
    created = await stage.client.create(stage.draft)
    told: list[Any] = [created, await stage.client.get(created)]
    told.append(await stage.able(stage.client.resend(created.id)))
    stage.sign(created)
    told.append(await stage.client.get(created.id))
    told.append(await stage.able(stage.client.download(created.id)))
    told.append(await stage.able(stage.client.timeline(created.id)))
    other = await stage.client.create(stage.draft)
    told.append(await stage.able(stage.client.cancel(other.id)))
    told.append(await stage.client.get(other.id))
    return [*told, *stage.observer.unknown]
