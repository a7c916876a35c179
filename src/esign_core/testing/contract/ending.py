"""The contract, part three: signing, ending and downloading processes."""

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
from esign_core.testing.contract.base import ContractBase, sync_and_async
from esign_core.testing.contract.run import ContractRun, hinted
from esign_core.testing.contract.sending import OPEN
from esign_core.testing.modes import Mode

__all__ = ["Ending", "names_in", "whole_story"]

_MOMENT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


class Ending(ContractBase):
    """Test signing, ending and downloading processes."""

    @sync_and_async
    async def test_signing_is_seen_person_by_person(self, run: ContractRun) -> None:
        """A signer who has signed is DONE; the process stays open for the others."""
        process = await run.sent_process()
        run.sign(process, leave=1)
        read = await run.client.get(process)
        assert read.status in OPEN
        assert read.signer(email=run.draft.signers[0].email).status is SignerStatus.DONE
        assert read.signer(email=run.draft.signers[-1].email).status is not SignerStatus.DONE

    @sync_and_async
    async def test_everybody_signing_completes_the_process(self, run: ContractRun) -> None:
        """When the last one has signed, the process is COMPLETED and everybody DONE."""
        process = await run.sent_process()
        run.sign(process)
        read = await run.client.get(process)
        assert read.status is ProcessStatus.COMPLETED
        assert {signer.status for signer in read.signers} == {SignerStatus.DONE}

    @sync_and_async
    async def test_completed_process_is_downloaded(self, run: ContractRun) -> None:
        """A finished process gives at least one PDF, with its size and its hash."""
        process = await run.sent_process()
        run.sign(process)
        files = await run.able(run.client.download(process.id))
        for file in files or ():
            assert file.content is not None
            assert (file.size, file.sha256) == (len(file.content), hashlib.sha256(file.content).hexdigest())
        documents = [file for file in files or () if file.kind is FileKind.DOCUMENT]
        assert files is None or documents
        assert all((file.content or b"").startswith(b"%PDF-") for file in documents)

    @sync_and_async
    async def test_files_appear_in_a_directory_and_overwrite_nothing(self, run: ContractRun) -> None:
        """With a directory, the files are there under their names; equal ones may stay, others are not overwritten."""
        process = await run.sent_process()
        run.sign(process)
        with tempfile.TemporaryDirectory() as directory:
            files = await run.able(run.client.download(process.id, directory))
            assert names_in(directory) == sorted(file.path.name for file in files or () if file.path)
            assert {file.content for file in files or ()} <= {None}
            if files:
                assert await run.client.download(process.id, directory)
                taken = next(file.path for file in files if file.path)
                taken.write_bytes(b"mine")
                with pytest.raises(FileExistsError):
                    await run.client.download(process.id, directory)
                assert taken.read_bytes() == b"mine"

    @sync_and_async
    async def test_unfinished_process_is_not_downloaded(self, run: ContractRun) -> None:
        """While people still have to sign, a download is a conflict, by identifier or by process."""
        process = await run.sent_process()
        run.sign(process, leave=1)
        for given in (process.id, process, await run.client.get(process)):
            with pytest.raises((ConflictError, UnsupportedError)) as caught:
                await run.client.download(given)
            assert caught.value.hint

    @sync_and_async
    async def test_declining_ends_the_process(self, run: ContractRun) -> None:
        """When somebody declines, they and the process are DECLINED."""
        process = await run.sent_process()
        run.box.decline_as(run.draft.signers[0].email or "", "The price is wrong.", process_id=process.id)
        read = await run.client.get(process)
        assert read.status is ProcessStatus.DECLINED
        assert read.signer(email=run.draft.signers[0].email).status is SignerStatus.DECLINED

    @sync_and_async
    async def test_cancelling_ends_the_process(self, run: ContractRun) -> None:
        """A cancelled process says so at once and whenever it is read; a second time there is nothing to cancel."""
        process = await run.sent_process()
        cancelled = await run.able(run.client.cancel(process.id, reason="Sent by mistake."))
        if cancelled is None:
            return
        assert (cancelled.id, cancelled.status) == (process.id, ProcessStatus.CANCELLED)
        assert (await run.client.get(process.id)).status is ProcessStatus.CANCELLED
        with pytest.raises((ConflictError, RefusedError)):
            await run.client.cancel(process.id)

    @sync_and_async
    async def test_reminding_reaches_those_who_have_not_signed(self, run: ContractRun) -> None:
        """A resend of an open process reports whom it reached, and leaves the process open."""
        process = await run.sent_process()
        run.sign(process, leave=1)
        report = await run.able(run.client.resend(process.id))
        if report is None:
            return
        assert report.process_id == process.id
        assert report.count is None or report.count >= 1
        assert report.missed == ()
        assert (await run.client.get(process)).status in OPEN

    @sync_and_async
    async def test_reopening_brings_a_declined_process_back(self, run: ContractRun) -> None:
        """With REOPEN, what can be reopened says so and is open again afterwards; without, it is refused."""
        process = await run.sent_process()
        run.box.decline_as(run.draft.signers[0].email or "", "Not yet.", process_id=process.id)
        declined = await run.client.get(process)
        assert run.supports(Feature.REOPEN) or not declined.status_detail.reopenable
        if declined.status_detail.reopenable:
            report = await run.client.resend(declined, Resend(reopen=True))
            assert report.reopened is not False
            assert (await run.client.get(process)).status in OPEN
            return
        with pytest.raises((UnsupportedError, ConflictError, RefusedError)):
            await run.client.resend(declined, Resend(reopen=True))
        assert (await run.client.get(process)).status is ProcessStatus.DECLINED

    @sync_and_async
    async def test_corrections_are_kept_or_refused(self, run: ContractRun) -> None:
        """With RESEND_EDITS, a corrected e-mail is read back; without, it is refused and nothing is sent."""
        process = await run.sent_process()
        signer = process.signer(email=run.draft.signers[0].email)
        resend = Resend(edits=[SignerEdit(signer_id=signer.id, email="corrected@example.com")])
        if run.supports(Feature.RESEND_EDITS):
            await run.client.resend(process, resend)
            assert (await run.client.get(process)).signer(id=signer.id).email == "corrected@example.com"
            return
        before = len(run.sent)
        with pytest.raises(UnsupportedError) as caught:
            await run.client.resend(process, resend)
        assert hinted(caught.value)
        assert len(run.sent) == before

    @sync_and_async
    async def test_history_is_told_or_refused(self, run: ContractRun) -> None:
        """With TIMELINE, the history comes oldest first in neutral names; without, it is refused."""
        process = await run.sent_process()
        run.sign(process, leave=1)
        entries = await run.able(run.client.timeline(process.id))
        assert (entries is not None) == run.supports(Feature.TIMELINE)
        moments = [entry.at for entry in entries or () if entry.at is not None]
        assert moments == sorted(moments)
        known = {kind.value for kind in EventKind} - {EventKind.UNKNOWN.value}
        assert {entry.kind for entry in entries or ()} <= known
        assert entries is None or any(entry.kind == EventKind.SIGNER_DONE.value for entry in entries)

    @sync_and_async
    async def test_blocked_people_are_seen(self, run: ContractRun) -> None:
        """Where the vendor blocks people, the one who is blocked is BLOCKED; elsewhere the sandbox says it cannot."""
        process = await run.sent_process()
        with contextlib.suppress(UnsupportedError):
            run.box.block(run.draft.signers[0].email or "", process_id=process.id)
            read = await run.client.get(process)
            assert read.signer(email=run.draft.signers[0].email).status is SignerStatus.BLOCKED

    def test_both_clients_do_the_same(self) -> None:
        """One story run by `Client` and by `AsyncClient` under one clock returns equal values."""
        result = {mode: self.play(mode, whole_story, clock=lambda: _MOMENT) for mode in Mode}
        assert result[Mode.SYNC] == result[Mode.ASYNC]


def names_in(directory: str) -> list[str]:
    """Return the names of a directory's files, sorted."""
    return sorted(path.name for path in Path(directory).iterdir())


async def whole_story(run: ContractRun) -> list[Any]:
    """Send, remind, sign, read, fetch; send another, cancel it; and give back everything that was said."""
    created = await run.client.create(run.draft)
    result: list[Any] = [created, await run.client.get(created)]
    result.append(await run.able(run.client.resend(created.id)))
    run.sign(created)
    result.append(await run.client.get(created.id))
    result.append(await run.able(run.client.download(created.id)))
    result.append(await run.able(run.client.timeline(created.id)))
    other = await run.client.create(run.draft)
    result.append(await run.able(run.client.cancel(other.id)))
    result.append(await run.client.get(other.id))
    return [*result, *run.observer.unknown]
