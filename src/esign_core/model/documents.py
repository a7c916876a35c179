"""Describe documents to send and files received: content is opened when needed, so that no bytes are held twice."""

from __future__ import annotations

import base64
import enum
import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.model.fields import EXACT

STEP = 192 * 1024
"""How many bytes of a document are in memory at a time; a multiple of 3, so that Base64 steps join without padding."""

CONTENTS_ABSENT = "contents absent"
"""The problem of a document or a file read from JSON, which does not hold contents."""

_HEAD = 1024
_MAKE_AGAIN = "make a new Document from the file as it is now, and send that"


@attrs.frozen(kw_only=True)
class Document:
    """A document to be signed: a name, a size, and content that can be opened again and again.

    Made by `from_path`, `from_bytes` or `from_url`.
    """

    name: str = attrs.field(repr=False)
    size: int | None = None
    """In bytes; None where the vendor fetches the document itself."""
    head: bytes = attrs.field(default=b"", repr=False)
    """The first bytes, enough to tell what kind of file it is."""
    url: str | None = attrs.field(default=None, repr=False, metadata=EXACT)
    path: Path | None = attrs.field(default=None, repr=False)
    content: bytes | None = attrs.field(default=None, repr=False)
    stamp: tuple[int, int] | None = attrs.field(default=None, repr=False)
    """Inode and time of change of the file as it was first seen."""
    digest: str | None = attrs.field(default=None, repr=False)
    """The SHA-256 of absent contents: the document was read from JSON (`from_dict`)."""

    @classmethod
    def from_path(cls, path: str | os.PathLike[str], *, name: str | None = None) -> Document:
        """Return a document whose bytes stay in the file; size and first bytes are taken at once.

        Raises:
            OSError: the file is missing or cannot be read, or it is none: a pipe gives its bytes only once.
        """
        place = Path(path)
        mode = place.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise OSError(errno.EINVAL, "must be a regular file: write it to one first", str(place))
        with place.open("rb") as file:
            seen = os.fstat(file.fileno())
            head = file.read(_HEAD)
        return cls(
            name=place.name if name is None else name,
            size=seen.st_size,
            head=head,
            path=place.absolute(),
            stamp=(seen.st_ino, seen.st_mtime_ns),
        )

    @classmethod
    def from_bytes(cls, content: bytes, *, name: str) -> Document:
        """Return a document whose bytes are the ones given."""
        # Copied only where they could change: `bytes` of bytes are the same object.
        kept = bytes(content)
        return cls(name=name, size=len(kept), head=kept[:_HEAD], content=kept)

    @classmethod
    def from_url(cls, url: str, *, name: str) -> Document:
        """Return a document that the vendor fetches itself from the address given (`Feature.DOCUMENT_LINK`)."""
        return cls(name=name, url=url)

    @staticmethod
    def read_head(path: Path) -> bytes:
        """Return the first bytes of a file; empty where it cannot be read, which `open` says when it is needed."""
        try:
            with path.open("rb") as file:
                return file.read(_HEAD)
        except (OSError, ValueError):
            return b""

    @property
    def is_pdf(self) -> bool:
        """Tell whether the content begins like a PDF (ISO 32000-1, 7.5.2)."""
        return b"%PDF-" in self.head

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content in lower-case hexadecimal, computed when asked for."""
        if self.digest is not None:
            return self.digest
        digest = hashlib.sha256()
        for step in self.steps():
            digest.update(step)
        return digest.hexdigest()

    @property
    def base64_size(self) -> int:
        """How many bytes the content takes as Base64 (RFC 4648)."""
        return 4 * (((self.size or 0) + 2) // 3)

    def open(self) -> BinaryIO:
        """Open the content for reading from its beginning.

        Raises:
            InvalidRequestError: the file is gone or has changed since it was first seen.
        """
        if self.content is not None:
            return io.BytesIO(self.content)
        if self.digest is not None:
            raise InvalidRequestError(problems=[Problem.invalid("documents", CONTENTS_ABSENT, _MAKE_AGAIN)])
        if self.path is None:
            raise self._changed("does not hold its bytes: the vendor fetches it from its address")
        try:
            file = self.path.open("rb")
        except OSError:
            file = None
        if file is None:
            raise self._changed("can no longer be opened")
        if not self._unchanged(file):
            file.close()
            raise self._changed("has changed since it was first seen")
        return file

    def verify(self) -> None:
        """Check that the content exists and has not changed since it was first seen; one by address has none here.

        Raises:
            InvalidRequestError: it is gone, or has changed.
        """
        if self.url is None:
            self.open().close()

    def steps(self, size: int = STEP) -> Iterator[bytes]:
        """Yield the content in steps, each checked to still belong to the document first seen."""
        left = self.size or 0
        with self.open() as file:
            while left > 0:
                step = _read(file, min(size, left))
                left -= len(step)
                # Checked before the step is sent: the last one is sent only if the file is still the same.
                if not step or not self._unchanged(file):
                    raise self._changed("has changed while it was being read")
                yield step

    def base64_steps(self) -> Iterator[bytes]:
        """Yield the content as Base64 in steps."""
        return map(base64.b64encode, self._thirds())

    def _thirds(self) -> Iterator[bytes]:
        rest = b""
        for step in self.steps():
            joined = rest + step
            cut = len(joined) - len(joined) % 3
            rest = joined[cut:]
            yield joined[:cut]
        if rest:
            yield rest

    def _unchanged(self, file: BinaryIO) -> bool:
        if self.stamp is None:
            return True
        seen = os.fstat(file.fileno())
        return (seen.st_ino, seen.st_mtime_ns) == self.stamp and seen.st_size == self.size

    @staticmethod
    def _changed(what: str) -> InvalidRequestError:
        problem = Problem(
            path="documents",
            message=f"a document {what}",
            hint=_MAKE_AGAIN,
        )
        return InvalidRequestError(problems=[problem])


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError:
        # A file that has shrunk gives no bytes either, and is reported in the same words.
        return b""


@attrs.frozen(kw_only=True)
class TemplateDocument:
    """A document that the vendor makes from one of its templates."""

    template_id: str = attrs.field(metadata=EXACT)
    values: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    """The values to fill in, by the template's variable names."""
    name: str | None = attrs.field(default=None, repr=False)


class FileKind(enum.Enum):
    """The kinds of downloaded files."""

    DOCUMENT = "document"
    AUDIT_RECORD = "audit_record"
    ATTACHMENT = "attachment"


@attrs.frozen(kw_only=True)
class SignedFile:
    """A file that came from the vendor."""

    name: str = attrs.field(repr=False)
    kind: FileKind = FileKind.DOCUMENT
    content: bytes | None = attrs.field(default=None, repr=False)
    """The bytes; None when the file was written to a directory."""
    path: Path | None = None
    size: int = 0
    """In bytes."""
    sha256: str = ""
    """In lower-case hexadecimal."""

    def open(self) -> BinaryIO:
        """Open the contents for reading, from memory or from the directory they were written to.

        Raises:
            InvalidRequestError: they are not here: the value came back from JSON (`from_dict`).
            OSError: the file was moved or cannot be read.
        """
        if self.content is not None:
            return io.BytesIO(self.content)
        if self.path is None:
            problem = Problem.invalid("content", CONTENTS_ABSENT, "download the files of the process again")
            raise InvalidRequestError(problems=[problem])
        return self.path.open("rb")
