"""The contract, part six: nothing secret or personal in a repr, a log or an error; unknown status words."""

from __future__ import annotations

import contextlib
import json
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from esign_core.accounts.settings import secrets_of
from esign_core.model.errors import EsignError
from esign_core.model.status import ProcessStatus
from esign_core.providers.flow import Reply
from esign_core.sandbox import json_reply
from esign_core.testing.contract.base import ContractBase, sync_and_async
from esign_core.testing.contract.run import ContractRun

__all__ = ["Privacy", "UNHEARD", "everything", "exchanged", "logged", "private_words"]

UNHEARD = "UNHEARD_OF_WORD"
"""A status word that no vendor uses."""
_UNHEARD_NUMBER = 987_654
_SHORTEST = 5


class Privacy(ContractBase):
    """Test that reprs, logs and errors hide secrets, and that unknown status words are reported."""

    @sync_and_async
    async def test_nothing_personal_is_logged_or_shown(self, run: ContractRun) -> None:
        """Neither the logs at their loudest nor the repr of any value names a person or a key."""
        with logged() as lines:
            shown = [repr(value) for value in await everything(run)]
        text = "\n".join([*lines, *shown])
        assert [word for word in private_words(run) if word in text] == []

    @sync_and_async
    async def test_errors_repeat_nothing_of_what_the_vendor_repeats(self, run: ContractRun) -> None:
        """An error never repeats the personal data and keys that a vendor's answer contains."""
        process = await run.sent_process()
        words = private_words(run)
        for status in (400, 401, 403, 404, 409, 422, 500):
            run.alter = lambda _, __, status=status: json_reply(status, {"message": " ".join(words)})
            for writing in (True, False):
                with logged() as lines, pytest.raises(EsignError) as caught:
                    await (run.client.create(run.draft) if writing else run.client.get(process))
                result = [str(caught.value), repr(caught.value), str(pickle.loads(pickle.dumps(caught.value)))]  # noqa: S301 - our own pickle
                result += [str(caught.value.vendor_message), *lines]
                assert [word for word in words for text in result if word in text] == [], status

    @sync_and_async
    async def test_problems_repeat_no_value(self, run: ContractRun) -> None:
        """The message about a wrong value does not repeat the value."""
        people = [attrs.evolve(signer, email=f"{signer.email} wrong") for signer in run.draft.signers]
        draft = attrs.evolve(run.draft, signers=people)
        text = "\n".join(str(problem) for problem in run.client.check(draft))
        assert [word for word in private_words(run) if word in text] == []

    @sync_and_async
    async def test_words_that_no_table_knows_are_unknown(self, run: ContractRun) -> None:
        """A status that the vendor invents tomorrow is UNKNOWN, keeps the vendor's word, and is reported."""
        process = await run.sent_process()
        word = process.status_detail.vendor_status
        assert word, "vendor_status holds the vendor's own word, as it stands in the answer"
        run.alter = lambda _, answer: _with_another_word(answer, word)
        read = await run.client.get(process.id)
        assert read.status is ProcessStatus.UNKNOWN
        assert read.status_detail.rule.endswith(".unknown")
        assert read.status_detail.vendor_status in (UNHEARD, str(_UNHEARD_NUMBER))
        assert read.status_detail.vendor_status in run.observer.unknown
        assert read.status_detail.explain()


async def everything(run: ContractRun) -> list[Any]:
    """Run every operation of the provider and return every value."""
    created = await run.client.create(run.draft)
    made: list[Any] = [run.client, run.box.settings, run.draft, created]
    made.append(await run.able(run.client.resend(created.id)))
    run.sign(created)
    made.append(await run.client.get(created.id))
    made.append(await run.able(run.client.download(created.id)))
    made.append(await run.able(run.client.timeline(created.id)))
    declined = await run.sent_process()
    run.box.decline_as(run.draft.signers[0].email or "", "For a reason of my own.", process_id=declined.id)
    made.append(await run.client.get(declined))
    with contextlib.suppress(EsignError):
        made += [run.box.deliveries, *(run.client.receive(delivery) for delivery in run.box.deliveries)]
    return [*made, *run.observer.events, *run.sent]


def private_words(run: ContractRun) -> list[str]:
    """Return every text that must stay hidden: the account's secrets, and the draft's names, e-mails and phones."""
    words = list(secrets_of(run.box.settings))
    for signer in run.draft.signers:
        words += [signer.email or signer.name, (signer.phone or signer.name).removeprefix("+")]
        words += [signer.name, *(part for part in signer.name.split() if len(part) >= _SHORTEST)]
    return words


@contextlib.contextmanager
def logged() -> Iterator[list[str]]:
    """Catch what every logger says, at the level where they say most."""
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # a handler in one line
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def _with_another_word(answer: Reply, word: str) -> Reply:
    return attrs.evolve(answer, body=json.dumps(exchanged(json.loads(answer.body), word)).encode())


def exchanged(tree: Any, word: str) -> Any:
    """Return a JSON tree with one word replaced by an unknown one wherever it is a whole value."""
    if isinstance(tree, dict):
        return {key: exchanged(value, word) for key, value in tree.items()}
    if isinstance(tree, list):
        return [exchanged(value, word) for value in tree]
    if str(tree) != word:
        return tree
    return UNHEARD if isinstance(tree, str) else _UNHEARD_NUMBER
