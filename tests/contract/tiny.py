"""A stranger's plugin on one screen: two flows, `authorize`, `owns`, and a sandbox of its own to be tested in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import attrs

from esign_core import (
    Call,
    Flow,
    Process,
    ProcessDraft,
    ProcessStatus,
    Provider,
    Secret,
    Signer,
    SignerStatus,
    hookimpl,
)
from esign_core import Settings as CoreSettings
from esign_core.model.status import Rule, StatusDetail, Vocabulary
from esign_core.providers.capabilities import Capabilities
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, Sandbox, State, is_person, json_reply, no_such_signer

PROCESS = Vocabulary(
    "tiny.process",
    ProcessStatus.UNKNOWN,
    [
        Rule("open", "OPEN", ProcessStatus.IN_PROGRESS),
        Rule("done", "DONE", ProcessStatus.COMPLETED),
        Rule("refused", "REFUSED", ProcessStatus.DECLINED),
    ],
)
SIGNER = Vocabulary(
    "tiny.signer",
    SignerStatus.UNKNOWN,
    [
        Rule("asked", "ASKED", SignerStatus.NOTIFIED),
        Rule("signed", "SIGNED", SignerStatus.DONE),
        Rule("refused", "REFUSED", SignerStatus.DECLINED),
    ],
)


@attrs.frozen(kw_only=True)
class Settings(CoreSettings):
    """What a Tiny account can set."""

    token: Secret[str]


class Tiny(Provider):
    """A vendor that can do the least."""

    name: ClassVar[str] = "tiny"
    Settings: ClassVar[type[CoreSettings]] = Settings
    capabilities: ClassVar[Capabilities] = Capabilities(features=())
    settings: Any

    def authorize(self, call: Call) -> Call:
        """Return the call with the account's token."""
        return call.with_headers({"X-Token": self.settings.token.get_secret_value()})

    def owns(self, process_id: str) -> bool:
        """Tell whether an id has this vendor's form."""
        return len(process_id) == 12 and process_id.isascii() and process_id.isalnum()

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Create a process and send it."""
        people = [{"name": person.name, "email": person.email, "phone": person.phone} for person in draft.signers]
        body = {"name": draft.name, "people": people, "file": draft.documents[0]}
        return load((yield Call.post("/processes", json=body)).json())

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read a process."""
        return load((yield Call.get(f"/processes/{process_id}", process_id=process_id)).json())

    @classmethod
    def sandbox(cls, settings: Any) -> Sandbox:
        """Return the emulator."""
        return Box(attrs.evolve(settings, base_url="https://tiny-sandbox.invalid"))


def load(tree: dict[str, Any]) -> Process:
    """Read a process as the vendor writes it."""
    status, detail = PROCESS.read(tree["status"])
    signers = [_signer(person) for person in tree["people"]]
    return Process(id=tree["id"], name=tree["name"], status=status, status_detail=detail, signers=signers, raw=tree)


def _signer(person: dict[str, Any]) -> Signer:
    detail: StatusDetail
    status, detail = SIGNER.read(person["status"])
    facts = {"name": person["name"], "email": person["email"], "phone": person["phone"]}
    return Signer(id=person["id"], status=status, status_detail=detail, **facts)


class Box(Sandbox):
    """The vendor's emulator."""

    vendor: ClassVar[str] = "tiny"

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person sign."""
        self._deed(who, process_id, "SIGNED")

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Make a person decline."""
        self._deed(who, process_id, "REFUSED")

    def block(self, who: str, *, process_id: str | None = None) -> None:
        """Refuse: this vendor cannot block a signer."""
        from esign_core import UnsupportedError

        raise UnsupportedError("Tiny cannot block a signer.", hint="Use decline_as.")

    def _deed(self, who: str, process_id: str | None, word: str) -> None:
        with self._act() as state:
            open_ones = [one for one in processes(state) if one["status"] == "OPEN"]
            found = [
                (process, person)
                for process in open_ones
                if process_id in (None, process["id"])
                for person in process["people"]
                if person["status"] == "ASKED" and is_person(who, email=person["email"], phone=person["phone"])
            ]
            if not found:
                raise no_such_signer("act", process_id=process_id)
            for process, person in found:
                person["status"] = word
                words = {one["status"] for one in process["people"]}
                process["status"] = "REFUSED" if "REFUSED" in words else "OPEN" if "ASKED" in words else "DONE"

    def _answer(self, state: State, request: Request) -> Reply:
        if request.headers.get("x-token") != self.settings.token.get_secret_value():  # type: ignore[attr-defined]  # this vendor's settings
            return json_reply(401, {"message": "who are you?"})
        if request.method == "POST" and request.path == "/processes":
            return self._created(state, request)
        found = [one for one in processes(state) if request.path == f"/processes/{one['id']}"]
        return json_reply(200, found[0]) if found else json_reply(404, {"message": "there is no such process"})

    def _created(self, state: State, request: Request) -> Reply:
        body = request.json()
        people = [
            {**person, "id": state.make_id("tiny-person", state.number("person")), "status": "ASKED"}
            for person in body["people"]
        ]
        key = state.make_id("tiny", state.number("process"), length=12)
        processes(state).append({"id": key, "name": body["name"], "status": "OPEN", "people": people})
        return json_reply(201, processes(state)[-1])

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        """Do nothing: nothing is ever due here."""


def processes(state: State) -> list[dict[str, Any]]:
    """Give the list of all processes."""
    kept: list[dict[str, Any]] = state.tree.setdefault("processes", [])
    return kept


@hookimpl
def esign_provider() -> type[Provider]:
    """Give the provider."""
    return Tiny
