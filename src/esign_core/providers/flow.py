"""Define HTTP requests and replies as values, and flows: generators that yield calls and receive replies.

A flow opens no socket, reads no clock and no file, and never waits. It yields a `Call`, is sent
a `Reply` (always a good one: 2xx), and returns a model; it raises only `EsignError`.
A failed call is thrown into it as an error, which it may catch. `yield from` composes flows.
"""

from __future__ import annotations

import json as codec
from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar

import attrs

from esign_core.model.documents import Document, FileKind, SignedFile
from esign_core.model.errors import EsignError, InvalidRequestError, Problem, UnreadableReplyError
from esign_core.model.fields import UNSET
from esign_core.model.headers import Headers
from esign_core.model.strict_json import UnreadableBodyError, decode_json

T = TypeVar("T")


@attrs.frozen
class Save:
    """The file of a reply: streamed to the caller's destination, never through the flow."""

    name: str = attrs.field(repr=False)
    """The vendor's name of the file; the transport makes it safe."""
    kind: FileKind = FileKind.DOCUMENT
    member: str | None = None
    """The file is the Base64 text of this top-level member (any key case) of a JSON answer."""


@attrs.frozen(kw_only=True)
class Call:
    """One HTTP request as a value; made by `get`, `post`, `put`, `patch`, `delete`."""

    method: str
    path: str = attrs.field(repr=False)
    """Below the account's own address; or a whole address from a reply."""
    query: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    json: Any = attrs.field(default=UNSET, repr=False)
    """A JSON tree; a `Document` may be a leaf anywhere in it and is sent as Base64."""
    content: Document | None = attrs.field(default=None, repr=False)
    """A document that is the whole body."""
    headers: Headers = attrs.field(factory=Headers, converter=Headers)
    anonymous: bool = False
    """True: it is sent without credentials and cookies."""
    repeatable: bool = False
    """True: the call only reads, so it may be repeated."""
    process_id: str | None = None
    """Copied into every error from here on."""
    credential: str | None = None
    """The key of the account to use, if the HTTP method does not decide."""
    save: Save | None = None
    route: str | None = None
    """The path in hooks and logs, without ids; default: the path with everything that looks like an id replaced."""

    @classmethod
    def get(  # noqa: PLR0913 - each argument is a field of a call
        cls,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        save: Save | None = None,
        anonymous: bool = False,
        process_id: str | None = None,
        credential: str | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        route: str | None = None,
    ) -> Call:
        """Return a call that only reads, so it may be repeated."""
        return cls(
            method="GET",
            path=path,
            query=query or {},
            save=save,
            anonymous=anonymous,
            process_id=process_id,
            credential=credential,
            headers=Headers(headers),
            repeatable=repeatable,
            route=route,
        )

    @classmethod
    def post(cls, path: str, **fields: Any) -> Call:
        """Return a POST; takes the other fields of a call by name."""
        return cls(method="POST", path=path, **fields)

    @classmethod
    def put(cls, path: str, **fields: Any) -> Call:
        """Return a PUT; takes the other fields of a call by name."""
        return cls(method="PUT", path=path, **fields)

    @classmethod
    def patch(cls, path: str, **fields: Any) -> Call:
        """Return a PATCH; takes the other fields of a call by name."""
        return cls(method="PATCH", path=path, **fields)

    @classmethod
    def delete(cls, path: str, **fields: Any) -> Call:
        """Return a DELETE; takes the other fields of a call by name."""
        return cls(method="DELETE", path=path, **fields)

    def with_headers(self, headers: Mapping[str, str]) -> Call:
        """Return the call with headers added."""
        return attrs.evolve(self, headers=Headers([*self.headers.items(), *headers.items()]))


@attrs.frozen(kw_only=True)
class Reply:
    """One HTTP answer as a value."""

    status: int = 200
    headers: Headers = attrs.field(factory=Headers, converter=Headers)
    body: bytes = attrs.field(default=b"", repr=False)
    """The whole body, or what is left of it when a file was saved."""
    file: SignedFile | None = None
    lenient: bool = False
    """True: it answers a call that cannot be repeated, so its JSON is decoded leniently."""

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as a JSON tree.

        Raises:
            UnreadableReplyError: it is none.
        """
        problem = ""
        try:
            return decode_json(self.body, lenient=self.lenient)
        except UnreadableBodyError as error:
            problem = str(error)
        raise UnreadableReplyError(f"the vendor's answer cannot be read: {problem}", status=self.status)

    @classmethod
    def of(cls, tree: Any, status: int = 200) -> Reply:
        """Return a JSON answer made from a tree, for tests."""
        return cls(status=status, headers={"content-type": "application/json"}, body=codec.dumps(tree).encode())


Flow: TypeAlias = Generator[Call, Reply, T]
"""A flow that returns a `T`."""


def is_absolute(call: Call) -> bool:
    """Tell whether a call goes to an address that an answer has named, instead of a path below the account's own."""
    # A file without credentials goes to, or comes from, nowhere but an address that was named: never a path of ours.
    if call.anonymous and (call.content is not None or call.save is not None):
        return True
    # What begins otherwise would run into the host's name: ".example.net" or "@example.net" after it is another host.
    return not call.path.startswith("/") or call.path.startswith("//")


def path_problem(call: Call) -> EsignError | None:
    """Return the problem of a caller's path that is not below the account's address, if there is one."""
    path = call.path
    clean = path.startswith("/") and not path.startswith("//") and path.isprintable() and path.isascii()
    if clean and not any(sign in path for sign in ("\\", "?", "#", " ")) and not _climbs(path):
        return None
    hint = 'begin with one "/", put parameters into query=, and percent-encode every other character'
    problem = Problem(path="path", message="must be a path below the account's own address", hint=hint)
    return InvalidRequestError(problems=[problem])


def _climbs(path: str) -> bool:
    lowered = path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/")
    # Some servers pass over what follows a semicolon, and see "..;" as "..".
    return any(part.partition(";")[0] in (".", "..") for part in lowered.split("/")) or "//" in lowered
