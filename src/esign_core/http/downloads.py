"""Write downloaded files: to memory, or into a directory where they appear together after the last has arrived."""

from __future__ import annotations

import hashlib
import io
import os
import re
import unicodedata
from pathlib import Path
from typing import BinaryIO

from esign_core.http.hidden import HiddenFolder, sweep
from esign_core.model.documents import SignedFile
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.providers.flow import Save

_LONGEST_NAME = 150
_LONGEST_ENDING = 12
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_HEAD = _TAIL = 1024
# ISO 32000-1, 7.5.5: the last line is %%EOF. Readers look for it in the last 1024 bytes (implementation note 18 of the
# PDF Reference 1.7, appendix H); what some writers pad a file with is left aside.
_BLANK = b"\0\t\n\f\r "


class UnexpectedFileError(ValueError):
    """What arrived is not the expected file; the text says what it is instead, never its contents."""


class IncompleteFileError(ValueError):
    """It is not proven that the whole file arrived."""


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


class DownloadFile:
    """One file while it arrives: written, counted and hashed in pieces."""

    def __init__(self, file: BinaryIO, save: Save, name: str, path: Path | None) -> None:
        self._file = file
        self._save = save
        self._name = name
        self._path = path
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""
        self._tail = b""
        self._blank = b""

    @property
    def size(self) -> int:
        """How many bytes have been written."""
        return self._size

    @property
    def sha256(self) -> str:
        """The hash of what has been written."""
        return self._digest.hexdigest()

    @property
    def proves_end(self) -> bool:
        """Tell whether the content itself shows that its end is there."""
        return self._begins_as_pdf() and b"%%EOF" in self._tail

    def write(self, step: bytes) -> None:
        """Write the next bytes."""
        self._file.write(step)
        self._digest.update(step)
        self._size += len(step)
        if len(self._head) < _HEAD:
            self._head = (self._head + step)[:_HEAD]
        filled = step.rstrip(_BLANK)
        if filled:
            self._tail = (self._tail + self._blank + filled)[-_TAIL:]
            self._blank = b""
        self._blank = (self._blank + step[len(filled) :])[-_TAIL:]

    def finish(self) -> SignedFile:
        """Return the file, now whole.

        Raises:
            UnexpectedFileError: it is named as a PDF and is not one.
            IncompleteFileError: it begins as a PDF and does not end as one.
        """
        if self._save.name.lower().endswith(".pdf") and b"%PDF-" not in self._head:
            self.discard()
            raise UnexpectedFileError("the file must be a PDF, and is something else")
        if self._begins_as_pdf() and not self.proves_end:
            self.discard()
            raise IncompleteFileError("the PDF has no end")
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
            sha256=self.sha256,
        )

    def discard(self) -> None:
        """Close the file; what has arrived so far is not used."""
        self._file.close()

    def _begins_as_pdf(self) -> bool:
        # Some PDFs begin with other bytes. A ZIP that holds one has the mark near its beginning too, and another end.
        named = self._save.name.lower().endswith(".pdf")
        start = self._head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)
        return start.startswith(b"%PDF-") or (named and b"%PDF-" in self._head)


class MemoryTarget:
    """Keeps the files of one operation in memory."""

    def __init__(self) -> None:
        self._names: dict[str, Save] = {}
        self._file: DownloadFile | None = None

    def open(self, save: Save) -> DownloadFile:
        """Return a file to write to; a second attempt at the same file starts from the beginning."""
        return DownloadFile(io.BytesIO(), save, self._name(save), None)

    def commit(self) -> None:
        """Let the files appear, all together."""

    def rollback(self) -> None:
        """Remove what was not committed, and close the file of a download that was cancelled."""
        if self._file is not None:
            self._file.discard()

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


class DirectoryTarget(MemoryTarget):
    """Writes files into a directory; they are readable by their owner alone and overwrite nothing.

    A file that is already there with the same content counts as written, so that a download that was interrupted
    between its files' names can be repeated.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._hidden: HiddenFolder | None = None
        self._arrived: dict[Path, DownloadFile] = {}

    def open(self, save: Save) -> DownloadFile:
        """Return a file to write to, in a hidden folder beside its later place.

        Raises:
            FileExistsError: something that is not a file has its name.
            InvalidRequestError: the directory cannot be written to.
        """
        name = self._name(save)
        final = self._directory / name
        try:
            if os.path.lexists(final) and (final.is_symlink() or not final.is_file()):
                raise _taken(final)
            if self._hidden is None:
                self._directory.mkdir(parents=True, exist_ok=True)
                sweep(self._directory)
                self._hidden = HiddenFolder.make(self._directory)
            hidden = self._hidden.path / name
            hidden.unlink(missing_ok=True)
            descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            if isinstance(error, FileExistsError) and os.path.lexists(final):
                raise
            reason = error.strerror or type(error).__name__
        else:
            self._file = DownloadFile(os.fdopen(descriptor, "wb"), save, name, final)
            self._arrived[hidden] = self._file
            return self._file
        raise _unusable(f"cannot be written to: {reason}")

    def commit(self) -> None:
        """Let the files appear together.

        Raises:
            FileExistsError: another file has the name of one of them; then none of the files appears.
        """
        appeared: list[Path] = []
        try:
            for hidden, file in self._arrived.items():
                final = self._directory / hidden.name
                if _place(hidden, final, file):
                    appeared.append(final)
        except OSError:
            for final in appeared:
                final.unlink(missing_ok=True)
            raise
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Remove what was not committed."""
        super().rollback()
        if self._hidden is not None:
            self._hidden.remove()
            self._hidden = None
        self._arrived.clear()


def download_target(to: str | os.PathLike[str] | None) -> MemoryTarget:
    """Return where files go: into a directory, or into memory where `to` is None.

    Raises:
        InvalidRequestError: `to` is not a path that a directory can have.
    """
    if to is None:
        return MemoryTarget()
    try:
        directory = Path(to)
        usable = bool(os.fspath(to)) and b"\0" not in os.fsencode(directory)
    except (TypeError, ValueError):
        usable = False
    if not usable:
        raise _unusable("must be the path of a directory")
    if os.path.exists(directory) and not os.path.isdir(directory):  # noqa: PTH110, PTH112 - pathlib's raise on odd paths
        raise _unusable("must be a directory, and is a file")
    return DirectoryTarget(directory)


def _unusable(message: str) -> InvalidRequestError:
    hint = "give the path of a directory that you may write to; it is made where it is missing"
    return InvalidRequestError(problems=[Problem(path="to", message=message, hint=hint)])


def _taken(final: Path) -> FileExistsError:
    return FileExistsError(f"{final} is already there, and nothing is overwritten; choose another directory")


def _place(hidden: Path, final: Path, file: DownloadFile) -> bool:
    """Give a file its name; return False where the same file has it already."""
    try:
        _appear(hidden, final)
    except FileExistsError:
        same = _same(final, file)
    else:
        return True
    if not same:
        raise _taken(final)
    return False


def _same(path: Path, file: DownloadFile) -> bool:
    """Tell whether a path is a file, not a link, with the content that was downloaded."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


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
