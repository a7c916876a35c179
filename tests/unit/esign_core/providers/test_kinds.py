"""Values of another kind than their field are found wherever they stand, and nothing they do escapes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from tests.unit.esign_core.providers.test_validation import DRAFT, NOW, RESEND, RICH, odd, of_signer, paths

from esign_core.model.drafts import Attachment, Challenge, Party, SecurityCode, SignatureData
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.validation import canonical, draft_problems, kind_problems, resend_problems


def poisoned_class() -> Any:
    """Return an object that raises at whatever it is asked."""

    class Poison:
        def _raise(self, *_: Any) -> Any:
            raise RuntimeError("poison")

        __str__ = __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __iter__ = __getattr__ = _raise  # type: ignore[assignment]  # whatever is asked
        __class__ = property(_raise)  # type: ignore[assignment]  # isinstance asks for it

    return Poison()


class Items(dict[str, Any]):
    """A mapping that cannot be read."""

    def __iter__(self) -> Any:
        raise RuntimeError("poison")

    items = __iter__  # type: ignore[assignment]  # as its iterator


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


def every_place(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Return each place in a draft or a resend with a function that puts something else there."""
    places = []
    for field in attrs.fields(type(value)):
        part, where = getattr(value, field.name), f"{path}.{field.name}".lstrip(".")
        places.append((where, lambda new, name=field.name: attrs.evolve(value, **{name: new})))
        if isinstance(part, tuple):
            for index, each in enumerate(part):
                places.append(
                    (
                        f"{where}[{index}]",
                        lambda new, name=field.name, part=part, index=index: attrs.evolve(
                            value, **{name: (*part[:index], new, *part[index + 1 :])}
                        ),
                    )
                )
                if attrs.has(type(each)):
                    places += [
                        (
                            inner,
                            lambda new, change=change, name=field.name, part=part, index=index: attrs.evolve(
                                value, **{name: (*part[:index], change(new), *part[index + 1 :])}
                            ),
                        )
                        for inner, change in every_place(each, f"{where}[{index}]")
                    ]
        elif attrs.has(type(part)):
            places += [
                (inner, lambda new, change=change, name=field.name: attrs.evolve(value, **{name: change(new)}))
                for inner, change in every_place(part, where)
            ]
    return places


@pytest.mark.parametrize("number", range(len(poisons())))
def test_poison_is_found_anywhere(number: int) -> None:
    """Whatever is put wherever in a draft or a resend is a problem or is harmless; nothing raises."""
    poison = poisons()[number]
    for _, change in every_place(RICH):
        draft = change(poison)
        problems = kind_problems(draft) or draft_problems(canonical(draft), NOW)
        assert all(problem.path and problem.message for problem in problems)
        if not problems:
            Capabilities(features=Feature).missing(canonical(draft))
    for _, change in every_place(RESEND):
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
    """A flag is judged like every other field: a text is true whatever it says."""
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
