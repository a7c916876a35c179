"""What every part of the contract stands on: the author's account, opened in one colour, and a stage around it."""

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
from esign_core.testing.colours import Colour, EitherClient, perform
from esign_core.testing.contract.stage import Observer, Stage, watched
from esign_core.testing.samples import sample_draft

__all__ = ["ACCOUNT", "Bench", "both_colours", "turned"]

T = TypeVar("T")
B = TypeVar("B", bound="Bench")

ACCOUNT = "contract"
"""The name under which the author's account is opened."""


class Bench:
    """Opens the author's account; `account` has to be defined, the rest may be."""

    def account(self) -> Mapping[str, Any]:
        """Return one account's configuration, in the sandbox: `{"provider": "acme", "environment": "sandbox"}`."""
        pytest.fail(f"{type(self).__name__} must define account(self): the configuration of one sandbox account")

    def draft(self) -> ProcessDraft:
        """Return the draft that is sent everywhere: a name, one PDF, two people with an e-mail and a phone."""
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
        colour: Colour,
        story: Callable[[Stage], Coroutine[Any, Any, T]],
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> T:
        """Open the account in one colour and play a story on its stage."""
        observer = Observer()

        async def staged(client: EitherClient) -> T:
            stage = Stage(client=client, box=client.sandbox, draft=self.draft(), observer=observer)
            with watched(stage):
                return await story(stage)

        config = {"accounts": {ACCOUNT: {"environment": "sandbox", **self.account()}}}
        return perform(staged, colour, ACCOUNT, config=config, plugins=[observer], clock=clock)


def both_colours(
    told: Callable[Concatenate[B, Stage, ...], Coroutine[Any, Any, None]],
) -> Callable[[B, Colour], None]:
    """Make two tests of one coroutine method: it is played with `Client` and with `AsyncClient`."""

    @pytest.mark.parametrize("colour", list(Colour), ids=lambda colour: colour.value)
    def test(self: B, colour: Colour) -> None:
        self.play(colour, functools.partial(told, self))

    # Not functools.wraps: pytest would follow it to the parameters of the story.
    test.__name__, test.__qualname__, test.__doc__ = told.__name__, told.__qualname__, told.__doc__
    test.__module__ = told.__module__
    return test


def turned(text: str) -> str:
    """Exchange each digit and each of the first six letters for its neighbour: the form stays, hexadecimal or not."""
    alphabets = (string.digits, string.ascii_lowercase[:6], string.ascii_uppercase[:6])
    table = {ord(one): all_[(place + 1) % len(all_)] for all_ in alphabets for place, one in enumerate(all_)}
    return text.translate(table)
