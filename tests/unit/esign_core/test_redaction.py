"""Texts are shown without secret or personal values, in every spelling in which they come back."""

from __future__ import annotations

import html
import json
import quopri
import re
import unicodedata
from collections.abc import Callable
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.redaction import MASK, mask

GUID = "7b0d6c1e-0c1f-4e53-9c29-5a8f0e3d2b11"
OBJECT_ID = "65f1c0ffee65f1c0ffee65f1"

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    json.dumps,
    lambda value: json.dumps({"said": f"line\n{value}\n"}),
    lambda value: json.dumps(value, ensure_ascii=False),
    html.escape,
    lambda value: quote(f" {value} ", safe=""),
    lambda value: quote_plus(f"a b={value}&c", safe="=&"),
    lambda value: unicodedata.normalize("NFD", value),
    lambda value: unicodedata.normalize("NFC", value),
    lambda value: value.replace(" ", "  \n"),
    lambda value: f"user_{value}_1",
)

NAMES = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=9), min_size=1, max_size=3
).map(" ".join)
EMAILS = st.builds("{}.{}@{}.example.com".format, *[st.text("abcxyz09+-", min_size=1, max_size=8)] * 3)
PHONES = st.from_regex(r"\+57[0-9]{10}", fullmatch=True)
NUMBERS = st.from_regex(r"[0-9]{5,14}", fullmatch=True)
KEYS = st.text("abcdefghijkXYZ0123456789-_.~/+=", min_size=8, max_size=40)
ODD = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=4, max_size=30)
    .map(str.strip)
    .filter(lambda text: len(text) > 3)
)


def plain(text: str) -> str:
    """Return a text as a reader compares it."""
    return unicodedata.normalize("NFC", text).casefold()


@given(
    value=st.one_of(NAMES, EMAILS, PHONES, NUMBERS, KEYS, ODD).filter(lambda value: plain(value) not in MASK),
    spelling=st.sampled_from(SPELLINGS),
    before=st.text(" .:,'\"", max_size=3),
    after=st.text(" .:,'\"", max_size=3),
)
def test_no_planted_value_survives_in_any_spelling(
    value: str, spelling: Callable[[str], str], before: str, after: str
) -> None:
    """For any value given, the masked text holds it neither as it was given nor as it was spelt."""
    spelt = spelling(value)
    masked = plain(mask(f"The vendor{before or ' '}{spelt}{after or ' '}said so", [value]))
    assert plain(value) not in masked
    assert plain(spelt).strip(" \"'") not in masked


@given(
    digits=st.text("0123456789", min_size=4, max_size=14),
    cuts=st.lists(st.sampled_from(["", ".", "-", "/", " ", " (", ") "]), min_size=14, max_size=14),
)
def test_a_number_is_hidden_however_its_digits_are_set_off(digits: str, cuts: list[str]) -> None:
    """Points, dashes, blanks and brackets between the digits neither hide a number from the mask nor save it."""
    spelt = "".join(digit + cut for digit, cut in zip(digits, cuts, strict=False)).rstrip(" (.-/)")
    assert digits[1:-1] not in mask(f"number {spelt}!", [digits]).replace(".", "").replace("-", "")
    assert digits not in mask(f"number {digits}!", [spelt])


@pytest.mark.parametrize(
    "text",
    [
        "puk_live0123456789",
        "prk_a-b_c",
        "Bearer abc.def-123",
        "basic dXNlcjpwYXNz",
        "ana.example+1@mail.example.com",
        "ana%40example.com",
        "HTTPS://files.example.com/x?signature=abc",
        "http://127.0.0.1:8080/token",
        "+57 (300) 123-45-67",
        "3001234567",
        "123.456.789-09",
        "12.ABC.345/01DE-35",
        "12.345.678/0001-95",
        "5730-01-2345678",
        "2031-77-12-345",
    ],
)
def test_what_looks_private_is_hidden_although_nobody_named_it(text: str) -> None:
    """Keys, credentials, addresses, phones and document numbers are known by their form."""
    assert mask(f"'{text}'") == f"'{MASK}'"
    assert mask(f"about {text} which is wrong") == f"about {MASK} which is wrong"


@pytest.mark.parametrize(
    "text",
    [
        GUID,
        GUID.upper(),
        OBJECT_ID,
        "2026-03-01",
        "2026-03-01T12:30:00.123Z",
        "2026-03-01 12:30+02:00",
        "HTTP 422",
        "ABC123DEFG",
        "error 100234",
        "signers[12].email",
    ],
)
def test_what_a_reader_needs_is_kept(text: str) -> None:
    """Identifiers, dates and small numbers look like private numbers and are none."""
    assert mask(f"see {text} there") == f"see {text} there"


def test_a_short_value_inside_a_longer_word_is_a_coincidence() -> None:
    """A person called Ana does not make bananas secret."""
    assert mask("Ana, banana", ["Ana"]) == f"{MASK}, banana"


def test_a_long_value_inside_a_longer_word_is_a_leak() -> None:
    """A key does not become harmless by standing inside something."""
    assert mask("xkey12345678y", ["key12345678"]) == f"x{MASK}y"


@pytest.mark.parametrize("value", ["", " ", "\ud800 half", "a\\1(b[c", "very long " * 60])
def test_odd_values_break_nothing(value: str) -> None:
    """Blanks, half characters and signs with a meaning in patterns are taken as they are."""
    assert mask("nothing to see", [value]) == "nothing to see"
    assert value.strip() == "" or value not in mask(f"x {value} y", [value])


@pytest.mark.parametrize("echo", ["Maria Jose Zorrilla", "MARÍA JOSÉ ZORRILLA", "maria josé zorrilla"])
def test_a_name_without_its_accents_is_the_same_name(echo: str) -> None:
    """Systems that know no accents drop them, and the name is somebody's all the same."""
    assert mask(f"unknown signer {echo}.", ["María José Zorrilla"]) == f"unknown signer {MASK}."


def entities(value: str, form: str) -> str:
    """Return a text with HTML entities for the letters outside ASCII."""
    return "".join(letter if letter.isascii() else form.format(ord(letter)) for letter in value)


def named_entities(value: str) -> str:
    """Return a text with the named entities of HTML."""
    return "".join(f"&{codepoint2name[ord(each)]};" if ord(each) in codepoint2name else each for each in value)


ESCAPES: tuple[Callable[[str], str], ...] = (
    named_entities,
    lambda value: named_entities(value).replace(";", ""),
    lambda value: html.escape(named_entities(value)),
    lambda value: entities(value, "&#{};"),
    lambda value: entities(value, "&#{:05d};"),
    lambda value: entities(value, "&#x{:x};"),
    lambda value: entities(value, "&#X{:X};"),
    lambda value: "".join(f"&#{ord(letter)};" for letter in value),
    lambda value: json.dumps(json.dumps(value)),
    lambda value: json.dumps(value).upper().replace("\\U", "\\u"),
    lambda value: "".join(f"\\u{ord(letter):04X}" for letter in value),
    lambda value: "".join(
        letter if letter.isascii() else (f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}")
        for letter in value
    ),
    quote,
    lambda value: quote(value).lower(),
    lambda value: quote(quote(value)),
    lambda value: quote_plus(quote_plus(value)),
    lambda value: quote(value, encoding="latin-1"),
    lambda value: quote_plus(value, encoding="latin-1"),
    lambda value: quote(value.encode("latin-1"), safe=" "),
    lambda value: quopri.encodestring(value.encode()).decode(),
    lambda value: quopri.encodestring(value.encode("latin-1")).decode(),
    lambda value: quopri.encodestring(value.encode(), quotetabs=True).decode().replace("=20", "=20=\n"),
    lambda value: value.encode().decode("latin-1"),
    lambda value: value.encode().decode("cp1252"),
    lambda value: value.encode().decode("latin-1").encode().decode("latin-1"),
    lambda value: unicodedata.normalize("NFD", value),
    lambda value: unicodedata.normalize("NFD", value).encode("ascii", "ignore").decode(),
    lambda value: value.encode("ascii", "replace").decode(),
    lambda value: value.encode("latin-1").decode("utf-8", "replace"),
    lambda value: value.replace("ü", "ue").replace("ß", "ss"),
    str.upper,
    str.lower,
    str.title,
    lambda value: value.replace(" ", "\u00a0"),
    lambda value: value.replace(" ", "&nbsp;"),
    lambda value: value.replace(" ", "\u200b "),
)


@pytest.mark.parametrize("number", range(len(ESCAPES)))
@pytest.mark.parametrize("value", ["José Peña", "Jürgen Groß", "Núria", "Ana Müller Íñigo", "D\u2019Ávila"])
def test_names_are_hidden_however_escaped(value: str, number: int) -> None:
    """Entities, escapes, percent encodings, quoted-printable and wrong encodings hide no name from the mask."""
    try:
        spelt = ESCAPES[number](value)
    except UnicodeError:
        spelt = value
    masked = mask(f"The vendor says: <{spelt}> is wrong.", [value])
    assert re.fullmatch(r'The vendor says: <["\\]*\[hidden\]["\\]*> is wrong\.', masked)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"for Jo\u00e3o \ud83d\ude00 Silva", "João 😀 Silva"),
        ("for JosÃ© Ruiz", "José Ruiz"),
        ("\u00ed\u00a0\u0080 and then Jos&eacute Ruiz", "José Ruiz"),
    ],
)
def test_mask_reads_escapes_before_searching(text: str, value: str) -> None:
    """Surrogates, text decoded wrongly and entities without a semicolon are read first."""
    assert "Ruiz" not in mask(text, [value])
    assert "Silva" not in mask(text, [value])


def test_mask_of_invisible_value_changes_nothing() -> None:
    """A value without a visible character is in every text."""
    assert mask("nothing personal", ["\u0301", "\u200b"]) == "nothing personal"
