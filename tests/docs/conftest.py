"""What every page may count on: a folder with a contract in it, no configuration, and nobody else's data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.acme import install
from tests.docs.pages import Story

from esign_core.sandbox.sample import sample_pdf


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """Return what runs a page, in a folder that holds `contract.pdf` and `annex.pdf`, with esign-acme installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("ESIGN_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("contract.pdf", "annex.pdf"):
        (tmp_path / name).write_bytes(sample_pdf())
    install(tmp_path / "installed", monkeypatch)
    before = dict(os.environ)
    yield Story(tmp_path, monkeypatch)
    # A page may set variables of its own.
    os.environ.clear()
    os.environ.update(before)
