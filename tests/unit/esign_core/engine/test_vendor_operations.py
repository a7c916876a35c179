"""Test that a client runs no operation of another vendor."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from tests.support.acme import KEY, Acme, AcmeSettings, Minimal

import esign_arqsign
import esign_auco
from esign_core.accounts.settings import Secret
from esign_core.engine.vendor_operations import operation_problem
from esign_core.providers.base import Provider
from esign_core.providers.flow import Call, Flow, Reply

if TYPE_CHECKING:
    from esign_arqsign import ArqSign

ACME = Acme(AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY)))
OTHER: Any = esign_auco.Auco
Vendor = TypeVar("Vendor", bound=esign_auco.Auco)
Either = TypeVar("Either", esign_auco.Auco, Minimal)
Free = TypeVar("Free")


def of_anybody(provider: Provider, code: str = "") -> Flow[Reply]:
    """Be an operation of any provider."""
    return (yield Call.get(f"/things/{code}"))


def of_acme(provider: Acme) -> Flow[None]:
    """Be an operation of this provider."""
    yield Call.get("/things")


def of_base(provider: Minimal | esign_auco.Auco) -> Flow[None]:
    """Be an operation of this provider's base class, or of another's."""
    yield Call.get("/things")


def of_unseen(provider: ArqSign) -> Flow[None]:
    """Be an operation of a vendor that only type checkers see."""
    yield Call.get("/things")


def of_unseen_any(provider: Unseen | Any) -> Flow[None]:  # type: ignore[name-defined]  # noqa: F821 - the point
    """Be an operation that takes anything."""
    yield Call.get("/things")


def of_type(provider: Vendor) -> Flow[None]:
    """Be an operation of another vendor, by a type variable."""
    yield Call.get("/things")


def of_types(provider: Either) -> Flow[None]:
    """Be an operation of one of two vendors, by a type variable."""
    yield Call.get("/things")


def of_free(provider: Free) -> Flow[None]:
    """Be an operation of anything, by a type variable."""
    yield Call.get("/things")


def unsaid(provider, code=""):  # type: ignore[no-untyped-def]  # the point
    """Be an operation that says nothing of its provider."""
    yield Call.get("/things")


class Operation:
    """An operation that is an object."""

    def __call__(self, provider: esign_auco.Auco) -> Flow[None]:
        """Read."""
        yield Call.get("/things")


def eager(provider: Any) -> Flow[None]:
    """Have an annotation that is an object, not a text."""
    yield Call.get("/things")


eager.__annotations__["provider"] = esign_auco.Auco


@functools.wraps(of_unseen)
def wrapped(*args: Any, **kwargs: Any) -> Any:
    """Be a decorated operation."""
    return of_unseen(*args, **kwargs)


@pytest.mark.parametrize(
    "operation",
    [of_anybody, of_acme, of_base, of_unseen_any, of_types, of_free, unsaid, Acme.get, lambda provider: None],
)
def test_operation_of_own_provider_is_run(operation: Callable[..., Any]) -> None:
    """A first parameter of the provider's class, of a class above it, or without one."""
    args = ("P1", None) if operation == Acme.get else ()
    assert operation_problem(ACME, operation, args, {}) is None


@pytest.mark.parametrize(
    "operation",
    [of_unseen, of_type, eager, wrapped, functools.partial(of_unseen), Operation(), esign_auco.Auco.roadmap],
    ids=range(7),
)
def test_operation_of_another_provider_is_refused(operation: Callable[..., Any]) -> None:
    """However its first parameter says so."""
    problem = operation_problem(ACME, operation, (), {})
    assert problem is not None
    assert (problem.path, problem.message) == ("operation", "is not an operation of acme")


def operations_of(module: ModuleType) -> list[Callable[..., Any]]:
    """Return every operation that a vendor's package names."""
    found = [getattr(module, name) for name in module.__all__]
    return [each for each in found if inspect.isfunction(each)]


@pytest.mark.parametrize("operation", operations_of(esign_auco.operations), ids=lambda each: each.__name__)
def test_every_auco_operation_is_aucos(operation: Callable[..., Any]) -> None:
    """Neither ArqSign's client nor a stranger's runs it."""
    _is_of(operation, esign_auco.Auco(None), esign_arqsign.ArqSign(None))


@pytest.mark.parametrize("operation", operations_of(esign_arqsign.operations), ids=lambda each: each.__name__)
def test_every_arqsign_operation_is_arqsigns(operation: Callable[..., Any]) -> None:
    """Neither Auco's client nor a stranger's runs it."""
    _is_of(operation, esign_arqsign.ArqSign(None), esign_auco.Auco(None))


def _is_of(operation: Callable[..., Any], own: Provider, other: Provider) -> None:
    for provider in (other, ACME):
        problem = operation_problem(provider, operation, (), {})
        assert problem is not None
        assert "is not an operation of" in problem.message
    problem = operation_problem(own, operation, (), {})
    assert problem is None or "do not fit" in problem.message


@pytest.mark.parametrize(("args", "kwargs"), [(("a", "b"), {}), ((), {"colour": 1})])
def test_operation_with_wrong_arguments_is_refused(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """The problem names what does not fit."""
    problem = operation_problem(ACME, of_anybody, args, kwargs)
    assert problem is not None
    assert "do not fit" in problem.message


@pytest.mark.parametrize("wrong", ["unlock", None, len, type, Acme])
def test_operation_that_is_not_function_is_refused(wrong: Any) -> None:
    """Only a function is one."""
    problem = operation_problem(ACME, wrong, (), {})
    assert problem is not None
    assert problem.message == "must be a function"
