"""Which field of Auco's carries what on which creation path: one table, for requests, rules and docs."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from esign_auco.settings import AucoSettings
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import ProcessDraft

__all__ = ["FIELDS", "Field", "Path", "choose", "field", "place", "travels_inline"]


class Path(enum.Enum):
    """The ways to create a process, of which a draft's contents choose one."""

    UPLOAD = "one PDF"
    SAVE = "one template"
    MANY = "several PDFs"
    MANY_TEMPLATES = "several templates"
    ATTACHMENTS = "files asked of signers, with one document or none"

    @property
    def address(self) -> str:
        """The path of the request, below the account's address."""
        return _ADDRESSES[self]

    @property
    def is_package(self) -> bool:
        """Whether it creates a package of documents that are signed together."""
        return self in (Path.MANY, Path.MANY_TEMPLATES)

    @property
    def is_template(self) -> bool:
        """Whether the people come from templates and not from the draft."""
        return self in (Path.SAVE, Path.MANY_TEMPLATES)


_ADDRESSES = {
    Path.UPLOAD: "/document/upload",
    Path.SAVE: "/document/save",
    Path.MANY: "/document/many",
    Path.MANY_TEMPLATES: "/document/many",
    Path.ATTACHMENTS: "/package/upload",
}


def choose(draft: ProcessDraft) -> Path:
    """Return the path a draft takes, from what it holds."""
    if not draft.documents or any(signer.attachments for signer in draft.signers):
        return Path.ATTACHMENTS
    templates = all(isinstance(document, TemplateDocument) for document in draft.documents)
    if len(draft.documents) == 1:
        return Path.SAVE if templates else Path.UPLOAD
    return Path.MANY_TEMPLATES if templates else Path.MANY


def travels_inline(draft: ProcessDraft, path: Path, settings: AucoSettings) -> bool:
    """Return whether the draft's PDF is part of the request."""
    pdf = draft.documents[0] if draft.documents else None
    small = isinstance(pdf, Document) and pdf.size is not None and pdf.size <= settings.inline_limit
    return small and path in (Path.UPLOAD, Path.ATTACHMENTS)


@attrs.frozen
class Field:
    """One row: a neutral field, and the field of Auco's that carries it on each path that has a place for it."""

    neutral: str
    """`expires_at`, `signers[].phone`, ...; after a colon, the value or the part that is meant."""
    carried: Mapping[Path, str]
    """Auco's name in full, `[]` for each element of a list; what is carried by more than one field names all."""
    hint: str = ""
    """What to do on a path that has no place for it."""
    note: bool = False
    """True: it is left out where it has no place; False: it is refused there."""

    def at(self, path: Path) -> str | None:
        """Return Auco's name on a path, or None where it has no place there."""
        return self.carried.get(path)


def _row(
    neutral: str,
    *,
    upload: str | None = None,
    save: str | None = None,
    many: str | None = None,
    many_templates: str | None = None,
    attachments: str | None = None,
    hint: str = "",
    note: bool = False,
) -> Field:
    names = (upload, save, many, many_templates, attachments)
    carried = {path: name for path, name in zip(Path, names, strict=True) if name is not None}
    return Field(neutral, carried, hint, note)


def _everywhere(neutral: str, name: str) -> Field:
    return Field(neutral, dict.fromkeys(Path, name))


def _root_unless_attachments(neutral: str, name: str, hint: str) -> Field:
    return Field(neutral, {path: name for path in Path if path is not Path.ATTACHMENTS}, hint)


def _person(
    neutral: str, name: str, hint: str = "", *, in_packages: bool = True, with_attachments: bool = True
) -> Field:
    many = f"documents[].signProfile[].{name}" if in_packages else None
    attachments = f"signProfile[].{name}" if with_attachments else None
    return _row(f"signers[].{neutral}", upload=f"signProfile[].{name}", many=many, attachments=attachments, hint=hint)


def _identity(neutral: str, *names: str) -> Field:
    person = ", ".join(f"signProfile[].{name.replace(' or ', ' or signProfile[].')}" for name in names)
    whole = ", ".join(names)
    hint = "ask this of people in a process of one document"
    return _row(f"signers[].{neutral}", upload=person, many=whole, attachments=person, hint=hint)


_ONE_DOCUMENT = "send each document as a process of its own"
_FILES = "ask for files in a process of one document or none"
_COPIES = "send the finished file to them yourself"
_NO_TEMPLATE = "the template says who signs: leave signers out, and give what is theirs among the template's values"

FIELDS: tuple[Field, ...] = (
    _row(
        "name",
        upload="name",
        save="name",
        many="name",
        many_templates="name",
        attachments="packageName, name (with a document)",
    ),
    _everywhere("subject", "subject"),
    _everywhere("message", "message"),
    _everywhere("folder", "folder"),
    _everywhere("remind_every", "remember"),
    _everywhere("expires_at", "expiredDate"),
    _root_unless_attachments("cc", "readers", _COPIES),
    _root_unless_attachments("cc[].name", "readers[].name", _COPIES),
    _root_unless_attachments("cc[].email", "readers[].email", _COPIES),
    _root_unless_attachments("notify", "notification", "leave it out: who is asked for files is always notified"),
    _row("reference", upload="custom.reference", many="custom.reference", many_templates="custom.reference", note=True),
    _row("tags", upload="tags", save="tags", note=True),
    _row("ordered", upload="signProfile[].order", attachments="signProfile[].order", hint=_ONE_DOCUMENT),
    _row(
        "documents[]: PDF",
        upload="file or compress",
        many="PUT to documents[].url of the answer",
        attachments="file or compress",
        hint="send PDFs and templates as processes of their own",
    ),
    _row("documents[].name: PDF", many="documents[].name", note=True),
    _row(
        "documents[]: template",
        save="document",
        many_templates="documents[].document",
        attachments="document",
        hint="send PDFs and templates as processes of their own",
    ),
    _row("documents[].name: template", many_templates="documents[].name", note=True),
    _row(
        "documents[].values",
        save="data[].key, data[].value",
        many_templates="documents[].data[].key, documents[].data[].value",
        hint="Auco fills in no values where it asks for files: ask for the files in a process of their own",
    ),
    _row("signers", upload="signProfile", many="documents[].signProfile", attachments="signProfile", hint=_NO_TEMPLATE),
    _person("name", "name"),
    _person("email", "email"),
    _person("phone", "phone"),
    _person("role: APPROVER", "role", _ONE_DOCUMENT, in_packages=False),
    _person(
        "notify",
        "notification",
        "leave it out: who is asked for files is always notified",
        with_attachments=False,
    ),
    _person(
        "channel: NONE",
        "notification",
        "choose another channel: who is asked for files is always notified",
        with_attachments=False,
    ),
    _identity("channel: WHATSAPP", "options.whatsapp"),
    _identity("channel: EMAIL_AND_WHATSAPP", "options.whatsapp", "both (classic) or options.both (current)"),
    _identity("challenges: otp", "otpCode", "options.otpCode"),
    _identity("challenges: face_photo", "camera", "options.camera"),
    _row(
        "signers[].challenges: id_document",
        upload=(
            "signProfile[].camera, signProfile[].options.camera, signProfile[].identification, "
            "signProfile[].identificationType, signProfile[].country"
        ),
        many=(
            "camera, options.camera, documents[].signProfile[].identification, "
            "documents[].signProfile[].identificationType, documents[].signProfile[].country"
        ),
        attachments=(
            "signProfile[].camera, signProfile[].options.camera, signProfile[].identification, "
            "signProfile[].identificationType, signProfile[].country"
        ),
    ),
    _identity(
        "challenges: id_document(back=True)",
        "options.identificationCardback (classic) or options.identificationCardBack (current)",
    ),
    _identity("challenges: video", "camera", "options.video (classic)"),
    _person("placements: box", "position"),
    _person(
        "placements: tag", "label", "give boxes: Auco finds tags only in a PDF inside the request", in_packages=False
    ),
    _person("placements: template_role", "type"),
    _row(
        "signers[].placements: template_role(template_id=)",
        upload="document",
        hint="name the role alone: Auco takes no template beside the documents here",
    ),
    _row("signers[].documents", upload="(the only one)", many="documents[].signProfile", attachments="(the only one)"),
    _row(
        "signers[].attachments",
        attachments="signProfile[].files",
        hint=_FILES,
    ),
    _row("signers[].attachments[].name", attachments="signProfile[].files[].name", hint=_FILES),
    _row("signers[].attachments[].required", attachments="signProfile[].files[].optional (the opposite)", hint=_FILES),
)
"""The table. In addition, every request carries the account's `sender` as `email`, `/document/save` carries
`sign` (always true), and `extras` are merged in: objects member by member at any depth, everything else replaced,
lists as a whole. What `extras` ask of all signers by `camera`, `otpCode`, `both` or `options` is also written into each
signer who has proofs of their own, because Auco lets such a signer inherit nothing."""

_BY_NAME = {row.neutral: row for row in FIELDS}


def field(neutral: str) -> Field:
    """Return the row of a neutral field."""
    return _BY_NAME[neutral]


def place(neutral: str, path: Path) -> str | None:
    """Return the last part of Auco's name for a neutral field on a path, or None where it has no place there."""
    name = field(neutral).at(path)
    return None if name is None else name.rpartition(".")[2]
