"""Describe call limits: at most so many calls in any period of a given length."""

from __future__ import annotations

import re
from datetime import timedelta

import attrs

SHORT = timedelta(seconds=1)
"""The library waits for windows up to this length; for longer ones the error says when to try again."""

_PERIODS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    # The longest month: no calendar month can then hold more.
    "month": timedelta(days=31),
}
_WRITTEN = re.compile(rf"([1-9][0-9]{{0,8}})\s*/\s*({'|'.join(_PERIODS)})")


@attrs.frozen
class Window:
    """At most so many calls in any period of this length."""

    calls: int
    length: timedelta

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read a window written as `4/second`, `80/minute`, `200/hour`, `400/day` or `400/month`.

        Raises:
            ValueError: the text is not of this form.
        """
        found = _WRITTEN.fullmatch(text.strip().lower())
        if found is None:
            msg = "a limit of calls must be written as 4/second, 80/minute, 200/hour, 400/day or 400/month"
            raise ValueError(msg)
        return cls(int(found[1]), _PERIODS[found[2]])
