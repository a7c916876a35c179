"""The example provider keeps the contract, and is what the tutorial shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.docs.acme import PROJECT, install
from tests.docs.pages import DOCS, text_of

from esign_core.testing import ProviderContract

TUTORIAL = DOCS / "tutorial" / "write-a-provider.md"
SHOWN = re.compile(r"<!-- file: (\S+) -->\n+```\w+\n(.*?)\n```", re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        install(tmp_path_factory.mktemp("installed"), patch)
        yield


class TestAcme(ProviderContract):
    """Everything that every provider promises, run over the example."""

    def account(self) -> Mapping[str, Any]:
        """Return a sandbox account at Acme Sign."""
        return {"provider": "acme", "environment": "sandbox"}


@pytest.mark.parametrize(("file", "shown"), SHOWN.findall(text_of(TUTORIAL)))
def test_tutorial_shows_the_example_as_it_is(file: str, shown: str) -> None:
    """Every excerpt that names a file stands in that file, word for word."""
    assert shown in (PROJECT / file).read_text("utf-8")


def test_provider_fits_on_one_screen() -> None:
    """A minimal provider is two flows, `authorize` and `owns`; a longer example is not read."""
    lines = (PROJECT / "src/esign_acme/provider.py").read_text("utf-8").splitlines()
    assert len(lines) < 150


def test_example_imports_nothing_of_the_provider_into_its_sandbox() -> None:
    """If both shared one mapping, mistakes would cancel out."""
    assert "esign_acme" not in Path(PROJECT / "src/esign_acme/sandbox.py").read_text("utf-8")
