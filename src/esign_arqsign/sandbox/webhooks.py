"""Send the sandbox's webhooks: receivers, signature, retries, and when they stop."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from esign_arqsign.sandbox import account, payload
from esign_arqsign.sandbox.context import Context
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import Tree
from esign_core.sandbox import State, agenda, make_guid, outbox
from esign_core.sandbox.clock import iso, moment

ACTIVE: Final = 1
INACTIVE: Final = 2
SWITCHED_OFF: Final = 3
DELIVER: Final = "deliver"
SCHEDULE: Final = (
    timedelta(0),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 16)),
    *(timedelta(days=days) for days in (1, 2, 3, 4, 5)),
)
"""When each of the 14 attempts is made, counted from the first."""
DEFAULT_ID: Final = make_guid("arqsign-hook", 0)
_FATAL: Final = (401, 403, 404)


def hooks(state: State) -> dict[str, Tree]:
    """Give all configurations by their ids."""
    found: dict[str, Tree] = state.tree["hooks"]
    return found


def configuration(hook_id: str, secret: str, **given: Any) -> Tree:
    """Make a configuration; what is not given wants every trigger of every process, with its people and links."""
    everything = {"processo": True, "signatarios": True, "documentos": True, "documentosTipo": 2}
    rest = {"linkDocCompartilhado": False, "registrosAssinatura": False, "registrosAssinaturaTipo": None}
    hook: Tree = {
        "id": hook_id,
        "name": "Padrão",
        "status": ACTIVE,
        "url": "https://receiver.invalid/arqsign",
        "wait": True,
        "secret": secret,
        "users": [],
        "groups": [],
        "folders": [],
        "data": {**everything, **rest},
        **given,
    }
    numbers: Iterable[int] = hook.pop("numbers", payload.TRIGGERS)
    hook["triggers"] = {str(number): True for number in sorted(set(numbers))}
    return hook


def emit(context: Context, trigger: int, process: Tree, affected: Tree | None = None) -> None:
    """Tell every configuration that wants to know."""
    for hook in hooks(context.state).values():
        wanted = hook["status"] == ACTIVE and hook["triggers"].get(str(trigger))
        if not wanted or not _concerns(context.state, hook, process):
            continue
        body = payload.body(context, hook, trigger, process, affected).decode()
        letter = {"body": body, "hook": hook["id"], "trigger": trigger, "first": iso(context.now), "attempt": 0}
        agenda.put(context.state, context.now, DELIVER, **letter)


def _concerns(state: State, hook: Tree, process: Tree) -> bool:
    groups = account.of(state)["groups"]
    users = [*hook["users"], *(member for group in hook["groups"] for member in groups[group])]
    if (hook["users"] or hook["groups"]) and process["responsible"] not in users:
        return False
    return not hook["folders"] or process["folder"] in hook["folders"]


def deliver(context: Context, due: Tree) -> None:
    """Send a webhook that is due, unless its configuration or trigger has been switched off since."""
    state = context.state
    letter = {name: due[name] for name in ("body", "hook", "trigger", "first", "attempt")}
    hook = hooks(state)[due["hook"]]
    if hook["status"] != ACTIVE or not hook["triggers"][str(due["trigger"])]:
        _shelve(state, letter)
        return
    body = due["body"].encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "HMAC": seal(body, hook["secret"], context.dialect)}
    outbox.post(state, context.now, headers, body)
    state.tree.setdefault("letters", {})[str(len(state.tree["deliveries"]) - 1)] = letter


def seal(body: bytes, secret: str, dialect: Dialect) -> str:
    """Sign a body with a configuration's secret."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return digest.hex() if dialect.hmac == "hex" else base64.b64encode(digest).decode()


def judge(state: State, number: int, status: int | None, now: datetime) -> None:
    """Judge what a receiver answered, None being no answer in time: done, try again later, or never again."""
    letter: Tree = state.tree["letters"].pop(str(number))
    hook = hooks(state)[letter["hook"]]
    if status == 200 or (status is None and not hook["wait"]):
        return
    attempt = letter["attempt"] + 1
    letter["attempt"] = attempt
    if status in _FATAL:
        hook["status"] = SWITCHED_OFF
        _shelve(state, letter)
    elif attempt < len(SCHEDULE):
        at = max(moment(letter["first"]) + SCHEDULE[attempt], now)
        agenda.put(state, at, DELIVER, **letter)
    else:
        hook["triggers"][str(letter["trigger"])] = False
        agenda.strike(state, what=DELIVER, hook=hook["id"], trigger=letter["trigger"])
        _drop(state, hook["id"], letter["trigger"])


def set_status(state: State, hook: Tree, status: int, now: datetime) -> None:
    """Switch a configuration on or off; switching on forgives every failure and sends what was left lying."""
    hook["status"] = status
    if status != ACTIVE:
        return
    hook["triggers"] = dict.fromkeys(hook["triggers"], True)
    shelf: list[Tree] = state.tree.get("shelf", [])
    state.tree["shelf"] = [letter for letter in shelf if letter["hook"] != hook["id"]]
    for letter in shelf:
        if letter["hook"] == hook["id"]:
            agenda.put(state, now, DELIVER, **letter)


def _shelve(state: State, letter: Tree) -> None:
    if letter["attempt"] < len(SCHEDULE):
        state.tree.setdefault("shelf", []).append(letter)


def _drop(state: State, hook_id: str, trigger: int) -> None:
    shelf: list[Tree] = state.tree.get("shelf", [])
    state.tree["shelf"] = [one for one in shelf if (one["hook"], one["trigger"]) != (hook_id, trigger)]
