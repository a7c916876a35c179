"""The contract that every provider keeps, as a pytest class: inherit it, name an account, and it is run over yours.

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
from esign_core.testing.contract.privacy import Privacy
from esign_core.testing.contract.sending import Sending
from esign_core.testing.contract.weather import Weather
from esign_core.testing.contract.webhooks import Webhooks

__all__ = ["ProviderContract"]


class ProviderContract(Identity, Sending, Ending, Weather, Webhooks, Privacy):
    """Everything a provider promises, as tests; see the module's docstring."""
