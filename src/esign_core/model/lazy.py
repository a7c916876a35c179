"""Load the public names of a package when they are used (PEP 562)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

__all__ = ["load"]


def load(package: str, modules: Mapping[str, tuple[str, ...]], name: str) -> object:
    """Load a public name of a package from its module.

    Args:
        package: the full name of the package.
        modules: the names of each module of the package; a module that has its own name among them is loaded itself.
        name: the name that was asked for.

    Raises:
        AttributeError: the package does not export that name.
    """
    home = next((module for module, names in modules.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    module = import_module(f"{package}.{home}")
    return module if name == home else getattr(module, name)
