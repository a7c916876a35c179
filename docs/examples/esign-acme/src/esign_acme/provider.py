"""The provider: what Acme Sign wants to be asked, and what its answers mean."""

import re
from datetime import datetime
from typing import Any, ClassVar

import attrs
from esign_core import (
    Call,
    Capabilities,
    Feature,
    Flow,
    Process,
    ProcessDraft,
    ProcessStatus,
    Provider,
    Reply,
    Secret,
    Settings,
    Signer,
    SignerStatus,
    hookimpl,
)
from esign_core.model.status import Rule, Vocabulary
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import load, make_converter


@attrs.frozen(kw_only=True)
class AcmeSettings(Settings):
    """What an account at Acme Sign can set."""

    environments: ClassVar = {"production": "https://api.acme.example.com"}
    required: ClassVar = ("api_key",)

    api_key: Secret[str] | None = None
    """The key of the account."""


ENVELOPE = Vocabulary(
    "acme.envelope",
    ProcessStatus.UNKNOWN,
    [
        Rule("open", "open", ProcessStatus.IN_PROGRESS, source="Acme's manual, page 3"),
        Rule("closed", "closed", ProcessStatus.COMPLETED, source="Acme's manual, page 3"),
        Rule("refused", "refused", ProcessStatus.DECLINED, source="Acme's manual, page 4"),
    ],
)
PERSON = Vocabulary(
    "acme.person",
    SignerStatus.UNKNOWN,
    [
        Rule("asked", "asked", SignerStatus.NOTIFIED, source="Acme's manual, page 3"),
        Rule("signed", "signed", SignerStatus.DONE, source="Acme's manual, page 3"),
        Rule("refused", "refused", SignerStatus.DECLINED, source="Acme's manual, page 4"),
    ],
)


@attrs.frozen(kw_only=True)
class Person:
    """A person in Acme's own shape."""

    id: str
    name: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    state: str


@attrs.frozen(kw_only=True)
class Envelope:
    """An envelope in Acme's own shape."""

    id: str
    title: str = attrs.field(repr=False)
    state: str
    people: tuple[Person, ...]


_CONVERTER = make_converter()


class Acme(Provider):
    """Acme Sign: one PDF, people asked by e-mail, signatures on a page that Acme adds."""

    name = "acme"
    Settings = AcmeSettings
    capabilities = Capabilities(features=[Feature.OWN_PLACEMENT])

    def authorize(self, call: Call) -> Call:
        """Return the call with the account's key."""
        return call.with_headers({"X-Api-Key": self.settings.api_key.get_secret_value()})

    def owns(self, process_id: str) -> bool:
        """Tell whether an id has the form of an envelope's."""
        return re.fullmatch(r"env_[0-9]{8}", process_id) is not None

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Send an envelope."""
        refuse(self.check(draft, now))
        people = [{"name": signer.name, "email": signer.email} for signer in draft.signers]
        body: dict[str, Any] = {"title": draft.name, "pdf": draft.documents[0], "people": people, **draft.extras}
        reply = yield Call.post("/v1/envelopes", json=body)
        return _process(reply)

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read an envelope."""
        reply = yield Call.get(f"/v1/envelopes/{process_id}", process_id=process_id)
        return _process(reply)

    @classmethod
    def sandbox(cls, settings: AcmeSettings) -> Any:
        """Return Acme Sign as an emulator."""
        from esign_acme.sandbox import Box

        return Box(settings)


def _process(reply: Reply) -> Process:
    tree = reply.json()
    found = load(_CONVERTER, Envelope, tree, "the envelope")
    status, detail = ENVELOPE.read(found.state)
    people = [_signer(person) for person in found.people]
    return Process(id=found.id, name=found.title, status=status, status_detail=detail, signers=people, raw=tree)


def _signer(person: Person) -> Signer:
    status, detail = PERSON.read(person.state)
    return Signer(id=person.id, name=person.name, email=person.email, status=status, status_detail=detail)


@hookimpl
def esign_provider() -> type[Provider]:
    """Return the provider's class."""
    return Acme
