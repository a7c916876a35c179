"""The routes about webhook configurations: create, list, switch on and off."""

from __future__ import annotations

from typing import Final

from esign_arqsign.sandbox import account, messages, payload, schema, webhooks
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE, Context, Problems, VendorError
from esign_arqsign.sandbox.reading import Tree, read_body, read_id
from esign_core.providers.flow import Reply

MOST: Final = 25
_DATA: Final = ("processo", "signatarios", "documentos", "linkDocCompartilhado", "registrosAssinatura")


def create(context: Context) -> Reply:
    """Create a configuration, with a secret of its own."""
    body: Tree = read_body(context, schema.HOOK)
    known = webhooks.hooks(context.state)
    problems = Problems()
    users = _users(context, body, problems)
    accounts = account.of(context.state)
    if any(one not in accounts["groups"] for one in body["grupos"] or ()):
        problems.add(MALFORMED, messages.NO_GROUP)
    if any(one not in accounts["folders"] for one in body["pastas"] or ()):
        problems.add(MALFORMED, messages.NO_FOLDER)
    if not body["gatilhos"]:
        problems.add(MALFORMED, messages.required(["gatilhos"]))
    if any(hook["name"].casefold() == body["nome"].casefold() for hook in known.values()):
        problems.add(UNPROCESSABLE, messages.SAME_HOOK_NAME)
    if len(known) >= MOST:
        problems.add(UNPROCESSABLE, messages.too_many_hooks(MOST))
    problems.settle()
    number = context.state.number("hook")
    hook = webhooks.configuration(
        context.state.make_guid("arqsign-hook", number),
        context.state.make_id("arqsign-hmac", number, length=32),
        name=body["nome"],
        status=body["status"],
        url=body["urlPublicar"],
        wait=bool(body["aguardarRetorno"]),
        users=users,
        groups=body["grupos"] or [],
        folders=body["pastas"] or [],
        numbers=body["gatilhos"],
        data=_data(body["dadosRetorno"] or {}),
    )
    known[hook["id"]] = hook
    return context.answer({"id": hook["id"], "nome": hook["name"], "chaveHMAC": hook["secret"]})


def _users(context: Context, body: Tree, problems: Problems) -> list[str]:
    known = account.of(context.state)["users"]
    asked = body["usuarios"] or []
    if any(one not in known for one in asked):
        problems.add(MALFORMED, messages.NO_USER)
        return []
    active = [one for one in asked if known[one]["status"] == "Ativo"]
    if asked and not active:
        problems.add(MALFORMED, messages.INACTIVE_USER)
    return active


def _data(given: Tree) -> Tree:
    data: Tree = {name: bool(given.get(name)) for name in _DATA}
    data["documentosTipo"] = given.get("documentosTipo") if data["documentos"] else None
    data["registrosAssinaturaTipo"] = given.get("registrosAssinaturaTipo") if data["registrosAssinatura"] else None
    return data


def listed(context: Context) -> Reply:
    """Answer with all configurations."""
    known = sorted(webhooks.hooks(context.state).values(), key=lambda hook: str(hook["name"]).casefold())
    return context.answer([_shown(context, hook) for hook in known])


def _shown(context: Context, hook: Tree) -> Tree:
    def flag(value: object) -> object:
        return context.dialect.flag(value, "number")

    data = hook["data"]
    triggers = [
        {"id": int(number), "nome": payload.TRIGGERS[int(number)][1], "ativo": flag(active)}
        for number, active in hook["triggers"].items()
    ]
    return {
        "id": hook["id"],
        "nome": hook["name"],
        "status": hook["status"],
        "urlPublicar": hook["url"],
        "aguardaRetorno": flag(hook["wait"]),
        "hmac": hook["secret"],
        "usuarios": hook["users"],
        "grupos": hook["groups"],
        "pastas": hook["folders"],
        "gatilhos": triggers,
        "dadosRetorno": {
            "processo": flag(data["processo"]),
            "signatarios": flag(data["signatarios"]),
            "documentos": flag(data["documentos"]),
            "documentosTipo": data["documentosTipo"],
            "linkDocumentoCompartilhado": flag(data["linkDocCompartilhado"]),
            "registrosAssinatura": flag(data["registrosAssinatura"]),
            "registrosAssinaturaTipo": data["registrosAssinaturaTipo"],
        },
    }


def set_status(context: Context) -> Reply:
    """Switch a configuration on or off; no body is described for the answer."""
    hook = webhooks.hooks(context.state).get(read_id(context, "idConfWebHook"))
    body: Tree = read_body(context, schema.HOOK_STATUS)
    if hook is None:
        raise VendorError(MALFORMED, messages.unknown_ids(["idConfWebHook"]))
    webhooks.set_status(context.state, hook, body["status"], context.now)
    return Reply(status=200)
