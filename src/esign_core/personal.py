"""Which values of a request are personal or secret, and errors without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from esign_core.documents import Document, TemplateDocument
from esign_core.drafts import Challenge, CopyRecipient, Party, ProcessDraft, SecurityCode, SignerDraft
from esign_core.errors import EsignError, InvalidRequestError
from esign_core.events import UnreadableBodyError, decode_json
from esign_core.process import Process, Signer
from esign_core.redact import mask
from esign_core.resend import PartyEdit, SecurityCodeEdit, SignerEdit

E = TypeVar("E", bound=Exception)

_PEOPLE = (SignerDraft, CopyRecipient, Challenge, SecurityCode, Party, Signer, SignerEdit, SecurityCodeEdit, PartyEdit)
_SHORTEST = 4
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
# Documents are told apart by their names, also in what a vendor says about them.
_FILE = re.compile(r"(?i)^[^@]*\.(pdf|png|jpe?g)$")
_OF_PEOPLE = re.compile(r"(?i)name|nome|mail|phone|telefone|document|identification")


def personal_values(*given: Any) -> tuple[str, ...]:
    """Return every personal or secret text in what an operation was given."""
    return tuple(dict.fromkeys(value for each in given for value in _walk(each)))


def told_values(answers: Iterable[bytes]) -> tuple[str, ...]:
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


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, _PEOPLE):
        yield from _person(value)
    elif isinstance(value, (str, Mapping)):
        yield from _texts(value)
    else:
        for part in _parts(value):
            yield from _walk(part)


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


def _person(value: Any) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        content = getattr(value, field.name)
        if isinstance(content, str) and field.repr is False:
            yield content
            if field.name == "name":
                yield from _words(content)
        elif isinstance(content, Mapping):
            yield from _texts(content)
        elif not isinstance(content, str):
            yield from _walk(content)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, (str, int)) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST:
        yield from () if _FILE.search(str(value)) else (str(value),)


def bare(error: E) -> E:
    """Take from an error the frames it came through and the errors before it: both hold what was sent and read."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _hidden_in(name: str, text: str, private: tuple[str, ...]) -> tuple[str, ...]:
    # A vendor's constant, with which programs compare, is made of plain words that a request may hold too: SIGNER.
    if name == "vendor_code" and _CONSTANT.fullmatch(text):
        return tuple(value for value in private if not value.isalpha())
    return private


def clean(error: EsignError, private: tuple[str, ...]) -> EsignError:
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
        clean(bare(missed.error), private)
    return error
