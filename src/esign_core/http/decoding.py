"""Opening compressed answers: in bounded steps, so that a small one cannot fill the memory, and only if they are whole.

None is asked for; a server that compresses all the same is understood for gzip and deflate (RFC 9110, 8.4.1).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP = 256 * 1024
"""How many bytes an opened step has at most."""

# zlib's own numbers: it tells gzip from deflate by their beginnings.
_WINDOW = zlib.MAX_WBITS | 32


class DamagedError(ValueError):
    """A compressed answer is cut or damaged, or compressed in a way that nobody here opens."""


class Unpacker:
    """Opens one answer's body as it streams past."""

    def __init__(self, encoding: str) -> None:
        names = [name.strip().lower() for name in encoding.split(",")]
        packed = [name for name in names if name not in ("", "identity")]
        if len(packed) > 1 or any(name not in ("gzip", "x-gzip", "deflate") for name in packed):
            raise DamagedError("the answer is compressed in a way that was not asked for")
        self._opener = zlib.decompressobj(_WINDOW) if packed else None
        self._begun = False

    def open(self, raw: bytes) -> Iterator[bytes]:
        """Yield what the next bytes hold."""
        if self._opener is None:
            yield raw
            return
        self._begun = self._begun or bool(raw)
        more = bool(raw)
        while more and not self._opener.eof:
            try:
                step = self._opener.decompress(raw, STEP)
            except zlib.error:
                step = None
            if step is None:
                raise DamagedError("the answer's compression is damaged")
            raw = self._opener.unconsumed_tail
            # A full step may have left something inside, though all that came has been taken in.
            more = bool(raw) or len(step) == STEP
            yield step

    def finish(self) -> None:
        """Make sure that the end was there."""
        if self._opener is not None and self._begun and not self._opener.eof:
            raise DamagedError("the answer's compression is cut")
