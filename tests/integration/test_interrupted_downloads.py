"""Downloads that were killed: a repeat finishes them, and what they left behind is removed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from esign_core.http.downloads import DirectoryTarget
from esign_core.http.hidden import HiddenFolder, sweep
from esign_core.providers.flow import Save

NAMES = ("a.pdf", "b.pdf", "c.pdf", "d.pdf")
PDF = b"%PDF-1.7 signed %%EOF"

KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from esign_core.http import downloads
    from esign_core.providers.flow import Save

    directory, moment, links = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    done = 0

    def count(real):
        def counted(*given, **more):
            global done
            if done == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return real(*given, **more)
        return counted

    def no_links(*_):
        raise PermissionError

    if links == "no":
        downloads.os.link = no_links
        downloads.Path.replace = count(downloads.Path.replace)
    else:
        downloads.os.link = count(downloads.os.link)
    target = downloads.DirectoryTarget(directory)
    for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        file = target.open(Save(name))
        file.write(b"%PDF-1.7 signed %%EOF")
        file.finish()
    if moment == 99:
        os.kill(os.getpid(), signal.SIGKILL)
    target.commit()
    """
)


def download(directory: Path) -> None:
    """Fetch all files into a directory."""
    target = DirectoryTarget(directory)
    for name in NAMES:
        file = target.open(Save(name))
        file.write(PDF)
        file.finish()
    target.commit()


@pytest.mark.parametrize("links", ["yes", "no"])
@pytest.mark.parametrize("moment", [0, 1, 2, 3, 99])
def test_killed_download_can_be_repeated(tmp_path: Path, moment: int, links: str) -> None:
    """Killed between two names, or before the first of them: the repeat ends with all files and no folder."""
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(moment), links]
    killed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a fixed program
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = {path.name for path in tmp_path.iterdir()}
    assert len([name for name in left if name.startswith(".esign-")]) == 1
    download(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {PDF}


def test_folder_of_a_living_download_stays(tmp_path: Path) -> None:
    """Of this process, and of another one that is alive."""
    program = (
        "import sys; from pathlib import Path; from esign_core.http.hidden import HiddenFolder\n"
        "print(HiddenFolder.make(Path(sys.argv[1])).path, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:  # noqa: S603 - a fixed program
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        mine = HiddenFolder.make(tmp_path)
        download(tmp_path)
        assert theirs.is_dir()
        assert mine.path.is_dir()
        other.kill()
        other.wait()
    sweep(tmp_path)
    assert not theirs.exists()
    mine.remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_only_our_own_folders_are_swept(tmp_path: Path) -> None:
    """A similar folder without our lock stays if it holds anything; a file, a link and other names stay."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".lock").write_bytes(b"")
    directory = tmp_path / "directory"
    directory.mkdir()
    (directory / ".esign-full").mkdir()
    (directory / ".esign-full" / "notes.txt").write_text("mine")
    (directory / ".esign-file").write_text("mine")
    (directory / ".esign-link").symlink_to(outside)
    (directory / "esign-other").mkdir()
    (directory / ".esign-empty").mkdir()
    sweep(directory)
    assert {path.name for path in directory.iterdir()} == {".esign-full", ".esign-file", ".esign-link", "esign-other"}
    assert (outside / ".lock").exists()


def test_folder_that_was_swept_while_made_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its lock a folder looks left over."""
    real = os.open
    times = iter(["folder", "lock", "none"])

    def swept(path: Path, flags: int, mode: int = 0o777) -> int:
        when = next(times, "none")
        if when == "folder":
            path.parent.rmdir()
        descriptor = real(path, flags, mode)
        if when == "lock":
            path.unlink()
            path.parent.rmdir()
        return descriptor

    monkeypatch.setattr(os, "open", swept)
    folder = HiddenFolder.make(tmp_path)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == [folder.path.name]
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_file_system_without_locks_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing can be known about other folders, and they stay."""

    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    (tmp_path / ".esign-old").mkdir()
    (tmp_path / ".esign-old" / ".lock").write_bytes(b"")
    monkeypatch.setattr(fcntl, "flock", unsupported)
    download(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*NAMES, ".esign-old"}
