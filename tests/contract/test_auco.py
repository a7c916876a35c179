"""Auco keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from esign_core.testing import ProviderContract


class TestAuco(ProviderContract):
    """Every promise of the contract, kept by Auco in its sandbox, in both modes."""

    def account(self) -> Mapping[str, Any]:
        """Return an account in the sandbox."""
        return {"provider": "auco", "environment": "sandbox", "webhook_secrets": ["invented-webhook-secret"]}
