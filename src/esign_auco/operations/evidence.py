"""What signers showed of themselves: images, and how similar the face is to that of the document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.operations.shared import ProcessOrId, owned
from esign_auco.provider import Auco
from esign_auco.wire.loading import Link, answered_at, read, read_object, unexpected
from esign_core.model.errors import UnsupportedError
from esign_core.providers.convert import Text, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = ["Evidence", "Image", "LIFETIME", "WireEvidence", "WireImage", "load_evidence", "signer_images"]

LIFETIME = timedelta(minutes=5)
"""How long the addresses of images hold."""


@attrs.frozen(kw_only=True)
class Image:
    """An image of a signer: its data, or a link that holds for five minutes."""

    data: str | None = attrs.field(default=None, repr=False)
    """A `data:` address that contains the image itself."""
    link: Link | None = None


@attrs.frozen(kw_only=True)
class Evidence:
    """What a person showed of themselves when signing; what they did not show is None."""

    id: str = ""
    name: str = attrs.field(default="", repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    identification_card: Image | None = None
    identification_card_back: Image | None = None
    photo: Image | None = None
    similarity: float | None = None
    """How far the face is that of the document, in percent, where Auco gives it."""
    scores: Any = attrs.field(default=None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class WireImage:
    """An image as the answer has it."""

    type: str = wired("type")
    data: str = wired("data", repr=False)


@attrs.frozen(kw_only=True)
class WireEvidence:
    """A person with images, as the answer has them."""

    id: Text = wired("id", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    identification_card: WireImage | None = wired("identificationCard", None)
    identification_card_back: WireImage | None = wired("identificationCardBack", None)
    photo: WireImage | None = wired("photo", None)
    similarity: float | None = wired("similarity", None)
    scores: Any = wired("scores", None, repr=False)


def load_evidence(reply: Reply, now: datetime | None) -> tuple[Evidence, ...]:
    """Read what each signer showed of themselves.

    Raises:
        UnreadableReplyError: the answer lists no people.
    """
    people = read_object(reply, "the images").get("signProfile")
    if not isinstance(people, list):
        raise unexpected("the images list no people")
    moment = answered_at(reply, now)
    return tuple(_evidence(person, moment) for person in people)


def _evidence(tree: Any, moment: datetime | None) -> Evidence:
    person = read(WireEvidence, tree, "a signer")
    return Evidence(
        id=person.id or "",
        name=person.name or "",
        email=person.email,
        identification_card=_image(person.identification_card, moment),
        identification_card_back=_image(person.identification_card_back, moment),
        photo=_image(person.photo, moment),
        similarity=person.similarity,
        scores=person.scores,
        raw=tree,
    )


def _image(image: WireImage | None, moment: datetime | None) -> Image | None:
    if image is None:
        return None
    if image.type == "presigned":
        return Image(link=Link.made(image.data, LIFETIME, moment))
    return Image(data=image.data)


def signer_images(
    provider: Auco, process_id: ProcessOrId, *, now: datetime | None = None
) -> Flow[tuple[Evidence, ...]]:
    """Read what each signer of a document showed of themselves: photo, identity document, and how similar they are."""
    process_id = owned(provider, process_id)
    if provider.is_package(process_id):
        raise UnsupportedError(
            "Auco shows images document by document",
            process_id=process_id,
            hint="Ask for each of the package's documents: process.documents.",
        )
    query = {"code": process_id, "image": "true"}
    reply = yield Call.get("/document", query=query, process_id=process_id)
    return load_evidence(reply, now)
