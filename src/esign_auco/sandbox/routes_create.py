"""Creating single documents: `POST /document/upload`, `/document/save`, `/document/prebuild`."""

from __future__ import annotations

from typing import Any

from esign_auco.sandbox import forms, life, making, messages, papers, rules, templates
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import FIVE_MINUTES, FIVE_SECONDS, upload_address
from esign_auco.sandbox.schema import read_pdf
from esign_auco.sandbox.state import Paper, Process, Signer, by_code, new_package, processes
from esign_core.sandbox import Reply, json_reply


def upload(context: Context) -> Reply:
    """Answer `POST /document/upload`."""
    body = context.body()
    forms.upload(classic=context.classic)(body, "")
    signers = body["signProfile"]
    _check(context, body, signers)
    rules.places(signers, exactly=False)
    rules.sources(body, "file", "compress", least=0 if "document" in body else 1)
    if any(signer.get("label") for signer in signers) and "file" not in body:
        raise VendorError(messages.LABEL_WITHOUT_FILE)
    if "document" in body:
        templates.known(context, body["document"])
    old = in_edition(context, body)
    made = _make(context, body, making.people(context, signers, body), old)
    paper = made["papers"][0]
    url = None
    if body.get("compress"):
        holds = FIVE_SECONDS if context.classic else FIVE_MINUTES
        url = upload_address(context, "document", f"{paper['code']}.pdf", holds)
    else:
        content = read_pdf(body["file"], "file") if "file" in body else papers.drawn([body["name"]])
        papers.keep(context.state, paper, content)
        life.open_up(context, made)
    return json_reply(200, {**_names(context, made), **({"url": url} if url else {}), **_silenced(context, made)})


def save(context: Context) -> Reply:
    """Answer `POST /document/save`: the signers come from the template and its variables."""
    body = context.body()
    forms.save(classic=context.classic)(body, "")
    template = templates.known(context, body["document"])
    filled = templates.fill(template, body.get("data", []))
    _check(context, body, filled)
    made = _make(context, body, making.people(context, filled, body) if body["sign"] else [], in_edition(context, body))
    _print(context, made, body.get("data", []))
    if not body["sign"]:
        # No one signs: the document is mailed for printing, and there is nothing to wait for.
        made["status"] = made["papers"][0]["status"] = "FINISH"
    told = all(signer["told"] for signer in made["signers"])
    shown = {} if told else {"signProfile": making.shown(made["signers"], phones=True)}
    return json_reply(200, {"document": made["key"], **shown})


def prebuild(context: Context) -> Reply:
    """Answer `POST /document/prebuild`: a person completes the data before the signers are asked."""
    body = context.body()
    forms.prebuild(classic=context.classic)(body, "")
    filled = templates.fill(templates.known(context, body["document"]), body["preBuild"])
    _check(context, body, filled)
    # `notification` says whether the recipient is written to, so it is not handed on to the signers.
    for_signers = {name: value for name, value in body.items() if name != "notification"}
    made = _make(context, body, making.people(context, filled, for_signers) if body["sign"] else [], None)
    _print(context, made, body["preBuild"])
    return json_reply(200, {"document": made["key"]})


def in_edition(context: Context, body: dict[str, Any]) -> Process | None:
    """Find the process that a creation overwrites; only one that was put in edition can be."""
    if "code" not in body:
        return None
    found = by_code(context.state, body["code"])
    if found is None or not found[0]["editing"] or found[0]["kind"] == "package":
        raise VendorError(messages.DOCUMENT_NOT_FOUND)
    return found[0]


def _check(context: Context, body: dict[str, Any], signers: list[dict[str, Any]]) -> None:
    rules.member(body["email"])
    rules.expiry(context, body)
    rules.level(body, "")
    rules.different_people(signers)
    rules.signer_checks(context, signers, body)
    if "emailTo" not in body:
        default = body.get("notification", True)
        told = [rules.effective(signer, body) for signer in signers if signer.get("notification", default)]
        rules.letter(body, told)


def _make(context: Context, body: dict[str, Any], signers: list[Signer], old: Process | None) -> Process:
    paper: Paper = making.paper(context, body["name"], signers)
    package = new_package(context.state) if context.classic else None
    if old is not None:
        paper["code"], package = old["key"], old["package"]
        del processes(context.state)[old["key"]]
    made = making.process(context, body, kind="document", package=package, signers=signers, papers=[paper])
    if old is not None:
        making.over(context, old, made)
    return made


def _print(context: Context, made: Process, data: list[dict[str, str]]) -> None:
    lines = [made["name"], "", *(f"{item['key']}: {item['value']}" for item in data)]
    papers.keep(context.state, made["papers"][0], papers.drawn(lines))
    life.open_up(context, made)


def _names(context: Context, made: Process) -> dict[str, Any]:
    if context.classic:
        return {"package": made["package"], "code": made["key"]}
    return {"document": made["key"]}


def _silenced(context: Context, made: Process) -> dict[str, Any]:
    # The older page knows no list of signers in this answer.
    if context.classic or all(signer["told"] for signer in made["signers"]):
        return {}
    return {"signProfile": making.shown(made["signers"], phones=True)}
