"""The commands, run as a user runs them: on the sandbox that is there without set-up, and on accounts of their own."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from pypdf import PdfReader

from esign_core.cli import main
from esign_core.cli.opening import sandbox_file
from esign_core.client import connect
from esign_core.sandbox.sample import sample_pdf

ANA = "Ana Example <ana@example.com> +573001234567"
BRUNO = "Bruno Sample <bruno@example.com> +573007654321"

Run = Callable[..., "Outcome"]


class Outcome:
    """What a command left: its code, and what it wrote where."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a user of its own: an empty folder to work in, an empty data directory, no configuration."""
    work = tmp_path / "here"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in [name for name in os.environ if name.startswith("ESIGN_")]:
        monkeypatch.delenv(name)
    Path("contract.pdf").write_bytes(sample_pdf())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command and collect what it leaves."""

    def once(*arguments: str) -> Outcome:
        code = main(arguments)
        shown = capsys.readouterr()
        return Outcome(code, shown.out, shown.err)

    return once


def sent(run: Run, *more: str) -> dict[str, Any]:
    command = ("send", "contract.pdf", "--name", "Lease", "--signer", ANA, "--signer", BRUNO, "--output", "json")
    document: dict[str, Any] = run(*command, *more).document
    return document


def act(deed: Callable[[Any], object]) -> None:
    """Let something happen in the user's own sandbox, between two commands."""
    table = {"provider": "auco", "environment": "sandbox", "sandbox_file": str(sandbox_file())}
    with connect("sandbox", config={"accounts": {"sandbox": table}}) as client:
        deed(client.sandbox)


def test_a_process_survives_from_one_command_to_the_next(run: Run) -> None:
    """With no configuration and no server, what `send` made is what `status` finds."""
    process = sent(run)
    assert process["provider"] == "auco"
    assert [signer["email"] for signer in process["signers"]] == ["ana@example.com", "bruno@example.com"]
    found = run("status", process["id"], "--output", "json").document
    assert (found["id"], found["status"]) == (process["id"], "IN_PROGRESS")
    assert all(signer["status"] == "NOTIFIED" for signer in found["signers"])
    assert sandbox_file().stat().st_mode & 0o077 == 0


def test_people_see_tables_and_a_note_where_the_sandbox_is(run: Run) -> None:
    """Tables go to stdout, the note to stderr."""
    process = sent(run)
    outcome = run("status", process["id"])
    assert outcome.code == 0
    assert process["id"] in outcome.out
    assert "IN_PROGRESS" in outcome.out
    assert str(sandbox_file()) in outcome.err


def test_a_declined_process_is_reopened_signed_and_fetched(run: Run) -> None:
    """Every command has its part in the life of a process."""
    process = sent(run)["id"]
    reminder = run("resend", process, "--output", "json").document
    assert (reminder["process_id"], len(reminder["notified"]), reminder["missed"]) == (process, 2, [])
    act(lambda box: box.decline_as("ana@example.com", "The amount is wrong."))
    assert run("status", process, "--output", "json").document["status"] == "DECLINED"
    assert run("resend", process, "--reopen", "--output", "json").document["reopened"] in (True, None)
    early = run("download", process, "--to", "signed")
    assert (early.code, early.out) == (7, "")
    act(lambda box: (box.sign_as("ana@example.com"), box.sign_as("bruno@example.com")))
    files = run("download", process, "--to", "signed", "--output", "json").document["files"]
    assert files
    assert PdfReader(files[0]["path"]).pages
    again = run("download", process, "--to", "signed")
    assert (again.code, again.out) == (2, "")
    assert "already" in again.err
    assert len(list(Path("signed").iterdir())) == len(files)


def test_a_process_is_cancelled_with_a_reason(run: Run) -> None:
    """The cancelled process is what `cancel` shows."""
    process = sent(run)["id"]
    cancelled = run("cancel", process, "--reason", "Changed our mind", "--output", "json").document
    assert (cancelled["id"], cancelled["status"]) == (process, "CANCELLED")
    assert run("cancel", process).code == 7


def test_an_account_of_the_configuration_is_used(run: Run, tmp_path: Path) -> None:
    """The only account needs no name, one of several does, and nothing is kept in the data directory."""
    one = f'[accounts.br]\nprovider = "arqsign"\nenvironment = "sandbox"\nsandbox_file = "{tmp_path}/box"\n'
    Path("esign.toml").write_text(one)
    assert sent(run)["provider"] == "arqsign"
    Path("esign.toml").write_text(one + '[accounts.co]\nprovider = "auco"\nenvironment = "sandbox"\n')
    unnamed = run("status", "x")
    assert unnamed.code == 3
    assert "br, co" in unnamed.err
    process = sent(run, "--account", "br")
    assert run("status", process["id"], "--account", "br", "--output", "json").document["account"] == "br"
    Path("esign.toml").rename("other.toml")
    assert run("status", process["id"], "--account", "br", "--config", "other.toml").code == 0
    assert not sandbox_file().exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("send", "gone.pdf", "--name", "x", "--signer", ANA), 2, "No such file or directory: gone.pdf"),
        (("send", "contract.pdf", "--name", "x", "--signer", "Ana"), 2, "Name <e-mail>"),
        (("send", "contract.pdf", "--signer", ANA), 2, "--name"),
        (("send", "--name", "x", "--signer", ANA), 2, "FILES"),
        (("sned",), 2, '"send"'),
        (("status",), 2, "PROCESS_ID"),
        (("status", "x", "--output", "xml"), 2, "json"),
        (("status", "x", "--config", "gone.toml"), 3, "gone.toml"),
        (("status", "x", "--account", "gone"), 3, "There is no configuration"),
        (("status", "not an id"), 5, "identifier"),
        (("status", "ABCDEFGHIJ"), 5, ""),
        (("send", "notes.txt", "--name", "x", "--signer", ANA), 4, "PDF"),
        (("demo", "gone.pdf"), 2, "gone.pdf"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_sentence_and_its_code(run: Run, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    """Nothing reaches stdout, and stderr has the sentence, in one line, after the note of the sandbox."""
    Path("notes.txt").write_text("no PDF")
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    line = outcome.err.splitlines()[-1]
    assert line.startswith("esign: ")
    assert sentence in line
    assert "Traceback" not in outcome.err


def test_a_file_without_accounts_says_so(run: Run) -> None:
    """A configuration that was asked for is not silently replaced by the sandbox."""
    Path("empty.toml").touch()
    assert "has no account" in run("status", "x", "--config", "empty.toml").err


def test_a_data_directory_that_cannot_be_made_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the place and the way out."""
    (tmp_path / "blocked").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "blocked"))
    outcome = run("status", "ABCDEFGHIJ")
    assert outcome.code == 3
    assert "XDG_DATA_HOME" in outcome.err


def test_a_mistake_of_ours_is_a_sentence_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a traceback nor the text of an unexpected error is shown."""
    monkeypatch.setattr("esign_core.cli.providers.installed", {}.popitem)
    outcome = run("providers")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("esign: This is a mistake in esign, not yours (KeyError)")


def test_providers_are_listed(run: Run) -> None:
    """Both providers of this project are there, for programs and for people."""
    assert {"auco", "arqsign"} <= {plugin["name"] for plugin in run("providers", "--output", "json").document}
    assert "auco" in run("providers").out


def test_help_and_version_succeed(run: Run) -> None:
    """Help lists the commands and the exit codes."""
    shown = run("--help").out
    for word in ("demo", "providers", "send", "status", "resend", "cancel", "download", "Exit codes", "130"):
        assert word in shown
    assert run("--version").out.strip()
    assert run("send", "--help").code == 0


def test_the_demo_tells_both_stories(run: Run) -> None:
    """Each step has both words; the signed PDFs are where it says, with the sample's page in them."""
    story = run("demo", "--output", "json").document
    statuses: dict[str, list[str]] = {}
    for step in story["steps"]:
        statuses.setdefault(step["provider"], []).append(step["process"]["status"])
        assert step["process"]["vendor_status"]
    assert statuses["auco"] == ["IN_PROGRESS"] * 2 + ["DECLINED"] + ["IN_PROGRESS"] * 2 + ["COMPLETED"] * 2
    assert statuses["arqsign"] == ["IN_PROGRESS"] * 3 + ["EXPIRED", "IN_PROGRESS", "COMPLETED", "COMPLETED"]
    files = [file for step in story["steps"] for file in step["files"]]
    assert {Path(file["path"]).parent.name for file in files} == {"auco", "arqsign"}
    for file in files:
        assert Path(file["path"]).is_relative_to(story["folder"])
        assert "Services agreement" in PdfReader(file["path"]).pages[0].extract_text()
    assert not sandbox_file().exists()


def test_the_demo_takes_a_file_and_a_new_folder_each_time(run: Run) -> None:
    """For people the two vocabularies stand side by side, and the folder is named at the end."""
    Path("esign-demo-1").mkdir()
    outcome = run("demo", "contract.pdf")
    assert outcome.code == 0
    assert "DECLINED" in outcome.out
    assert "REJECTED" in outcome.out
    assert outcome.out.rstrip().endswith(str(Path("esign-demo-2").absolute()))


def test_the_demo_goes_elsewhere_where_it_may_not_write(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the system's is used, and named like any other."""
    original = Path.mkdir

    def refuse(self: Path, *args: Any, **kwargs: Any) -> None:
        if self.name.startswith("esign-demo-1"):
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        original(self, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert not Path(run("demo", "--output", "json").document["folder"]).is_relative_to(Path.cwd())


class Closed(io.StringIO):
    """A pipe whose reader has gone."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file = file

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        return self.file.fileno()


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_reader_that_closes_early_is_no_mistake(output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`esign providers | head -0` ends without a word, and nothing more is written to the pipe."""
    with (tmp_path / "pipe").open("wb") as file:
        monkeypatch.setattr(sys, "stdout", Closed(file))
        assert main(["providers", "--output", output]) == 0
        assert os.fstat(file.fileno()).st_rdev == Path(os.devnull).stat().st_rdev


def test_time_passes_between_two_commands(run: Run) -> None:
    """The clock of the user's sandbox is kept, too."""
    process = sent(run)["id"]
    act(lambda box: box.move_clock(timedelta(days=400)))
    assert run("status", process).code == 0
