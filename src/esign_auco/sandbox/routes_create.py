"""Creating single documents: `POST /document/upload`, `/document/save`, `/document/prebuild`."""

from __future__ import annotations

from typing import Any

from esign_auco.sandbox import forms, life, making, papers, rules, templates
from esign_auco.sandbox.links import FIVE_MINUTES, FIVE_SECONDS, upload_address
from esign_auco.sandbox.schema import read_pdf
from esign_auco.sandbox.state import Paper, Process, Signer, by_code, new_package, processes
from esign_auco.sandbox.visit import Refusal, Visit
from esign_core.providers.flow import Reply
from esign_core.sandbox import json_reply


def upload(visit: Visit) -> Reply:
    """Answer `POST /document/upload`."""
    body = visit.body()
    forms.upload(classic=visit.classic)(body, "")
    signers = body["signProfile"]
    _check(visit, body, signers)
    rules.places(signers, exactly=False)
    rules.sources(body, "file", "compress", least=0 if "document" in body else 1)
    if any(signer.get("label") for signer in signers) and "file" not in body:
        raise Refusal('"label" works with "file" only')
    if "document" in body:
        templates.known(visit, body["document"])
    old = in_edition(visit, body)
    made = _make(visit, body, making.people(visit, signers, body), old)
    paper = made["papers"][0]
    url = None
    if body.get("compress"):
        holds = FIVE_SECONDS if visit.classic else FIVE_MINUTES
        url = upload_address(visit, "document", f"{paper['code']}.pdf", holds)
    else:
        content = read_pdf(body["file"], "file") if "file" in body else papers.drawn([body["name"]])
        papers.keep(visit.state, paper, content)
        life.open_up(visit, made)
    return json_reply(200, {**_names(visit, made), **({"url": url} if url else {}), **_silenced(visit, made)})


def save(visit: Visit) -> Reply:
    """Answer `POST /document/save`: the signers come from the template and its variables."""
    body = visit.body()
    forms.save(classic=visit.classic)(body, "")
    template = templates.known(visit, body["document"])
    filled = templates.fill(template, body.get("data", []))
    _check(visit, body, filled)
    made = _make(visit, body, making.people(visit, filled, body) if body["sign"] else [], in_edition(visit, body))
    _print(visit, made, body.get("data", []))
    if not body["sign"]:
        # Nobody signs: the document is mailed for printing, and there is nothing left to wait for.
        made["status"] = made["papers"][0]["status"] = "FINISH"
    told = all(signer["told"] for signer in made["signers"])
    shown = {} if told else {"signProfile": making.told(made["signers"], phones=True)}
    return json_reply(200, {"document": made["key"], **shown})


def prebuild(visit: Visit) -> Reply:
    """Answer `POST /document/prebuild`: somebody completes the data before anybody is asked to sign."""
    body = visit.body()
    forms.prebuild(classic=visit.classic)(body, "")
    filled = templates.fill(templates.known(visit, body["document"]), body["preBuild"])
    _check(visit, body, filled)
    # `notification` says whether the recipient is written to, so it is not handed on to the signers.
    for_signers = {name: value for name, value in body.items() if name != "notification"}
    made = _make(visit, body, making.people(visit, filled, for_signers) if body["sign"] else [], None)
    _print(visit, made, body["preBuild"])
    return json_reply(200, {"document": made["key"]})


def in_edition(visit: Visit, body: dict[str, Any]) -> Process | None:
    """Find the process that a creation overwrites; only one that was put in edition can be."""
    if "code" not in body:
        return None
    found = by_code(visit.state, body["code"])
    if found is None or not found[0]["editing"] or found[0]["kind"] == "package":
        raise Refusal("DOCUMENT_NOT_FOUND")
    return found[0]


def _check(visit: Visit, body: dict[str, Any], signers: list[dict[str, Any]]) -> None:
    rules.member(body["email"])
    rules.expiry(visit, body)
    rules.level(body, "")
    rules.different_people(signers)
    rules.signer_checks(visit, signers, body)
    if "emailTo" not in body:
        default = body.get("notification", True)
        told = [rules.effective(signer, body) for signer in signers if signer.get("notification", default)]
        rules.letter(body, told)


def _make(visit: Visit, body: dict[str, Any], signers: list[Signer], old: Process | None) -> Process:
    paper: Paper = making.paper(visit, body["name"], signers)
    package = new_package(visit.state) if visit.classic else None
    if old is not None:
        paper["code"], package = old["key"], old["package"]
        del processes(visit.state)[old["key"]]
    made = making.process(visit, body, kind="document", package=package, signers=signers, papers=[paper])
    if old is not None:
        making.over(visit, old, made)
    return made


def _print(visit: Visit, made: Process, data: list[dict[str, str]]) -> None:
    lines = [made["name"], "", *(f"{item['key']}: {item['value']}" for item in data)]
    papers.keep(visit.state, made["papers"][0], papers.drawn(lines))
    life.open_up(visit, made)


def _names(visit: Visit, made: Process) -> dict[str, Any]:
    if visit.classic:
        return {"package": made["package"], "code": made["key"]}
    return {"document": made["key"]}


def _silenced(visit: Visit, made: Process) -> dict[str, Any]:
    # The older page knows no list of signers in this answer.
    if visit.classic or all(signer["told"] for signer in made["signers"]):
        return {}
    return {"signProfile": making.told(made["signers"], phones=True)}
