"""The contract of providers as a pytest class: inherit it, return an account, and run it against your plugin.

    from esign_core.testing import ProviderContract

    class TestAcme(ProviderContract):
        def account(self):
            return {"provider": "acme", "environment": "sandbox"}

Each test opens the account in its sandbox with `Client` and with `AsyncClient`. Nothing is skipped: what a provider
need not be able to do must say so by an `UnsupportedError` with a hint, before anything is sent, and what applies is
read from its capabilities. `draft()` may be overridden where a vendor wants more of a person than an e-mail and a
phone, and `nobodys()` where turning the digits of an identifier does not give another valid one.
"""

from __future__ import annotations

from esign_core.testing.contract.ending import Ending
from esign_core.testing.contract.identity import Identity
from esign_core.testing.contract.network import NetworkFaults
from esign_core.testing.contract.privacy import Privacy
from esign_core.testing.contract.sending import Sending
from esign_core.testing.contract.webhooks import Webhooks

__all__ = ["ProviderContract"]


class ProviderContract(Identity, Sending, Ending, NetworkFaults, Webhooks, Privacy):
    """Test everything that a provider promises; see the module's docstring."""
