"""Public names are loaded from the modules that define them."""

from __future__ import annotations

import pytest

from esign_core.model import status
from esign_core.model.lazy import load

MODULES = {"status": ("Basis", "status"), "errors": ("Problem",)}


def test_names_come_from_their_modules() -> None:
    """A name is an attribute of its module; the name of a module stands for itself."""
    assert load("esign_core.model", MODULES, "Basis") is status.Basis
    assert load("esign_core.model", MODULES, "status") is status


@pytest.mark.parametrize("name", ["errors", "Nothing", ""])
def test_names_not_listed_are_unknown(name: str) -> None:
    """A module that is not listed among its own names is not loaded."""
    with pytest.raises(AttributeError, match=f"'esign_core.model' has no attribute '{name}'"):
        load("esign_core.model", MODULES, name)
