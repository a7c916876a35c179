"""Check the arguments of the client's methods, so that each wrong one is a problem that names it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from esign_core.model.documents import Document
from esign_core.model.errors import Problem
from esign_core.model.events import Delivery
from esign_core.model.headers import Headers
from esign_core.model.process import Process
from esign_core.model.resend import Resend

__all__ = [
    "Problems",
    "cancel_problems",
    "delivery_problems",
    "directory_problems",
    "json_problems",
    "process_problems",
    "query_problems",
    "resend_argument_problems",
    "verb_problems",
]

Problems = Iterator[Problem]

_VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# An id of any vendor's can stand in a path as it is: nothing in it ends a segment or climbs out of one.
_SEGMENT = re.compile(r"(?!\.{1,2}$)[!-~]{1,256}")
_NOT_IN_A_SEGMENT = re.compile(r"[/\\?#%]")
_DEEPEST = 200
"""Levels of a JSON tree; deeper ones do not fit the encoder's recursion."""


def process_problems(process: Any) -> Problems:
    """Find what keeps a value from naming a process; whether the vendor owns a text is not asked here."""
    if isinstance(process, str):
        return
    if not isinstance(process, Process):
        yield Problem.invalid("process", "must be an id or a Process", "give process.id, or a Process read before")
    elif not _is_segment(process.id):
        hint = "read it again by the id that the vendor gave it"
        yield Problem.invalid("process.id", "must be the id of a process, one word", hint)


def resend_argument_problems(resend: Any) -> Problems:
    """Find what keeps a value from being a resend."""
    if not isinstance(resend, Resend):
        yield Problem.invalid("resend", "must be a Resend", "give Resend(), or Resend(edits=[...])")


def cancel_problems(reason: Any, requested_by: Any) -> Problems:
    """Find what keeps the arguments of a cancellation from being sent."""
    if not _is_text(reason):
        yield Problem.invalid("reason", "must be a text", "leave it out to give none")
    if requested_by is not None and not _is_text(requested_by):
        yield Problem.invalid("requested_by", "must be a text or None", "give the e-mail address of a user")


def directory_problems(to: Any) -> Problems:
    """Find what keeps a value from naming a directory; the file system is not asked."""
    if to is None:
        return
    try:
        path = os.fspath(to)
    except Exception:  # noqa: BLE001 - a path-like object is the caller's code
        path = None
    if not isinstance(path, str) or not path.strip() or "\0" in path or not _is_encodable(path):
        yield Problem.invalid("to", "must be the path of a directory", "give a text or a Path; None keeps the bytes")


def verb_problems(method: Any) -> Problems:
    """Find what keeps a value from being an HTTP method."""
    if not isinstance(method, str) or method.upper() not in _VERBS:
        yield Problem.invalid("method", "must be GET, HEAD, POST, PUT, PATCH or DELETE")


def query_problems(query: Any) -> Problems:
    """Find what keeps a value from being the parameters of a query."""
    if query is None:
        return
    try:
        pairs = list(query.items()) if isinstance(query, Mapping) else None
    except Exception:  # noqa: BLE001 - a mapping is the caller's code
        pairs = None
    if pairs is None or not all(_is_text(name) and _is_text(value) for name, value in pairs):
        yield Problem.invalid("query", "must be a mapping of texts to texts", 'give {"page": "1"}')


def json_problems(tree: Any) -> Problems:
    """Find what keeps a value from being sent as JSON: types, texts and numbers that JSON does not have, and cycles."""
    try:
        fits = _is_json(tree)
    except Exception:  # noqa: BLE001 - containers of the caller's own can fail in any way
        fits = False
    if not fits:
        hint = "give texts, finite numbers, flags, None, lists, dicts with text keys, and Documents"
        yield Problem.invalid("json", f"must be JSON of at most {_DEEPEST} levels", hint)


def delivery_problems(delivery: Any) -> Problems:
    """Find what keeps a value from being a webhook as it arrived."""
    if not isinstance(delivery, Delivery):
        hint = "Make a Delivery of the request's headers and its raw body."
        yield Problem.invalid("delivery", "must be a Delivery", hint)
        return
    if not isinstance(delivery.headers, Headers):
        yield Problem.invalid("delivery.headers", "must be a mapping or pairs", "give the request's headers")
    if not isinstance(delivery.body, bytes):
        yield Problem.invalid("delivery.body", "must be bytes", "give the request's raw body")
    if delivery.received_at is not None and not _is_aware(delivery.received_at):
        yield Problem.invalid("delivery.received_at", "must be a datetime with a time zone", "use datetime.now(UTC)")


def _is_text(value: Any) -> bool:
    """Tell whether a value is a text that can be sent."""
    return isinstance(value, str) and _is_encodable(value)


def _is_segment(id_: Any) -> bool:
    return isinstance(id_, str) and _SEGMENT.fullmatch(id_) is not None and _NOT_IN_A_SEGMENT.search(id_) is None


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_aware(moment: Any) -> bool:
    try:
        return isinstance(moment, datetime) and moment.utcoffset() is not None
    except Exception:  # noqa: BLE001 - a time zone is the caller's code
        return False


def _is_json(tree: Any, depth: int = 0) -> bool:
    if depth > _DEEPEST:
        return False
    if isinstance(tree, str):
        return _is_encodable(tree)
    if isinstance(tree, dict):
        return all(isinstance(key, str) and _is_encodable(key) for key in tree) and all(
            _is_json(value, depth + 1) for value in tree.values()
        )
    if isinstance(tree, (list, tuple)):
        return all(_is_json(value, depth + 1) for value in tree)
    if isinstance(tree, float):
        return tree - tree == 0  # neither infinite nor NaN
    return tree is None or isinstance(tree, (bool, int, Document))
