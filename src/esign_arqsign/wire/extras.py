"""Vendor-only parameters: how the extras of a draft or a signer are merged into a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["merge"]


def merge(body: Any, extras: Any) -> Any:
    """Return the body with the extras in it; neither is changed.

    Objects are merged member by member and lists of objects item by item, further items being added at the end.
    Anything else the extras say comes in place of what the body says.
    """
    if isinstance(body, Mapping) and isinstance(extras, Mapping):
        merged = dict(body)
        for key, value in extras.items():
            merged[key] = merge(merged[key], value) if key in merged else value
        return merged
    if _objects(body) and _objects(extras):
        shared = [merge(mine, other) for mine, other in zip(body, extras, strict=False)]
        return [*shared, *body[len(shared) :], *extras[len(shared) :]]
    return extras


def _objects(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)
