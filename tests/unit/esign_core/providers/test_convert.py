"""Vendors' JSON is read strictly, what is known to vary is read leniently by name, and errors say where."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import cattrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.model.documents import Document
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.fields import UNSET, Unset
from esign_core.providers.convert import (
    Flag,
    Number,
    Text,
    format_instant,
    lenient_instant,
    load,
    lower_keys,
    make_converter,
    read_base64,
    read_flag,
    read_instant,
    read_number,
    read_text,
    start_of_day,
    wired,
)

BOGOTA = timezone(timedelta(hours=-5))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@attrs.frozen
class Person:
    name: str = wired("nome")
    age: int | None = wired("idade", None)
    score: float = wired("nota", 0.0)
    active: Flag = wired("ativo", None)
    code: Text = wired("codigo", None)
    order: Number = wired("ordem", None)


@attrs.frozen
class Group:
    people: tuple[Person, ...] = wired("pessoas")
    open: bool = wired("aberto", default=False)


@attrs.frozen
class Outgoing:
    name: str = wired("nome")
    email: str | None | Unset = wired("email", UNSET)
    until: datetime | Unset = wired("ate", UNSET)
    file: Document | Unset = wired("arquivo", UNSET)
    parts: tuple[Person, ...] = wired("partes", ())


CONVERTER = make_converter()


def why(cls: type, tree: Any) -> str:
    """Return why a tree does not fit a class."""
    with pytest.raises(UnreadableReplyError) as caught:
        load(CONVERTER, cls, tree, "answer")
    assert caught.value.__context__ is None
    return str(caught.value).removeprefix("the vendor's answer is not what was due: ")


def test_an_answer_is_read_by_the_vendors_own_names() -> None:
    """Unknown fields are passed over, missing ones take their defaults, variants are read by name."""
    tree = {"pessoas": [{"nome": "Ana", "ativo": "true", "codigo": 7, "ordem": "2", "novo": 1}], "aberto": True}
    assert load(CONVERTER, Group, tree, "answer") == Group(
        people=(Person(name="Ana", active=True, code="7", order=2),), open=True
    )


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ({"pessoas": [{"nome": None}]}, "expected str, got null @ answer.people[0].name"),
        ({"pessoas": [{"nome": 5}]}, "expected str, got a number @ answer.people[0].name"),
        ({"pessoas": [{"nome": "x", "idade": "5"}]}, "expected int, got a text @ answer.people[0].age"),
        ({"pessoas": [{"nome": "x", "idade": True}]}, "expected int, got a flag @ answer.people[0].age"),
        ({"pessoas": [{"nome": "x", "nota": "1"}]}, "expected float, got a text @ answer.people[0].score"),
        ({"pessoas": [{"nome": "x", "ativo": "maybe"}]}, "expected a flag, got a text @ answer.people[0].active"),
        ({"pessoas": [{"nome": "x", "codigo": []}]}, "expected a text, got a list @ answer.people[0].code"),
        ({"pessoas": [{"nome": "x", "ordem": 1.5}]}, "expected a whole number, got a number @ answer.people[0].order"),
        ({"pessoas": [], "aberto": "false"}, "expected bool, got a text @ answer.open"),
        ({"pessoas": [], "aberto": 1}, "expected bool, got a number @ answer.open"),
        ({}, "a required field is missing @ answer.people"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(tree: Any, reason: str) -> None:
    """A number is no text, a text is no flag, null is no 'None'; the contents are not repeated."""
    assert why(Group, tree) == reason


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    """Several places in one sentence, none of the contents."""
    text = why(Group, {"pessoas": [{"nome": 5}, {"nome": "Ana", "ativo": "secret"}], "aberto": "secret"})
    assert text.count(" @ answer.") == 3
    assert "secret" not in text
    assert "Ana" not in text


@pytest.mark.parametrize("tree", [None, 5, "Ana", [], [{}], {"pessoas": "Ana"}, {"pessoas": {"nome": "Ana"}}])
def test_another_kind_of_answer_does_not_fit(tree: Any) -> None:
    """Neither does a list for an object, nor a text for a list of letters."""
    assert " @ answer" in why(Group, tree)


def test_a_failure_without_words_of_ours_is_told_by_what_was_due() -> None:
    """Whatever goes wrong inside, the sentence names a type and a place."""

    @attrs.frozen
    class Odd:
        day: date = wired("dia")

    converter = make_converter()
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    with pytest.raises(UnreadableReplyError, match=r"expected date.* @ answer\.day"):
        load(converter, Odd, {"dia": "secret"}, "answer")


def test_a_class_that_cannot_be_read_is_its_authors_mistake() -> None:
    """That is no unreadable answer."""

    @attrs.frozen
    class Wrong:
        thing: object = wired("x")
        made: complex = wired("y")

    with pytest.raises(cattrs.StructureHandlerNotFoundError):
        load(make_converter(), Wrong, {"x": 1, "y": 2}, "answer")


def test_a_request_says_what_was_given_and_nothing_else() -> None:
    """UNSET is left out, null is sent, a document stays a leaf, a moment is UTC with milliseconds."""
    document = Document.from_bytes(b"x", name="x")
    assert CONVERTER.unstructure(Outgoing(name="a")) == {"nome": "a", "partes": []}
    full = Outgoing(name="a", email=None, until=NOON, file=document, parts=(Person(name="Ana"),))
    tree = CONVERTER.unstructure(full)
    assert tree["arquivo"] is document
    assert (tree["email"], tree["ate"]) == (None, "2026-03-01T12:00:00.000Z")
    assert tree["partes"][0]["nome"] == "Ana"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_json_fits_or_is_told(tree: Any) -> None:
    """Nothing but UnreadableReplyError comes out."""
    for cls in (Group, Person):
        try:
            found = load(CONVERTER, cls, tree, "answer")
        except UnreadableReplyError:
            continue
        assert isinstance(found, cls)


def test_keys_are_lowered_at_every_depth() -> None:
    """Values stay as they are."""
    assert lower_keys({"A": [{"Bc": "Cd"}, 5], "d": {"E": None}}) == {"a": [{"bc": "Cd"}, 5], "d": {"e": None}}
    assert lower_keys("Ab") == "Ab"


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (None, None),
        ("", None),
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("1", True),
        ("0", False),
        (" TRUE ", True),
        ("False", False),
    ],
    ids=range(10),
)
def test_a_flag_is_read_in_all_its_spellings(given_: Any, read: bool | None) -> None:
    """As booleans, numbers and texts."""
    assert read_flag(given_) is read


@pytest.mark.parametrize("given_", [2, -1, "yes", "sim", 1.0, [], {}])
def test_another_flag_is_none(given_: Any) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="expected a flag"):
        read_flag(given_)


@pytest.mark.parametrize(("given_", "read"), [(None, None), ("a", "a"), ("", ""), (5, "5"), (1.5, "1.5")])
def test_a_text_is_read_from_a_number_too(given_: Any, read: str | None) -> None:
    """Identifiers come either way."""
    assert read_text(given_) == read


@pytest.mark.parametrize("given_", [True, [], {}, b"a"])
def test_another_text_is_none(given_: Any) -> None:
    """A flag is no text."""
    with pytest.raises(ValueError, match="expected a text"):
        read_text(given_)


@pytest.mark.parametrize(
    ("given_", "read"), [(None, None), ("", None), (" ", None), (5, 5), ("6", 6), (" 07 ", 7), (5.0, 5)]
)
def test_a_number_is_read_from_a_text_too(given_: Any, read: int | None) -> None:
    """Orders and counts come either way."""
    assert read_number(given_) == read


@pytest.mark.parametrize("given_", [True, "x", "1.5", 2.5, float("nan"), float("inf"), [], "-1"])
def test_another_number_is_none(given_: Any) -> None:
    """Half a number is no whole one."""
    with pytest.raises(ValueError, match="expected a whole number"):
        read_number(given_)


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (None, None),
        ("", None),
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T12:00:00.000000Z", NOON),
        ("2026-03-01T07:00:00-05:00", NOON),
        (" 2026-03-01T07:00:00 ", NOON),
        ("2026-03-01 07:00", NOON),
        ("01/03/2026 07:00:00", NOON),
        ("01/03/2026 07:00", NOON),
        ("01/03/2026", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_its_documented_forms(given_: Any, read: datetime | None) -> None:
    """One without a zone is taken to be in the one that is named; the day comes before the month."""
    assert read_instant(given_, BOGOTA) == read
    assert lenient_instant(given_, BOGOTA) == read


@pytest.mark.parametrize("given_", ["soon", "32/01/2026", "2026-13-01", 5, [], True, " "])
def test_another_moment_is_none(given_: Any) -> None:
    """Where it is only for show, it is passed over."""
    with pytest.raises(ValueError, match="expected a date and time"):
        read_instant(given_)
    assert lenient_instant(given_) is None


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 1, 1), timezones=st.just(BOGOTA)))  # noqa: DTZ001 - the zone is drawn
def test_a_written_moment_is_read_as_itself(moment: datetime) -> None:
    """To the millisecond."""
    read = read_instant(format_instant(moment))
    assert read is not None
    assert timedelta(0) <= moment - read < timedelta(milliseconds=1)


def test_a_day_begins_where_it_begins() -> None:
    """In its own zone."""
    assert start_of_day(date(2026, 3, 1), BOGOTA) == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert start_of_day(date(2026, 3, 1)) == datetime(2026, 3, 1, tzinfo=UTC)


@given(st.binary(max_size=30))
def test_base64_is_read_with_and_without_its_prefix(content: bytes) -> None:
    """Data URIs are passed by vendors as files."""
    text = base64.b64encode(content).decode()
    assert read_base64(text) == content
    assert read_base64(f"data:application/pdf;base64,{text}") == content


@pytest.mark.parametrize("text", ["!", "QUJ", "é", "data:application/pdf;base64,!"])
def test_what_is_no_base64_is_unreadable(text: str) -> None:
    """And is not repeated."""
    with pytest.raises(UnreadableReplyError, match="no Base64") as caught:
        read_base64(text)
    assert caught.value.__context__ is None
