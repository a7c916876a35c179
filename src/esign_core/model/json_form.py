"""Write values as JSON and read them again: `to_dict` and `from_dict`."""

from __future__ import annotations

import base64
import binascii
import enum
import math
import re
import types
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from esign_core.model import errors
from esign_core.model.documents import Document, SignedFile, TemplateDocument
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import EsignError, InvalidRequestError, OutcomeUnknownError, Problem, RateLimitError
from esign_core.model.events import Event, EventKind, Receipt
from esign_core.model.headers import Headers
from esign_core.model.process import Process, Signer
from esign_core.model.resend import ResendReport
from esign_core.model.status import Basis, ProcessStatus, SignerStatus, StatusDetail
from esign_core.model.trees import tree_problems

T = TypeVar("T")

VERSION = 1
"""The version of the form, written as `"esign"` in every value."""

KINDS: tuple[type, ...] = (Process, Signer, Event, Receipt, ResendReport, SignedFile, ProcessDraft)
"""The values that can be written and read."""

_NONE = type(None)
_SECRET = frozenset({"raw", "link"})
_SECRET_FACT = re.compile(r"(?i)link|url|token|secret|password|key")
_ERROR_TEXTS = ("message", "provider", "operation", "process_id", "status", "vendor_code", "vendor_message", "hint")
_DOCUMENT = "$document"
_OF_STATUS = (ProcessStatus, SignerStatus)


def to_dict(value: Any, *, secrets: bool = False) -> dict[str, Any]:
    """Return a value as a dict that `json.dumps` can write and `from_dict` can read.

    A status is written by the name of its enum (`IN_PROGRESS`), every other enum by its value.
    Contents never travel: a document made by `from_bytes` and a signed file are written with name, size and SHA-256.

    Args:
        value: a `Process`, `Signer`, `Event`, `Receipt`, `ResendReport`, `SignedFile` or `ProcessDraft`.
        secrets: write links, tokens and `raw` too.

    Raises:
        InvalidRequestError: it is something else, or holds something that JSON cannot; names the place.
    """
    if not isinstance(value, KINDS):
        raise _invalid("value", f"must be one of {_names()}")
    return {"esign": VERSION, **_Writer(secrets=secrets).attrs("", value)}


def from_dict(type: type[T], data: Any) -> T:  # noqa: A002 - the fixed surface calls it so
    """Return the value of a type that `to_dict` has written.

    A status is read by its name or its value.
    A status or an event kind that this version does not know is read as UNKNOWN; its word is kept in `vendor_status`.

    Args:
        type: the class of the value.
        data: the dict, as written or as `json.loads` returned it.

    Raises:
        InvalidRequestError: it cannot be read; names the place.
    """
    if type not in KINDS:
        raise _invalid("type", f"must be one of {_names()}")
    if not isinstance(data, Mapping):
        raise _invalid("data", "must be a mapping", "give what to_dict returned")
    version = data.get("esign")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _invalid("esign", "must be the version of the form, a whole number", "give what to_dict returned")
    if version > VERSION:
        raise _invalid("esign", f"is {version}, written by a newer version of esign", "update esign to read it")
    value: T = _attrs("", type, data)
    return value


def _names() -> str:
    return ", ".join(kind.__name__ for kind in KINDS)


def _invalid(place: str, message: str, hint: str = "") -> InvalidRequestError:
    return InvalidRequestError(
        "the value cannot be written or read as JSON", problems=[Problem.invalid(place, message, hint)]
    )


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


@attrs.frozen(kw_only=True)
class _Writer:
    secrets: bool

    def attrs(self, place: str, value: Any) -> dict[str, Any]:
        fields = [field.name for field in attrs.fields(type(value)) if self.secrets or field.name not in _SECRET]
        if isinstance(value, SignedFile):
            fields.remove("content")
        return {name: self.write(_at(place, name), getattr(value, name)) for name in fields}

    def write(self, place: str, value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return [self.write(f"{place}[{index}]", each) for index, each in enumerate(value)]
        if isinstance(value, Mapping):
            return dict(value) if isinstance(value, Headers) else self._tree(place, value)
        if isinstance(value, Document):
            return self._document(value)
        return self.attrs(place, value) if attrs.has(type(value)) else self._leaf(place, value)

    def _leaf(self, place: str, value: Any) -> Any:
        if isinstance(value, EsignError):
            return self._error(value)
        plain = value is None or isinstance(value, (bool, int, float, str))
        return self._scalar(place, value) if plain else self._other(place, value)

    def _scalar(self, place: str, value: Any) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            raise _invalid(place, "must be a finite number")
        return str.__str__(value) if isinstance(value, str) else value

    def _other(self, place: str, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return value.name if isinstance(value, _OF_STATUS) else value.value
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(value, Path):
            return str(value)
        if isinstance(value, (bytes, bytearray)):
            return base64.b64encode(value).decode("ascii")
        raise _invalid(place, "cannot be written as JSON")

    def _document(self, document: Document) -> dict[str, Any]:
        form: dict[str, Any] = {"name": document.name, "size": document.size}
        if document.url is not None:
            form["url"] = document.url
        elif document.path is not None:
            form |= {"path": str(document.path), "stamp": list(document.stamp or ())}
        else:
            form["sha256"] = document.sha256
        return form

    def _tree(self, place: str, tree: Mapping[Any, Any]) -> dict[str, Any]:
        problem = next(tree_problems(place, tree), None)
        if problem is not None:
            raise _invalid(problem.path, problem.message, problem.hint)
        shown = self.secrets or not place.endswith("facts")
        return {key: self._node(part) for key, part in tree.items() if shown or not _SECRET_FACT.search(key)}

    def _node(self, node: Any) -> Any:
        if isinstance(node, Document):
            return {_DOCUMENT: self._document(node)}
        if isinstance(node, Mapping):
            return {str.__str__(key): self._node(part) for key, part in node.items()}
        if isinstance(node, (list, tuple)):
            return [self._node(part) for part in node]
        return self._scalar("", node)

    def _error(self, error: EsignError) -> dict[str, Any]:
        form: dict[str, Any] = {"class": type(error).__name__}
        form |= {name: getattr(error, name) for name in _ERROR_TEXTS}
        if isinstance(error, InvalidRequestError):
            form["problems"] = [
                {"path": each.path, "message": each.message, "hint": each.hint, "unsupported": each.unsupported}
                for each in error.problems
            ]
        if isinstance(error, OutcomeUnknownError):
            form["advice"] = error.advice
        if isinstance(error, RateLimitError):
            form["retry_at"] = error.retry_at.isoformat() if error.retry_at else None
        return form


def _attrs(place: str, cls: Any, data: Any) -> Any:
    """Read an object of one of our classes; members that this version does not know are passed over."""
    if not isinstance(data, Mapping):
        raise _invalid(place or "data", "must be an object")
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    for field in attrs.fields(cls):
        where = _at(place, field.name)
        if field.name in data:
            values[field.alias] = _read(where, hints[field.name], data[field.name])
        elif field.default is attrs.NOTHING:
            raise _invalid(where, "is missing")
    return _with_word(cls(**values), data)


def _with_word(value: Any, data: Mapping[str, Any]) -> Any:
    """Keep the word of a status or a kind that this version does not know."""
    status, kind = data.get("status"), data.get("kind")
    if isinstance(value, Event) and value.kind is EventKind.UNKNOWN and kind != EventKind.UNKNOWN.value:
        return attrs.evolve(value, vendor_status=value.vendor_status or str(kind))
    known = getattr(value, "status", None)
    if isinstance(known, _OF_STATUS) and status not in (known.name, known.value, None):
        detail = value.status_detail or StatusDetail(basis=Basis.AMBIGUOUS)
        named = detail.status if detail.status.casefold() == status.casefold() else status
        detail = attrs.evolve(detail, vendor_status=detail.vendor_status or status, status=named)
        return attrs.evolve(value, status_detail=detail)
    return value


def _read(place: str, hint: Any, data: Any) -> Any:
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if data is None and _NONE in members:
        return None
    if Document in members:
        return _document(place, data, templates=TemplateDocument in members)
    kind = next(member for member in members if member is not _NONE)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(place, get_args(kind), data)
    if kind is Any or origin is Mapping:
        return _tree(place, data, mapping=kind is not Any)
    return _attrs(place, kind, data) if attrs.has(kind) else _leaf(place, kind, data)


def _tuple(place: str, kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, (list, tuple)):
        raise _invalid(place, "must be a list")
    return tuple(_read(f"{place}[{index}]", kinds[0], each) for index, each in enumerate(data))


def _tree(place: str, data: Any, *, mapping: bool) -> Any:
    if mapping and not isinstance(data, Mapping):
        raise _invalid(place, "must be an object")
    problem = next(tree_problems(place, data), None)
    if problem is not None:
        raise _invalid(problem.path, problem.message)
    return _with_documents(place, data)


def _with_documents(place: str, node: Any) -> Any:
    if isinstance(node, Mapping):
        if set(node) == {_DOCUMENT}:
            return _document(place, node[_DOCUMENT], templates=False)
        return {key: _with_documents(place, part) for key, part in node.items()}
    return [_with_documents(place, part) for part in node] if isinstance(node, (list, tuple)) else node


def _leaf(place: str, kind: Any, data: Any) -> Any:
    if issubclass(kind, EsignError):
        return _error(place, data)
    if kind in (datetime, timedelta, bytes, Path, Headers) or issubclass(kind, enum.Enum):
        return _made(place, kind, data)
    fits = isinstance(data, (int, float) if kind is float else kind)
    if not fits or (isinstance(data, bool) and kind is not bool):
        raise _invalid(place, f"must be {_CALLED[kind]}")
    return data


_CALLED = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
_FORMS: Mapping[Any, tuple[Any, str]] = {
    datetime: (datetime.fromisoformat, "a date and time in ISO 8601"),
    timedelta: (lambda data: timedelta(seconds=data), "a number of seconds"),
    bytes: (lambda data: base64.b64decode(data, validate=True), "bytes in Base64"),
    Path: (lambda data: Path(str.__str__(data)), "a path"),
    Headers: (lambda data: Headers({str.__str__(key): str.__str__(data[key]) for key in data}), "an object of texts"),
}


def _made(place: str, kind: Any, data: Any) -> Any:
    if issubclass(kind, enum.Enum):
        if issubclass(kind, _OF_STATUS) and isinstance(data, str) and data in kind.__members__:
            return kind[data]
        words = [each.value for each in kind]
        if not isinstance(data, str) or (data not in words and "unknown" not in words):
            raise _invalid(place, f"must be one of {', '.join(words)}")
        return kind(data if data in words else "unknown")
    make, called = _FORMS[kind]
    try:
        return make(data)
    except (ValueError, TypeError, OverflowError, AttributeError, binascii.Error):
        pass
    raise _invalid(place, f"must be {called}")


def _document(place: str, data: Any, *, templates: bool) -> Any:
    if templates and isinstance(data, Mapping) and "template_id" in data:
        return _attrs(place, TemplateDocument, data)
    if not isinstance(data, Mapping):
        raise _invalid(place, "must be an object")
    name, size = (
        _read(_at(place, "name"), str, data.get("name")),
        _read(_at(place, "size"), int | None, data.get("size")),
    )
    if "url" in data:
        return Document(name=name, size=size, url=_read(_at(place, "url"), str, data["url"]))
    if "path" in data:
        path = Path(_read(_at(place, "path"), str, data["path"]))
        stamp = _read(_at(place, "stamp"), tuple[int, ...], data.get("stamp", []))
        whole = stamp if len(stamp) == 2 else None
        return Document(name=name, size=size, path=path, stamp=whole, head=Document.read_head(path))
    digest = _read(_at(place, "sha256"), str, data.get("sha256"))
    return Document(name=name, size=size, digest=digest)


def _error(place: str, data: Any) -> EsignError:
    if not isinstance(data, Mapping):
        raise _invalid(place, "must be an object")
    named = getattr(errors, str(data.get("class")), None)
    kind = named if isinstance(named, type) and issubclass(named, EsignError) else EsignError
    error = kind()
    for name in _ERROR_TEXTS:
        hint = int | None if name == "status" else str | None
        setattr(error, name, _read(_at(place, name), hint, data.get(name)))
    if isinstance(error, InvalidRequestError):
        rows = _read(_at(place, "problems"), tuple[Any, ...], data.get("problems", []))
        error.problems = tuple(_problem(_at(place, f"problems[{n}]"), row) for n, row in enumerate(rows))
    if isinstance(error, OutcomeUnknownError):
        error.advice = _read(_at(place, "advice"), str, data.get("advice", ""))
    if isinstance(error, RateLimitError):
        error.retry_at = _read(_at(place, "retry_at"), datetime | None, data.get("retry_at"))
    return error


def _problem(place: str, data: Any) -> Problem:
    if not isinstance(data, Mapping):
        raise _invalid(place, "must be an object")
    path, message = (_read(_at(place, name), str, data.get(name)) for name in ("path", "message"))
    hint = _read(_at(place, "hint"), str, data.get("hint", ""))
    unsupported = _read(_at(place, "unsupported"), bool, data.get("unsupported", False))
    return Problem(path=path, message=message, hint=hint, unsupported=unsupported)
