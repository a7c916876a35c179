"""Define `esign providers`: list what is installed."""

from __future__ import annotations

import attrs

from esign_core.cli.opening import Common, Options
from esign_core.cli.tables import plugin_table
from esign_core.providers.plugins import installed

__all__ = ["providers"]


def providers(*, common: Common = None) -> None:
    """List the installed providers and observers, without loading any of them."""
    found = installed()
    (common or Options()).screen.show([attrs.asdict(plugin) for plugin in found], plugin_table(found))
