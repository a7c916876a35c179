"""Auco's webhooks: verified by a header of the account's choice, read into events.

Nothing in a delivery is signed, and it has neither an id nor a time: it is a hint that asks for a read. A field that
cannot be read costs that field; only the status word must be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs

from esign_auco.settings import AucoSettings
from esign_auco.statuses import DOCUMENT_EVENTS, FACE_EVENTS, PACKAGE_DOCUMENT, PACKAGE_EVENTS, EventRow, event_row
from esign_auco.wire.custom import reference_in, shows_reference
from esign_auco.wire.loading import maybe_text, objects_in, phone_of
from esign_core.model.errors import ConfigError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.process import ProcessDocument, Signer
from esign_core.model.status import Basis, SignerStatus, StatusDetail
from esign_core.model.strict_json import UnreadableBodyError, decode_object
from esign_core.providers.webhooks import dedupe_key, same_secret

__all__ = ["Hook", "HookDocument", "HookSigner", "RETRY_WINDOW", "receive"]

RETRY_WINDOW = timedelta(minutes=13)
"""For how long Auco repeats a delivery: 2, 4 and 6 minutes after each failure, which it notices within 10 seconds."""

_OK = WebhookReply(status=200)
# Never 401, 403 or 404: one rule for every vendor, because some switch a receiver off at these.
_FORGED = WebhookReply(status=400)


@attrs.frozen(kw_only=True)
class HookSigner:
    """The person a delivery is about."""

    id: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class HookDocument:
    """One document of a package's delivery."""

    code: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    status: str | None = None
    url: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Hook:
    """A delivery of any kind; some of a document's name no code."""

    status: str
    family: str
    """Which vocabulary its word belongs to: `package`, `face` or `document`."""
    process_id: str | None = None
    """The process it is about, where it names one."""
    name: str | None = attrs.field(default=None, repr=False)
    message: str | None = attrs.field(default=None, repr=False)
    url: str | None = attrs.field(default=None, repr=False)
    signer: HookSigner | None = None
    documents: tuple[HookDocument, ...] = ()
    tags: tuple[str, ...] = attrs.field(default=(), repr=False)
    reference: str | None = attrs.field(default=None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def has_files(self) -> bool:
        """Whether it names the address of the file, or of the file of each document of a package."""
        return (bool(self.documents) and all(each.url for each in self.documents)) or bool(self.url)


_TABLES = {"document": DOCUMENT_EVENTS, "package": PACKAGE_EVENTS, "face": FACE_EVENTS}


def receive(delivery: Delivery, settings: AucoSettings) -> Receipt:
    """Verify and read a delivery; never raises for what it contains.

    Raises:
        ConfigError: the account has no secret to verify it by.
    """
    authenticity = _verified(delivery, settings)
    if authenticity is None:
        problem = f"the header {settings.webhook_header} is missing or has none of the accepted values"
        return Receipt(reply=_FORGED, problem=problem)
    problem = ""
    try:
        hook = _load(decode_object(delivery.body))
    except UnreadableBodyError as error:
        problem = str(error)
    if problem:
        return Receipt(reply=_OK, authenticity=authenticity, problem=problem)
    return Receipt(reply=_OK, events=tuple(_events(hook, authenticity)), authenticity=authenticity)


def _verified(delivery: Delivery, settings: AucoSettings) -> Authenticity | None:
    secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]
    accepted = [secret for secret in secrets if secret.strip()]
    if not accepted and not settings.insecure_webhooks:
        raise ConfigError(
            "this account has no webhook_secrets, so a delivery of anyone would be accepted as Auco's",
            hint="Set webhook_secrets to the value of the header that Auco is configured to send, and webhook_header "
            "to its name; or set insecure_webhooks = true.",
        )
    if not accepted:
        return Authenticity.NONE
    shown = delivery.headers.get(settings.webhook_header)
    return Authenticity.SENDER_ONLY if shown is not None and same_secret(shown, accepted) else None


def _load(tree: dict[str, Any]) -> Hook:
    status = tree.get("status")
    if not isinstance(status, str):
        raise UnreadableBodyError("the body has no status")
    package, code = _filled(tree.get("package")), _filled(tree.get("code"))
    family = "face" if tree.get("type") == "veriface" else "document"
    # The page on packages calls `tags` "tags or custom fields", so that the reference may stand among them.
    tags = _items(tree.get("tags"))
    return Hook(
        status=status,
        family=family if package is None else "package",
        process_id=package or code,
        name=maybe_text(tree.get("name")),
        message=maybe_text(tree.get("message")),
        url=maybe_text(tree.get("url")),
        signer=_person(tree),
        documents=tuple(map(_listed, objects_in(tree.get("documents")))),
        tags=tuple(tag for tag in map(maybe_text, tags) if tag and not shows_reference(tag)),
        reference=reference_in(tree.get("custom")) or reference_in(tags),
        raw=tree,
    )


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _person(tree: Mapping[str, Any]) -> HookSigner | None:
    """Return the person a delivery names, or None where it names no one."""
    given = tree.get("signer")
    if isinstance(given, Mapping):
        person = HookSigner(
            id=_filled(given.get("id")),
            name=_filled(given.get("name")),
            email=_filled(given.get("email")),
            phone=phone_of(_filled(given.get("phone"))),
        )
    else:
        # An old page types the signer as a text, and AucoFace names its person in `data`.
        data = tree.get("data")
        named = given if isinstance(given, str) else None
        person = HookSigner(name=_filled(named) or _filled(data.get("name") if isinstance(data, Mapping) else None))
    return None if person == HookSigner() else person


def _filled(value: Any) -> str | None:
    text = maybe_text(value)
    return text if text and text.strip() else None


def _listed(tree: Mapping[str, Any]) -> HookDocument:
    return HookDocument(**{name: maybe_text(tree.get(name)) for name in ("code", "name", "status", "url")})


def _events(hook: Hook, authenticity: Authenticity) -> Iterator[Event]:
    row = event_row(_TABLES[hook.family], hook.status)
    signer = _signer(hook, row)
    documents = tuple(map(_document, hook.documents))
    for kind, basis in _kinds(hook, row):
        yield Event(
            kind=kind,
            process_id=hook.process_id,
            reference=hook.reference,
            name=hook.name,
            signer=signer,
            documents=documents,
            message=hook.message,
            tags=hook.tags,
            authenticity=authenticity,
            basis=basis,
            dedupe_key=_key(hook, kind),
            dedupe_for=RETRY_WINDOW,
            vendor_status=hook.status,
            raw=hook.raw,
        )


def _kinds(hook: Hook, row: EventRow | None) -> Iterator[tuple[EventKind, Basis]]:
    """Yield what a delivery says, and how sure that is; nothing about a signer where it names none."""
    if row is None:
        yield EventKind.UNKNOWN, Basis.AMBIGUOUS
        return
    if row.signer is not None and hook.signer is None:
        about_process = [kind for kind in row.kinds if not kind.value.startswith("signer.")]
        yield from ((kind, Basis.AMBIGUOUS) for kind in about_process or (EventKind.UNKNOWN,))
        return
    for kind in row.kinds:
        if kind is not EventKind.FILES_READY:
            yield kind, row.basis
        elif hook.has_files:
            yield kind, Basis.DERIVED


def _key(hook: Hook, kind: EventKind) -> str:
    """Return what is the same for a repeated delivery; the vendor's code and status alone would merge two people."""
    person = hook.signer or HookSigner()
    documents = [part for document in hook.documents for part in (document.code, document.status)]
    who = (person.id, person.email, person.phone, None if person.id else person.name)
    # Without a code or a package, the name has to identify the process.
    process = (hook.process_id, None if hook.process_id else hook.name)
    return dedupe_key("auco", hook.family, kind.value, hook.status, *process, *who, hook.message, *documents)


def _signer(hook: Hook, row: EventRow | None) -> Signer | None:
    person = hook.signer
    if person is None:
        return None
    status = (row.signer if row else None) or SignerStatus.UNKNOWN
    rule = f"auco.webhook.{hook.family}.{row.id if row else 'unknown'}"
    basis = row.basis if row else Basis.AMBIGUOUS
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
