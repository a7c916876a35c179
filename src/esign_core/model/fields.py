"""Field helpers of the values: converting iterables, and the difference between "not given" and null."""

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
    """Tell whether a value was given at all (None counts as given)."""
    return value is not UNSET


def as_tuple(given: Any) -> Any:
    """Return any iterable as a tuple; what is no collection is left for the checks to find."""
    if given is None or isinstance(given, (str, bytes, Mapping)):
        return given
    try:
        return tuple(given)
    except TypeError:
        return given
