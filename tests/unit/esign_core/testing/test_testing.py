"""The package for tests: its names are loaded when they are used, and a missing extra is named."""

from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

import pytest

from esign_core import testing


def test_every_name_can_be_imported() -> None:
    """Every name that `__all__` promises exists."""
    assert [name for name in testing.__all__ if getattr(testing, name, None) is None] == []


def test_other_names_are_unknown() -> None:
    """A misspelt name is an AttributeError, as everywhere."""
    with pytest.raises(AttributeError, match="no attribute 'ProviderContrakt'"):
        _ = testing.ProviderContrakt  # type: ignore[attr-defined]  # that it is not there is the point


@pytest.mark.parametrize(
    ("name", "missing"), [("ProviderContract", "pytest"), ("recording", "vcr"), ("recording", "something_else")]
)
def test_missing_extra_is_named(name: str, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pytest or vcrpy, the error says what to install; what else is missing is left as it is."""
    real = builtins.__import__

    def without(module: str, *rest: Any) -> Any:
        if module.partition(".")[0] == missing or (missing == "something_else" and module == "vcr"):
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(module, *rest)

    for room in [room for room in sys.modules if room.startswith("esign_core.testing.")]:
        monkeypatch.delitem(sys.modules, room)
    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, missing, raising=False)
    importlib.invalidate_caches()
    with pytest.raises(ImportError) as caught:
        getattr(testing, name)
    assert ('pip install "esign[testing]"' in str(caught.value)) == (missing != "something_else")
