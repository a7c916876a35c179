"""Decode JSON strictly: UTF-8, unique keys, finite numbers, bounded in size and depth."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_DEPTH = 64
"""How deep a delivery's JSON may be nested."""
MAX_BYTES = 200 * 1024 * 1024
"""How long a delivery's body may be."""


class UnreadableBodyError(ValueError):
    """A body is no JSON that can be trusted to mean one thing."""


def decode_object(body: bytes) -> dict[str, Any]:
    """Decode a JSON object strictly: UTF-8, no duplicate key, no NaN, bounded in size and depth.

    Raises:
        UnreadableBodyError: it is something else; the text says what, never the contents.
    """
    tree = decode_json(body)
    if not isinstance(tree, dict):
        raise UnreadableBodyError("the body is JSON, but no object")
    return tree


def decode_json(body: bytes) -> Any:
    """Decode any JSON strictly; see `decode_object`."""
    problem = ""
    tree: Any = None
    if len(body) > MAX_BYTES:
        raise UnreadableBodyError("the body is too long")
    try:
        text = body.decode("utf-8-sig")
        tree = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        problem = "the body is not UTF-8"
    except RecursionError:
        problem = "the body is nested too deeply"
    except UnreadableBodyError as error:
        problem = str(error)
    except ValueError:
        problem = "the body is no JSON"
    if problem:
        raise UnreadableBodyError(problem)
    _measure(tree)
    return tree


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise UnreadableBodyError("the body names a key twice")
    return tree


def _no_constant(_: str) -> Any:
    raise UnreadableBodyError("the body holds a number that JSON does not know")


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
