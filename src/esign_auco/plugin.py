"""The plugin: what the entry point of Auco names."""

from __future__ import annotations

from esign_auco.provider import Auco
from esign_core.providers.hookspecs import hookimpl


@hookimpl
def esign_provider() -> type[Auco]:
    """Return the provider's class."""
    return Auco
