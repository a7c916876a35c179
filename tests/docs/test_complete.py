"""Check that the written pages cover every error, hook, setting, feature and command."""

from __future__ import annotations

import attrs
import pytest
from scripts.make_docs import VENDORS, provider
from tests.docs.pages import DOCS, anchors, text_of

from esign_core import EsignError, Feature, Provider
from esign_core.cli.app import build
from esign_core.model import errors
from esign_core.providers import hookspecs

HOW_TO = DOCS / "how-to"
NIGHT = HOW_TO / "when-something-fails.md"
HOOKS = [name for name in hookspecs.__all__ if name.startswith("esign_")]
ERRORS = [name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, EsignError)]
CORE = [field.alias for field in attrs.fields(Provider.Settings) if field.init]


@pytest.mark.parametrize("name", [name for name in ERRORS if name != "EsignError"])
def test_error_has_a_section(name: str) -> None:
    """Every error has a section with its name on the page for on-call engineers."""
    assert name.lower() in anchors(NIGHT)


@pytest.mark.parametrize("name", HOOKS)
def test_hook_is_explained(name: str) -> None:
    """Every hook is shown where people learn to observe or to write a provider."""
    shown = [HOW_TO / "observe.md", DOCS / "tutorial" / "write-a-provider.md"]
    assert any(name in text_of(page) for page in shown)


def test_core_settings_are_explained() -> None:
    """Every setting of every account stands on the page about accounts."""
    page = text_of(HOW_TO / "configure-accounts.md")
    assert [name for name in CORE if f"`{name}`" not in page] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_provider_settings_are_explained(vendor: str) -> None:
    """Every setting of a provider's own stands on its page."""
    own = [field.alias for field in attrs.fields(provider(vendor).Settings) if field.init and field.alias not in CORE]
    page = text_of(DOCS / "providers" / f"{vendor}.md")
    assert [name for name in own if f"`{name}`" not in page] == []


def test_features_are_listed() -> None:
    """Every feature has its row in the table of who can do what."""
    page = text_of(DOCS / "reference" / "features.md")
    assert [feature.name for feature in Feature if f"| `{feature.name}` |" not in page] == []


def test_commands_are_listed() -> None:
    """Every command of the command line has its section."""
    names = {f"esign-{name}" for name in build() if not name.startswith("-")}
    assert names <= anchors(DOCS / "reference" / "commands.md")


def test_provider_pages_have_the_same_headings() -> None:
    """Every provider's page has the same sections in the same order."""
    first, second = (
        [line for line in text_of(DOCS / "providers" / f"{name}.md").splitlines() if line.startswith("## ")]
        for name in VENDORS
    )
    assert first == second
