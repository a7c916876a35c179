"""Find the caller's own key in `custom`: an object in queries, a list of texts in webhooks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from esign_core.model.strict_json import UnreadableBodyError, decode_json

__all__ = ["reference_in", "shows_reference"]

# The vendor's sample prints an object with single quotes: "{'info':'required'}". This library sends one member.
_QUOTED = re.compile(r"""\s*\{\s*['"]reference['"]\s*:\s*['"](.*)['"]\s*\}\s*""", re.DOTALL)
# Between two members; with one of these inside, the text has more members than the one that is read.
_BETWEEN = re.compile(r"""['"]\s*[,:]\s*['"]""")
# A key of the caller's is short; a longer text is not searched for one.
_LONGEST = 4096
# How many texts of one delivery are searched: a delivery of thousands must not keep its receiver busy.
_MOST = 16


def reference_in(custom: Any) -> str | None:
    """Return the reference in an object, in a text that shows an object, or in a list of either; else None."""
    given = custom if isinstance(custom, list) else (custom,)
    candidates = (item for item in given if isinstance(item, Mapping) or shows_reference(item))
    for item in islice(candidates, _MOST):
        tree = _shown(item) if isinstance(item, str) else item
        found = tree.get("reference") if isinstance(tree, Mapping) else None
        if isinstance(found, str):
            return found
    return None


def shows_reference(value: Any) -> bool:
    """Return whether a value is a text that looks like an object with a reference."""
    if not isinstance(value, str) or len(value) > _LONGEST or "reference" not in value:
        return False
    text = value.strip()
    return text.startswith("{") and text.endswith("}")


def _shown(text: str) -> Any:
    """Return the object that a text shows, in JSON or with single quotes in place of double ones."""
    for written in (text, text.replace("'", '"')):
        try:
            return decode_json(written.encode("utf-8", "surrogatepass"))
        except UnreadableBodyError:
            continue
    quoted = _QUOTED.fullmatch(text)
    return {"reference": _unescaped(quoted[1])} if quoted and not _BETWEEN.search(quoted[1]) else None


def _unescaped(text: str) -> str:
    """Return a text between quotes as it was before JSON wrote it, as far as its escapes can be read."""
    try:
        return str(json.loads('"' + text.replace("\\'", '\\"') + '"'))
    except ValueError:
        return text
