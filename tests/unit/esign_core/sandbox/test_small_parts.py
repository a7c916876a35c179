"""The floor's small parts: router, clock, people, ids, store and finished PDFs."""

import io
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from tests.support.pdfs import page_pdf, tree_pdf

from esign_core.model.errors import ConfigError
from esign_core.sandbox import (
    Clock,
    Match,
    NoMatch,
    Router,
    Store,
    finished_pdf,
    is_person,
    make_guid,
    make_id,
    no_such_signer,
    not_allowed_now,
)


def test_a_router_tells_an_unknown_path_from_a_wrong_method() -> None:
    """What the path allows is listed; an unknown path allows nothing."""
    router = Router[str]()
    router.add("POST", "/process/{id}/send", "send")
    router.add("delete", "/process/{id}/send", "drop")
    assert router.find("post", "/process/a.b/send") == Match(handler="send", params={"id": "a.b"})
    assert router.find("GET", "/process/1/send") == NoMatch(allowed=("POST", "DELETE"))
    assert router.find("POST", "/process/1/2/send") == NoMatch()


def test_a_clock_runs_from_where_it_starts_and_moves_forward_only() -> None:
    """It returns UTC, moves by the given amount and refuses to run back."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = Clock(start)
    clock.move(timedelta(days=3))
    assert timedelta(days=3) <= clock.now() - start < timedelta(days=3, minutes=1)
    assert Clock().now().tzinfo is UTC
    with pytest.raises(ValueError, match="forward"):
        clock.move(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is the point


@pytest.mark.parametrize(
    ("who", "meant"),
    [
        ("ANA@example.com", True),
        ("+57 300 000-0001", True),
        ("573000000001", True),
        ("G8", True),
        ("g8", False),
        ("3000", False),
    ],
)
def test_a_person_is_meant_by_email_phone_or_id(who: str, meant: bool) -> None:
    """Case of an e-mail and signs in a phone do not matter; ids are exact."""
    assert is_person(who, email="ana@example.com", phone="+573000000001", id="G8") is meant


def test_errors_about_people_name_nobody() -> None:
    """They say what to do instead."""
    assert "client.get" in str(no_such_signer("sign"))
    assert "that process" in str(no_such_signer("sign", process_id="X"))
    assert "cannot sign now: not yet" in str(not_allowed_now("sign", "not yet"))


def test_ids_look_like_the_vendors_and_are_the_same_in_every_run() -> None:
    """Length and letters as asked, no randomness."""
    assert re.fullmatch("[0-9A-Z]{10}", make_id("document", 1))
    assert make_id("document", 1) == make_id("document", 1) != make_id("document", 2)
    assert make_guid("process", 1) == make_guid("process", 1)


def test_a_transaction_that_fails_changes_nothing_in_a_file(tmp_path: Path) -> None:
    """Neither the tree nor the files: another program may read it next."""
    store = Store(tmp_path / "box.db", name="a")

    def fail() -> None:
        with store.transaction() as state:
            state.tree["x"] = 2
            state.drop_blob("pdf")
            raise RuntimeError

    with store.transaction() as state:
        state.tree["x"] = 1
        state.put_blob("pdf", b"%PDF-")
    with pytest.raises(RuntimeError):
        fail()
    with store.transaction() as state:
        assert (state.tree, state.blob("pdf"), state.blob("none")) == ({"x": 1}, b"%PDF-", None)
    store.close()


def test_vendors_that_share_a_file_keep_apart(tmp_path: Path) -> None:
    """Each store sees its own tree and files only."""
    one, two = (Store(tmp_path / "box", name=name) for name in "ab")
    with one.transaction() as state:
        state.tree["mine"] = True
        state.put_blob("f", b"1")
    with two.transaction() as state:
        assert state.tree == {}
        assert state.blob("f") is None


@pytest.mark.parametrize("path", ["no/such/folder/box", "not-sqlite"])
def test_a_place_where_no_store_can_be_is_a_config_error(tmp_path: Path, path: str) -> None:
    """The error names the setting and says what to name instead."""
    (tmp_path / "not-sqlite").write_bytes(b"something else " * 1000)
    with pytest.raises(ConfigError, match="sandbox_file"):
        Store(tmp_path / path, name="a")


def test_a_finished_pdf_keeps_the_pages_and_adds_who_signed() -> None:
    """The pages sent come first, unchanged in size; the last ones name the title and every line."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 300)
    sent = io.BytesIO()
    writer.write(sent)
    finished = finished_pdf(sent.getvalue(), title="Contrato (é)", lines=[f"line {n}" for n in range(60)])
    pages = pypdf.PdfReader(io.BytesIO(finished), strict=True).pages
    assert [tuple(page.mediabox)[2:] for page in pages] == [(200, 300), (612, 792), (612, 792)]
    assert "Contrato (é)" in pages[1].extract_text()
    assert "line 59" in pages[2].extract_text()


def test_finished_pdf_keeps_form_fields() -> None:
    """The catalog keeps its form, or the fields on the pages would lose their values; the result is not encrypted."""
    form = b"/AcroForm << /Fields [4 0 R] /DA (/Helv 0 Tf 0 g) >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (city) /V (Lima) /Rect [0 0 9 9] /P 3 0 R >>"
    sent = page_pdf(b"/MediaBox [0 0 200 300] /Annots [4 0 R]", catalog=form, more={4: field})
    finished = pypdf.PdfReader(io.BytesIO(finished_pdf(sent, title="T", lines=["x"])), strict=True)
    assert finished.get_form_text_fields() == {"city": "Lima"}
    assert len(finished.pages) == 2
    locked, out = pypdf.PdfWriter(clone_from=io.BytesIO(sent)), io.BytesIO()
    locked.encrypt("", "owner", algorithm="RC4-128")
    locked.write(out)
    opened = pypdf.PdfReader(io.BytesIO(finished_pdf(out.getvalue(), title="T", lines=[])))
    assert not opened.is_encrypted
    assert opened.get_form_text_fields() == {"city": "Lima"}


def test_a_pdf_that_cannot_be_read_is_said_to_be_missing() -> None:
    """What merely begins like a PDF is finished all the same, and the page says so."""
    for content in (b"%PDF-1.7 junk", tree_pdf(b"<< /Type /Pages /Kids [] /Count 0 >>")):
        finished = finished_pdf(content, title="T", lines=[])
        (page,) = pypdf.PdfReader(io.BytesIO(finished)).pages
        assert "could not be read" in page.extract_text()


def test_without_pypdf_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is a matter of set-up, said in one sentence."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(ConfigError, match=r"esign\[sandbox\]"):
        finished_pdf(b"%PDF-", title="T", lines=[])


def test_a_clock_can_follow_another_and_keeps_what_it_was_moved_by() -> None:
    """The offset is its own, the running is the other's."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = Clock()
    clock.move(timedelta(days=1))
    clock.follow(lambda: start)
    assert clock.now() == start + timedelta(days=1)
