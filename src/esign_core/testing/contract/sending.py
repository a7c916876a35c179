"""The contract, part two: what is checked, sent and read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from esign_core.model.documents import Document, FileKind, TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    ProcessDraft,
    Role,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import InvalidRequestError, UnsupportedError
from esign_core.model.status import ProcessStatus, SignerStatus
from esign_core.providers.capabilities import Feature
from esign_core.testing.contract.base import ACCOUNT, ContractBase, sync_and_async
from esign_core.testing.contract.run import ContractRun, hinted
from esign_core.testing.samples import sample_document

__all__ = ["DEMANDS", "OF_SIGNERS", "OPEN", "Sending", "WAITING", "demanding"]

OPEN = frozenset({ProcessStatus.PREPARING, ProcessStatus.SCHEDULED, ProcessStatus.IN_PROGRESS})
"""Statuses of a process that was sent and that has no signature yet."""
WAITING = frozenset({SignerStatus.NOT_NOTIFIED, SignerStatus.NOTIFIED})

_PDF = sample_document()
_MALFORMED: dict[str, Any] = {
    "name": " ",
    "documents": [Document.from_bytes(b"This is no PDF.", name="contract.pdf")],
    "signers": [SignerDraft(name="", email="nobody", phone="12"), SignerDraft(name="B", email="nobody")],
}

DEMANDS: dict[Feature, dict[str, Any]] = {
    Feature.SEVERAL_DOCUMENTS: {"documents": [_PDF, attrs.evolve(_PDF, name="annex.pdf")]},
    Feature.TEMPLATES: {"documents": [TemplateDocument(template_id="0123456789abcdef01234567")]},
    Feature.DOCUMENT_LINK: {"documents": [Document.from_url("https://example.com/contract.pdf", name="contract.pdf")]},
    Feature.ORDER: {"ordered": True},
    Feature.COPY_RECIPIENTS: {"cc": [CopyRecipient(name="Carla Archivo", email="carla.archivo@example.com")]},
    Feature.EXPIRY: {"expires_at": datetime(2199, 1, 31, tzinfo=UTC)},
    Feature.REMINDERS: {"remind_every": timedelta(hours=24)},
    Feature.FOLDER: {"folder": "contracts"},
    Feature.NOTIFY: {"notify": False},
    Feature.SIGNER_DOCUMENTS: {"documents": [_PDF, attrs.evolve(_PDF, name="annex.pdf")]},
}
"""A draft's fields that need a feature."""
OF_SIGNERS: dict[Feature, dict[str, Any]] = {
    Feature.APPROVER: {"role": Role.APPROVER},
    Feature.OTP: {"challenges": [Challenge.otp(Channel.EMAIL)]},
    Feature.FACE_PHOTO: {"challenges": [Challenge.face_photo()]},
    Feature.ID_DOCUMENT: {"challenges": [Challenge.id_document(number="1020304050", kind="CC", country="CO")]},
    Feature.VIDEO: {"challenges": [Challenge.video()]},
    Feature.CERTIFICATE: {"challenges": [Challenge.certificate()]},
    Feature.SECURITY_CODE: {"security_code": SecurityCode(code="2468", email="code@example.com")},
    Feature.SIGNATURE_DATA: {"signature_data": SignatureData(signatory=Party(name="Anahí Quiroga Ejemplo"))},
    Feature.ATTACHMENTS: {"attachments": [Attachment(name="Proof of address")]},
    Feature.SMS: {"channel": Channel.SMS},
    Feature.WHATSAPP: {"channel": Channel.WHATSAPP},
    Feature.SIGNER_NOTIFY: {"notify": False},
    Feature.SIGNER_MESSAGE: {"message": "Please sign."},
    Feature.SIGNER_DOCUMENTS: {"documents": [0]},
    Feature.PLACEMENT_BOX: {"placements": [Placement.box(1, 72, 600, 144, 48)]},
    Feature.PLACEMENT_TAG: {"placements": [Placement.tag()]},
    Feature.PLACEMENT_TEMPLATE_ROLE: {"placements": [Placement.template_role("guarantor")]},
}
"""A signer's fields that need a feature."""


def demanding(feature: Feature, draft: ProcessDraft) -> ProcessDraft:
    """Return the draft, changed so that it needs a feature."""
    first, *others = draft.signers
    signers = [attrs.evolve(first, **OF_SIGNERS.get(feature, {})), *others]
    return attrs.evolve(draft, signers=signers, **DEMANDS.get(feature, {}))


class Sending(ContractBase):
    """Test checking, sending and reading back."""

    @sync_and_async
    async def test_portable_draft_is_valid_here(self, run: ContractRun) -> None:
        """A name, one PDF and people with an e-mail and a phone are valid, and checking sends no request."""
        assert run.client.check(run.draft) == ()
        assert run.sent == []

    @sync_and_async
    async def test_portable_draft_is_sent(self, run: ContractRun) -> None:
        """Sending returns a process of this account with an identifier and no read_at."""
        process = await run.client.create(run.draft)
        assert self.kind(run.box.settings).owns(process.id)
        assert (process.provider, process.account) == (run.client.provider, ACCOUNT)
        assert process.status in OPEN
        assert process.status_detail.status == process.status.name
        assert process.read_at is None

    @sync_and_async
    async def test_what_was_sent_is_read_back(self, run: ContractRun) -> None:
        """Reading returns the same process, open, with all signers and no signature."""
        created = await run.client.create(run.draft)
        read = await run.client.get(created.id)
        assert (read.id, read.provider, read.account) == (created.id, run.client.provider, ACCOUNT)
        assert read.status in OPEN
        assert {signer.status for signer in read.signers} <= WAITING
        assert {signer.email for signer in read.signers} == {signer.email for signer in run.draft.signers}
        assert all(read.signer(id=signer.id) == signer for signer in read.signers)
        assert read.read_at is not None
        assert read.raw

    @sync_and_async
    async def test_process_can_be_handed_over_for_its_identifier(self, run: ContractRun) -> None:
        """A process read before is as good as its identifier."""
        process = await run.sent_process()
        again = await run.client.get(process)
        assert attrs.evolve(again, read_at=None, updated_at=None) == attrs.evolve(
            process, read_at=None, updated_at=None
        )

    @sync_and_async
    async def test_every_mistake_is_listed_at_once(self, run: ContractRun) -> None:
        """Checking lists all that is wrong, each with its place; sending raises the same and sends nothing."""
        wrong = attrs.evolve(run.draft, **_MALFORMED)
        problems = run.client.check(wrong)
        with pytest.raises(InvalidRequestError) as caught:
            await run.client.create(wrong)
        paths = {problem.path for problem in problems}
        assert {"name", "documents[0]", "signers[0].email", "signers[0].phone", "signers[1].email"} <= paths
        assert all(problem.message for problem in problems)
        assert {problem.path for problem in caught.value.problems} == paths
        assert not isinstance(caught.value, UnsupportedError)
        assert run.sent == []

    @sync_and_async
    async def test_what_the_provider_lacks_is_refused(self, run: ContractRun) -> None:
        """Each feature that is missing from the capabilities is a problem with a hint, and nothing is sent."""
        for feature in (*DEMANDS, *OF_SIGNERS):
            if run.supports(feature):
                continue
            draft = demanding(feature, run.draft)
            problems = run.client.check(draft)
            assert any(problem.unsupported and problem.hint for problem in problems), feature
            with pytest.raises(InvalidRequestError) as caught:
                await run.client.create(draft)
            assert caught.value.problems == problems
            if all(problem.unsupported for problem in problems):
                assert isinstance(caught.value, UnsupportedError)
                assert hinted(caught.value)
        assert run.sent == []

    @sync_and_async
    async def test_what_the_provider_claims_is_not_refused(self, run: ContractRun) -> None:
        """No feature of the capabilities is called unsupported where a draft needs it."""
        for feature in (*DEMANDS, *OF_SIGNERS):
            if run.supports(feature):
                refused = {problem.message for problem in run.client.check(demanding(feature, run.draft))}
                assert run.client.capabilities.problem(feature, "").message not in refused, feature

    @sync_and_async
    async def test_several_documents_are_sent(self, run: ContractRun) -> None:
        """Where several documents can be sent, each is signed: all are listed, if any are, and all are fetched."""
        if run.supports(Feature.SEVERAL_DOCUMENTS):
            process = await run.sent_process(demanding(Feature.SEVERAL_DOCUMENTS, run.draft))
            assert len(process.documents) in (0, 2)
            run.sign(process)
            files = await run.able(run.client.download(process.id))
            assert files is None or sum(file.kind is FileKind.DOCUMENT for file in files) == 2

    @sync_and_async
    async def test_order_is_kept(self, run: ContractRun) -> None:
        """Where people can be asked one after another, the second cannot sign before the first."""
        if run.supports(Feature.ORDER):
            process = await run.sent_process(demanding(Feature.ORDER, run.draft))
            with pytest.raises((LookupError, ValueError)):
                run.box.sign_as(run.draft.signers[-1].email or "", process_id=process.id)
            run.sign(process)
            assert (await run.client.get(process)).status is ProcessStatus.COMPLETED

    @sync_and_async
    async def test_expiry_ends_the_process(self, run: ContractRun) -> None:
        """Where a process can expire, it does so at its moment and not before."""
        if run.supports(Feature.EXPIRY):
            expires_at = run.box.clock.now() + timedelta(days=20)
            process = await run.sent_process(attrs.evolve(run.draft, expires_at=expires_at))
            run.box.move_clock(timedelta(days=18))
            assert (await run.client.get(process)).status in OPEN
            run.box.move_clock(timedelta(days=4))
            assert (await run.client.get(process)).status is ProcessStatus.EXPIRED

    @sync_and_async
    async def test_reference_comes_back_where_it_has_a_place(self, run: ContractRun) -> None:
        """The caller's own key never stops a draft; it is read back where the vendor keeps it."""
        process = await run.sent_process(attrs.evolve(run.draft, reference="contract-42", tags=["legal"]))
        assert process.reference == ("contract-42" if run.supports(Feature.REFERENCE) else None)
