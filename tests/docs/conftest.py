"""Give every page an empty folder, no configuration and a data directory of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.acme import install
from tests.docs.pages import Story


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """Return the runner of a page, in an empty folder, with esign-acme installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("ESIGN_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    install(tmp_path / "installed", monkeypatch)
    before = dict(os.environ)
    yield Story(tmp_path, monkeypatch)
    # A page may set variables of its own.
    os.environ.clear()
    os.environ.update(before)
