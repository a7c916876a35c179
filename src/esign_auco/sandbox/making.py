"""Create processes from requests: people, documents, and a second creation over a process in edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from esign_auco.sandbox import life
from esign_auco.sandbox.context import Context
from esign_auco.sandbox.rules import effective
from esign_auco.sandbox.schema import read_date
from esign_auco.sandbox.state import (
    File,
    Paper,
    Process,
    Signer,
    date_json,
    new_code,
    new_signer,
    processes,
)
from esign_core.sandbox.clock import iso

Body = Mapping[str, Any]


def people(context: Context, given: Sequence[Body], root: Body) -> list[Signer]:
    """Make the signers of a process."""
    signers: list[Signer] = []
    for one in given:
        files = [
            File(name=file["name"], optional=file.get("optional", False), here=False) for file in one.get("files", [])
        ]
        signers.append(
            Signer(
                id=new_signer(context.state, [signer["id"] for signer in signers]),
                name=one["name"],
                email=one["email"],
                phone=one.get("phone"),
                role=one.get("role", "SIGNER"),
                order=int(one["order"]) if "order" in one else None,
                told=one.get("notification", root.get("notification", True)),
                asked=False,
                status="PENDING",
                attempts=0,
                reason=None,
                signed_at=None,
                checks=effective(one, root),
                files=files,
                review="pending",
            )
        )
    return signers


def paper(context: Context, name: str, signers: Sequence[Signer]) -> Paper:
    """Make a document whose PDF is still due."""
    ids = [signer["id"] for signer in signers]
    return Paper(code=new_code(context.state), name=name, here=False, signers=ids, signed=[], status="CREATE")


def process(
    context: Context, body: Body, *, kind: str, package: str | None, signers: list[Signer], papers: list[Paper]
) -> Process:
    """Make a process and remember it; a package is known by its id, everything else by its document's code."""
    key = papers[0]["code"] if papers and kind != "package" else str(package)
    expires = iso(read_date(body["expiredDate"], "expiredDate")) if "expiredDate" in body else None
    made = Process(
        key=key,
        kind=kind,
        package=package,
        email=body["email"],
        name=body.get("name") or body.get("packageName") or "",
        subject=body.get("subject"),
        message=body.get("message"),
        folder=body.get("folder"),
        remember=body.get("remember"),
        expires=expires,
        camera=body.get("camera", False),
        otpCode=body.get("otpCode", False),
        custom=body.get("custom"),
        tags=list(body.get("tags", [])),
        targets=list(body.get("targetWebhooks", [])),
        readers=list(body.get("readers", [])),
        signers=signers,
        papers=papers,
        status="CREATED",
        opened=False,
        editing=False,
        fills_in=body.get("emailTo"),
        created=date_json(context.now),
        updated=date_json(context.now),
        log=[],
        talks=[],
    )
    processes(context.state)[key] = made
    life.expire_later(context, made)
    return made


def over(context: Context, old: Process, made: Process) -> None:
    """Put a newly made process in the place of one in edition: its identity and its day of creation survive."""
    made["created"], made["log"] = old["created"], old["log"]
    life.note(context, made, "UPDATE_SIGN", by=made["email"])


def shown(signers: Sequence[Signer], *, phones: bool) -> list[dict[str, Any]]:
    """List the signers as an answer does: only signers whom Auco does not notify have an id."""
    listed: list[dict[str, Any]] = []
    for signer in signers:
        shown: dict[str, Any] = {} if signer["told"] else {"id": signer["id"]}
        shown |= {"name": signer["name"], "email": signer["email"]}
        if phones and signer["phone"]:
            shown["phone"] = signer["phone"]
        listed.append(shown)
    return listed
