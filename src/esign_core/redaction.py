"""What no text may show: secrets, personal values and whatever looks like one."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import attrs

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import Challenge, CopyRecipient, Party, ProcessDraft, SecurityCode, SignerDraft
from esign_core.model.errors import EsignError, InvalidRequestError
from esign_core.model.process import Process, Signer
from esign_core.model.resend import PartyEdit, SecurityCodeEdit, SignerEdit
from esign_core.model.strict_json import UnreadableBodyError, decode_json

MASK = "[hidden]"

_GUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_DAY = r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATE = rf"{_DAY}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?![-\d])"
_OBJECT_ID = r"\b[0-9a-f]{24}\b"

_PRIVATE = (
    r"\b(?:puk|prk)_[A-Za-z0-9_\-]+",
    r"(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,})",
    r"(?:\[hidden\])?[^\s@<>\"'(),;:\[\]{}]*(?:@|%40)[^\s@<>\"'(),;:\[\]{}]+\.[^\s@<>\"'(),;:\[\]{}]+",
    r"(?i:https?)://[^\s\"'<>]+",
    r"\+?\(?\d[\d .()/\-]{5,}\d",
    r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}\b",
)

# Identifiers and dates are matched first and kept: they look like numbers, and a reader needs them.
_KEEP_OR_HIDE = re.compile(f"(?P<keep>{_GUID}|{_OBJECT_ID}|{_DATE})|(?P<hide>{'|'.join(_PRIVATE)})")


# What may stand before a short value without being part of its word: an escape, or a percent sign's two digits.
_BEFORE = r"(?:(?<![^\W_])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4})|(?<=%[0-9a-f]{2}))"
_AFTER = r"(?![^\W_])"
_SEPARATORS = r"[\s.()/\-]*"
_BLANKS = r"(?:\s|\+|%[0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4}|&\w+;)+"
_LONGEST_NUMBER = 40
_LONGEST_VALUE = 400


def mask(text: str, values: Iterable[str] = ()) -> str:
    """Return the text without the given values and without anything that looks secret or personal."""
    for value in sorted({value for value in values if value}, key=len, reverse=True):
        for pattern in _patterns(value.strip()):
            text = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
    return _KEEP_OR_HIDE.sub(lambda found: found["keep"] or MASK, text)


def _patterns(value: str) -> list[str]:
    forms = sorted({value, unicodedata.normalize("NFC", value)} - {""})
    return [pattern for form in forms for pattern in (_whole(form), *_numbers(form))]


def _whole(value: str) -> str:
    if len(value) > _LONGEST_VALUE:
        return re.escape(value)
    pattern = _BLANKS.join("".join(map(_letter, word)) for word in value.split())
    # A short value inside a longer word is a coincidence; a long one is a leak wherever it stands.
    return f"{_BEFORE}{pattern}{_AFTER}" if len(value) < 8 else pattern


def _letter(letter: str) -> str:
    """Return the pattern of one letter: itself, or as JSON, HTML or an address would escape it."""
    if letter.isascii() and letter.isalnum():
        return letter
    spellings = {
        letter,
        letter.upper(),
        # Systems that know no accents drop them.
        unicodedata.normalize("NFD", letter)[:1],
        unicodedata.normalize("NFD", letter),
        json.dumps(letter)[1:-1],
        html.escape(letter),
        f"&#{ord(letter)};",
        quote(letter, safe="", errors="surrogatepass"),
    }
    return f"(?:{'|'.join(map(re.escape, sorted(spellings, key=len, reverse=True)))})"


def _numbers(value: str) -> list[str]:
    """Return the pattern of a value that is mostly a number, however its parts are set off: `1.234-5`, `12345`."""
    compact = re.sub(r"[\W_]", "", value)
    if "@" in value or len(compact) > _LONGEST_NUMBER or sum(letter.isdigit() for letter in compact) < 4:
        return []
    return [_BEFORE + _SEPARATORS.join(map(re.escape, compact)) + _AFTER]


E = TypeVar("E", bound=Exception)

_PEOPLE = (SignerDraft, CopyRecipient, Challenge, SecurityCode, Party, Signer, SignerEdit, SecurityCodeEdit, PartyEdit)
_SHORTEST = 4
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
# Documents are told apart by their names, also in what a vendor says about them.
_FILE = re.compile(r"(?i)^[^@]*\.(pdf|png|jpe?g)$")
_OF_PEOPLE = re.compile(r"(?i)name|nome|mail|phone|telefone|document|identification")


def sensitive_values(*given: Any) -> tuple[str, ...]:
    """Return every personal or secret text in what an operation was given."""
    return tuple(dict.fromkeys(value for each in given for value in _walk(each, set())))


def sensitive_values_in(answers: Iterable[bytes]) -> tuple[str, ...]:
    """Return what earlier answers of the same task say of people: a later refusal may repeat it."""
    return tuple(dict.fromkeys(value for answer in answers for value in _told(_decoded(answer), depth=0)))


def _decoded(answer: bytes) -> Any:
    try:
        return decode_json(answer)
    except UnreadableBodyError:
        return None


def _told(tree: Any, depth: int) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            # At the top stands the process, whose name is no person's.
            if isinstance(value, str) and depth and len(value) >= _SHORTEST and _OF_PEOPLE.search(key):
                yield value
                yield from _words(value)
            else:
                yield from _told(value, depth + 1)
    elif isinstance(tree, list):
        for item in tree:
            yield from _told(item, depth + 1)


def _words(name: str) -> Iterator[str]:
    # Vendors call people by any of their names.
    return (word for word in name.split() if len(word) >= _SHORTEST - 1)


def _walk(value: Any, seen: set[int]) -> Iterator[str]:
    # What holds itself is walked through once.
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, _PEOPLE):
        yield from _person(value, seen)
    elif isinstance(value, (str, Mapping)):
        yield from _texts(value, set())
    else:
        for part in _parts(value):
            yield from _walk(part, seen)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, ProcessDraft):
        return (value.signers, value.cc, value.documents, value.extras)
    if isinstance(value, TemplateDocument):
        return (value.values,)
    if isinstance(value, Process):
        return value.signers
    if isinstance(value, (tuple, list)):
        return value
    if attrs.has(type(value)) and not isinstance(value, Document):
        # What a value shows in its repr is no secret: statuses, rules, identifiers.
        return [getattr(value, field.name) for field in attrs.fields(type(value)) if not _shown(field, value)]
    return ()


def _shown(field: attrs.Attribute[Any], value: Any) -> bool:
    return field.repr is not False and isinstance(getattr(value, field.name), str)


def _person(value: Any, seen: set[int]) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        content = getattr(value, field.name)
        if isinstance(content, str) and field.repr is False:
            yield content
            if field.name == "name":
                yield from _words(content)
        elif isinstance(content, Mapping):
            yield from _texts(content, set())
        elif not isinstance(content, str):
            yield from _walk(content, seen)


def _texts(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, (Mapping, tuple, list)):
        if id(value) not in seen:
            seen.add(id(value))
            for item in value.values() if isinstance(value, Mapping) else value:
                yield from _texts(item, seen)
    elif isinstance(value, (str, int)) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST:
        yield from () if _FILE.search(str(value)) else (str(value),)


def detach(error: E) -> E:
    """Take from an error the frames it came through and the errors before it: both hold what was sent and read."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _hidden_in(name: str, text: str, private: tuple[str, ...]) -> tuple[str, ...]:
    # A vendor's constant, with which programs compare, is made of plain words that a request may hold too: SIGNER.
    if name == "vendor_code" and _CONSTANT.fullmatch(text):
        return tuple(value for value in private if not value.isalpha())
    return private


def scrub(error: EsignError, private: tuple[str, ...]) -> EsignError:
    """Take out of an error's texts every private value and whatever looks like one."""
    for name in ("message", "vendor_message", "vendor_code", "hint"):
        text = getattr(error, name)
        if text:
            setattr(error, name, mask(text, _hidden_in(name, text, private)))
    if isinstance(error, InvalidRequestError):
        error.problems = tuple(
            attrs.evolve(problem, message=mask(problem.message, private)) for problem in error.problems
        )
    for missed in error.report.missed if error.report else ():
        scrub(detach(missed.error), private)
    return error
