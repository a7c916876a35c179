"""A vendor's words become statuses by a table of which the first match wins, and the reason stays beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.model.status import (
    Basis,
    EndReason,
    ProcessStatus,
    Rule,
    SignerStatus,
    StatusDetail,
    Vocabulary,
    implied,
)

WORDS = Vocabulary(
    "acme.process",
    ProcessStatus.UNKNOWN,
    [
        Rule("shut", "CLOSED", ProcessStatus.DECLINED, facts={"declined"}, end_reason=EndReason.SIGNER_DECLINED),
        Rule("closed", "CLOSED", ProcessStatus.CANCELLED, basis=Basis.AMBIGUOUS, reopenable=True),
        Rule("late", None, ProcessStatus.EXPIRED, facts={"overdue"}, basis=Basis.DERIVED),
        Rule("open", "OPEN", ProcessStatus.IN_PROGRESS),
    ],
)


def test_the_first_row_that_fits_decides() -> None:
    """A row with facts comes before the same word without them."""
    assert WORDS.read("CLOSED", {"declined", "more"})[0] is ProcessStatus.DECLINED
    status, detail = WORDS.read("CLOSED")
    assert status is ProcessStatus.CANCELLED
    assert detail == StatusDetail(
        vendor_status="CLOSED",
        basis=Basis.AMBIGUOUS,
        rule="acme.process.closed",
        reopenable=True,
        status="CANCELLED",
    )


def test_a_row_for_any_word_asks_for_its_facts_alone() -> None:
    """An overdue process is overdue with any word; the word is kept."""
    status, detail = WORDS.read("OPEN", ["overdue"])
    assert (status, detail.vendor_status, detail.rule) == (ProcessStatus.EXPIRED, "OPEN", "acme.process.late")


@given(st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.none())))
def test_an_unknown_word_is_unknown_and_kept(word: object) -> None:
    """The normalizer never raises, and never guesses."""
    status, detail = WORDS.read(word)
    assert status in (ProcessStatus.UNKNOWN, ProcessStatus.IN_PROGRESS, ProcessStatus.CANCELLED)
    assert detail.vendor_status == ("" if word is None else str(word))
    assert detail.known == (word in ("OPEN", "CLOSED"))


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        (
            WORDS.read("OPEN")[1],
            "IN_PROGRESS, because the vendor says 'OPEN', which means just that (rule acme.process.open).",
        ),
        (
            WORDS.read("CLOSED")[1],
            (
                "CANCELLED, because the vendor says 'CLOSED', which can mean more than one thing, "
                "and this is the likelier (rule acme.process.closed)."
            ),
        ),
        (
            WORDS.read("odd")[1],
            "UNKNOWN, because the vendor says 'odd', a word that is in no table (rule acme.process.unknown).",
        ),
        (
            implied(SignerStatus.NOTIFIED, "acme.create"),
            (
                "NOTIFIED, because the vendor has said nothing yet, "
                "and the rest follows from other facts (rule acme.create)."
            ),
        ),
        (
            StatusDetail(),
            "This status, because the vendor has said nothing yet, which means just that (rule ).",
        ),
        (
            StatusDetail(vendor_status="odd", rule="acme.signer.unknown"),
            "UNKNOWN, because the vendor says 'odd', a word that is in no table (rule acme.signer.unknown).",
        ),
    ],
)
def test_a_detail_explains_itself_in_one_sentence(detail: StatusDetail, sentence: str) -> None:
    """The sentence names the vendor's word, how sure it is, and the row that decided."""
    assert detail.explain() == sentence


def test_what_a_command_implies_is_derived() -> None:
    """The vendor was not asked: the detail says so."""
    detail = implied(ProcessStatus.CANCELLED, "acme.cancel", end_reason=EndReason.SENDER_CANCELLED)
    assert (detail.basis, detail.vendor_status, detail.end_reason) == (
        Basis.DERIVED,
        "",
        EndReason.SENDER_CANCELLED,
    )
    assert detail.known
