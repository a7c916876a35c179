"""Describe fields of values: kinds of text, collections, and the difference between "not given" and null."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Literal


class Unset(enum.Enum):
    """The type of `UNSET`."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET
"""Not given: such a field is not sent at all, while None is sent as null."""


def given(value: Any) -> bool:
    """Return True for a value that was given (None counts as given)."""
    return value is not UNSET


def as_tuple(given: Any) -> Any:
    """Return any iterable as a tuple; any other value is left for the checks to report."""
    try:
        return given if given is None or isinstance(given, (str, bytes, Mapping)) else tuple(given)
    except Exception:  # noqa: BLE001 - constructors accept any value
        return given


# What kind of text a field holds, as metadata of the field: how the text is checked, and in which form it is sent.
# A field without this metadata holds one visible line, which is sent in its canonical form.
EXACT = {"text": "exact"}
"""One visible line that is sent as given: keys, identifiers, addresses."""
LINES = {"text": "lines"}
"""A text that may have line breaks."""
EMAIL = {"text": "email"}
"""An e-mail address."""
PHONE = {"text": "phone"}
"""A phone number in E.164."""
NUMBER = {"text": "number"}
"""A number of a person, a company or a document, which may have letters and separators."""
