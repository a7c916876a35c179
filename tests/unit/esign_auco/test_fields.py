"""The table of fields: what it promises is what requests carry, and what it leaves out is refused or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import BOX, NOW, OTHER_PDF, PAGE, PDF, ana, draft, settings

from esign_auco.wire.fields import FIELDS, Field, Path, choose, field, place
from esign_auco.wire.requests import dump_creation
from esign_core.model.documents import TemplateDocument
from esign_core.model.drafts import Attachment, Challenge, Channel, CopyRecipient, Placement, ProcessDraft, Role

CARD = Challenge.id_document(number="123456789", kind="CC", country="CO", back=True)
TEMPLATE = TemplateDocument(template_id="64823dc5ce28a265e02d68f3", values={"name": "Ana"}, name="Deed")
FILES = [Attachment(name="Identity document"), Attachment(name="Bill", required=False)]

DOCUMENTS: dict[Path, list[Any]] = {
    Path.UPLOAD: [PDF],
    Path.SAVE: [TEMPLATE],
    Path.MANY: [PDF, OTHER_PDF],
    Path.MANY_TEMPLATES: [TEMPLATE, TEMPLATE],
    Path.ATTACHMENTS: [PDF],
}


def rich(path: Path, **person: Any) -> ProcessDraft:
    """Return a draft that uses everything a path might carry, checked or not."""
    changes = {
        "role": Role.APPROVER,
        "notify": False,
        "challenges": [Challenge.otp(Channel.EMAIL), CARD, Challenge.video()],
        "channel": Channel.EMAIL_AND_WHATSAPP,
        "attachments": FILES if path is Path.ATTACHMENTS else [],
        **person,
    }
    return draft(
        documents=DOCUMENTS[path],
        subject="Sign",
        message="Please",
        folder="/a",
        remind_every=timedelta(hours=6),
        expires_at=NOW + timedelta(days=9),
        cc=[CopyRecipient(name="Eva", email="eva@example.com")],
        notify=True,
        reference="ORDER-1",
        tags=["t"],
        ordered=True,
        signers=[] if path.is_template else [ana(**changes)],
    )


def keys(tree: Any, prefix: str = "") -> Iterator[str]:
    """Yield the full name of every field in a body, `[]` for each element of a list."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield f"{prefix}{name}"
            yield from keys(value, f"{prefix}{name}.")
    elif isinstance(tree, list):
        for item in tree:
            yield from keys(item, f"{prefix.removesuffix('.')}[].")


def written(path: Path, **changes: Any) -> set[str]:
    """Return the names of all fields that drafts of a path write."""
    role = Placement.template_role("codeudor", "64823dc5ce28a265e02d68f3")
    placements = (BOX, role) if path.is_package else (BOX, role, Placement.tag())
    bodies = [
        dump_creation(rich(path, placements=[placement], **person), settings(**changes), "example@auco.ai")
        for placement in placements
        for person in ({}, {"challenges": [Challenge.face_photo()]})
    ]
    large = dump_creation(rich(path), settings(inline_limit=0, **changes), "example@auco.ai")
    return {name for body in (*bodies, large) for name in keys(body)}


def names(row: Field, path: Path) -> set[str]:
    """Return the fields a row names, those of both dialects, without what stands in brackets."""
    told = re.sub(r" \([^)]*\)", "", row.at(path) or "")
    parts = {part for part in re.split(r", | or ", told) if part}
    return {part for part in parts if not part.startswith(("PUT ", "("))}


def promised(path: Path) -> set[str]:
    """Return all that the table names on a path."""
    return {name for row in FIELDS for name in names(row, path)}


@pytest.mark.parametrize("path", Path)
def test_requests_write_what_the_table_names(path: Path) -> None:
    """Each field the table names on a path is written by some draft, in one dialect or the other."""
    seen = written(path) | written(path, dialect="current")
    assert promised(path) <= seen


@pytest.mark.parametrize("path", Path)
def test_requests_write_nothing_that_the_table_does_not_name(path: Path) -> None:
    """Besides the table's fields, and what holds them, there are the sender and `sign` of a template."""
    inside_boxes = tuple(f"position[].{name}" for name in ("page", "x", "y", "w", "h"))
    seen = {name for name in written(path) if not name.endswith(inside_boxes)}
    known = promised(path)
    extra = {name for name in seen if not any(f"{other}.".startswith((f"{name}.", f"{name}[]")) for other in known)}
    assert extra == {"email"} | ({"sign"} if path is Path.SAVE else set())


def test_every_row_has_a_place_and_a_way_out() -> None:
    """A row without a place on some path is a note, or has a hint, or belongs to one that has."""
    for row in FIELDS:
        assert row.carried
        covered = row.neutral.startswith("signers[]") and all(path.is_template for path in set(Path) - set(row.carried))
        assert row.note or row.hint or covered or set(row.carried) == set(Path), row.neutral


def test_rows_are_found_by_name() -> None:
    """`place` gives the last part of the name, or None."""
    assert field("expires_at").at(Path.SAVE) == "expiredDate"
    assert place("signers[].phone", Path.MANY) == "phone"
    assert place("tags", Path.MANY) is None


def test_the_documents_choose_the_path() -> None:
    """What a draft holds decides where it goes."""
    assert {path: choose(rich(path)) for path in Path} == {path: path for path in Path}
    assert choose(draft(documents=[], signers=[ana(attachments=FILES)])) is Path.ATTACHMENTS
    assert {path.address for path in Path} == {
        "/document/upload",
        "/document/save",
        "/document/many",
        "/package/upload",
    }
    assert BOX.page_size == PAGE
