"""The Auco sandbox itself: keys, routes, and the actions of its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

import attrs

from esign_auco.sandbox import (
    company,
    life,
    messages,
    papers,
    people,
    routes_act,
    routes_create,
    routes_edit,
    routes_packages,
    routes_read,
    routes_services,
    storage,
    templates,
    webhooks,
)
from esign_auco.sandbox.context import Context, Handler, VendorError
from esign_auco.sandbox.links import DOWNLOADS, UPLOADS
from esign_auco.sandbox.state import processes, table
from esign_auco.settings import AucoSettings
from esign_core.accounts.settings import Secret
from esign_core.sandbox import Clock, NoMatch, Reply, Request, Router, Sandbox, State, json_reply

HOST: Final = "auco-sandbox.invalid"
BASE: Final = "/v1.5/ext"

# Method, path, handler; the key is the public one for GET and the private one for the rest, unless it says otherwise.
_ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("POST", "/document/upload", routes_create.upload),
    ("POST", "/document/save", routes_create.save),
    ("POST", "/document/prebuild", routes_create.prebuild),
    ("GET", "/document", routes_read.document),
    ("GET", "/document/roadmap", routes_read.roadmap),
    ("POST", "/document/reminder", routes_act.reminder),
    ("POST", "/document/cancel", routes_act.cancel),
    ("PUT", "/document/reactivate", routes_act.reactivate),
    ("POST", "/document/unlock", routes_act.unlock),
    ("POST", "/document/many", routes_packages.many),
    ("POST", "/document/many/reminder", routes_act.many_reminder),
    ("POST", "/package/upload", routes_packages.attachments),
    ("GET", "/attachments", routes_read.attachments),
    ("GET", "/company", company.show),
    ("PUT", "/company", company.change),
    ("GET", "/template", templates.show),
    ("POST", "/template", templates.create),
    ("PUT", "/template", templates.change),
    ("GET", "/whatsapp/records", routes_read.whatsapp),
    ("POST", "/veriface", routes_services.face_create),
    ("GET", "/veriface", routes_services.face_show),
    ("POST", "/veriface/validate", routes_services.face_validate),
    ("POST", "/veriface/check", routes_services.face_check),
    ("POST", "/validate/background", routes_services.background_create),
    ("GET", "/validate/background", routes_services.background_show),
    ("POST", "/validate/company/representatives", routes_services.representatives),
    ("POST", "/{resource}/edit", routes_edit.mark),
    ("GET", "/{resource}/edit", routes_edit.inspect),
)


class Box(Sandbox):
    """An Auco inside this program: no network, no keys, the vendor's rules."""

    vendor = "auco"
    retry_delays = (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=6))
    settings: AucoSettings

    def __init__(self, settings: AucoSettings, clock: Clock | Callable[[], datetime] | None = None) -> None:
        super().__init__(_filled(settings), clock)
        self._router: Router[Handler] = Router()
        for method, path, handler in _ROUTES:
            self._router.add(method, BASE + path, handler)

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person sign or approve: an e-mail, a phone or a signer id.

        Of a package they sign every document they are in, unless `process_id` is the code of one of them.
        """
        with self._act() as state:
            people.sign(self._context(state), who, process_id)

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Make a person reject, with the reason they give; of a package one document, if `process_id` is its code."""
        with self._act() as state:
            people.decline(self._context(state), who, reason, process_id)

    def block(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person fail the identity check until Auco blocks them."""
        with self._act() as state:
            people.block(self._context(state), who, process_id)

    def fail_identity(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person fail the identity check once; the third time blocks them."""
        with self._act() as state:
            people.fail_identity(self._context(state), who, process_id)

    def complete_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make the recipient of a pre-filled document complete its data."""
        with self._act() as state:
            people.complete(self._context(state), who, process_id)

    def upload_as(self, who: str, files: Mapping[str, bytes] | None = None, *, process_id: str | None = None) -> None:
        """Make a person upload the attachments asked of them: all of them, invented, or those given by name."""
        with self._act() as state:
            invented = papers.drawn(["Attachment made by the sandbox"])
            people.upload(self._context(state), who, files or {}, process_id, invented)

    def approve_attachments(self, who: str | None = None, *, process_id: str | None = None) -> None:
        """Make the company approve what all signers, or one of them, have uploaded."""
        with self._act() as state:
            people.approve(self._context(state), who, process_id)

    def decide_face(self, code: str, status: str, *, message: str = "", similarity: float = 92.0) -> None:
        """Make AucoFace decide: APPROVED, BLOCKED, VALIDATED (approved by hand) or INVALIDATED (refused by hand)."""
        if status not in ("APPROVED", "BLOCKED", "VALIDATED", "INVALIDATED"):
            raise ValueError("AucoFace decides APPROVED, BLOCKED, VALIDATED or INVALIDATED")
        with self._act() as state:
            kept = table(state, "faces").get(code)
            if kept is None:
                raise LookupError(
                    "AucoFace has no validation under that code; give the code that its creation answered"
                )
            kept.update(status="APPROVED" if status == "VALIDATED" else status, message=message, similarity=similarity)
            webhooks.face(self._context(state), kept, status, message)

    def _answer(self, state: State, request: Request) -> Reply:
        context = self._context(state, request)
        if request.host == UPLOADS:
            return storage.take_in(context)
        if request.host == DOWNLOADS:
            return storage.hand_out(context)
        try:
            answer = self._handled(context)
        except VendorError as error:
            answer = json_reply(error.status, {"message": error.message})
        return attrs.evolve(answer, headers={**answer.headers, "date": format_datetime(context.now, usegmt=True)})

    def _handled(self, context: Context) -> Reply:
        request = context.request
        found = self._router.find(request.method, request.path)
        edits = request.path.endswith("/edit")
        key = self.settings.public_key if request.method == "GET" and not edits else self.settings.private_key
        # The key is checked first: without one, the answer does not show which addresses exist.
        if key is None or request.headers.get("authorization") != key.get_secret_value():
            raise VendorError(messages.UNAUTHORIZED, status=401)
        if isinstance(found, NoMatch) and found.allowed:
            raise VendorError(messages.METHOD_NOT_ALLOWED, status=405)
        if isinstance(found, NoMatch):
            raise VendorError(messages.NOT_FOUND, status=404)
        return found.handler(attrs.evolve(context, params=found.params))

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        process = processes(state).get(due["process"])
        if process is None:
            return
        context = self._context(state, now=at)
        if due["what"] == "expiry":
            life.expire(context, process)
        else:
            life.remind(context, process)

    def _context(self, state: State, request: Request | None = None, *, now: datetime | None = None) -> Context:
        context = Context(state=state, settings=self.settings, now=now or self.clock.now())
        return context if request is None else attrs.evolve(context, request=request)


def _filled(settings: AucoSettings) -> AucoSettings:
    # An account that reads webhooks without a secret on purpose gets them without one.
    secrets = settings.webhook_secrets or (() if settings.insecure_webhooks else (Secret("sandbox-webhook-secret"),))
    return attrs.evolve(
        settings,
        base_url=f"https://{HOST}{BASE}",
        public_key=settings.public_key or Secret("puk_sandbox_0000000000000000"),
        private_key=settings.private_key or Secret("prk_sandbox_0000000000000000"),
        sender=settings.sender or "sender@example.com",
        webhook_secrets=secrets,
    )
