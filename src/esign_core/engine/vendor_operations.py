"""Check that an operation can be run by a client: it is of the client's provider, and the arguments fit it."""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, Union, get_args, get_origin

from esign_core.model.errors import Problem
from esign_core.providers.base import Provider

__all__ = ["operation_problem"]


def operation_problem(
    provider: Provider, operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Problem | None:
    """Return what keeps an operation from being run with this provider and these arguments, or None.

    An operation names its vendor by the annotation of its first parameter; without one, or with `Provider`, it is
    anybody's. What is found here would otherwise be sent to one vendor with the keys of another.
    """
    if not callable(operation) or inspect.isbuiltin(operation) or isinstance(operation, type):
        return Problem.invalid("operation", "must be a function", "give one, such as operations.unlock")
    try:
        signature = inspect.signature(operation)
    except (ValueError, TypeError):
        return None
    first = next(iter(signature.parameters.values()), None)
    if first is not None and not _takes(operation, first, provider):
        hint = f"use an operation of esign_{provider.name}, or the client of the other account"
        return Problem.invalid("operation", f"is not an operation of {provider.name}", hint)
    try:
        signature.bind(provider, *args, **kwargs)
    except TypeError as error:
        # Its text holds names of parameters only.
        return Problem.invalid("operation", f"was given arguments that do not fit: {error}", "look at its signature")
    return None


def _takes(operation: Callable[..., Any], first: inspect.Parameter, provider: Provider) -> bool:
    function = _function(operation)
    if first.annotation is inspect.Parameter.empty:
        # A method of a provider's class names its vendor by the class.
        owner = getattr(function, "__qualname__", "").rpartition(".")[0]
        return not owner or _fits(_resolve(owner, function), provider, owner="")
    annotation = first.annotation
    if isinstance(annotation, str):
        return _fits(_resolve(annotation, function), provider, owner=annotation)
    return _fits(annotation, provider, owner="")


def _function(operation: Callable[..., Any]) -> Any:
    function: Any = operation
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function)
    return function if hasattr(function, "__globals__") else getattr(function, "__func__", type(function).__call__)


def _resolve(name: str, function: Any) -> Any:
    module = sys.modules.get(getattr(function, "__module__", ""))
    names = {**vars(module)} if module is not None else dict(getattr(function, "__globals__", {}))
    try:
        return eval(name, names)  # noqa: S307 - the annotation of a function that is about to be called
    except Exception:  # noqa: BLE001 - a name imported for type checkers alone, or of another function
        return None


def _fits(kind: Any, provider: Provider, *, owner: str) -> bool:
    """Tell whether a provider is of the annotated kind; what cannot be judged fits, unless its name is another's."""
    if kind is None:
        known = {"Any", *(each.__name__ for each in type(provider).__mro__)}
        names = [name.strip("'\" ").rpartition(".")[2] for name in owner.split("|")]
        return any(name in known or not name.isidentifier() for name in names)
    if isinstance(kind, TypeVar):
        kinds = kind.__constraints__ or (kind.__bound__,)
        return any(each is None or _fits(each, provider, owner="") for each in kinds)
    if get_origin(kind) in (Union, types.UnionType):
        return any(_fits(each, provider, owner="") for each in get_args(kind))
    is_vendor = isinstance(kind, type) and issubclass(kind, Provider)
    return not is_vendor or isinstance(provider, kind)
