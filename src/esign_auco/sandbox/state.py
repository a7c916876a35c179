"""The state of the Auco sandbox: processes, their signers and documents, and how each is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypedDict, cast

from esign_core.sandbox import State
from esign_core.sandbox.ids import HEXADECIMAL, UPPER_ALPHANUMERIC

CODE_LENGTH: Final = 10
CONTRACT_LENGTH: Final = 9
PACKAGE_LENGTH: Final = 24
SIGNER_LENGTH: Final = 2
FACE_LENGTH: Final = 16


class Checks(TypedDict):
    """The identity checks that a signer has to pass."""

    camera: bool
    otpCode: bool
    options: dict[str, Any]


class File(TypedDict):
    """An attachment asked of a signer."""

    name: str
    optional: bool
    here: bool


class Signer(TypedDict):
    """A person who signs or approves."""

    id: str
    name: str
    email: str
    phone: str | None
    role: str
    order: int | None
    told: bool
    """Whether Auco writes to this person; a silenced signer signs inside the integrator's own page."""
    asked: bool
    """Whether it is this person's turn, or has been."""
    status: str
    attempts: int
    reason: str | None
    signed_at: str | None
    checks: Checks
    files: list[File]
    review: str


class Paper(TypedDict):
    """A document of a process."""

    code: str
    name: str
    here: bool
    """Whether its PDF has arrived."""
    signers: list[str]
    signed: list[str]
    status: str


class Process(TypedDict):
    """A signing process: one document, a package of several, or a request for attachments."""

    key: str
    kind: str
    package: str | None
    email: str
    name: str
    subject: str | None
    message: str | None
    folder: str | None
    remember: int | None
    expires: str | None
    camera: bool
    otpCode: bool
    custom: dict[str, Any] | None
    tags: list[str]
    targets: list[str]
    readers: list[dict[str, str]]
    signers: list[Signer]
    papers: list[Paper]
    status: str
    opened: bool
    """Whether everything has arrived and people have been asked."""
    editing: bool
    fills_in: str | None
    """The e-mail of the person who completes the data first, in a pre-filled process."""
    created: str
    updated: str
    log: list[dict[str, Any]]
    talks: list[dict[str, Any]]


def processes(state: State) -> dict[str, Process]:
    """Return all processes, by key."""
    return cast("dict[str, Process]", state.tree.setdefault("processes", {}))


def table(state: State, name: str) -> dict[str, Any]:
    """Return one of the smaller tables: templates, uploads, faces, checks, company."""
    return cast("dict[str, Any]", state.tree.setdefault(name, {}))


def by_code(state: State, code: str) -> tuple[Process, Paper] | None:
    """Find a document and the process it belongs to."""
    for process in processes(state).values():
        for paper in process["papers"]:
            if paper["code"] == code:
                return process, paper
    return None


def by_package(state: State, package: str) -> Process | None:
    """Find the process that has a package's id."""
    return next((one for one in processes(state).values() if one["package"] == package), None)


def by_any(state: State, process_id: str) -> Process | None:
    """Find a process by the id of its package or the code of one of its documents."""
    found = by_code(state, process_id)
    return found[0] if found else by_package(state, process_id)


def signer_of(process: Process, signer_id: str) -> Signer | None:
    """Find a signer by the two characters of their id."""
    return next((signer for signer in process["signers"] if signer["id"] == signer_id), None)


def papers_of(process: Process, signer: Signer) -> Iterator[Paper]:
    """Return the documents that a signer signs."""
    return (paper for paper in process["papers"] if signer["id"] in paper["signers"])


def is_package(process: Process) -> bool:
    """Return whether a process is a package of several documents."""
    return process["kind"] == "package"


def new_code(state: State) -> str:
    """Make a document's code."""
    return state.make_id("auco-document", state.number("document"), length=CODE_LENGTH)


def new_package(state: State) -> str:
    """Make a package's id."""
    return state.make_id("auco-package", state.number("package"), alphabet=HEXADECIMAL, length=PACKAGE_LENGTH)


def new_signer(state: State, taken: list[str]) -> str:
    """Make a signer's id that is unique in the process."""
    while True:
        # A step without a common divisor visits every pair of characters before it comes back to the first.
        high, low = divmod(state.number("signer") * 517 % 1296, 36)
        found = UPPER_ALPHANUMERIC[high] + UPPER_ALPHANUMERIC[low]
        if found not in taken:
            return found


def date_json(moment: datetime) -> str:
    """Write a moment as the vendor does: UTC, milliseconds, a Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
