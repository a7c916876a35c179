"""Packages of documents and requests for attachments: `POST /document/many` and `POST /package/upload`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from esign_auco.sandbox import forms, life, making, messages, papers, rules, templates
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import FIVE_MINUTES, FIVE_SECONDS, upload_address
from esign_auco.sandbox.schema import read_pdf, refuse_if
from esign_auco.sandbox.state import PACKAGE_LENGTH, Process, by_package, new_package, processes
from esign_core.sandbox import Reply, json_reply

_CHECKS: Final = ("camera", "otpCode", "options", "both")
_SEQUENCE: Final = ("role", "order")


def many(context: Context) -> Reply:
    """Answer `POST /document/many`."""
    body = context.body()
    _codes(body)
    forms.many(classic=context.classic)(body, "")
    rules.member(body["email"])
    rules.expiry(context, body)
    rules.level(body, "")
    by_template = _mode(body)
    given = [_signers(context, body, document) for document in body["documents"]]
    persons = _persons(given, body)
    rules.different_people(persons, body.get("readers", []), readers_apart=True)
    rules.signer_checks(context, persons, body)
    made = _make(context, body, given, persons)
    shown: list[dict[str, Any]] = []
    for paper, document in zip(made["papers"], body["documents"], strict=True):
        listed: dict[str, Any] = {"name": paper["name"], "code": paper["code"]}
        if by_template:
            data = document.get("data", body.get("data", []))
            papers.keep(context.state, paper, papers.drawn([f"{item['key']}: {item['value']}" for item in data]))
        else:
            address = upload_address(context, "document", f"{paper['code']}.pdf", FIVE_MINUTES)
            listed = {"url": address, **listed}
        of_paper = [signer for signer in made["signers"] if signer["id"] in paper["signers"]]
        shown.append({**listed, "signProfile": making.shown(of_paper, phones=False)})
    life.open_up(context, made)
    return json_reply(200, {"id": made["key"], "documents": shown})


def attachments(context: Context) -> Reply:
    """Answer `POST /package/upload`: a request for attachments, with a document to sign or without."""
    body = context.body()
    for signer in _dicts(body.get("signProfile")):
        if "notification" in signer:
            raise VendorError(messages.SIGNER_NOTIFICATION_NOT_SUPPORTED)
    forms.package_upload(classic=context.classic)(body, "")
    rules.member(body["email"])
    rules.expiry(context, body)
    rules.level(body, "")
    rules.sources(body, "file", "compress", "document", least=0)
    rules.different_people(body["signProfile"])
    rules.places(body["signProfile"], exactly=True)
    rules.signer_checks(context, body["signProfile"], body)
    has_paper = bool(body.get("file") or body.get("compress") or body.get("document"))
    refuse_if(has_paper and "name" not in body, "name", "is required")
    if body.get("compress") and any(signer.get("label") for signer in body["signProfile"]):
        raise VendorError(messages.LABEL_WITHOUT_FILE)
    if "document" in body:
        templates.known(context, body["document"])
    signers = making.people(context, body["signProfile"], body)
    listed = [making.paper(context, body["name"], signers)] if has_paper else []
    package = new_package(context.state)
    made = making.process(context, body, kind="attachments", package=package, signers=signers, papers=listed)
    answer: dict[str, Any] = {"package": package}
    if has_paper:
        answer["code"] = made["key"]
        answer |= _source(context, body, made)
    life.open_up(context, made)
    return json_reply(200, answer)


def _source(context: Context, body: dict[str, Any], made: Process) -> dict[str, str]:
    (paper,) = made["papers"]
    if body.get("compress"):
        # Five seconds here in both dialects: this page has kept what the other one changed.
        return {"url": upload_address(context, "document", f"{paper['code']}.pdf", FIVE_SECONDS)}
    content = read_pdf(body["file"], "file") if "file" in body else papers.drawn([body["name"]])
    papers.keep(context.state, paper, content)
    return {}


def _codes(body: dict[str, Any]) -> None:
    documents = body.get("documents")
    if isinstance(documents, list) and len(documents) < 2:
        raise VendorError(messages.DOCUMENTS_MIN_TWO)
    for document in _dicts(documents):
        for signer in _dicts(document.get("signProfile")):
            if not signer.get("email"):
                raise VendorError(messages.SIGNER_EMAIL_REQUIRED)
            if any(name in signer for name in _CHECKS):
                raise VendorError(messages.SIGNER_VALIDATIONS_NOT_SUPPORTED)
            if any(name in signer for name in _SEQUENCE):
                raise VendorError(messages.SIGNER_SEQUENCE_NOT_SUPPORTED)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _mode(body: dict[str, Any]) -> bool:
    """Return whether the documents come from templates; templates and PDFs do not go together."""
    by_template = ["document" in document or "document" in body for document in body["documents"]]
    by_pdf = ["signProfile" in document for document in body["documents"]]
    if any(by_template) and any(by_pdf):
        raise VendorError(messages.exclusive("document", "signProfile"))
    for index, (one, other) in enumerate(zip(by_template, by_pdf, strict=True)):
        refuse_if(not one and not other, f"documents[{index}].signProfile", "is required")
    return all(by_template)


def _signers(context: Context, body: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    if "signProfile" in document:
        signers: list[dict[str, Any]] = document["signProfile"]
        rules.places(signers, exactly=False, path="documents[].signProfile")
    else:
        template = templates.known(context, document.get("document") or body["document"])
        signers = templates.fill(template, document.get("data", body.get("data", [])))
    rules.different_people(signers)
    return signers


def _persons(given: list[list[dict[str, Any]]], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Join what is said about the same e-mail in several documents; silence in one of them is silence in all."""
    persons: dict[str, dict[str, Any]] = {}
    for signer in (signer for signers in given for signer in signers):
        known = persons.setdefault(signer["email"].casefold(), dict(signer))
        for name, value in signer.items():
            known.setdefault(name, value)
        told = signer.get("notification", body.get("notification", True))
        known["notification"] = told and known.get("notification", body.get("notification", True))
    return list(persons.values())


def _make(
    context: Context, body: dict[str, Any], given: list[list[dict[str, Any]]], persons: list[dict[str, Any]]
) -> Process:
    old = _in_edition(context, body)
    package = old["key"] if old else new_package(context.state)
    if old:
        del processes(context.state)[old["key"]]
    signers = making.people(context, persons, body)
    by_email: Mapping[str, Any] = {signer["email"].casefold(): signer for signer in signers}
    listed = [
        making.paper(context, document.get("name", f"Documento {number}"), [by_email[_mail(one)] for one in of_paper])
        for number, (document, of_paper) in enumerate(zip(body["documents"], given, strict=True), 1)
    ]
    made = making.process(context, body, kind="package", package=package, signers=signers, papers=listed)
    if old:
        making.over(context, old, made)
    return made


def _mail(signer: Mapping[str, Any]) -> str:
    return str(signer["email"]).casefold()


def _in_edition(context: Context, body: dict[str, Any]) -> Process | None:
    if "package" not in body:
        return None
    if len(body["package"]) != PACKAGE_LENGTH:
        raise VendorError(messages.PACKAGE_ID_INVALID)
    found = by_package(context.state, body["package"])
    if found is None or not found["editing"]:
        raise VendorError(messages.PACKAGE_NOT_FOUND)
    return found
