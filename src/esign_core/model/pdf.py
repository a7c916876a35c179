"""Read PDF pages with pypdf; the only module that configures pypdf."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

_ONE_READER = threading.RLock()


@contextlib.contextmanager
def quiet_pypdf() -> Iterator[None]:
    """Keep pypdf from logging what it finds wrong in a PDF: whoever reads it says so in a sentence of their own."""
    log = logging.getLogger("pypdf")
    # One reader at a time: of two that overlap, the second would take the first one's silence for what was before.
    with _ONE_READER:
        before = log.level
        log.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            log.setLevel(before)


def page_sizes(pdf: Any) -> list[tuple[float, float]]:
    """Return the width and height of every page, in points as displayed."""
    sizes = []
    for page in pdf.pages:
        box = page.cropbox
        width, height = float(box.width), float(box.height)
        # As the reader sees it: a page turned by a quarter has its sides exchanged.
        sizes.append((height, width) if (page.rotation // 90) % 2 else (width, height))
    if not sizes:
        raise ValueError("no pages")
    return sizes
