"""Read the body of an answer: into memory up to a limit, or into a file whose end must be proven."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator
from typing import Any

import httpx

from esign_core.engine.attempt import AttemptTrace, DownloadTarget
from esign_core.http.decoding import ContentDecoder, DecodingError
from esign_core.http.downloads import IncompleteFileError, UnexpectedFileError
from esign_core.http.json_member import MemberScanner
from esign_core.model.headers import Headers
from esign_core.providers.flow import Call, Reply, Save

_LONGEST_ERROR = 256 * 1024


class ReplyTooLongError(ValueError):
    """An answer is longer than an account keeps in memory."""


class LocalFileError(Exception):
    """A file of the caller's could not be read or written."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


@contextlib.contextmanager
def local_files() -> Iterator[None]:
    """Tell errors of the caller's files from those of the network, which are of the same class."""
    try:
        yield
    except OSError as error:
        raise LocalFileError(error) from None


class MemoryBody:
    """An answer's body, kept in memory up to a limit."""

    def __init__(self, call: Call, response: httpx.Response, trace: AttemptTrace, limit: int) -> None:
        self._call = call
        self._response = response
        self._trace = trace
        self._steps: list[bytes] = []
        self._limit = limit if response.is_success else min(limit, _LONGEST_ERROR)
        self._kept = 0
        self._arrived = 0
        # A read can be repeated until its text is whole; the answer to an effect is always kept.
        text = response.is_success and call.repeatable and not _is_binary(response)
        self._text = codecs.getincrementaldecoder("utf-8")() if text else None
        self._decoder = self._decoder_of(response)

    def _decoder_of(self, response: httpx.Response) -> ContentDecoder | None:
        # What an answer made in this process holds has been decoded already.
        coding = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
        try:
            return ContentDecoder(coding)
        except DecodingError:
            # The status of a refusal says all that is needed.
            if response.is_success:
                raise
            return None

    def take(self, raw: bytes) -> bool:
        """Take the next bytes as they came; return False where no more are needed."""
        self._arrived += len(raw)
        self._trace.bytes_received += len(raw)
        if self._decoder is None:
            return False
        try:
            return all(self._keep(chunk) for chunk in self._decoder.decode(raw))
        except DecodingError:
            if self._response.is_success:
                raise
            self._steps.clear()
            self._decoder = None
            return False

    def _keep(self, chunk: bytes) -> bool:
        self._kept += len(chunk)
        if self._kept > self._limit:
            if self._response.is_success:
                self._steps.clear()
                raise ReplyTooLongError("the answer is longer than max_reply")
            return False
        if self._text is not None:
            self._text.decode(chunk)
        self._steps.append(chunk)
        return True

    def finish(self) -> Reply:
        """Return the whole answer."""
        self._check_end()
        if self._text is not None:
            self._text.decode(b"", final=True)
        return self._reply(b"".join(self._steps))

    def broken(self) -> Reply | None:
        """Return what can be used of an answer that broke off: a refusal's status says all that is needed."""
        return None if self._response.is_success else self._reply(b"".join(self._steps))

    def _reply(self, body: bytes, **more: Any) -> Reply:
        headers = Headers(self._response.headers.multi_items())
        return Reply(status=self._response.status_code, headers=headers, body=body, **more)

    def _check_end(self) -> None:
        if not self._response.is_success or self._decoder is None:
            return
        if self._length is not None and self._length > self._arrived:
            raise httpx.RemoteProtocolError("the answer is shorter than it says")
        self._decoder.finish()

    @property
    def _length(self) -> int | None:
        """How long the answer says that its body is."""
        # The answer to a HEAD says how long another one would be.
        due = "" if self._call.method == "HEAD" else self._response.headers.get("content-length", "")
        decoded = self._response.is_stream_consumed and "content-encoding" in self._response.headers
        return int(due) if due.isdecimal() and not decoded else None


class FileBody(MemoryBody):
    """An answer's body, streamed to the caller's target."""

    def __init__(
        self, call: Call, save: Save, response: httpx.Response, trace: AttemptTrace, limit: int, target: DownloadTarget
    ) -> None:
        super().__init__(call, response, trace, limit)
        self._text = None
        with local_files():
            self._file = target.open(save)
        self._scanner = MemberScanner(save.member, self._file) if save.member else None

    def _keep(self, chunk: bytes) -> bool:
        with local_files():
            if self._scanner is not None:
                self._scanner.feed(chunk)
            else:
                self._file.write(chunk)
        return True

    def finish(self) -> Reply:
        """Return the answer, and the file with it."""
        self._check_end()
        with local_files():
            if self._scanner is None:
                self._check_framing()
                return self._reply(b"", file=self._file.finish())
            self._scanner.finish()
            if not self._scanner.found:
                self._file.discard()
                return self._reply(self._scanner.left)
            return self._reply(self._scanner.left, file=self._file.finish())

    def broken(self) -> Reply | None:
        """Close the file; nothing of it can be used."""
        self._file.discard()
        return None

    def _check_end(self) -> None:
        super()._check_end()
        if self._response.status_code == 206:
            raise UnexpectedFileError("a part of the file came")
        stream = self._response.extensions.get("network_stream")
        exceeded = stream is not None and stream.get_extra_info("exceeded")
        if exceeded or (self._length is not None and self._length != self._arrived):
            raise IncompleteFileError("the answer's length is not the one it says")

    def _check_framing(self) -> None:
        """Check that the end is marked: by HTTP, by the content coding, or by the file itself.

        A body that ends with its connection (RFC 9112, 6.3) looks the same where the connection broke.
        """
        headers = self._response.headers
        framed = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()
        coded = self._decoder is not None and self._decoder.proves_end
        if not (framed or coded or self._response.is_stream_consumed or self._file.proves_end):
            raise IncompleteFileError("nothing shows that the whole file arrived")


def body_of(
    call: Call, response: httpx.Response, trace: AttemptTrace, limit: int, target: DownloadTarget
) -> MemoryBody:
    """Return what reads an answer's body."""
    trace.status = response.status_code
    if call.save is not None and response.is_success:
        return FileBody(call, call.save, response, trace, limit, target)
    return MemoryBody(call, response, trace, limit)


def _is_binary(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(kind) and not (kind.startswith("text/") or kind.endswith(("json", "xml")))
