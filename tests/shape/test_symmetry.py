"""Provider packages are alike one level down: the same modules hold the same kind of code."""

from __future__ import annotations

import ast

import pytest
from tests.shape.tree import SRC, dotted, providers, rooms, sources, syntax

# What every provider has in each of its folders; more modules are allowed where the vendor needs them.
COMMON = {
    "rules": {"drafts", "edits", "placements", "signers"},
    "wire": {"errors", "fields", "requests", "responses"},
    "sandbox": {"box", "context", "messages", "schema", "state", "webhooks"},
}


@pytest.mark.parametrize("folder", COMMON)
@pytest.mark.parametrize("provider", providers())
def test_folder_has_the_common_modules(provider: str, folder: str) -> None:
    """A reader of one provider finds the same modules in the other."""
    assert COMMON[folder] - rooms(f"{provider}/{folder}") == set()


@pytest.mark.parametrize("provider", providers())
def test_sandbox_has_routes(provider: str) -> None:
    """The endpoints of a sandbox are in modules whose names begin with `routes_`."""
    assert any((SRC / provider / "sandbox").glob("routes_*.py"))


@pytest.mark.parametrize("provider", providers())
def test_sandbox_names_the_same_things(provider: str) -> None:
    """Handlers take a `Context`, and refuse with a `VendorError`."""
    defined = {
        node.name: dotted(path)
        for path in sources(f"{provider}/sandbox")
        for node in syntax(path).body
        if isinstance(node, ast.ClassDef)
    }
    assert defined.get("Context") == f"{provider}.sandbox.context"
    assert "VendorError" in defined
