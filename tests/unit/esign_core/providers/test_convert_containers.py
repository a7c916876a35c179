"""Vendors' answers: only an object is an object, even if all fields are optional; a text is not a list of letters."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.convert import load, make_converter, wired


@attrs.frozen(kw_only=True)
class Person:
    name: str | None = wired("name", None)


@attrs.frozen(kw_only=True)
class Group:
    people: tuple[Person, ...] = wired("people", ())
    tags: tuple[str, ...] | None = wired("tags", None)
    pair: tuple[str, int] | None = wired("pair", None)


def test_objects_and_lists_are_read() -> None:
    """Each container is what the class says."""
    group = load(make_converter(), Group, {"people": [{"name": "Ana"}], "tags": ["a"], "pair": ["a", 1]}, "a group")
    assert group == Group(people=(Person(name="Ana"),), tags=("a",), pair=("a", 1))


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("Ana", "expected an object"),
        ({"people": ["Ana"]}, "expected an object, got a text @ a group.people[0]"),
        ({"people": [["name"]]}, "expected an object"),
        ({"people": {"name": "Ana"}}, "expected a list, got an object @ a group.people"),
        ({"tags": "abc"}, "expected a list"),
        ({"tags": [1]}, "expected str"),
    ],
)
def test_what_only_can_be_looked_into_is_refused(tree: Any, said: str) -> None:
    """A text is not an object without fields, and an object is not a list of its keys."""
    with pytest.raises(UnreadableReplyError, match="unexpected response from the vendor") as caught:
        load(make_converter(), Group, tree, "a group")
    assert said in str(caught.value)
