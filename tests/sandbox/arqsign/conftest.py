"""A box at a fixed hour, and a door to it."""

from __future__ import annotations

import pytest
from tests.sandbox.arqsign.samples import SETTINGS, START, Door

from esign_arqsign.sandbox import Box
from esign_core.sandbox import Clock


@pytest.fixture
def box() -> Box:
    """Give a box that knows nobody yet and whose clock stands until it is moved."""
    return Box(SETTINGS, clock=Clock(source=lambda: START))


@pytest.fixture
def door(box: Box) -> Door:
    """Give a door to the box."""
    return Door(box)
