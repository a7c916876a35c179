"""Auco's webhooks: judged by a header of the account's choice, read into events.

Nothing in a delivery is signed, and nothing in it tells when it was sent: it is a hint that asks for a read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from esign_auco.settings import AucoSettings
from esign_auco.statuses import DOCUMENT_EVENTS, FACE_EVENTS, PACKAGE_DOCUMENT, PACKAGE_EVENTS, EventRow, event_row
from esign_auco.wire.kit import read
from esign_core.model.errors import ConfigError, UnreadableReplyError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.process import ProcessDocument, Signer
from esign_core.model.status import Basis, SignerStatus, StatusDetail
from esign_core.model.strict_json import UnreadableBodyError, decode_object
from esign_core.providers.convert import Text, wired
from esign_core.providers.webhooks import dedupe_key, same_secret

__all__ = [
    "FaceData",
    "Hook",
    "HookDocument",
    "HookSigner",
    "receive",
]

_OK = WebhookReply(status=200)
# Never 401, 403 or 404: one rule for every vendor, of whom some switch a receiver off at these.
_FORGED = WebhookReply(status=400)


@attrs.frozen(kw_only=True)
class HookSigner:
    """The person a delivery is about."""

    id: Text = wired("id", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    phone: Text = wired("phone", None, repr=False)


@attrs.frozen(kw_only=True)
class HookDocument:
    """One document of a package's delivery."""

    code: Text = wired("code", None)
    name: Text = wired("name", None, repr=False)
    status: Text = wired("status", None)


@attrs.frozen(kw_only=True)
class FaceData:
    """The person an AucoFace delivery is about."""

    name: Text = wired("name", None, repr=False)
    document_name: Text = wired("documentName", None, repr=False)


@attrs.frozen(kw_only=True)
class Hook:
    """A delivery of any kind; some of a document's name no code."""

    status: str = wired("status")
    type: Text = wired("type", None)
    package: Text = wired("package", None)
    code: Text = wired("code", None)
    name: Text = wired("name", None, repr=False)
    message: Text = wired("message", None, repr=False)
    signer: HookSigner | None = wired("signer", None)
    documents: tuple[HookDocument, ...] | None = wired("documents", None)
    data: FaceData | None = wired("data", None)
    tags: tuple[Any, ...] | None = wired("tags", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def family(self) -> str:
        """Which vocabulary its word belongs to: `package`, `face` or `document`."""
        if self.package is not None:
            return "package"
        return "face" if self.type == "veriface" else "document"

    @property
    def process_id(self) -> str | None:
        """What it is about, where it says so."""
        return self.package or self.code or None


_TABLES = {"document": DOCUMENT_EVENTS, "package": PACKAGE_EVENTS, "face": FACE_EVENTS}


def receive(delivery: Delivery, settings: AucoSettings) -> Receipt:
    """Judge and read a delivery; never raises for what it contains.

    Raises:
        ConfigError: the account has no secret to judge it by.
    """
    authenticity = _judged(delivery, settings)
    if authenticity is None:
        problem = f"the header {settings.webhook_header} is missing or holds none of the accepted values"
        return Receipt(reply=_FORGED, problem=problem)
    problem = ""
    try:
        hook = _load(decode_object(delivery.body))
    except UnreadableBodyError as error:
        problem = str(error)
    except UnreadableReplyError as error:
        problem = error.message.replace("the vendor's answer", "the body")
    if problem:
        return Receipt(reply=_OK, authenticity=authenticity, problem=problem)
    return Receipt(reply=_OK, events=tuple(_events(hook, authenticity)), authenticity=authenticity)


def _judged(delivery: Delivery, settings: AucoSettings) -> Authenticity | None:
    secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]
    accepted = [secret for secret in secrets if secret.strip()]
    if not accepted and not settings.insecure_webhooks:
        raise ConfigError(
            "this account has no webhook_secrets, so anybody could send deliveries in Auco's name",
            hint="Set webhook_secrets to the value of the header that Auco was told to send, and webhook_header to "
            "its name; or say insecure_webhooks = true.",
        )
    if not accepted:
        return Authenticity.NONE
    shown = delivery.headers.get(settings.webhook_header)
    return Authenticity.SENDER_ONLY if shown is not None and same_secret(shown, accepted) else None


def _load(tree: dict[str, Any]) -> Hook:
    # An old page calls the person a text; then it is the name, and nothing else is known.
    named = {**tree, "signer": {"name": tree["signer"]}} if isinstance(tree.get("signer"), str) else tree
    return attrs.evolve(read(Hook, named, "the delivery"), raw=tree)


def _events(hook: Hook, authenticity: Authenticity) -> Iterator[Event]:
    row = event_row(_TABLES[hook.family], hook.status)
    signer = _signer(hook, row)
    documents = tuple(_document(document) for document in hook.documents or ())
    for kind in row.kinds if row else (EventKind.UNKNOWN,):
        yield Event(
            kind=kind,
            process_id=hook.process_id,
            signer=signer,
            documents=documents,
            message=hook.message,
            tags=tuple(str(tag) for tag in hook.tags or ()),
            authenticity=authenticity,
            dedupe_key=_key(hook, kind),
            vendor_status=hook.status,
            raw=hook.raw,
        )


def _key(hook: Hook, kind: EventKind) -> str:
    """Return what is the same for a repeated delivery; the vendor's code and status alone would merge two people."""
    person = hook.signer or HookSigner()
    documents = [part for document in hook.documents or () for part in (document.code, document.status)]
    who = (person.id, person.email, person.phone, None if person.id else person.name)
    # Where no code says which process it is, its name has to do.
    process = (hook.process_id, None if hook.process_id else hook.name)
    return dedupe_key("auco", hook.family, kind.value, hook.status, *process, *who, hook.message, *documents)


def _signer(hook: Hook, row: EventRow | None) -> Signer | None:
    person = hook.signer
    if person is None and hook.data is not None:
        person = HookSigner(name=hook.data.name)
    if person is None:
        return None
    status = (row.signer if row else None) or SignerStatus.UNKNOWN
    rule = f"auco.webhook.{hook.family}.{row.id if row else 'unknown'}"
    basis = Basis.EXACT if row else Basis.AMBIGUOUS
    return Signer(
        id=person.id or "",
        name=person.name or "",
        email=person.email,
        phone=person.phone,
        status=status,
        status_detail=StatusDetail(vendor_status=hook.status, basis=basis, rule=rule, status=status.name),
        reason=hook.message if status in (SignerStatus.DECLINED, SignerStatus.BLOCKED, SignerStatus.FAILED) else None,
    )


def _document(document: HookDocument) -> ProcessDocument:
    status, detail = PACKAGE_DOCUMENT.read(document.status)
    return ProcessDocument(id=document.code or "", name=document.name or "", status=status, status_detail=detail)
