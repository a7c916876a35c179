"""The contract, part one: the provider's class, its credentials and its identifiers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from esign_core.accounts.settings import Secret, Settings, secrets_of
from esign_core.model.errors import AuthenticationError, NotFoundError
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.flow import Call
from esign_core.testing.contract.base import ContractBase, sync_and_async, turned
from esign_core.testing.contract.run import ContractRun

__all__ = ["Identity", "STRANGE_IDS", "scrambled", "with_wrong_keys"]

STRANGE_IDS = (
    "",
    " ",
    "no-such-process",
    "../../etc/passwd",
    "..%2f..%2fetc",
    "a/b?c=d#e",
    "ключ",
    "x" * 5000,
    "id\r\nX-Injected: yes",
)
"""Texts that no vendor uses as an identifier."""


class Identity(ContractBase):
    """Test the provider's class, and that credentials and identifiers are used safely."""

    @sync_and_async
    async def test_provider_is_the_one_the_account_names(self, run: ContractRun) -> None:
        """The class behind the entry point has its name, derives from `Provider`, and says as data what it can."""
        assert issubclass(self.kind, Provider)
        assert self.kind.name == run.client.provider == self.account()["provider"]
        assert isinstance(run.client.capabilities, Capabilities)
        assert all(isinstance(feature, Feature) for feature in run.client.capabilities.features)

    @sync_and_async
    async def test_sandbox_lives_at_no_real_address(self, run: ContractRun) -> None:
        """The sandbox's address is a reserved name, so a request that misses the sandbox reaches no server."""
        assert run.box.settings.address.split("/")[2].partition(":")[0].endswith(".invalid")

    @sync_and_async
    async def test_keys_show_in_no_repr(self, run: ContractRun) -> None:
        """The repr of provider, settings and client hides the account's credentials."""
        provider = self.kind(run.box.settings)
        shown = f"{provider!r} {provider.settings!r} {run.client!r} {provider.authorize(Call.get('/'))!r}"
        assert [secret for secret in secrets_of(run.box.settings) if secret in shown] == []

    @sync_and_async
    async def test_authorizing_changes_nothing_but_credentials(self, run: ContractRun) -> None:
        """A call keeps its method, path and body, and is not made repeatable by having keys."""
        call = Call.post("/anything", json={"a": [1]})
        ready = self.kind(run.box.settings).authorize(call)
        kept = ("method", "path", "json", "content", "anonymous", "repeatable")
        assert [name for name in kept if getattr(ready, name) != getattr(call, name)] == []

    @sync_and_async
    async def test_wrong_keys_are_an_authentication_error(self, run: ContractRun) -> None:
        """Wrong keys raise AuthenticationError from reads and writes, and nothing is created."""
        process = await run.sent_process()
        with with_wrong_keys(self.kind):
            with pytest.raises(AuthenticationError) as reading:
                await run.client.get(process)
            with pytest.raises(AuthenticationError):
                await run.client.create(run.draft)
        assert reading.value.process_id == process.id
        assert reading.value.hint

    @sync_and_async
    async def test_identifiers_of_another_form_are_not_sent(self, run: ContractRun) -> None:
        """A text that cannot be this vendor's identifier raises NotFoundError everywhere; no request is sent."""
        client = run.client
        for strange in STRANGE_IDS:
            for doing in (client.get, client.resend, client.cancel, client.download, client.timeline):
                with pytest.raises(NotFoundError) as caught:
                    await doing(strange)
                assert caught.value.hint
        assert run.sent == []

    @sync_and_async
    async def test_identifiers_of_nobody_are_not_found(self, run: ContractRun) -> None:
        """An unknown identifier of the right form raises NotFoundError."""
        process = await run.sent_process()
        with pytest.raises(NotFoundError):
            await run.client.get(self.nobodys(process.id))


@contextlib.contextmanager
def with_wrong_keys(kind: type[Provider]) -> Iterator[None]:
    """Make a provider authorize with keys that differ from the account's."""
    authorize = kind.authorize

    def wrongly(self: Provider, call: Call) -> Call:
        return authorize(type(self)(scrambled(self.settings)), call)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "authorize", wrongly)
        yield


def scrambled(settings: Settings) -> Settings:
    """Return settings whose keys have the form of the account's and are others."""
    changes: dict[str, Any] = {}
    for field in attrs.fields(type(settings)):
        value = getattr(settings, field.name)
        if isinstance(value, Secret) and isinstance(value.get_secret_value(), str):
            changes[field.name] = Secret(_other_key(value.get_secret_value()))
    return attrs.evolve(settings, **changes)


def _other_key(key: str) -> str:
    # Vendors put the kind of a key before its first underscore; that is kept, so that only the key itself is wrong.
    kind, mark, rest = key.partition("_")
    return f"{kind}{mark}{turned(rest)}" if mark else turned(key)
