"""Base class of the contract: open the author's account in one mode and record what is sent."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Concatenate, TypeVar

import pytest

from esign_core.model.drafts import ProcessDraft
from esign_core.providers.base import Provider
from esign_core.providers.plugins import Plugins
from esign_core.testing.contract.run import ContractRun, Observer, watched
from esign_core.testing.modes import EitherClient, Mode, perform
from esign_core.testing.samples import sample_draft

__all__ = ["ACCOUNT", "ContractBase", "sync_and_async", "turned"]

T = TypeVar("T")
B = TypeVar("B", bound="ContractBase")

ACCOUNT = "contract"
"""Name of the account that the tests open."""


class ContractBase:
    """Opens the author's account; define `account`, override the rest where needed."""

    def account(self) -> Mapping[str, Any]:
        """Return one account's configuration, in the sandbox: `{"provider": "acme", "environment": "sandbox"}`."""
        pytest.fail(f"{type(self).__name__} must define account(self): the configuration of one sandbox account")

    def draft(self) -> ProcessDraft:
        """Return the draft that every test sends: a name, one PDF, two people with an e-mail and a phone."""
        return sample_draft()

    def nobodys(self, process_id: str) -> str:
        """Return an identifier of the same form as a process's that belongs to no process."""
        return turned(process_id)

    @property
    def kind(self) -> type[Provider]:
        """The provider's class, found as `connect` finds it."""
        return Plugins().load_provider(str(self.account()["provider"]))

    def play(
        self,
        mode: Mode,
        story: Callable[[ContractRun], Coroutine[Any, Any, T]],
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> T:
        """Open the account in one mode and run a story with it."""
        observer = Observer()

        async def played(client: EitherClient) -> T:
            run = ContractRun(client=client, box=client.sandbox, draft=self.draft(), observer=observer)
            with watched(run):
                return await story(run)

        config = {"accounts": {ACCOUNT: {"environment": "sandbox", "sandbox_seed": "contract", **self.account()}}}
        return perform(played, mode, ACCOUNT, config=config, plugins=[observer], clock=clock)


def sync_and_async(
    result: Callable[Concatenate[B, ContractRun, ...], Coroutine[Any, Any, None]],
) -> Callable[[B, Mode], None]:
    """Turn one coroutine method into two tests: with `Client` and with `AsyncClient`."""

    @pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.value)
    def test(self: B, mode: Mode) -> None:
        self.play(mode, functools.partial(result, self))

    # Not functools.wraps: pytest would follow it to the parameters of the story.
    test.__name__, test.__qualname__, test.__doc__ = result.__name__, result.__qualname__, result.__doc__
    test.__module__ = result.__module__
    return test


def turned(text: str) -> str:
    """Replace each digit and each of the letters a to f by the next one: the format stays, hexadecimal or not."""
    alphabets = (string.digits, string.ascii_lowercase[:6], string.ascii_uppercase[:6])
    table = {ord(one): all_[(place + 1) % len(all_)] for all_ in alphabets for place, one in enumerate(all_)}
    return text.translate(table)
