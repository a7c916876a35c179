"""Everything that every provider promises, run over Acme Sign."""

from collections.abc import Mapping
from typing import Any

from esign_core.testing import ProviderContract


class TestAcme(ProviderContract):
    def account(self) -> Mapping[str, Any]:
        return {"provider": "acme", "environment": "sandbox"}
