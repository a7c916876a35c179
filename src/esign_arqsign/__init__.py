"""ArqSign as a provider of esign: requests, answers, statuses, webhooks and a sandbox of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["ArqSign", "ArqSignSettings", "operations"]

# The names of each module; the name of a module stands for itself.
_MODULES = {"provider": ("ArqSign",), "settings": ("ArqSignSettings",), "operations": ("operations",)}

if TYPE_CHECKING:
    from esign_arqsign import operations
    from esign_arqsign.provider import ArqSign
    from esign_arqsign.settings import ArqSignSettings
else:  # a type checker that saw this function would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name from its module, and keep it (PEP 562)."""
        from esign_core.model.lazy import load

        value = globals()[name] = load(__name__, _MODULES, name)
        return value

    def __dir__() -> list[str]:
        """Return the names that are loaded and those that would be."""
        return sorted({*globals(), *__all__})
