"""The package itself: its public names, its plugin, its sandbox."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.unit.esign_auco.support import provider, settings

import esign_auco
from esign_auco import Auco, AucoSettings, operations, plugin
from esign_core.providers.capabilities import Feature
from esign_core.sandbox import Sandbox


def test_public_names_are_loaded_when_used() -> None:
    """Each name is there, and nothing else is."""
    assert esign_auco.__all__ == sorted(esign_auco.__all__)
    assert set(esign_auco.__all__) <= set(dir(esign_auco))
    assert Auco.name == "auco"
    assert Auco.Settings is AucoSettings
    assert not hasattr(esign_auco, "no_such_name")


def test_importing_package_loads_no_module() -> None:
    """`import esign_auco` costs nothing."""
    program = "import sys, esign_auco; print(*(name for name in sys.modules if name.startswith('esign_auco.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603 - a fixed program
    assert done.stdout.split() == []


def test_lazy_names_come_from_their_modules() -> None:
    """The operations are a module, and every one of its names is there."""
    assert esign_auco.operations is operations
    assert operations.__all__ == sorted(operations.__all__)
    assert [name for name in operations.__all__ if not hasattr(operations, name)] == []


def test_plugin_names_provider() -> None:
    """It is what the entry point gives the library."""
    assert plugin.esign_provider() is Auco


def test_sandbox_box_with_settings_of_own() -> None:
    """The provider is built with them."""
    box = Auco.sandbox(settings(environment="sandbox"))
    assert isinstance(box, Sandbox)
    assert Auco(box.settings).settings is box.settings


@pytest.mark.parametrize("feature", list(Feature), ids=lambda feature: feature.name)
def test_what_is_missing_has_way_out(feature: Feature) -> None:
    """Every feature is carried, or the problem says what to do instead."""
    capabilities = provider().capabilities
    hint = capabilities.problem(feature, "somewhere").hint
    assert capabilities.supports(feature) or hint
