"""The contract, part one: who the provider is, whom it answers to, and what it does with keys and identifiers."""

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
from esign_core.testing.contract.bench import Bench, both_colours, turned
from esign_core.testing.contract.stage import Stage

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
"""What can be an identifier at no vendor."""


class Identity(Bench):
    """Who the provider is, and that neither keys nor identifiers lead anywhere they should not."""

    @both_colours
    async def test_provider_is_the_one_the_account_names(self, stage: Stage) -> None:
        """The class behind the entry point has its name, derives from `Provider`, and says as data what it can."""
        assert issubclass(self.kind, Provider)
        assert self.kind.name == stage.client.provider == self.account()["provider"]
        assert isinstance(stage.client.capabilities, Capabilities)
        assert all(isinstance(feature, Feature) for feature in stage.client.capabilities.features)

    @both_colours
    async def test_sandbox_lives_at_no_real_address(self, stage: Stage) -> None:
        """The emulator's address can belong to nobody, so that a program that misses it reaches nobody."""
        assert stage.box.settings.address.split("/")[2].partition(":")[0].endswith(".invalid")

    @both_colours
    async def test_keys_show_in_no_repr(self, stage: Stage) -> None:
        """What identifies the account is hidden from whoever prints provider, settings or client."""
        provider = self.kind(stage.box.settings)
        shown = f"{provider!r} {provider.settings!r} {stage.client!r} {provider.authorize(Call.get('/'))!r}"
        assert [secret for secret in secrets_of(stage.box.settings) if secret in shown] == []

    @both_colours
    async def test_authorizing_changes_nothing_but_credentials(self, stage: Stage) -> None:
        """A call keeps its method, path and body, and is not made repeatable by having keys."""
        call = Call.post("/anything", json={"a": [1]})
        ready = self.kind(stage.box.settings).authorize(call)
        kept = ("method", "path", "json", "content", "anonymous", "repeatable")
        assert [name for name in kept if getattr(ready, name) != getattr(call, name)] == []

    @both_colours
    async def test_wrong_keys_are_an_authentication_error(self, stage: Stage) -> None:
        """Keys that the vendor does not know are named as such, by reads and by writes, and nothing is created."""
        process = await stage.sent_process()
        with with_wrong_keys(self.kind):
            with pytest.raises(AuthenticationError) as reading:
                await stage.client.get(process)
            with pytest.raises(AuthenticationError):
                await stage.client.create(stage.draft)
        assert reading.value.process_id == process.id
        assert reading.value.hint

    @both_colours
    async def test_identifiers_of_another_form_are_not_sent(self, stage: Stage) -> None:
        """What cannot be this vendor's identifier is not found, by every operation, and nobody is asked."""
        client = stage.client
        for strange in STRANGE_IDS:
            for doing in (client.get, client.resend, client.cancel, client.download, client.timeline):
                with pytest.raises(NotFoundError) as caught:
                    await doing(strange)
                assert caught.value.hint
        assert stage.sent == []

    @both_colours
    async def test_identifiers_of_nobody_are_not_found(self, stage: Stage) -> None:
        """An identifier that could be the vendor's, and is nobody's process, is not found."""
        process = await stage.sent_process()
        with pytest.raises(NotFoundError):
            await stage.client.get(self.nobodys(process.id))


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
