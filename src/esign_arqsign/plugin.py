"""The entry point: gives esign this package's provider."""

from __future__ import annotations

from esign_arqsign.provider import ArqSign
from esign_core.providers.hookspecs import hookimpl


@hookimpl
def esign_provider() -> type[ArqSign]:
    """Give the provider class."""
    return ArqSign
