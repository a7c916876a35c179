"""The five traps of cassettes, and the moment that each keeps."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import vcr  # type: ignore[import-untyped]  # vcrpy has no types
import yaml  # type: ignore[import-untyped]  # PyYAML has no types
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.request import Request  # type: ignore[import-untyped]  # vcrpy has no types

from esign_core.testing import cassette_recorder, recording, replaying
from esign_core.testing.cassettes import cassette_settings, prepare, same_body

MOMENT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
URL = "https://acme.invalid/processes"


def answering(body: bytes = b'{"id":"A1"}') -> httpx.Client:
    """Return a client whose every request is answered in this process."""
    given = {"content-type": "application/json", "set-cookie": "s=1", "x-trace": "7"}
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, headers=given, content=body)))


def recorded(path: Path, *, headers: dict[str, str] | None = None, **options: Any) -> str:
    """Record one POST and return what was written."""
    with recording(path, at=MOMENT, **options), answering() as client:
        client.post(URL, json={"name": "Ana Ejemplo", "key": "s3cr3t/42"}, headers=headers)
    return path.read_text("utf-8")


def request(body: bytes, kind: str = "application/json") -> Request:
    """Return a request as vcrpy keeps it."""
    return Request("POST", URL, body, {"content-type": kind})


def test_replay_needs_no_transport_of_ours(tmp_path: Path) -> None:
    """An exchange recorded in the process is replayed to a client that would use the network."""
    recorded(tmp_path / "a.yaml")
    with replaying(tmp_path / "a.yaml") as cassette, httpx.Client() as client:
        answer = client.post(URL, json={"key": "s3cr3t/42", "name": "Ana Ejemplo"})
    assert answer.json() == {"id": "A1"}
    assert cassette.clock() == cassette.recorded_at == MOMENT


def test_transports_that_vcrpy_does_not_see_are_told(tmp_path: Path) -> None:
    """A recording that holds nothing is an error, not an empty file."""

    class Own(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200)

    with (
        pytest.raises(ValueError, match=r"nothing was recorded into a\.yaml"),
        recording(tmp_path / "a.yaml", at=MOMENT),
        httpx.Client(transport=Own()) as client,
    ):
        client.get(URL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [{"name": "Ana Ejemplo", "key": "other"}, {"name": "Ana Ejemplo"}])
def test_another_body_is_not_answered(tmp_path: Path, body: dict[str, str]) -> None:
    """The same address with another body is another request, and the difference is named."""
    recorded(tmp_path / "a.yaml")
    with (
        pytest.raises(CannotOverwriteExistingCassetteException, match="the bodies differ"),
        replaying(tmp_path / "a.yaml"),
        httpx.Client() as client,
    ):
        client.post(URL, json=body)


def test_headers_are_not_written_unless_they_are_harmless(tmp_path: Path) -> None:
    """Of request and response only the kind of content is kept: keys and cookies are dropped under any name."""
    headers = {"Authorization": "Bearer abcdef123456", "X-Whatever": "abcdef", "Cookie": "s=1"}
    text = recorded(tmp_path / "a.yaml", headers=headers)
    assert not any(value in text for value in ("abcdef", "s=1", "trace"))
    [exchange] = yaml.safe_load(text)["interactions"]
    assert set(exchange["request"]["headers"]) == {"accept", "content-type"}
    assert set(exchange["response"]["headers"]) == {"content-type"}


def test_hidden_texts_are_replaced_on_both_sides(tmp_path: Path) -> None:
    """A key in an address, a body or an answer is written as what stands for it, and the replay still matches."""
    hide = {"s3cr3t/42": "invented", "Zoë": "Ana"}
    with recording(tmp_path / "a.yaml", at=MOMENT, hide=hide), answering(b'{"echo":"s3cr3t/42 Zo\\u00eb"}') as client:
        client.post(f"{URL}?k=s3cr3t%2F42", json={"key": "s3cr3t/42", "name": "Zoë"})
    text = (tmp_path / "a.yaml").read_text("utf-8")
    assert not any(value in text for value in ("s3cr3t", "Zo"))
    with replaying(tmp_path / "a.yaml", hide=hide), httpx.Client() as client:
        assert client.post(f"{URL}?k=s3cr3t%2F42", json={"key": "s3cr3t/42", "name": "Zoë"}).json() == {
            "echo": "invented Ana"
        }


def test_what_leaks_is_not_written(tmp_path: Path) -> None:
    """A real e-mail in an answer keeps the whole cassette from being written, and is not repeated."""
    with (
        pytest.raises(
            ValueError, match=r"a\.yaml is not written.*e-mail in interaction 1, response body, to"
        ) as caught,
        recording(tmp_path / "a.yaml", at=MOMENT),
        answering(b'{"to":"ana@real-company.co"}') as client,
    ):
        client.get(URL)
    assert "ana@" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_allowed_numbers_are_written(tmp_path: Path) -> None:
    """Numbers of invented people are named, and then written."""
    with recording(tmp_path / "a.yaml", at=MOMENT, allowed=["+57 300 555 0101"]), answering() as client:
        client.post(URL, json={"phone": "+573005550101"})
    assert "+573005550101" in (tmp_path / "a.yaml").read_text("utf-8")


def test_failed_block_keeps_the_older_recording(tmp_path: Path) -> None:
    """A story that breaks off leaves the cassette as it was."""
    before = recorded(tmp_path / "a.yaml")
    with (
        pytest.raises(httpx.InvalidURL),
        recording(tmp_path / "a.yaml", at=MOMENT),
        answering() as client,
    ):
        client.get(URL, headers={"x-next": client.get("https://" + "a" * 70_000).text})
    assert (tmp_path / "a.yaml").read_text("utf-8") == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_moments_need_a_zone(tmp_path: Path) -> None:
    """A moment without a zone would be another one on another machine."""
    naive = MOMENT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"), recording(tmp_path / "a.yaml", at=naive):
        pass


def test_cassettes_without_a_moment_or_a_file_are_told(tmp_path: Path) -> None:
    """A cassette of another maker lacks a moment to replay at; a missing one is missing."""
    path = tmp_path / "a.yaml"
    text = recorded(path)
    path.write_text(text.replace("metadata:", "other:"), "utf-8")
    with pytest.raises(ValueError, match="does not say when it was recorded"), replaying(path):
        pass
    with pytest.raises(FileNotFoundError, match="no cassette"), replaying(tmp_path / "b.yaml"):
        pass


def test_requests_that_are_not_made_are_told(tmp_path: Path) -> None:
    """A replay is the whole story or a failure."""
    recorded(tmp_path / "a.yaml")
    with pytest.raises(ValueError, match="1 of the 1 requests"), replaying(tmp_path / "a.yaml"):
        pass


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1, "b": [true, null]}', b'{"b":[true,null],"a":1}'),
        (b"%PDF-1.4", b"%PDF-1.4"),
        (b"", b""),
        ('{"a": "ñ"}'.encode(), b'{"a": "\\u00f1"}'),
    ],
)
def test_equal_values_match(one: bytes, other: bytes) -> None:
    """JSON is compared by what it says, anything else by its bytes."""
    same_body(request(one), request(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1}', b'{"a": true}'),
        (b'{"a": 1}', b'{"a": 1.0}'),
        (b'{"a": 1}', b'{"a": "1"}'),
        (b'{"a": null}', b"{}"),
        (b"[1, 2]", b"[2, 1]"),
        (b'{"a": 1, "a": 2}', b'{"a": 2}'),
        (b"%PDF-1.4" + b"x" * 600, b"%PDF-1.5" + b"x" * 600),
    ],
)
def test_other_values_do_not_match(one: bytes, other: bytes) -> None:
    """What JSON tells apart stays apart, true from 1 and null from nothing."""
    with pytest.raises(AssertionError, match="the bodies differ"):
        same_body(request(one), request(other))


def test_multipart_bodies_match_whatever_their_boundary() -> None:
    """The boundary is drawn again for each request; the content between boundaries does count."""
    body, kind = b"--%b\r\n\r\nhello\r\n--%b--", "multipart/form-data; boundary=%s"
    one, two = (request(body % (mark.encode(), mark.encode()), kind % mark) for mark in ("abc123", "def456"))
    same_body(one, two)
    with pytest.raises(AssertionError):
        same_body(one, request(two.body.replace(b"hello", b"bye"), kind % "def456"))


def test_old_versions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its ninth version vcrpy ran any code in a cassette."""
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "8.1.0")
    with pytest.raises(ImportError, match=r"vcrpy 8\.1\.0 is too old"):
        cassette_recorder()


def test_settings_serve_a_recorder_of_ones_own(tmp_path: Path) -> None:
    """The settings and the matcher work in a `vcr.VCR` that somebody else has made."""
    recorded(tmp_path / "a.yaml")
    own = vcr.VCR(**cassette_settings())
    prepare(own)
    with own.use_cassette(str(tmp_path / "a.yaml")), httpx.Client() as client:
        assert client.post(URL, json={"name": "Ana Ejemplo", "key": "s3cr3t/42"}).status_code == 200


def test_nothing_goes_on_recording_after_an_error(tmp_path: Path) -> None:
    """A recording ends with its block, even after an error, and does not affect later clients."""
    untouched = httpx.MockTransport.handle_request
    with (
        pytest.raises(ValueError, match="not written") as caught,
        recording(tmp_path / "a.yaml", at=MOMENT),
        answering(b"ana@real-company.co") as client,
    ):
        client.get(URL)
    assert httpx.MockTransport.handle_request is untouched
    assert caught.value.__traceback__ is not None
