"""ArqSign as a provider of esign: requests, answers, statuses, webhooks and a sandbox of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["ArqSign", "ArqSignSettings", "operations"]

# The module of each name; a module itself stands for itself.
_MODULES = {"ArqSign": "provider", "ArqSignSettings": "settings", "operations": "operations"}

if TYPE_CHECKING:
    from esign_arqsign import operations
    from esign_arqsign.provider import ArqSign
    from esign_arqsign.settings import ArqSignSettings
else:  # a type checker that saw this function would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name from its module, and keep it (PEP 562)."""
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_MODULES[name]}")
        value = globals()[name] = module if name == _MODULES[name] else getattr(module, name)
        return value

    def __dir__() -> list[str]:
        """Return the names that are loaded and those that would be."""
        return sorted({*globals(), *__all__})
