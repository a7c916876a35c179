"""Check the order of core's layers, and the three rules for the imports of providers and sandboxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.shape.tree import CORE, SRC, below, dotted, imports, project, providers, sources, syntax, where
from tests.shape.tree import rooms as layers

import esign_core

# A layer imports only from layers above it.
ORDER = (
    "model",
    "redaction",
    "accounts",
    "providers",
    "engine",
    "sandbox",
    "http",
    "client",
    "cli",
    "testing",
)
# What a provider would need to do I/O, to wait or to look at a clock; all of it is core's.
NOT_FOR_PROVIDERS = (
    *(f"{CORE}.{layer}" for layer in ("engine", "http", "client", "accounts.config", "providers.plugins", "cli")),
    *("httpx", "httpcore", "requests", "urllib.request", "http.client", "socket", "ssl", "time", "asyncio", "anyio"),
)
CLIENTS_OF_THE_WIRE = ("httpx", "httpcore", "requests", "urllib3", "urllib.request", "http.client")


def asked(package: str, *targets: str, but: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the places in a package, or of all packages, that import any of the targets."""
    for path in sources(package):
        if not below(dotted(path), *but):
            yield from (
                f"{where(path, found.line)} imports {found.target}"
                for found in imports(syntax(path))
                if below(found.target, *targets)
            )


def layer_of(path: Path) -> str:
    """Return the layer of core that a module belongs to; the package itself has none."""
    return (*dotted(path).split("."), "")[1]


def test_every_layer_has_a_place_in_the_order() -> None:
    """A new layer of core is given its place before it imports anything."""
    assert layers(CORE) - set(ORDER) == set()


def test_layers_import_only_layers_above_them() -> None:
    """No layer of core imports a layer further down the order."""
    wrong = []
    for path in sources(CORE):
        layer = layer_of(path)
        for found in imports(syntax(path)):
            target = (*found.target.split("."), "")[1]
            upward = layer in ORDER and target in ORDER and ORDER.index(target) > ORDER.index(layer)
            if below(found.target, CORE) and upward:
                wrong.append(f"{where(path, found.line)}: {layer} imports {target}, which is below it")
    assert wrong == []


def test_layers_import_each_other_by_layer() -> None:
    """No layer takes names from `esign_core` itself, which would load layers behind the order's back."""
    assert list(asked(CORE, *(f"{CORE}.{name}" for name in esign_core.__all__))) == []


def test_core_never_imports_a_provider() -> None:
    """Core knows providers by their entry points alone."""
    packages = [path.name for path in SRC.iterdir() if path.is_dir() and path.name != CORE]
    assert list(asked(CORE, *packages)) == []


@pytest.mark.parametrize("provider", providers())
def test_providers_neither_do_io_nor_wait(provider: str) -> None:
    """A provider describes calls; sending them, waiting and reading clocks are core's."""
    assert list(asked(provider, *NOT_FOR_PROVIDERS)) == []


@pytest.mark.parametrize("provider", providers())
def test_providers_know_nothing_of_each_other(provider: str) -> None:
    """One vendor's package can be taken away without the other noticing."""
    others = [other for other in providers() if other != provider]
    assert list(asked(provider, *others)) == []


@pytest.mark.parametrize("provider", providers())
def test_sandboxes_do_not_read_their_providers_mappings(provider: str) -> None:
    """A sandbox is a second reading of the vendor's documents: with one mapping for both, mistakes would cancel out."""
    sandbox = f"{provider}.sandbox"
    assert list(asked(sandbox.replace(".", "/"), f"{provider}.wire", f"{provider}.statuses")) == []


@pytest.mark.parametrize("provider", providers())
def test_sandboxes_reach_their_provider_only_for_its_settings(provider: str) -> None:
    """What a sandbox shares with its provider is what the user configured, and nothing that interprets the vendor."""
    sandbox = f"{provider}.sandbox"
    places = asked(
        sandbox.replace(".", "/"), *(f"{provider}.{layer}" for layer in layers(provider) - {"sandbox", "settings"})
    )
    assert list(places) == []


def test_first_party_providers_register_like_strangers() -> None:
    """The providers of this project are found through the entry-point group that anybody's plugin uses."""
    registered = project()["project"]["entry-points"]["esign"]
    assert {f"{package}.plugin" for package in providers()} <= set(registered.values())
    assert all(target == f"esign_{name}.plugin" for name, target in registered.items())


def test_only_the_transport_speaks_http() -> None:
    """One layer knows the HTTP client, so that exchanging it is one layer's work."""
    assert list(asked("", *CLIENTS_OF_THE_WIRE, but=(f"{CORE}.http",))) == []


def test_providers_have_the_same_layers() -> None:
    """Who knows one provider package knows them all."""
    shapes = {package: layers(package) for package in providers()}
    wanted = {"plugin", "settings", "capabilities", "provider", "statuses", "webhooks"} | {
        "rules",
        "wire",
        "operations",
        "sandbox",
    }
    assert shapes == dict.fromkeys(shapes, wanted)
