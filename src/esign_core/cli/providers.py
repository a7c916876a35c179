"""Define `esign providers`: list what is installed."""

from __future__ import annotations

from esign_core.cli.opening import Common, Options
from esign_core.cli.shapes import plugin_shape
from esign_core.cli.tables import plugin_table
from esign_core.providers.plugins import installed

__all__ = ["providers"]


def providers(*, common: Common = None) -> None:
    """List the installed providers and observers, without loading any of them."""
    found = installed()
    (common or Options()).screen.show([plugin_shape(plugin) for plugin in found], plugin_table(found))
