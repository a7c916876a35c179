"""Name the route of a call for hooks and logs: its path without ids and personal values."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from esign_core.providers.flow import Call, is_absolute
from esign_core.redaction import mask

__all__ = ["route_of"]

_NAMED = "(an address the vendor named)"
_LONGEST_WORD = 40
# What endpoints are made of: words in one case or in camel case, joined by - _ or dots, and versions such as v1.5.
_WORD = re.compile(r"(?:[a-z]+|[A-Za-z][a-z]+(?:[A-Z][a-z]+)*)(?:[-_.](?:[a-z]+|[A-Z][a-z]+))*")
_VERSION = re.compile(r"v[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}")
# Some vendors' ids can consist of letters alone; an endpoint's name is a word in lower case.
_LOWER_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def route_of(call: Call, owns: Callable[[str], bool]) -> str:
    """Return the call's own `route`, or its path with `{id}` for each part that is not a word of an endpoint.

    Args:
        call: the call.
        owns: `Provider.owns`, which knows an id by its form.
    """
    if call.route is not None:
        return call.route
    if is_absolute(call):
        return _NAMED
    path = call.path.split("?", 1)[0].split("#", 1)[0]
    return "/".join(part if _is_literal(call, part, owns) else "{id}" for part in path.split("/"))


def _is_literal(call: Call, part: str, owns: Callable[[str], bool]) -> bool:
    if not part:
        return True
    if unquote(part) == call.process_id:
        return False
    if _VERSION.fullmatch(part):
        return True
    if len(part) > _LONGEST_WORD or not _WORD.fullmatch(part) or mask(part) != part:
        return False
    return _LOWER_WORD.fullmatch(part) is not None or not _is_owned(part, owns)


def _is_owned(part: str, owns: Callable[[str], bool]) -> bool:
    try:
        return bool(owns(part))
    except Exception:  # noqa: BLE001 - a provider that fails here must not change the call; the part is left out
        return True
