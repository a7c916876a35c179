"""Auco (auco.ai): the provider, its settings and the operations only this vendor has, each loaded when used."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Auco", "AucoSettings", "operations"]

# The names of each module; the name of a module stands for itself.
_MODULES = {"provider": ("Auco",), "settings": ("AucoSettings",), "operations": ("operations",)}

if TYPE_CHECKING:
    from esign_auco import operations
    from esign_auco.provider import Auco
    from esign_auco.settings import AucoSettings
else:  # a type checker that saw this function would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name from its module, and keep it (PEP 562)."""
        from esign_core.model.lazy import load

        value = globals()[name] = load(__name__, _MODULES, name)
        return value

    def __dir__() -> list[str]:
        """Return the names that are loaded and those that can be."""
        return sorted({*globals(), *__all__})
