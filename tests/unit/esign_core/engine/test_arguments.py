"""Test that each wrong argument of a client's method is a problem that names it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from tests.support.acme import PDF

from esign_core.engine import arguments
from esign_core.model.documents import Document
from esign_core.model.errors import Problem
from esign_core.model.events import Delivery
from esign_core.model.process import Process
from esign_core.model.resend import Resend

WRONG: Any = object()
CYCLE: list[Any] = []
CYCLE.append(CYCLE)
DEEP: Any = []
for _ in range(201):
    DEEP = [DEEP]


class Failing(Mapping[str, str], os.PathLike[str]):
    """A mapping and a path that fail whenever they are read."""

    def __getitem__(self, key: str) -> str:
        """Fail."""
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        """Fail."""
        raise RuntimeError

    def __len__(self) -> int:
        """Have something."""
        return 1

    def __fspath__(self) -> str:
        """Fail."""
        raise RuntimeError


class FailingList(list[Any]):
    """A list that cannot be walked through."""

    def __iter__(self) -> Iterator[Any]:
        """Fail."""
        raise RuntimeError


class FailingZone(tzinfo):
    """A time zone that cannot compute its offset."""

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        """Fail."""
        raise RuntimeError(moment)

    dst = tzname = utcoffset  # type: ignore[assignment]  # never reached


def paths(problems: Iterable[Problem]) -> list[str]:
    """Return where the problems are."""
    return [problem.path for problem in problems]


@pytest.mark.parametrize("value", ["P1", "", "../x", Process(id="DOCUMENTCODE"), Process(id="urn:uuid:7")])
def test_process_argument_usable_is_accepted(value: Any) -> None:
    """A text is judged by the provider, and a Process that was read is trusted."""
    assert paths(arguments.process_problems(value)) == []


@pytest.mark.parametrize("value", [None, 7, [], b"P1", WRONG, True])
def test_process_argument_other_is_named(value: Any) -> None:
    """Only an id or a Process names a process."""
    assert paths(arguments.process_problems(value)) == ["process"]


@pytest.mark.parametrize(
    "id_", ["", ".", "..", "a/b", "a\\b", "a?b", "a#b", "a%2fb", "a b", "a\0", "ñ", "x" * 257, 7, None]
)
def test_process_id_unusable_is_named(id_: Any) -> None:
    """An id from which no path may be built."""
    assert paths(arguments.process_problems(Process(id=id_))) == ["process.id"]


def test_resend_argument_is_named() -> None:
    """Only a Resend is one."""
    assert paths(arguments.resend_argument_problems(Resend())) == []
    assert [paths(arguments.resend_argument_problems(value)) for value in ("x", None, WRONG)] == [["resend"]] * 3


@pytest.mark.parametrize(
    ("reason", "requested_by", "named"),
    [
        ("", None, []),
        ("a\nb", "ana@example.com", []),
        (None, None, ["reason"]),
        (WRONG, 7, ["reason", "requested_by"]),
        ("\ud800", "\ud800", ["reason", "requested_by"]),
        ("", b"ana@example.com", ["requested_by"]),
    ],
)
def test_cancel_arguments_are_named(reason: Any, requested_by: Any, named: list[str]) -> None:
    """Each is a text that can be sent."""
    assert paths(arguments.cancel_problems(reason, requested_by)) == named


@pytest.mark.parametrize("to", [None, "signed", Path("signed"), "/signed/ñ"])
def test_directory_argument_path_is_accepted(to: Any) -> None:
    """A text or a Path; None keeps the bytes in memory."""
    assert paths(arguments.directory_problems(to)) == []


@pytest.mark.parametrize("to", ["a\0b", Path("a\0b"), "", "  ", b"signed", 7, WRONG, Failing(), "\ud800"])
def test_directory_argument_other_is_named(to: Any) -> None:
    """What cannot be a path of a directory."""
    assert paths(arguments.directory_problems(to)) == ["to"]


@pytest.mark.parametrize(("method", "named"), [("get", []), ("DELETE", []), ("TRACE", ["method"]), (5, ["method"])])
def test_verb_argument_is_named(method: Any, named: list[str]) -> None:
    """One of six methods, in any case."""
    assert paths(arguments.verb_problems(method)) == named


@pytest.mark.parametrize("query", [5, "a=b", [("a", "b")], {"a": 1}, {1: "a"}, {"a": None}, {"a": "\ud800"}, Failing()])
def test_query_argument_other_is_named(query: Any) -> None:
    """A mapping of texts to texts."""
    assert paths(arguments.query_problems(query)) == ["query"]
    assert paths(arguments.query_problems({"page": "1"})) == paths(arguments.query_problems(None)) == []


@pytest.mark.parametrize(
    "tree",
    [CYCLE, DEEP, WRONG, {1: 2}, {"\ud800": 1}, ["\ud800"], float("nan"), float("inf"), b"x", {1, 2}, FailingList([1])],
    ids=range(11),
)
def test_json_argument_other_is_named(tree: Any) -> None:
    """What JSON cannot say, at any depth."""
    assert paths(arguments.json_problems(tree)) == paths(arguments.json_problems({"a": [tree]})) == ["json"]


def test_json_argument_tree_is_accepted() -> None:
    """A document may be a leaf."""
    document = Document.from_bytes(PDF, name="a.pdf")
    assert paths(arguments.json_problems({"a": [None, True, 1, 1.5, "x", (document,)]})) == []


def _evolved(**fields: Any) -> Delivery:
    delivery = Delivery(headers={}, body=b"")
    for name, value in fields.items():
        object.__setattr__(delivery, name, value)
    return delivery


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Delivery(headers={}, body=b"", received_at=datetime.now(UTC)), []),
        (lambda: {"body": b""}, ["delivery"]),
        (lambda: _evolved(headers=5, body=5), ["delivery.headers", "delivery.body"]),
        (lambda: _evolved(received_at=datetime(2026, 1, 1)), ["delivery.received_at"]),  # noqa: DTZ001 - the point
        (lambda: _evolved(received_at=datetime(2026, 1, 1, tzinfo=FailingZone())), ["delivery.received_at"]),
        (lambda: _evolved(received_at="today"), ["delivery.received_at"]),
    ],
    ids=range(6),
)
def test_delivery_argument_is_named(make: Callable[[], Any], named: list[str]) -> None:
    """The raw body, the headers, and an aware moment."""
    assert paths(arguments.delivery_problems(make())) == named
