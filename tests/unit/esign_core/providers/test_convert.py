"""Vendors' JSON is read strictly, what is known to vary is read leniently by name, and errors say where."""

from __future__ import annotations

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
    fact_date,
    format_instant,
    lenient,
    load,
    lower_keys,
    make_converter,
    plain_id,
    read_flag,
    read_instant,
    read_number,
    read_text,
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
    return str(caught.value).removeprefix("unexpected response from the vendor: ")


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
    """A number is not a text, a text is not a flag, null is not 'None'; the contents are not repeated."""
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
    """For any failure inside, the sentence names a type and a place."""

    @attrs.frozen
    class Odd:
        day: date = wired("dia")

    converter = make_converter()
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    with pytest.raises(UnreadableReplyError, match=r"expected date.* @ answer\.day"):
        load(converter, Odd, {"dia": "secret"}, "answer")


def test_a_class_that_cannot_be_read_is_its_authors_mistake() -> None:
    """That is not an unreadable answer."""

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
        (1.0, True),
        (0.0, False),
        ("1.0", True),
        ("sim", True),
        ("S", True),
        ("Sí", True),
        ("yes", True),
        ("Não", False),
        ("nao", False),
        ("N", False),
    ],
    ids=range(20),
)
def test_a_flag_is_read_in_all_its_spellings(given_: Any, read: bool | None) -> None:
    """As booleans, numbers and texts."""
    assert read_flag(given_) is read


@pytest.mark.parametrize("given_", [2, -1, 1.5, float("nan"), "maybe", "22", [], {}])
def test_another_flag_is_none(given_: Any) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="expected a flag"):
        read_flag(given_)


@pytest.mark.parametrize(
    ("given_", "read"), [(None, None), ("a", "a"), ("", ""), (5, "5"), (1.5, "1.5"), (573001234567.0, "573001234567")]
)
def test_a_text_is_read_from_a_number_too(given_: Any, read: str | None) -> None:
    """Identifiers come either way."""
    assert read_text(given_) == read


@pytest.mark.parametrize("given_", [True, [], {}, b"a"])
def test_another_text_is_none(given_: Any) -> None:
    """A flag is not a text."""
    with pytest.raises(ValueError, match="expected a text"):
        read_text(given_)


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (5, 5),
        ("6", 6),
        (" 07 ", 7),
        (5.0, 5),
        ("8.0", 8),
        ("8,00", 8),
        ("-1", -1),
    ],
)
def test_a_number_is_read_from_a_text_too(given_: Any, read: int | None) -> None:
    """Orders and counts come either way."""
    assert read_number(given_) == read


@pytest.mark.parametrize("given_", [True, "x", "1.5", 2.5, float("nan"), float("inf"), [], "8.5", "1e3", "9" * 5000])
def test_another_number_is_none(given_: Any) -> None:
    """A fraction is not a whole number."""
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
    assert fact_date(given_, BOGOTA) == read


@pytest.mark.parametrize("given_", ["soon", "32/01/2026", "2026-13-01", 5, [], True, "0001"])
def test_another_moment_is_none(given_: Any) -> None:
    """Where it is only for show, it is passed over."""
    with pytest.raises(ValueError, match="expected a date and time"):
        read_instant(given_)
    assert fact_date(given_) is None


@pytest.mark.parametrize(
    "given_",
    [
        *("0001-01-01T00:00:00", "0001-01-01", "01/01/0001 00:00:00", "0001-01-01T00:00:00Z", "1900-01-01T00:00:00"),
        *("1899-12-30", "1753-01-01T00:00:00", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000-03:00", "31/12/9999"),
        *(
            "1969-12-31T19:00:00-05:00",
            "9999-12-31T23:59:59.9999999",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "00/00/0000",
        ),
        *(" ", "-", "--", "null", "NULL", "N/A", "undefined", "Invalid Date", "\u00a0"),
    ],
)
def test_dates_that_mean_none(given_: str) -> None:
    """A date states a fact only if it is one: what systems write where they have none is none."""
    assert read_instant(given_) is None
    assert fact_date(given_, BOGOTA) is None


@pytest.mark.parametrize(("value", "text"), [("A1_b-2", "A1_b-2"), (4711, "4711"), ("x" * 64, "x" * 64)])
def test_plain_ids_are_kept(value: Any, text: str) -> None:
    """An id may be a number; it is one plain word."""
    assert plain_id(value) == text


@pytest.mark.parametrize("value", [None, True, 1.5, "", " a", "../../etc", "a/b", "é", "x" * 65, "a\n", [], {}, "a%2e"])
def test_plain_ids_are_one_word(value: Any) -> None:
    """Nothing from which another path could be built is an id, and it is not repeated."""
    with pytest.raises(UnreadableReplyError, match="not one plain word"):
        plain_id(value)


def test_lenient_reads_or_gives_none() -> None:
    """A field that cannot be read costs that field alone."""
    assert (lenient(read_number, "7"), lenient(read_number, "x"), lenient(read_flag, [])) == (7, None, None)


@given(st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(2999, 1, 1), timezones=st.just(BOGOTA)))  # noqa: DTZ001 - the zone is drawn
def test_a_written_moment_is_read_as_itself(moment: datetime) -> None:
    """To the millisecond."""
    read = read_instant(format_instant(moment))
    assert read is not None
    assert timedelta(0) <= moment - read < timedelta(milliseconds=1)
