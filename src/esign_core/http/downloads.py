"""Where downloaded files go: memory, or a directory in which they appear together, after the last has arrived.

Also the scanner that finds a file inside a JSON answer while it streams past, so that no document is ever held whole.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

from esign_core.model.documents import SignedFile
from esign_core.providers.flow import Save

_LONGEST_NAME = 150
_LONGEST_ENDING = 12
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class UnexpectedFileError(ValueError):
    """What arrived is not the file that was due; the text says what it is instead, never its contents."""


def safe_name(given: str) -> str:
    """Return a vendor's name for a file as one that can do no harm as the last part of a path."""
    name = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = re.sub(r'[:*?"<>|]', "_", name).strip(" .")
    if len(name.encode()) > _LONGEST_NAME:
        _, dot, ending = name.rpartition(".")
        tail = dot + ending if len(ending.encode()) < _LONGEST_ENDING else ""
        name = name.encode()[: _LONGEST_NAME - len(tail.encode())].decode(errors="ignore").rstrip(" .") + tail
    if name.lower() == "pdf":
        return "document.pdf"
    return f"_{name}" if _DEVICES.match(name) else name or "document.pdf"


class Writer:
    """One file on its way in: written, counted and hashed as it comes."""

    def __init__(self, file: BinaryIO, save: Save, name: str, path: Path | None) -> None:
        self._file = file
        self._save = save
        self._name = name
        self._path = path
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""

    def write(self, step: bytes) -> None:
        """Take the next bytes."""
        self._file.write(step)
        self._digest.update(step)
        self._size += len(step)
        if len(self._head) < 1024:
            self._head = (self._head + step)[:1024]

    def finish(self) -> SignedFile:
        """Return the file, now whole.

        Raises:
            UnexpectedFileError: it is called a PDF and is none.
        """
        if self._save.name.lower().endswith(".pdf") and b"%PDF-" not in self._head:
            self.discard()
            raise UnexpectedFileError("a PDF was due, and something else came")
        content = None
        if isinstance(self._file, io.BytesIO):
            content = self._file.getvalue()
        else:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        return SignedFile(
            name=self._name,
            kind=self._save.kind,
            content=content,
            path=self._path,
            size=self._size,
            sha256=self._digest.hexdigest(),
        )

    def discard(self) -> None:
        """Give up: what has arrived so far is worth nothing."""
        self._file.close()


class Destination:
    """Where the files of one operation go: here, into memory."""

    def __init__(self) -> None:
        self._names: dict[str, Save] = {}
        self._writer: Writer | None = None

    def open(self, save: Save) -> Writer:
        """Return a writer for a file; a second try at the same file starts it anew."""
        return Writer(io.BytesIO(), save, self._name(save), None)

    def commit(self) -> None:
        """Let the files appear, all together."""

    def abandon(self) -> None:
        """Leave nothing behind, not even an open file of a download that was cancelled."""
        if self._writer is not None:
            self._writer.discard()

    def _name(self, save: Save) -> str:
        for name, taken in self._names.items():
            if taken is save:
                return name
        stem, dot, ending = safe_name(save.name).rpartition(".")
        number, name = 1, safe_name(save.name)
        while name.casefold() in {taken.casefold() for taken in self._names}:
            number += 1
            name = f"{stem} ({number}){dot}{ending}" if dot else f"{ending} ({number})"
        self._names[name] = save
        return name


class InDirectory(Destination):
    """Writes files into a directory; they are readable by their owner alone and overwrite nothing."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._hidden: Path | None = None
        self._arrived: dict[Path, Path] = {}

    def open(self, save: Save) -> Writer:
        """Return a writer into a hidden place beside the file's own.

        Raises:
            FileExistsError: a file of that name is already there.
        """
        name = self._name(save)
        final = self._directory / name
        if final.exists() or final.is_symlink():
            raise FileExistsError(f"{final} is already there, and nothing is overwritten; choose another directory")
        if self._hidden is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._hidden = Path(tempfile.mkdtemp(prefix=".esign-", dir=self._directory))
        hidden = self._hidden / name
        hidden.unlink(missing_ok=True)
        descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._arrived[hidden] = final
        self._writer = Writer(os.fdopen(descriptor, "wb"), save, name, final)
        return self._writer

    def commit(self) -> None:
        """Let the files appear together.

        Raises:
            FileExistsError: a name was taken meanwhile; then none of the files appears.
        """
        appeared: list[Path] = []
        try:
            for hidden, final in self._arrived.items():
                _appear(hidden, final)
                appeared.append(final)
        except OSError:
            for final in appeared:
                final.unlink(missing_ok=True)
            raise
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Remove what has not appeared."""
        super().abandon()
        if self._hidden is not None:
            shutil.rmtree(self._hidden, ignore_errors=True)
            self._hidden = None
        self._arrived.clear()


def _appear(hidden: Path, final: Path) -> None:
    try:
        os.link(hidden, final)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: reserve the name first, so that still nothing is overwritten.
        os.close(os.open(final, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            hidden.replace(final)
        except OSError:
            final.unlink(missing_ok=True)
            raise
