"""Redact texts: secrets, personal values and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import Challenge, CopyRecipient, Party, ProcessDraft, SecurityCode, SignerDraft
from esign_core.model.errors import EsignError, InvalidRequestError
from esign_core.model.process import Process, Signer
from esign_core.model.resend import PartyEdit, SecurityCodeEdit, SignerEdit
from esign_core.model.spellings import find
from esign_core.model.strict_json import UnreadableBodyError, decode_json

MASK = "[hidden]"

_GUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_DAY = r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATE = rf"{_DAY}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?![-\d])"
_OBJECT_ID = r"\b[0-9a-f]{24}\b"

_PRIVATE = (
    r"\b(?:puk|prk)_[A-Za-z0-9_\-]+",
    r"(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,})",
    # From the beginning of a word, so that a long one is looked at once.
    r"(?:\[hidden\])?(?<![^\s@<>\"'(),;:\[\]{}])[^\s@<>\"'(),;:\[\]{}]*(?:@|%40)[^\s@<>\"'(),;:\[\]{}]+\.[^\s@<>\"'(),;:\[\]{}]+",
    r"(?i:https?)://[^\s\"'<>]+",
    r"\+?\(?\d[\d .()/\-]{5,}\d",
    r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}\b",
)

# Identifiers and dates are matched first and kept: they look like numbers, and a reader needs them.
_KEEP_OR_HIDE = re.compile(f"(?P<keep>{_GUID}|{_OBJECT_ID}|{_DATE})|(?P<hide>{'|'.join(_PRIVATE)})")


def mask(text: str, values: Iterable[str] = ()) -> str:
    """Return the text without the given values, in any spelling, and without anything that looks secret or personal."""
    parts, end = [], 0
    for start, stop in find(text, values):
        parts += [text[end:start], MASK]
        end = stop
    return _KEEP_OR_HIDE.sub(lambda found: found["keep"] or MASK, "".join([*parts, text[end:]]))


E = TypeVar("E", bound=Exception)

_PEOPLE = (SignerDraft, CopyRecipient, Challenge, SecurityCode, Party, Signer, SignerEdit, SecurityCodeEdit, PartyEdit)
_SHORTEST = 4
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
# Documents are identified by their names, also in a vendor's messages.
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
            if isinstance(value, str) and len(value) >= _SHORTEST and _OF_PEOPLE.search(key):
                yield value
                # At the top stands the process, whose name is not a person's.
                yield from _words(value) if depth else ()
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
        texts = (value.name, value.subject, value.message, value.reference)
        # One plain word is not personal, and occurs in our own sentences: "Sign".
        named = [text for text in texts if not (isinstance(text, str) and text.isalpha())]
        return (*named, value.signers, value.cc, value.documents, value.extras)
    if isinstance(value, TemplateDocument):
        return (value.values,)
    if isinstance(value, Process):
        return (value.name, value.reference, *value.signers)
    if isinstance(value, (tuple, list)):
        return value
    if attrs.has(type(value)) and not isinstance(value, Document):
        # The fields in a value's repr are not secret: statuses, rules, identifiers.
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
    """Redact every sensitive value, and what looks like one, in an error's texts."""
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
