"""A small invented vendor: its provider, a draft it can carry, and a client sync or async behind one plain face."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import attrs

from esign_core.accounts.settings import Secret, Settings
from esign_core.accounts.window import Window
from esign_core.client import AsyncClient, Client
from esign_core.engine.operations import Operations
from esign_core.engine.ratelimit import Budget
from esign_core.engine.runner import AsyncRunner, Runner
from esign_core.engine.steps import Execution
from esign_core.http.downloads import download_target
from esign_core.http.transport import AsyncTransport, Transport
from esign_core.model.documents import Document, FileKind, SignedFile
from esign_core.model.drafts import ProcessDraft, SignerDraft
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.flow import Call, Flow, Reply, Save
from esign_core.providers.hookspecs import hookimpl
from esign_core.providers.plugins import Plugins
from esign_core.sandbox import Request, Sandbox, State, json_reply

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "acme-key-0123456789"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4 + b"\n%%EOF\n"
ANA = SignerDraft(name="Ana Beispiel", email="ana@example.com", phone="+573001234567")
DRAFT = ProcessDraft(
    name="Services agreement", documents=[Document.from_bytes(PDF, name="agreement.pdf")], signers=[ANA]
)


@attrs.frozen(kw_only=True)
class AcmeSettings(Settings):
    """One key, in a header."""

    environments = {"production": "https://api.acme.example/v1"}  # noqa: RUF012 - the base class says it is a class's
    key: Secret[str]


class Minimal(Provider):
    """The least that a provider is: two flows, its credentials, and the form of its ids."""

    name = "acme"
    Settings = AcmeSettings
    capabilities: ClassVar[Capabilities] = Capabilities(features=Feature)

    def authorize(self, call: Call) -> Call:
        """Put the key into its header."""
        return call.with_headers({"X-Acme-Key": self.settings.key.get_secret_value()})

    def owns(self, process_id: str) -> bool:
        """Take what begins with a P."""
        return process_id.startswith("P")

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Send everything at once; where the vendor names an address for the document, send it there."""
        people = [{"name": signer.name, "email": signer.email} for signer in draft.signers]
        reply = yield Call.post("/processes", json={"name": draft.name, "people": people, "file": draft.documents[0]})
        made = tree_of(reply)
        if "upload" in made:
            assert isinstance(draft.documents[0], Document)
            yield Call.put(made["upload"], content=draft.documents[0], anonymous=True, process_id=made["id"])
        return Process(id=made["id"], name=draft.name)

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read it."""
        reply = yield Call.get(f"/processes/{process_id}", process_id=process_id)
        return Process(id=tree_of(reply)["id"], raw=tree_of(reply))


class Acme(Minimal):
    """The whole of a provider."""

    def resend(self, process_id: str, resend: Resend, now: datetime, known: Process | None) -> Flow[ResendReport]:
        """Ask for it with one PATCH."""
        reply = yield Call.patch(f"/processes/{process_id}/resend", json=[], process_id=process_id)
        return ResendReport(process_id=tree_of(reply)["id"])

    def cancel(self, process_id: str, reason: str, requested_by: str | None, known: Process | None) -> Flow[Process]:
        """Ask for it with one POST."""
        reply = yield Call.post(f"/processes/{process_id}/cancel", json={"reason": reason}, process_id=process_id)
        return Process(id=tree_of(reply)["id"])

    def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
        """Fetch two files: one as it is, one inside a JSON answer."""
        plain = yield Call.get(f"/processes/{process_id}/file", save=Save("signed.pdf"), process_id=process_id)
        audit = Save("audit.pdf", FileKind.AUDIT_RECORD, member="base64")
        inside = yield Call.get(f"/processes/{process_id}/audit", save=audit, process_id=process_id)
        return tuple(reply.file for reply in (plain, inside) if reply.file is not None)

    def timeline(self, process_id: str) -> Flow[tuple[TimelineEntry, ...]]:
        """Read a list of words."""
        reply = yield Call.get(f"/processes/{process_id}/history", process_id=process_id)
        return tuple(TimelineEntry(kind="unknown", vendor_status=word) for word in tree_of(reply)["words"])


def tree_of(reply: Reply) -> dict[str, Any]:
    """Return the object an answer holds, which has an id."""
    tree = reply.json()
    if not isinstance(tree, dict) or "id" not in tree:
        raise UnreadableReplyError("the vendor's answer names no process")
    return tree


class Bench:
    """A client sync or async, whose methods are all plain calls, and which writes down what it would have waited."""

    def __init__(
        self,
        mode: str,
        address: str,
        kind: type[Provider] = Acme,
        *,
        plugins: Iterable[object] = (),
        timeout: float = 5.0,
        max_wait: float = 30.0,
        limits: Iterable[str] = (),
        **more: Any,
    ) -> None:
        self.waits: list[float] = []
        self.time = NOW
        """The clock of the account: it moves only while the client waits."""
        settings = AcmeSettings(
            base_url=address,
            key=Secret(KEY),
            timeout=timeout,
            connect_timeout=timeout,
            max_wait=max_wait,
            **more,
        )
        loaded = Plugins()
        loaded.load_observers(objects=plugins)
        self.operations = Operations("legal", kind(settings), loaded, lambda: self.time, None)
        budget = Budget([Window.parse(limit) for limit in limits])
        opened = self.operations
        execution = Execution(opened.provider, "legal", loaded, opened.now, budget, secrets=opened.secrets)
        self._runner = asyncio.Runner() if mode == "async" else None
        self.client: Client | AsyncClient
        if self._runner is None:
            self.client = Client(opened, Runner(execution, Transport(settings), download_target, self.wait))
        else:
            transport = AsyncTransport(settings)
            self.client = AsyncClient(opened, AsyncRunner(execution, transport, download_target, self._wait_async))

    def wait(self, seconds: float) -> None:
        """Write a wait down instead of waiting, and let it have passed."""
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)

    async def _wait_async(self, seconds: float) -> None:
        self.wait(seconds)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            return self.finish(result) if inspect.iscoroutine(result) else result

        return call

    def finish(self, awaitable: Any) -> Any:
        """Run something awaitable on the client's own loop."""
        assert self._runner is not None
        return self._runner.run(awaitable)

    def end(self) -> None:
        """Close the client, and the loop it ran on."""
        self.__getattr__("close")()
        if self._runner is not None:
            self._runner.close()


class AcmeBox(Sandbox):
    """The vendor's emulator: it always has a process P1."""

    vendor = "acme"

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Know no signer."""
        raise LookupError(who)

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Know no signer."""
        raise LookupError(who)

    def block(self, who: str, *, process_id: str | None = None) -> None:
        """Know no signer."""
        raise LookupError(who)

    def _answer(self, state: State, request: Request) -> Reply:
        return json_reply(200, {"id": "P1", "key": request.headers.get("x-acme-key"), "sent": len(request.body)})

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        raise AssertionError


class Boxed(Acme):
    """Comes with an emulator."""

    @classmethod
    def sandbox(cls, settings: AcmeSettings) -> AcmeBox:
        """Return it, with a key of its own."""
        return AcmeBox(attrs.evolve(settings, key=Secret("acme-invented")))


@hookimpl
def esign_provider() -> type[Provider]:
    """Announce it."""
    return Boxed
