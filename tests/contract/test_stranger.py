"""A stranger's minimal plugin, installed as any package is, keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from esign_core.providers.plugins import installed
from esign_core.testing import ProviderContract


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the plugin: metadata on the path, with an entry point that names its module."""
    info = tmp_path / "esign_tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: esign-tiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[esign]\ntiny = tests.contract.tiny\n")
    monkeypatch.syspath_prepend(tmp_path)


class TestTiny(ProviderContract):
    """Every promise of the contract, kept by a provider that fits on one screen."""

    def account(self) -> Mapping[str, Any]:
        """Return an account in the sandbox."""
        return {"provider": "tiny"}


def test_the_stranger_is_installed_like_everybody() -> None:
    """The plugin is listed beside those of this project."""
    assert {"auco", "arqsign", "tiny"} <= {plugin.name for plugin in installed()}
