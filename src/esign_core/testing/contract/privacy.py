"""The contract, part six: nothing secret or personal in a repr, a log or an error; and words that no table knows."""

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
from esign_core.sandbox import Answer
from esign_core.testing.contract.bench import Bench, both_colours
from esign_core.testing.contract.stage import Stage

__all__ = ["Privacy", "UNHEARD", "everything", "exchanged", "logged", "private_words"]

UNHEARD = "UNHEARD_OF_WORD"
"""A word that stands in no vendor's texts."""
_UNHEARD_NUMBER = 987_654
_SHORTEST = 5


class Privacy(Bench):
    """What is shown, logged and told, and what becomes of words that nobody has heard before."""

    @both_colours
    async def test_nothing_personal_is_logged_or_shown(self, stage: Stage) -> None:
        """Neither the logs at their loudest nor the repr of any value names a person or a key."""
        with logged() as lines:
            shown = [repr(value) for value in await everything(stage)]
        text = "\n".join([*lines, *shown])
        assert [word for word in private_words(stage) if word in text] == []

    @both_colours
    async def test_errors_repeat_nothing_of_what_the_vendor_repeats(self, stage: Stage) -> None:
        """A vendor that answers with everybody's data and the account's keys does not get them into an error."""
        process = await stage.sent_process()
        words = private_words(stage)
        for status in (400, 401, 403, 404, 409, 422, 500):
            stage.alter = lambda _, __, status=status: Answer.json(status, {"message": " ".join(words)})
            for writing in (True, False):
                with logged() as lines, pytest.raises(EsignError) as caught:
                    await (stage.client.create(stage.draft) if writing else stage.client.get(process))
                told = [str(caught.value), repr(caught.value), str(pickle.loads(pickle.dumps(caught.value)))]  # noqa: S301 - our own pickle
                told += [str(caught.value.vendor_message), *lines]
                assert [word for word in words for text in told if word in text] == [], status

    @both_colours
    async def test_problems_repeat_no_value(self, stage: Stage) -> None:
        """What is wrong with a value is said without the value."""
        people = [attrs.evolve(signer, email=f"{signer.email} wrong") for signer in stage.draft.signers]
        draft = attrs.evolve(stage.draft, signers=people)
        text = "\n".join(str(problem) for problem in stage.client.check(draft))
        assert [word for word in private_words(stage) if word in text] == []

    @both_colours
    async def test_words_that_no_table_knows_are_unknown(self, stage: Stage) -> None:
        """A status that the vendor invents tomorrow is UNKNOWN, keeps the vendor's word, and is reported."""
        process = await stage.sent_process()
        word = process.status_detail.vendor_status
        assert word, "vendor_status holds the vendor's own word, as it stands in the answer"
        stage.alter = lambda _, answer: _with_another_word(answer, word)
        read = await stage.client.get(process.id)
        assert read.status is ProcessStatus.UNKNOWN
        assert read.status_detail.rule.endswith(".unknown")
        assert read.status_detail.vendor_status in (UNHEARD, str(_UNHEARD_NUMBER))
        assert read.status_detail.vendor_status in stage.observer.unknown
        assert read.status_detail.explain()


async def everything(stage: Stage) -> list[Any]:
    """Do all that a provider can do, and give back every value that came of it."""
    created = await stage.client.create(stage.draft)
    made: list[Any] = [stage.client, stage.box.settings, stage.draft, created]
    made.append(await stage.able(stage.client.resend(created.id)))
    stage.sign(created)
    made.append(await stage.client.get(created.id))
    made.append(await stage.able(stage.client.download(created.id)))
    made.append(await stage.able(stage.client.timeline(created.id)))
    declined = await stage.sent_process()
    stage.box.decline_as(stage.draft.signers[0].email or "", "For a reason of my own.", process_id=declined.id)
    made.append(await stage.client.get(declined))
    with contextlib.suppress(EsignError):
        made += [stage.box.deliveries, *(stage.client.receive(delivery) for delivery in stage.box.deliveries)]
    return [*made, *stage.observer.events, *stage.sent]


def private_words(stage: Stage) -> list[str]:
    """Return what must not be shown: the account's secrets, and the names, e-mails and phones of the draft's people."""
    words = list(secrets_of(stage.box.settings))
    for signer in stage.draft.signers:
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


def _with_another_word(answer: Answer, word: str) -> Answer:
    return attrs.evolve(answer, body=json.dumps(exchanged(json.loads(answer.body), word)).encode())


def exchanged(tree: Any, word: str) -> Any:
    """Return a JSON tree in which a word, wherever it stands as a value of its own, is one that nobody knows."""
    if isinstance(tree, dict):
        return {key: exchanged(value, word) for key, value in tree.items()}
    if isinstance(tree, list):
        return [exchanged(value, word) for value in tree]
    if str(tree) != word:
        return tree
    return UNHEARD if isinstance(tree, str) else _UNHEARD_NUMBER
