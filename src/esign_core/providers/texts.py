"""Check texts and bring them into the one form in which they are sent: lines, e-mails, phones, document numbers."""

from __future__ import annotations

import re
import unicodedata

EMAIL_FORM = "must be an e-mail address"
PHONE_FORM = "must be a phone number in E.164"
INVISIBLE = "holds an invisible character"

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_OUTSIDE_LOCAL = frozenset('@<>()[],;:"\\')
_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")
# Letters and signs that take up space and show nothing: fillers of Hangul, the blank of Braille.
_BLANKS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Invisible and without effect on their neighbours, unlike the joiners of Indic scripts, of Persian and of emoji.
_IDLE = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u2060\ufeff"))
# These change the order in which the rest of a line is shown (Unicode Standard Annex 9).
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BETWEEN_LINES = frozenset("\n\r\t")
_LONGEST_EMAIL = 254
_LONGEST_LOCAL = 64
_LONGEST_LABEL = 63
_MOST_MARKS = 30


def is_email(text: object) -> bool:
    """Return True for a text with the form of an e-mail address; nothing says that the address exists."""
    if not isinstance(text, str) or len(text.encode("utf-8", "replace")) > _LONGEST_EMAIL:
        return False
    local, _, domain = text.rpartition("@")
    return _is_local(local) and _is_domain(domain)


def _is_local(local: str) -> bool:
    parts = local.split(".")
    return 0 < len(local) <= _LONGEST_LOCAL and all(part and all(map(_is_atom, part)) for part in parts)


def _is_atom(letter: str) -> bool:
    return letter not in _OUTSIDE_LOCAL and unicodedata.category(letter)[0] not in "ZC"


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    top = labels[-1]
    return len(labels) > 1 and all(map(_is_label, labels)) and len(top) > 1 and not top.isdecimal() and "_" not in top


def _is_label(label: str) -> bool:
    # Marks belong to letters: many scripts write their vowels so (RFC 5892 allows them after the first letter).
    inner = all(letter in "-_" or unicodedata.category(letter)[0] in "LMN" for letter in label)
    return 0 < len(label) <= _LONGEST_LABEL and inner and label[0].isalnum() and label[-1] not in "-_"


def is_phone(text: object) -> bool:
    """Return True for a phone number in E.164: `+573001234567`."""
    return isinstance(text, str) and _PHONE.fullmatch(text) is not None


def canonical_text(text: str, kind: str) -> str:
    """Return a text in the form in which it is sent; a text that cannot be sent stays as it is.

    Args:
        text: any text.
        kind: how the field is marked: `line`, `lines`, `exact`, `email`, `phone` or `number` (see `model.fields`).
    """
    # An exact `str`: a subclass may do anything in its methods.
    plain = str.__str__(text)
    return _FORMS[kind](plain) if kind in _FORMS else plain


def _line(text: str) -> str:
    # A text of invisible characters alone is kept, so that the checks refuse it.
    return composed(text).translate(_IDLE).strip() or text


def composed(text: str) -> str:
    """Return a text with letters and their marks composed (NFC), in a time that grows with its length alone."""
    # Sorting the marks of one letter takes the square of their number; texts have at most 30 (UAX 15, 13).
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run > _MOST_MARKS:
            return text
    return unicodedata.normalize("NFC", text)


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return composed(local) + at + composed(unicodedata.normalize("NFKC", domain[:1000]).translate(_FULL_STOPS))


def _phone(text: str) -> str:
    # Not brackets: what stands in them may be a zero that is not dialled from abroad.
    return re.sub(r"(?<=\d)[ .-]+(?=\d)", "", _ascii(text))


def _number(text: str) -> str:
    return _ascii(text)


def _ascii(text: str) -> str:
    """Return a number with the digits, letters, dashes and blanks of ASCII, where they stand for the same."""
    if len(text) > _LONGEST_EMAIL:
        return text
    return "".join(map(_plain, unicodedata.normalize("NFKC", text))).strip()


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    # U+2212 is the minus sign.
    return {"Pd": "-", "Zs": " "}.get(category, "-" if letter == "\u2212" else letter)


_FORMS = {"line": _line, "lines": composed, "email": _email, "phone": _phone, "number": _number}


def compact_number(text: str) -> str:
    """Return a number without its separators and in capitals: `12.abc.345/01de-35` is `12ABC34501DE35`."""
    return re.sub(r"[\s./-]", "", _ascii(text)).upper()


def text_problem(text: str, kind: str) -> tuple[str, str] | None:
    """Return what is wrong with a text, and what to do about it; None where it can be sent.

    Args:
        text: a text in its canonical form.
        kind: how the field is marked; see `canonical_text`.
    """
    letters = set(text)
    if any(unicodedata.category(letter) == "Cs" for letter in letters):
        return "holds half a character", "decode the text again: it was cut in the middle of a character"
    if not any(map(_is_visible, letters)):
        return ("is blank", "give a text that can be seen") if kind != "exact" or text.strip() else _MISSING
    if any(map(_breaks, letters - (_BETWEEN_LINES if kind == "lines" else frozenset()))):
        return "must be one visible line" if kind != "lines" else "holds control characters", _CLEAN
    if kind in ("email", "phone", "number") and any(unicodedata.category(letter) == "Cf" for letter in letters):
        return INVISIBLE, "type it again: an invisible character was copied with it"
    return _form_problem(text, kind)


_MISSING = ("is blank", "give a text, or leave the field out")
_CLEAN = "remove line breaks, control characters and marks of direction"


def _form_problem(text: str, kind: str) -> tuple[str, str] | None:
    if kind == "email" and not is_email(text):
        return EMAIL_FORM, "give one such as ana@example.com"
    if kind == "phone" and not is_phone(text):
        return PHONE_FORM, "give a plus sign, the country's code and the number: +573001234567"
    return None


def _is_visible(letter: str) -> bool:
    return letter not in _BLANKS and unicodedata.category(letter)[0] not in "ZCM"


def _breaks(letter: str) -> bool:
    """Return True for what ends a line, is not a character, or changes the order of a line."""
    point = ord(letter)
    if letter in _DIRECTIONS or unicodedata.category(letter) in ("Cc", "Zl", "Zp"):
        return True
    # Noncharacters (Unicode Standard, 23.7).
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
