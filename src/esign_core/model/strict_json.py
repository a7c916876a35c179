"""Decode JSON: strictly by default, leniently where the vendor cannot be asked again; always bounded."""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_DEPTH = 64
"""How deep a delivery's JSON may be nested."""
MAX_BYTES = 200 * 1024 * 1024
"""How long a delivery's body may be."""
MAX_NODES = 300_000
"""How many values and keys one body may hold: a small body of many empty lists fills the memory."""

# JSON texts, of which a comma or a bracket inside does not begin a value.
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BEGINS = re.compile(r'[{\["]')


class UnreadableBodyError(ValueError):
    """A body is not unambiguous JSON."""


def decode_object(body: bytes) -> dict[str, Any]:
    """Decode a JSON object strictly: UTF-8, no duplicate key, no NaN, bounded in size and depth.

    Raises:
        UnreadableBodyError: it is something else; the text says what, never the contents.
    """
    tree = decode_json(body)
    if not isinstance(tree, dict):
        raise UnreadableBodyError("the body is JSON, but not an object")
    return tree


def decode_json(body: bytes, *, lenient: bool = False) -> Any:
    """Decode any JSON strictly; see `decode_object`.

    Args:
        body: the bytes as they came.
        lenient: accept what other decoders accept: another encoding, text around the JSON, repeated keys (the last
            value counts, a null does not replace one), numbers without a value (read as null). For answers to calls
            that cannot be repeated, where an id would be lost otherwise.

    Raises:
        UnreadableBodyError: it cannot be decoded, or is too large or nested too deeply; the text says what.
    """
    _bound(body)
    problem = ""
    tree: Any = None
    try:
        tree = _lenient(body) if lenient else _strict(body)
    except UnicodeDecodeError:
        problem = "the body is not UTF-8"
    except RecursionError:
        problem = "the body is nested too deeply"
    except UnreadableBodyError as error:
        problem = str(error)
    except ValueError:
        problem = "the body is not JSON"
    if problem:
        raise UnreadableBodyError(problem)
    _measure(tree)
    return tree


def _bound(body: bytes) -> None:
    """Refuse a body that is too large before anything is made of it."""
    if len(body) > MAX_BYTES:
        raise UnreadableBodyError("the body is too long")
    if _values(body) > MAX_NODES and _values(_TEXTS.sub(b"", body)) > MAX_NODES:
        raise UnreadableBodyError("the body holds too many values")


def _values(body: bytes) -> int:
    return sum(map(body.count, (b",", b"[", b"{", b":")))


def _strict(body: bytes) -> Any:
    text = body.decode("utf-8-sig")
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)


def _lenient(body: bytes) -> Any:
    text = _decoded(body).lstrip("\ufeff\0 \t\r\n")
    decoder = json.JSONDecoder(object_pairs_hook=_merged, parse_constant=_null, parse_float=_number, strict=False)
    try:
        # Text after the value is ignored.
        return _characters(decoder.raw_decode(text)[0])
    except ValueError:
        # A server may write warnings before its JSON.
        begin = _BEGINS.search(text, 1)
        if begin is None:
            raise
        return _characters(decoder.raw_decode(text, begin.start())[0])


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in pairs:
        if value is not None or key not in tree:
            tree[key] = value
    return tree


def _null(_: str) -> None:
    return None


def _number(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _characters(tree: Any) -> Any:
    """Replace halves of characters: they cannot be written as JSON again."""
    if isinstance(tree, str):
        return tree.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(tree, list):
        return [_characters(item) for item in tree]
    if isinstance(tree, dict):
        return {_characters(key): _characters(value) for key, value in tree.items()}
    return tree


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise UnreadableBodyError("the body names a key twice")
    return tree


def _no_constant(_: str) -> Any:
    raise UnreadableBodyError("the body holds a number that is not in JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    # Read as infinite, it could not be written as JSON again.
    return number if math.isfinite(number) else _no_constant(digits)


def _measure(tree: Any) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                below.extend(node.values())
                _encodable("".join(node))
            elif isinstance(node, list):
                below.extend(node)
            elif isinstance(node, str):
                _encodable(node)
        if not below:
            return
        level = below
    raise UnreadableBodyError("the body is nested too deeply")


def _encodable(text: str) -> None:
    try:
        text.encode()
        return
    except UnicodeEncodeError:
        pass
    raise UnreadableBodyError("the body holds half a character")
