"""The commands, run as a user runs them: in the embedded sandbox, and with configured accounts."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from pypdf import PdfReader

from esign_core import Process, ResendReport, SignedFile, from_dict, to_dict
from esign_core.cli import main
from esign_core.cli.opening import sandbox_file
from esign_core.client import connect
from esign_core.model.errors import ConfigError
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


@pytest.fixture
def trial(run: Run) -> Run:
    """Run a command in the embedded sandbox, and collect what it leaves."""
    return lambda *arguments: run(*arguments, "--sandbox")


def sent(run: Run, *more: str) -> dict[str, Any]:
    command = ("send", "contract.pdf", "--name", "Lease", "--signer", ANA, "--signer", BRUNO, "--output", "json")
    document: dict[str, Any] = run(*command, *more).document
    return document


def act(action: Callable[[Any], object]) -> None:
    """Let something happen in the user's own sandbox, between two commands."""
    table = {"provider": "auco", "environment": "sandbox", "sandbox_file": str(sandbox_file())}
    with connect("sandbox", config={"accounts": {"sandbox": table}}) as client:
        action(client.sandbox)


def test_a_process_survives_from_one_command_to_the_next(trial: Run) -> None:
    """With `--sandbox` and no server, what `send` made is what `status` finds."""
    process = sent(trial)
    assert process["provider"] == "auco"
    assert [signer["email"] for signer in process["signers"]] == ["ana@example.com", "bruno@example.com"]
    found = trial("status", process["id"], "--output", "json").document
    assert (found["id"], found["status"]) == (process["id"], "IN_PROGRESS")
    assert to_dict(from_dict(Process, found)) == found
    assert all(signer["status"] == "NOTIFIED" for signer in found["signers"])
    assert sandbox_file().stat().st_mode & 0o077 == 0


def test_people_see_tables_and_a_note_where_the_sandbox_is(trial: Run) -> None:
    """Tables go to stdout, the note to stderr."""
    process = sent(trial)
    outcome = trial("status", process["id"])
    assert outcome.code == 0
    assert process["id"] in outcome.out
    assert "IN_PROGRESS" in outcome.out
    assert str(sandbox_file()) in outcome.err


def test_a_declined_process_is_reopened_signed_and_fetched(trial: Run) -> None:
    """Every command has its part in the life of a process."""
    process = sent(trial)["id"]
    reminder = trial("resend", process, "--output", "json").document
    assert (reminder["process_id"], len(reminder["notified"]), reminder["missed"]) == (process, 2, [])
    assert to_dict(from_dict(ResendReport, reminder)) == reminder
    act(lambda box: box.decline_as("ana@example.com", "The amount is wrong."))
    assert trial("status", process, "--output", "json").document["status"] == "DECLINED"
    assert trial("resend", process, "--reopen", "--output", "json").document["reopened"] in (True, None)
    early = trial("download", process, "--to", "signed")
    assert (early.code, early.out) == (7, "")
    act(lambda box: (box.sign_as("ana@example.com"), box.sign_as("bruno@example.com")))
    files = trial("download", process, "--to", "signed", "--output", "json").document["files"]
    assert [to_dict(from_dict(SignedFile, file)) for file in files] == files != []
    assert PdfReader(files[0]["path"]).pages
    assert trial("download", process, "--to", "signed").code == 0
    Path(files[0]["path"]).chmod(0o600)
    Path(files[0]["path"]).write_bytes(b"something else")
    again = trial("download", process, "--to", "signed")
    assert (again.code, again.out) == (2, "")
    assert "already" in again.err
    assert len(list(Path("signed").iterdir())) == len(files)


def test_a_process_is_cancelled_with_a_reason(trial: Run) -> None:
    """The cancelled process is what `cancel` shows."""
    process = sent(trial)["id"]
    cancelled = trial("cancel", process, "--reason", "Changed our mind", "--output", "json").document
    assert (cancelled["id"], cancelled["status"]) == (process, "CANCELLED")
    assert trial("cancel", process).code == 7


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
        (("status", "x", "--account", "gone", "--sandbox"), 2, "--sandbox"),
        (("status", "x", "--config", "gone.toml", "--sandbox"), 2, "--sandbox"),
        (("status", "not an id", "--sandbox"), 5, "identifier"),
        (("status", "ABCDEFGHIJ", "--sandbox"), 5, ""),
        (("send", "notes.txt", "--name", "x", "--signer", ANA, "--sandbox"), 4, "PDF"),
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
    trial: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the place and the way out."""
    (tmp_path / "blocked").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "blocked"))
    outcome = trial("status", "ABCDEFGHIJ")
    assert outcome.code == 3
    assert "XDG_DATA_HOME" in outcome.err


def test_a_mistake_of_ours_is_a_sentence_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a traceback nor the text of an unexpected error is shown."""
    monkeypatch.setattr("esign_core.cli.providers.installed", {}.popitem)
    outcome = run("providers")
    assert (outcome.code, outcome.out) == (1, "")
    assert re.search(
        r"defect of esign [\d.]+: KeyError at \S+/providers\.py:\d+\. Please report .+ https://", outcome.err
    )
    assert "--debug" in outcome.err
    assert "Traceback" not in outcome.err


def test_debug_prints_log_and_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The traceback goes to stderr, with personal data hidden, and the logger is left as it was."""

    def fail() -> None:
        logging.getLogger("esign").debug("a line of the log")
        raise KeyError("ana@example.com")

    monkeypatch.setattr("esign_core.cli.providers.installed", fail)
    outcome = run("providers", "--debug")
    assert (outcome.code, outcome.out) == (1, "")
    for text in ("a line of the log", "Traceback (most recent call last)", "in fail", "defect of esign"):
        assert text in outcome.err
    assert "ana@example.com" not in outcome.err
    assert [type(one) for one in logging.getLogger("esign").handlers] == [logging.NullHandler]


@pytest.mark.parametrize(
    "arguments",
    [
        ("send", "contract.pdf", "--name", "x", "--signer", ANA),
        ("status", "ABCDEFGHIJ"), ("resend", "ABCDEFGHIJ"), ("cancel", "ABCDEFGHIJ"), ("download", "ABCDEFGHIJ"),
        ("status", "ABCDEFGHIJ", "--account", "sandbox"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_command_without_configuration_fails(run: Run, trial: Run, arguments: tuple[str, ...]) -> None:
    """It exits with 3 and names the way to the sandbox, also after the sandbox was used; nothing is sent."""
    for _ in range(2):
        outcome = run(*arguments)
        assert (outcome.code, outcome.out) == (3, "")
        assert outcome.err.startswith("esign: There is no configuration, so nothing was sent")
        assert "--sandbox" in outcome.err
        assert len(outcome.err.splitlines()) == 1
        sent(trial)


def test_sandbox_option_leaves_configuration_unread(trial: Run) -> None:
    """The embedded sandbox is used although accounts, even broken ones, are configured."""
    Path("esign.toml").write_text("[accounts.br]\nprovider = 5\n")
    assert sent(trial)["account"] == "sandbox"


@pytest.mark.parametrize(("notes", "code"), [((), 130), (("esign: Look first.",), 9), (("other: x",), 130)])
def test_interrupted_command_has_its_code(
    trial: Run, monkeypatch: pytest.MonkeyPatch, notes: tuple[str, ...], code: int
) -> None:
    """Ctrl-C ends in 9 with the advice if a request may have had an effect, else in 130; no traceback either way."""

    def interrupt(*_: object, **__: object) -> None:
        error = KeyboardInterrupt()
        for note in notes:
            error.add_note(note)
        raise error

    monkeypatch.setattr("esign_core.client.Client.create", interrupt)
    outcome = trial("send", "contract.pdf", "--name", "x", "--signer", ANA)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.splitlines()[-1].startswith("esign: Interrupted")
    assert ("Look first." in outcome.err) is (code == 9)
    assert "Traceback" not in outcome.err


def test_failed_demo_leaves_no_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an error nor an interruption leaves the demo's folder behind."""
    for error in (ConfigError("x"), KeyboardInterrupt()):
        monkeypatch.setattr("esign_core.cli.story.connect", Raising(error))
        assert run("demo").code in (3, 130)
        assert [path.name for path in Path().iterdir()] == ["contract.pdf"]


def test_demo_folder_is_ignored_by_git(run: Run) -> None:
    """The folder may lie in a repository, which stays clean."""
    subprocess.run(["git", "init", "--quiet"], check=True)  # noqa: S607 - whichever git there is
    folder = run("demo", "--output", "json").document["folder"]
    listing = ["git", "status", "--porcelain"]
    shown = subprocess.run(listing, check=True, capture_output=True, text=True).stdout  # noqa: S603 - a fixed command
    assert Path(folder).is_relative_to(Path.cwd())
    assert shown.split() == ["??", "contract.pdf"]


class Raising:
    """A function that raises."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, *_: object, **__: object) -> None:
        raise self.error


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
        assert step["process"]["status_detail"]["vendor_status"]
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


def test_time_passes_between_two_commands(trial: Run) -> None:
    """The clock of the user's sandbox is kept, too."""
    process = sent(trial)["id"]
    act(lambda box: box.move_clock(timedelta(days=400)))
    assert trial("status", process).code == 0
