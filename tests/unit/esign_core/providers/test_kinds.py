"""Values of another kind than their field are found wherever they stand, and nothing they do escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import attrs
import pytest
from tests.unit.esign_core.providers.test_validation import DRAFT, NOW, RESEND, RICH, odd, of_signer, paths

from esign_core.model.drafts import Attachment, Challenge, Party, SecurityCode, SignatureData
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.validation import canonical, draft_problems, kind_problems, resend_problems


def poisoned_class() -> Any:
    """Return an object that raises at every operation on it."""

    class Poison:
        def _raise(self, *_: Any) -> Any:
            raise RuntimeError("poison")

        __str__ = __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __iter__ = __getattr__ = _raise
        __class__ = property(_raise)

    return Poison()


class Items(dict[str, Any]):
    """A mapping that cannot be read."""

    def __iter__(self) -> Any:
        raise RuntimeError("poison")

    items = __iter__


def endless() -> Any:
    """Return lists and mappings that hold themselves or too much."""
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    loop: dict[str, Any] = {}
    loop["a"] = [loop, loop]
    deep: Any = 1
    for _ in range(2000):
        deep = [deep]
    wide: Any = [1]
    for _ in range(40):
        wide = [wide, wide]
    return [cyclic, loop, deep, wide]


def poisons() -> list[Any]:
    """Return values that no field is made for."""
    return [
        poisoned_class(),
        Items(a=1),
        *endless(),
        10**400,
        -(10**5000),
        float("nan"),
        float("inf"),
        b"bytes",
        bytearray(b"x"),
        {1: 2},
        {"\ud800": 1},
        {"a": {1}},
        {"a": "\ud800"},
        {"a": float("nan")},
        {"a": 10**5000},
        object,
        lambda: None,
        (n for n in "ab"),
        timedelta.max,
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
    ]


Change = Callable[[Any], Any]


def put(value: Any, name: str, inner: Change, new: Any) -> Any:
    """Return a value with another field, made by an inner change."""
    return attrs.evolve(value, **{name: inner(new)})


def put_item(part: tuple[Any, ...], index: int, inner: Change, new: Any) -> tuple[Any, ...]:
    """Return a tuple with another item, made by an inner change."""
    return (*part[:index], inner(new), *part[index + 1 :])


def every_place(value: Any) -> Iterator[Change]:
    """Yield for each place in a draft or a resend a function that puts something else there."""
    for field in attrs.fields(type(value)):
        part = getattr(value, field.name)
        inner = [lambda new: new, *(every_place(part) if attrs.has(type(part)) else ())]
        for index, each in enumerate(part) if isinstance(part, tuple) else ():
            deeper = [lambda new: new, *(every_place(each) if attrs.has(type(each)) else ())]
            inner += [partial(put_item, part, index, change) for change in deeper]
        yield from (partial(put, value, field.name, change) for change in inner)


@pytest.mark.parametrize("number", range(len(poisons())))
def test_poison_is_found_anywhere(number: int) -> None:
    """Any object in any field of a draft or a resend is a problem or is harmless; nothing raises."""
    poison = poisons()[number]
    for change in every_place(RICH):
        draft = change(poison)
        problems = kind_problems(draft) or draft_problems(canonical(draft), NOW)
        assert all(problem.path and problem.message for problem in problems)
        if not problems:
            Capabilities(features=Feature).missing(canonical(draft))
    for change in every_place(RESEND):
        assert all(problem.path for problem in resend_problems(change(poison)))


@pytest.mark.parametrize("name", ["cyclic", "loop", "deep", "wide", "items", "key", "set", "huge", "nan"])
def test_extras_must_be_json(name: str) -> None:
    """The place inside the extras is named."""
    cyclic, loop, deep, wide = endless()
    tree, place = {
        "cyclic": ({"a": cyclic}, "extras"),
        "loop": (loop, "extras"),
        "deep": ({"a": deep}, "extras"),
        "wide": ({"a": wide}, "extras"),
        "items": (Items(a=1), "extras"),
        "key": ({"a": [{1: 2}]}, "extras.a[0]"),
        "set": ({"a b": {1}}, "extras[...]"),
        "huge": ({"a": 10**5000}, "extras.a"),
        "nan": ({"a": [0, float("nan")]}, "extras.a[1]"),
    }[name]
    assert paths(attrs.evolve(DRAFT, extras=odd(tree))) == [place]
    assert of_signer(extras=odd(tree)) == [f"signers[0].{place}"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("notify", {"notify": "no"}),
        ("notify", {"notify": 0}),
        ("ordered", {"ordered": 1}),
        ("ordered", {"ordered": None}),
        ("ordered", {"ordered": "yes"}),
    ],
)
def test_flags_of_drafts_must_be_booleans(path: str, change: dict[str, Any]) -> None:
    """A flag is judged like every other field: a text would be true with any contents."""
    assert paths(attrs.evolve(DRAFT, **change)) == [path]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("notify", {"notify": "no"}),
        ("security_code.allow_resend", {"security_code": SecurityCode(code="0417", allow_resend=odd("no"))}),
        ("signature_data.signatory.validate", {"signature_data": SignatureData(signatory=Party(validate=odd(1)))}),
        ("attachments[0].required", {"attachments": [Attachment(name="a", required=odd("true"))]}),
        ("challenges[0].back", {"challenges": [attrs.evolve(Challenge.video(), back=odd("x"))]}),
        ("challenges[0].icp_brasil", {"challenges": [attrs.evolve(Challenge.certificate(), icp_brasil=odd(None))]}),
    ],
)
def test_flags_of_signers_must_be_booleans(path: str, change: dict[str, Any]) -> None:
    """At any depth."""
    assert of_signer(**change) == [f"signers[0].{path}"]


def test_flags_of_resends_must_be_booleans() -> None:
    """In the resend itself, in codes and in parties."""
    edit = SignerEdit(
        signer_id="S1",
        security_code=SecurityCodeEdit(allow_resend=odd("no")),
        signature_data=SignatureDataEdit(signatory=PartyEdit(validate=odd("no"), discard_previous=odd(1))),
    )
    found = [problem.path for problem in resend_problems(Resend(edits=[edit], reopen=odd("no")))]
    assert found == [
        "edits[0].security_code.allow_resend",
        "edits[0].signature_data.signatory.validate",
        "edits[0].signature_data.signatory.discard_previous",
        "reopen",
    ]
