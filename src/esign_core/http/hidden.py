"""Make hidden folders for files that are arriving, and remove those of processes that died."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import attrs

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks: nothing is swept there
    fcntl = None  # type: ignore[assignment]  # the name is asked for before it is used

PREFIX = ".esign-"
_LOCK = ".lock"


@attrs.define
class HiddenFolder:
    """A folder that belongs to a living process, shown by a lock that ends with the process, however it ends."""

    path: Path
    _descriptor: int

    @classmethod
    def make(cls, directory: Path) -> HiddenFolder:
        """Make a folder inside a directory."""
        while True:
            path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=directory))
            try:
                descriptor = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            except FileNotFoundError:
                # Another process took it for a left-over one, between its making and its lock.
                continue
            if _lock(descriptor, wait=True) and _is_same(path / _LOCK, descriptor):
                return cls(path, descriptor)
            os.close(descriptor)

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._descriptor)


def sweep(directory: Path) -> None:
    """Remove the hidden folders of processes that died, and the names that they had reserved and not filled."""
    if fcntl is None:  # pragma: no cover - see above
        return
    for folder in directory.glob(f"{PREFIX}*"):
        # What cannot be removed belongs to someone else, or another process removes it now.
        with contextlib.suppress(OSError):
            _sweep(directory, folder)


def _sweep(directory: Path, folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        # Killed before it had a lock: then it holds nothing else either.
        folder.rmdir()
        return
    try:
        if _lock(descriptor, wait=False):
            for left in folder.iterdir():
                reserved = directory / left.name
                if left.name != _LOCK and reserved.is_file() and reserved.stat().st_size == 0 < left.stat().st_size:
                    reserved.unlink()
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> bool:
    if fcntl is None:  # pragma: no cover - see above
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks: a folder is made all the same, and never swept.
        return wait
    return True


def _is_same(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
