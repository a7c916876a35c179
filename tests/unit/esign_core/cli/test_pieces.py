"""The pieces of the command line: signers as typed, errors as sentences, values as JSON, texts that cannot do harm."""

from __future__ import annotations

import builtins
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from esign_core.cli import main
from esign_core.cli.opening import sandbox_file
from esign_core.cli.problems import CODES, UsageError, code_of, sentence_of
from esign_core.cli.screen import Screen, plain
from esign_core.cli.send import signer_from
from esign_core.cli.tables import file_table, process_table, report_table, signer_table, table
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import Channel, Role
from esign_core.model.errors import (
    AuthenticationError,
    ConfigError,
    ConflictError,
    EsignError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.resend import Missed, Notified, ResendReport
from esign_core.model.status import ProcessStatus, SignerStatus, StatusDetail
from esign_core.sandbox.sample import sample_pdf

PROCESS = Process(
    id="P1",
    provider="acme",
    account="a",
    name="[bold]Lease[/bold]",
    status=ProcessStatus.IN_PROGRESS,
    status_detail=StatusDetail(vendor_status="RUNNING", rule="acme.process.running", status="IN_PROGRESS"),
    signers=[
        Signer(id="s1", name="Ana", email="ana@example.com", role=Role.SIGNER, status=SignerStatus.DONE, link="https://secret.example/1"),
        Signer(name="Bo\x1b[31m"),
    ],
    documents=[ProcessDocument(id="d1", name="a.pdf", status=ProcessStatus.COMPLETED), ProcessDocument(name="b.pdf")],
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "email", "phone"),
    [
        ("Ana Example <ana@example.com>", "Ana Example", "ana@example.com", None),
        ("  Ana <ana@example.com> +57 300 123-4567 ", "Ana", "ana@example.com", "+573001234567"),
        ("Ana<ana@example.com>+573001234567", "Ana", "ana@example.com", "+573001234567"),
        ("Ñandú, José <j@example.com>", "Ñandú, José", "j@example.com", None),
    ],
)
def test_a_signer_is_read_as_people_write_them(text: str, name: str, email: str, phone: str | None) -> None:
    """Name, e-mail and phone are distinguished, and the phone loses its separators."""
    signer = signer_from(text)
    assert (signer.name, signer.email, signer.phone) == (name, email, phone)


@pytest.mark.parametrize(
    "text", ["", "Ana", "ana@example.com", "<ana@example.com>", "Ana <ana@example.com> 300123", "Ana <a b@example.com>"]
)
def test_a_signer_that_cannot_be_read_says_how_to_write_one(text: str) -> None:
    """The sentence shows the form, and not what was typed."""
    with pytest.raises(UsageError, match="--signer") as caught:
        signer_from(text)
    assert "Ana" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (FileExistsError(17, "File exists", "a.pdf"), 2),
        (ConfigError(), 3),
        (UnsupportedError(), 4),
        (NotFoundError(), 5),
        (AuthenticationError(), 6),
        (RefusedError(), 7),
        (ConflictError(), 7),
        (UnavailableError(), 8),
        (RateLimitError(), 8),
        (OutcomeUnknownError(), 9),
        (UnreadableReplyError(), 10),
        (KeyboardInterrupt(), 130),
        (ValueError("hidden"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_error_has_its_code_and_one_line(error: BaseException, code: int) -> None:
    """What the caller would do next decides the code; the text of a stranger's error is not shown."""
    assert code_of(error) == code
    sentence = sentence_of(error)
    assert sentence
    assert "\n" not in sentence
    assert "hidden" not in sentence


def test_every_error_class_has_a_code_of_its_own_kind() -> None:
    """No error of the library ends in the code of an unexpected mistake."""
    assert [kind for kind in EsignError.__subclasses__() if code_of(kind()) == 1] == []
    assert [code for code, _, _ in CODES] == sorted({code for code, _, _ in CODES})


def test_sentences_of_files_name_them() -> None:
    """The system's own words and the file's name, or what the library says."""
    assert sentence_of(FileNotFoundError(2, "No such file or directory", "a.pdf")) == "No such file or directory: a.pdf"
    assert sentence_of(FileExistsError("a.pdf is already there")) == "a.pdf is already there"
    assert "cannot be used" in sentence_of(OSError())


REPORT = ResendReport(
    process_id="P1",
    notified=[Notified(name="Ana", channel=Channel.SMS, destination="+573001234567"), Notified(signer_id="s2")],
    count=2,
    missed=[Missed(signer_id="s3", error=RefusedError(hint="Ask later."))],
    reopened=True,
)


def test_tables_show_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Markup is shown, not obeyed, and a terminal's commands are taken out."""
    screen = Screen("table")
    files = [SignedFile(name="a.pdf"), SignedFile(name="b.pdf", path=Path("folder/b.pdf"))]
    screen.show(None, process_table(PROCESS), signer_table(PROCESS), report_table(REPORT), file_table(files))
    shown = capsys.readouterr().out
    for text in (
        "[bold]Lease[/bold]",
        "IN_PROGRESS",
        "RUNNING",
        "ana@example.com",
        "reopened",
        "missed:",
        "folder/b.pdf",
    ):
        assert text in shown
    assert "\x1b" not in shown


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but the document reaches stdout; letters of all scripts stay readable."""
    screen = Screen("json")
    with screen.busy("working"):
        screen.note("by the way\x1b[2J")
    screen.show({"name": "Ñandú"}, table("not shown", (), ()))
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"name": "Ñandú"}
    assert "Ñandú" in shown.out
    assert shown.err == "by the way [2J\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_progress_is_told_and_tables_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """People see what is being done, on stderr, and tables as wide as their window."""
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen("table")
    with screen.busy("Sending"):
        pass
    screen.show(None, table("Title", ("a",), [["x" * 100]]))
    assert "Sending" in err.getvalue()
    assert max(len(line) for line in out.getvalue().splitlines() if "x" in line) < 80


def test_plain_shows_nothing_for_nothing() -> None:
    """An empty cell is empty."""
    assert plain(None).plain == ""
    assert plain(5).plain == "5"


def test_the_sample_is_a_pdf_of_one_page() -> None:
    """Its cross-references are right: a strict reader reads its text."""
    reader = PdfReader(io.BytesIO(sample_pdf()), strict=True)
    assert len(reader.pages) == 1
    assert "Services agreement" in reader.pages[0].extract_text()


def test_the_sandbox_lies_in_the_users_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG_DATA_HOME decides where it is absolute, the home directory otherwise."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert sandbox_file() == Path("/data/esign/sandbox.db")
    for given in ("", "relative"):
        monkeypatch.setenv("XDG_DATA_HOME", given)
        assert sandbox_file() == tmp_path / ".local/share/esign/sandbox.db"


@pytest.mark.parametrize("missing", ["cyclopts", "rich.text"])
def test_a_missing_extra_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra `cli`, the command is one sentence and a code."""
    hide(missing, monkeypatch)
    assert main(["providers"]) == 3
    shown = capsys.readouterr()
    assert 'pip install "esign[cli]"' in shown.err
    assert shown.out == ""


def test_another_missing_module_is_not_explained_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no extra brings is an error like any other."""
    hide("esign_core.cli.app", monkeypatch)
    with pytest.raises(ModuleNotFoundError):
        main(["providers"])


def test_interruption_during_imports_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C before the command runs shows no traceback, and says that nothing was sent."""
    hide("esign_core.cli.app", monkeypatch, KeyboardInterrupt())
    assert main(["providers"]) == 130
    assert capsys.readouterr().err == "esign: Interrupted; nothing was sent.\n"


def hide(name: str, monkeypatch: pytest.MonkeyPatch, error: BaseException | None = None) -> None:
    """Make a module look as if it were not installed."""
    original = builtins.__import__

    def refuse(wanted: str, *args: Any, **kwargs: Any) -> Any:
        if wanted == name or wanted.startswith(f"{name}."):
            raise error or ModuleNotFoundError(f"No module named {name!r}", name=name)
        return original(wanted, *args, **kwargs)

    for loaded in [module for module in sys.modules if module.startswith("esign_core.cli.")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(builtins, "__import__", refuse)
