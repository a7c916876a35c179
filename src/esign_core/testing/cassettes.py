"""Cassettes: vcrpy, set up so that a recording is matched whole, holds no key, and is replayed at its own moment.

    with recording("cassettes/acme/send.yaml", at=datetime.now(UTC)) as cassette:
        with connect("try", config=SANDBOX, clock=cassette.clock) as client:
            story(client)

    with replaying("cassettes/acme/send.yaml") as cassette:
        with connect("try", config=AT_BASE_URL, clock=cassette.clock) as client:
            story(client)

Five things go wrong with cassettes, and each is seen to here:

1. vcrpy does not see a transport of one's own making, and says nothing: a recording that holds nothing is an error.
2. By default the body of a request is not compared: here it is, JSON by its value, and so are address and query.
3. Keys end up in the file: of all headers only those are kept that can hold none, and before `recording` writes
   anything, it searches for keys, real addresses and numbers that are not known to be invented (`find_leaks`).
4. Multipart bodies have a random boundary, so that they never match: here it is left out of the comparison.
5. Older versions of vcrpy load cassettes unsafely: they are refused.

Requests contain dates. So a cassette keeps the moment it was recorded at, and `Cassette.clock` gives it to the client
(and through it to the client's sandbox); with another clock, a request of tomorrow matches none of today's.

With pytest-recording, `vcr_config` is a fixture that returns `cassette_settings()`, and `pytest_recording_configure`
a hook that calls `prepare(vcr)`.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.metadata
import json
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import attrs
import vcr  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.errors import MissingMetadataError  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.request import Request  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.serialize import serialize  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # vcrpy has no types

from esign_core.testing.leaks import KEPT_HEADERS, find_leaks

__all__ = [
    "Cassette",
    "MATCH_ON",
    "cassette_recorder",
    "cassette_settings",
    "prepare",
    "recording",
    "replaying",
    "same_body",
]

MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "esign_body")
"""Parts of a request that must equal the recorded one: everything but the headers."""
_OLDEST = (9, 4)
_MOMENT = "recorded_at"
_BOUNDARY = re.compile(r"(?i)^multipart/.*boundary=\"?([^\";]+)")


@attrs.frozen(kw_only=True)
class Cassette:
    """A cassette in use: the time of its recording, and a clock stopped at that time."""

    path: Path
    recorded_at: datetime

    def clock(self) -> datetime:
        """Return the time of the recording: `connect(..., clock=cassette.clock)`."""
        return self.recorded_at


@contextlib.contextmanager
def recording(
    path: str | Path, *, at: datetime, hide: Mapping[str, str] | None = None, allowed: Collection[str] = ()
) -> Iterator[Cassette]:
    """Record what goes over the wire into a cassette; a block that fails writes nothing.

    Args:
        path: the cassette to write; an existing one is replaced.
        at: the moment of the recording, aware; kept in the cassette.
        hide: what must not be written, and the invented text that stands for it, in requests and answers alike.
        allowed: phones and document numbers of invented people, which may be written.

    Raises:
        ValueError: nothing was recorded, or something that must not be written was; then nothing is.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of a recording needs a time zone, for example datetime.now(UTC)")
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".recording-") as folder:
        fresh = Path(folder).absolute() / place.name
        recorder = cassette_recorder(record_mode="once", hide=hide)
        with recorder.use_cassette(str(fresh), record_on_exception=False) as tape:
            tape.get_metadata(_MOMENT, at.isoformat())
            yield Cassette(path=place, recorded_at=at)
            # Judged inside the block: vcrpy goes on recording when its own end is interrupted by an error.
            _judge(tape, place, allowed)
        fresh.replace(place)


@contextlib.contextmanager
def replaying(path: str | Path, *, hide: Mapping[str, str] | None = None) -> Iterator[Cassette]:
    """Answer every request from a cassette; no request is sent, and each recorded one must be made once.

    Raises:
        FileNotFoundError: there is no such cassette.
        ValueError: the cassette says no moment, or requests that were recorded have not been made.
    """
    place = Path(path)
    if not place.is_file():
        raise FileNotFoundError(f"there is no cassette {place}; record it first")
    with cassette_recorder(hide=hide).use_cassette(str(place.absolute())) as tape:
        yield Cassette(path=place, recorded_at=_moment(tape, place))
        if not tape.all_played:
            missing = len(tape) - tape.play_count
            raise ValueError(f"{missing} of the {len(tape)} requests recorded in {place.name} were not made")


def _judge(tape: Any, place: Path, allowed: Collection[str]) -> None:
    if not len(tape):
        raise ValueError(
            f"nothing was recorded into {place.name}: vcrpy sees httpx's own transports only, and only what they send "
            "inside the block"
        )
    written = serialize(copy.deepcopy({"requests": tape.requests, "responses": tape.responses}), yamlserializer)
    found = find_leaks(written, allowed=allowed)
    if found:
        raise ValueError(
            f"{place.name} is not written, for it would hold: {'; '.join(map(str, found))}. "
            "Hide it, or allow it where it is invented."
        )


def _moment(tape: Any, place: Path) -> datetime:
    try:
        return datetime.fromisoformat(tape.get_metadata(_MOMENT, ""))
    except MissingMetadataError:
        pass
    raise ValueError(f"{place.name} does not say when it was recorded; record it again, with `recording`")


def cassette_recorder(*, record_mode: str = "none", hide: Mapping[str, str] | None = None) -> vcr.VCR:
    """Return a configured vcrpy recorder; use its `use_cassette` as usual."""
    recorder = vcr.VCR(**cassette_settings(record_mode=record_mode, hide=hide))
    prepare(recorder)
    return recorder


def cassette_settings(*, record_mode: str = "none", hide: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the settings for `vcr.VCR(...)`, or for pytest-recording's `vcr_config`; see `prepare`."""
    _require_vcrpy()
    return {
        "record_mode": record_mode,
        "match_on": MATCH_ON,
        "decode_compressed_response": True,
        "before_record_request": lambda request: _bare_request(request, hide or {}),
        "before_record_response": lambda response: _bare_response(response, hide or {}),
    }


def prepare(recorder: vcr.VCR) -> None:
    """Register the matchers of these settings with another recorder."""
    recorder.register_matcher("esign_body", same_body)


def same_body(one: Request, other: Request) -> None:
    """Compare two bodies: JSON as the value it is, multipart without its boundary, anything else byte by byte."""
    made, recorded = _plain(one), _plain(other)
    if made != recorded:
        raise AssertionError(f"the bodies differ:\n  made:     {_short(made)}\n  recorded: {_short(recorded)}")


def _plain(request: Request) -> bytes:
    body = bytes(request.body or b"")
    kind = str(request.headers.get("content-type", ""))
    boundary = _BOUNDARY.match(kind)
    if boundary:
        return body.replace(boundary[1].encode(), b"boundary")
    try:
        tree = json.loads(body, object_pairs_hook=_pairs)
    except ValueError:
        return body
    # As text, for in Python 1, 1.0 and True are equal, and in JSON they are three things.
    return json.dumps(tree, sort_keys=True, ensure_ascii=False).encode()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("the same key appears twice, so the value is ambiguous")
    return dict(pairs)


def _short(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= 500 else f"{text[:500]}... ({len(body)} bytes)"


def _bare_request(request: Request, hide: Mapping[str, str]) -> Request:
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
    for spelled, invented in _spellings(hide):
        request.uri = request.uri.replace(spelled, invented)
        request.body = bytes(request.body or b"").replace(spelled.encode(), invented.encode())
    return request


def _bare_response(response: dict[str, Any], hide: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: values for name, values in response["headers"].items() if name.lower() in KEPT_HEADERS}
    body: bytes = response["body"]["string"]
    for spelled, invented in _spellings(hide):
        body = body.replace(spelled.encode(), invented.encode())
    return {**response, "headers": kept, "body": {"string": body}}


def _spellings(hide: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each secret as written in bodies, in JSON and in URLs, longest first."""
    spellers: tuple[Callable[[str], str], ...] = (
        str,
        lambda text: json.dumps(text)[1:-1],
        lambda text: quote(text, safe=""),
        quote_plus,
    )
    for real in sorted(hide, key=len, reverse=True):
        for spelled in dict.fromkeys(speller(real) for speller in spellers):
            yield spelled, hide[real]


def _require_vcrpy() -> None:
    version = importlib.metadata.version("vcrpy")
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        raise ImportError(f'vcrpy {version} is too old to be safe; {needed} is needed: pip install "esign[testing]"')
