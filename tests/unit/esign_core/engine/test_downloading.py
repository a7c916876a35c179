"""Files come in whole or not at all, appear together, overwrite nothing, and leave nothing behind."""

from __future__ import annotations

import asyncio
import base64
import errno
import gzip
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.acme import DRAFT, PDF, Acme, Bench
from tests.support.vendor import Answer, Vendor, answer, reset, stalled
from tests.unit.esign_core.conftest import OpenBench

from esign_core.http.downloads import DownloadFile
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import (
    EsignError,
    OutcomeUnknownError,
    RateLimitError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.model.process import Process
from esign_core.providers.base import Provider
from esign_core.providers.flow import Call, Flow, Save

pytestmark = pytest.mark.loopback

AUDIT = b"%PDF-1.4 audit " + os.urandom(300) + b"\n%%EOF"
PLAIN = answer(PDF, content_type="application/pdf")
INSIDE = answer({"name": "x", "Base64": base64.b64encode(AUDIT).decode(), "of": {"base64": "other"}})


def visible(directory: Path) -> list[str]:
    """Return the names of everything in a directory, hidden or not."""
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


@pytest.fixture(params=["memory", "directory"])
def to(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Return each destination in turn."""
    return tmp_path / "out" if request.param == "directory" else None


def content(file: SignedFile) -> bytes:
    """Return the bytes of a file, wherever they are."""
    if file.path is None:
        assert file.content is not None
        return file.content
    assert file.content is None
    return file.path.read_bytes()


def test_files_arrive_whole_with_their_kind_size_and_hash(bench: Bench, vendor: Vendor, to: Path | None) -> None:
    """As a body of their own, and as Base64 inside JSON."""
    vendor.say(PLAIN, INSIDE)
    signed, audit = bench.download("P1", to)
    assert (content(signed), content(audit)) == (PDF, AUDIT)
    assert [file.name for file in (signed, audit)] == ["signed.pdf", "audit.pdf"]
    assert [file.kind for file in (signed, audit)] == [FileKind.DOCUMENT, FileKind.AUDIT_RECORD]
    assert [file.size for file in (signed, audit)] == [len(PDF), len(AUDIT)]
    assert [file.sha256 for file in (signed, audit)] == [hashlib.sha256(each).hexdigest() for each in (PDF, AUDIT)]
    assert [heard.headers["accept"] for heard in vendor.heard] == ["*/*", "application/json"]
    if to is not None:
        assert visible(to) == ["audit.pdf", "signed.pdf"]


def test_a_directory_may_be_given_as_text(bench: Bench, vendor: Vendor, tmp_path: Path) -> None:
    """It is made if need be."""
    vendor.say(PLAIN, INSIDE)
    files = bench.download(Process(id="P1"), str(tmp_path / "a" / "b"))
    assert [file.path for file in files] == [tmp_path / "a" / "b" / name for name in ("signed.pdf", "audit.pdf")]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        reset,
        answer(PDF[:50], content_length=str(len(PDF))),
        answer(b"no gzip", content_encoding="gzip"),
        answer(b"", 503),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n%PDF-\r\nff\r\n",
    ],
    ids=["lost", "reset", "cut", "badly compressed", "unavailable", "cut in a chunk"],
)
def test_a_file_that_breaks_off_is_fetched_again_from_its_beginning(
    bench: Bench, vendor: Vendor, to: Path | None, broken: Answer
) -> None:
    """What the first try brought is thrown away."""
    vendor.say(broken, PLAIN, broken, INSIDE)
    assert [content(file) for file in bench.download("P1", to)] == [PDF, AUDIT]
    assert len(bench.waits) == 2


def test_a_file_that_stalls_is_fetched_again(vendor: Vendor, open_bench: OpenBench, to: Path | None) -> None:
    """No byte within the timeout."""
    vendor.say(stalled(PLAIN[:200]), PLAIN, INSIDE)
    assert content(open_bench(vendor.origin, timeout=0.2).download("P1", to)[0]) == PDF


def test_a_compressed_file_is_unpacked(bench: Bench, vendor: Vendor, to: Path | None) -> None:
    """A vendor that compresses unasked is understood."""
    vendor.say(answer(gzip.compress(PDF), content_encoding="gzip"), INSIDE)
    assert content(bench.download("P1", to)[0]) == PDF


@pytest.mark.parametrize(
    "strange",
    [
        answer(b"<html>please log in</html>", content_type="text/html"),
        answer(b""),
        b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
        answer(PDF[:100], 206, content_range="bytes 0-99/1000"),
        answer(b"", 302, location="https://files.example.com/x"),
    ],
    ids=["a page", "nothing", "no content", "a part", "a redirect"],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_not_the_file_that_was_due_is_unreadable(
    bench: Bench, vendor: Vendor, to: Path | None, strange: bytes, first: bool
) -> None:
    """At once, and none of the files appears."""
    vendor.say(*([strange] if first else [PLAIN, strange]))
    with pytest.raises(UnreadableReplyError) as caught:
        bench.download("P1", to)
    assert (caught.value.operation, caught.value.process_id) == ("download", "P1")
    assert len(vendor.heard) == (1 if first else 2)
    assert to is None or visible(to) == []


@pytest.mark.parametrize(
    "tree",
    [
        {"name": "x"},
        {"base64": None},
        {"base64": "!!"},
        {"base64": "QUJD"},
        {"base64": 5},
        ["base64"],
        "base64",
        {"base64": ""},
    ],
    ids=str,
)
def test_json_without_the_file_is_unreadable(bench: Bench, vendor: Vendor, to: Path | None, tree: Any) -> None:
    """Any other value in place of its Base64 is unreadable."""
    vendor.say(PLAIN, answer(tree))
    with pytest.raises(UnreadableReplyError):
        bench.download("P1", to)
    assert to is None or visible(to) == []


@pytest.mark.parametrize("taken", ["signed.pdf", "audit.pdf"])
def test_nothing_is_overwritten(bench: Bench, vendor: Vendor, tmp_path: Path, taken: str) -> None:
    """Whichever name is taken, none of the files appears and the one that is there stays."""
    (tmp_path / taken).write_bytes(b"mine")
    vendor.say(PLAIN, INSIDE)
    with pytest.raises(FileExistsError, match="nothing is overwritten") as caught:
        bench.download("P1", tmp_path)
    assert caught.value.__context__ is None
    assert visible(tmp_path) == [taken]
    assert (tmp_path / taken).read_bytes() == b"mine"


def test_a_name_taken_while_the_files_arrive_keeps_all_away(bench: Bench, vendor: Vendor, tmp_path: Path) -> None:
    """Somebody else's file is not overwritten at the last moment either."""

    def take(listening: Vendor, connection: Any) -> None:
        (tmp_path / "signed.pdf").write_bytes(b"theirs")
        connection.sendall(INSIDE)

    vendor.say(PLAIN, take)
    with pytest.raises(FileExistsError):
        bench.download("P1", tmp_path)
    assert visible(tmp_path) == ["signed.pdf"]
    assert (tmp_path / "signed.pdf").read_bytes() == b"theirs"


def test_a_full_disk_is_the_built_in_error_and_leaves_nothing(
    bench: Bench, vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller's own machine is at fault: nothing is fetched again."""

    def full(writer: DownloadFile, step: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DownloadFile, "write", full)
    vendor.say(PLAIN)
    with pytest.raises(OSError, match="No space left"):
        bench.download("P1", tmp_path)
    assert visible(tmp_path) == []
    assert len(vendor.heard) == 1


@pytest.mark.parametrize(
    ("said", "kind"), [(answer(b"", 404), EsignError), (answer(b"", 429, retry_after="99"), RateLimitError)]
)
def test_a_refusal_leaves_nothing_behind(
    bench: Bench, vendor: Vendor, tmp_path: Path, said: bytes, kind: type[EsignError]
) -> None:
    """Files that had arrived before it are gone."""
    vendor.say(PLAIN, said)
    with pytest.raises(kind):
        bench.download("P1", tmp_path)
    assert visible(tmp_path) == []


def test_a_vendors_name_for_a_file_stays_in_the_directory(
    vendor: Vendor, open_bench: OpenBench, tmp_path: Path
) -> None:
    """A name with any path stays in the folder, and two files of one name do not overwrite each other."""

    class Hostile(Acme):
        def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
            files = []
            for name in ("../../evil.pdf", "/etc/evil.pdf", "C:\\evil.pdf"):
                reply = yield Call.get("/file", save=Save(name))
                files.append(reply.file)
            return tuple(file for file in files if file)

    vendor.say(PLAIN, PLAIN, PLAIN)
    files = open_bench(vendor.origin, Hostile).download("P1", tmp_path / "deep")
    assert visible(tmp_path) == ["deep"]
    assert visible(tmp_path / "deep") == ["evil (2).pdf", "evil (3).pdf", "evil.pdf"]
    assert [file.name for file in files] == ["evil.pdf", "evil (2).pdf", "evil (3).pdf"]


# --- addresses that an answer names ----------------------------------------------------------------------------------


def linked(address: str) -> type[Acme]:
    """Return a provider whose files lie at an address that its vendor names."""

    class Linked(Acme):
        def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
            reply = yield Call.get(address, save=Save("signed.pdf"), anonymous=True, process_id=process_id)
            assert reply.file is not None
            return (reply.file,)

    return Linked


def test_a_named_address_gives_its_file_without_a_credential(vendor: Vendor, open_bench: OpenBench) -> None:
    """No key goes to where files lie."""
    vendor.say(PLAIN)
    (file,) = open_bench(f"{vendor.origin}/v1", linked(f"{vendor.origin}/files/1?sig=x")).download("P1")
    assert file.content == PDF
    assert (vendor.heard[0].path, "x-acme-key" in vendor.heard[0].headers) == ("/files/1?sig=x", False)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_named_address_that_no_longer_holds_is_unavailable(
    vendor: Vendor, open_bench: OpenBench, status: int
) -> None:
    """Neither the key nor the process is at fault: asking for the file again gives another address."""
    vendor.say(answer({"message": "expired"}, status))
    with pytest.raises(UnavailableError, match="ask for the file again") as caught:
        open_bench(vendor.origin, linked(f"{vendor.origin}/files/1")).download("P1")
    assert caught.value.status == status
    assert len(vendor.heard) == 1


@pytest.mark.parametrize("address", ["http://files.example.com/x", "ftp://files.example.com/x", "files/x", "/files/x"])
def test_a_named_address_that_is_none_is_unreadable(vendor: Vendor, open_bench: OpenBench, address: str) -> None:
    """Nothing is sent anywhere."""
    with pytest.raises(UnreadableReplyError, match="Nothing was sent there"):
        open_bench(vendor.origin, linked(address)).download("P1")
    assert vendor.heard == []


# --- files that come with an effect ----------------------------------------------------------------------------------


def export(_: Provider) -> Flow[bytes | None]:
    """Be an operation with an effect whose answer is a file."""
    reply = yield Call.post("/export", save=Save("export.pdf"))
    return reply.file.content if reply.file else None


@pytest.mark.parametrize(
    "said", [answer(b"<html>"), answer(PDF[:50], content_length="999"), answer(b"", 302), answer(b"", 500)]
)
def test_a_file_that_does_not_come_after_an_effect_leaves_it_unknown(bench: Bench, vendor: Vendor, said: bytes) -> None:
    """The effect may be there without its file; it is not repeated."""
    vendor.say(said)
    with pytest.raises(OutcomeUnknownError):
        bench.run(export)
    assert len(vendor.heard) == 1
    vendor.say(PLAIN)
    assert bench.run(export) == PDF


def test_a_file_that_cannot_be_kept_after_an_effect_leaves_it_unknown(
    bench: Bench, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request was whole: the vendor received it, so the side at fault does not matter."""

    def full(writer: DownloadFile, step: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DownloadFile, "write", full)
    vendor.say(PLAIN)
    with pytest.raises(OutcomeUnknownError):
        bench.run(export)


# --- cancellation ----------------------------------------------------------------------------------------------------


class Watched(Acme):
    """Writes down when its flows are closed."""

    closed: list[str]

    def create(self, draft: Any, now: Any) -> Flow[Process]:
        """Close properly."""
        try:
            return (yield from super().create(draft, now))
        finally:
            self.closed.append("create")

    def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
        """Close properly."""
        try:
            return (yield from super().download(process_id, known))
        finally:
            self.closed.append("download")


@pytest.fixture
def cancelled(vendor: Vendor) -> Any:
    """Yield what starts an operation of an asynchronous client and cancels it once the vendor has heard of it."""
    bench = Bench("async", vendor.origin, Watched)
    bench.operations.provider.closed = []  # type: ignore[attr-defined]  # of this provider

    def cancel(act: Callable[[Any], Any], *said: Answer) -> list[str]:
        vendor.say(*said)

        async def story() -> None:
            task = asyncio.ensure_future(act(bench.client))
            await asyncio.to_thread(vendor.stalling.wait, 10)
            for _ in range(50):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        bench.finish(story())
        closed: list[str] = bench.operations.provider.closed  # type: ignore[attr-defined]  # of this provider
        return closed

    yield cancel
    bench.end()


def test_a_cancelled_creation_closes_its_flow_and_is_not_repeated(
    cancelled: Callable[..., list[str]], vendor: Vendor
) -> None:
    """The caller who cancels must check whether it happened; nothing continues in the background."""
    assert cancelled(lambda client: client.create(DRAFT), stalled()) == ["create"]
    assert len(vendor.heard) == 1


def test_a_cancelled_download_leaves_nothing_behind(
    cancelled: Callable[..., list[str]], vendor: Vendor, tmp_path: Path
) -> None:
    """Neither a hidden file nor an open one."""
    assert cancelled(lambda client: client.download("P1", tmp_path), stalled(PLAIN[:300])) == ["download"]
    assert visible(tmp_path) == []


def test_a_scanned_answer_keeps_the_rest_of_its_json(vendor: Vendor, open_bench: OpenBench) -> None:
    """The flow reads what stands beside the file."""

    def beside(_: Provider) -> Flow[dict[str, Any]]:
        reply = yield Call.get("/audit", save=Save("audit.pdf", member="base64"))
        rest: dict[str, Any] = reply.json()
        return rest

    vendor.say(INSIDE)
    assert open_bench(vendor.origin).run(beside) == {"name": "x", "Base64": "", "of": {"base64": "other"}}
    assert json.loads(INSIDE.partition(b"\r\n\r\n")[2])["Base64"]
