"""The table of fields: what it promises is what requests carry, and what it leaves out is refused or left out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import BOX, NOW, OTHER_PDF, PAGE, PDF, ana, draft, settings
from tests.unit.esign_auco.test_creation_paths import PACKAGE_ANSWER

from esign_auco.sandbox import forms
from esign_auco.settings import Dialect
from esign_auco.wire.fields import FIELDS, Field, Path, choose, field, place
from esign_auco.wire.requests import dump_creation
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import Attachment, Challenge, Channel, CopyRecipient, Placement, ProcessDraft, Role

FILE = base64.b64encode(b"%PDF-1.4\n%%EOF").decode()
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


def bodies(path: Path, dialect: Dialect) -> Iterator[dict[str, Any]]:
    """Yield requests that together write every field of a path."""
    role = Placement.template_role("codeudor", "64823dc5ce28a265e02d68f3")
    placements = (BOX, role) if path.is_package else (BOX, role, Placement.tag())
    # The newest texts know no video.
    proofs = [Challenge.otp(Channel.EMAIL), CARD, *([Challenge.video()] if dialect == "classic" else [])]
    for inline_limit in (0, 1_000_000):
        account = settings(dialect=dialect, inline_limit=inline_limit)
        for placement in placements:
            for asked in (proofs, [Challenge.face_photo()]):
                yield dump_creation(rich(path, placements=[placement], challenges=asked), account, "example@auco.ai")


def written(path: Path, dialect: Dialect = "classic") -> set[str]:
    """Return the names of all fields that requests of a path write."""
    return {name for body in bodies(path, dialect) for name in keys(body)}


def names(row: Field, path: Path) -> set[str]:
    """Return the fields a row names, those of both dialects, without what stands in brackets."""
    told = re.sub(r" \([^)]*\)", "", row.at(path) or "")
    parts = {part for part in re.split(r", | or ", told) if part}
    return {part for part in parts if not part.startswith(("PUT ", "("))}


def promised(path: Path) -> set[str]:
    """Return all that the table names on a path."""
    return {name for row in FIELDS for name in names(row, path)}


@pytest.mark.parametrize("path", Path)
def test_requests_write_what_table_names(path: Path) -> None:
    """Each field the table names on a path is written by some draft, in one dialect or the other."""
    seen = written(path) | written(path, dialect="current")
    assert promised(path) <= seen


FORMS = {
    Path.UPLOAD: forms.upload,
    Path.SAVE: forms.save,
    Path.MANY: forms.many,
    Path.MANY_TEMPLATES: forms.many,
    Path.ATTACHMENTS: forms.package_upload,
}


def sent(tree: Any) -> Any:
    """Return a body as the transport sends it: each document as Base64."""
    if isinstance(tree, dict):
        return {name: sent(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [sent(item) for item in tree]
    return FILE if isinstance(tree, Document) else tree


@pytest.mark.parametrize("dialect", ["classic", "current"])
@pytest.mark.parametrize("path", Path)
def test_names_agree_with_sandbox(path: Path, dialect: Dialect) -> None:
    """The sandbox has read the vendor's pages by itself and refuses every other name at every level.

    The requests hold all that the table names, and the table names all that they hold: a name that is misspelt in the
    table for one path alone fails here.
    """
    for body in bodies(path, dialect):
        FORMS[path](classic=dialect == "classic")(sent(body), "")


@pytest.mark.parametrize("path", Path)
def test_requests_write_nothing_else(path: Path) -> None:
    """Besides the table's fields, and what holds them, there are the sender and `sign` of a template."""
    inside_boxes = tuple(f"position[].{name}" for name in ("page", "x", "y", "w", "h"))
    seen = {name for name in written(path) if not name.endswith(inside_boxes)}
    known = promised(path)
    extra = {name for name in seen if not any(f"{other}.".startswith((f"{name}.", f"{name}[]")) for other in known)}
    assert extra == {"email"} | ({"sign"} if path is Path.SAVE else set())


def test_upload_address_is_in_answer() -> None:
    """Where the table says in which field of the answer a PDF's address stands, the vendor's answer has that field."""
    found = re.fullmatch(r"PUT to (\S+) of the answer", field("documents[]: PDF").at(Path.MANY) or "")
    assert found is not None
    assert found[1] in set(keys(PACKAGE_ANSWER))


def test_every_row_has_place_or_hint() -> None:
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


def test_documents_choose_path() -> None:
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
