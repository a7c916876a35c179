"""Auco (auco.ai): the provider, its settings and the operations only this vendor has, each loaded when used."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Auco", "AucoSettings", "operations"]

# Which room each name lives in; a room itself stands for itself.
_MODULES = {"Auco": "provider", "AucoSettings": "settings", "operations": "operations"}

if TYPE_CHECKING:
    from esign_auco import operations
    from esign_auco.provider import Auco
    from esign_auco.settings import AucoSettings
else:  # a type checker that saw this function would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name from its room, and keep it (PEP 562)."""
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        room = import_module(f"{__name__}.{_MODULES[name]}")
        value = globals()[name] = room if name == _MODULES[name] else getattr(room, name)
        return value

    def __dir__() -> list[str]:
        """Return the names that are loaded and those that would be."""
        return sorted({*globals(), *__all__})
