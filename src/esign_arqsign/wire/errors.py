"""What a refusal means: by the vendor's sentence where one is documented, by the HTTP status otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from esign_arqsign.wire.fields import Field
from esign_arqsign.wire.requests import SEND
from esign_arqsign.wire.resend import RESEND
from esign_arqsign.wire.shapes import notice, tree_of
from esign_core.model.errors import (
    ConflictError,
    EsignError,
    NotFoundError,
    Problem,
    RefusedError,
    UnreadableReplyError,
)
from esign_core.providers.base import error_by_status
from esign_core.providers.flow import Call, Reply

__all__ = ["SENTENCES", "fold", "refusal"]

_ITEM = r"[\w\[\]./]{1,80}"
_ITEMS = rf":\s*({_ITEM}(?:\s?(?:,|;|\be\b|\band\b)\s?{_ITEM})*)"

SENTENCES: tuple[tuple[re.Pattern[str], type[EsignError]], ...] = (
    (re.compile(r"^(documento|processo)\(?s?\)? (concluid|cancelad|expirad)[oa]s?$"), ConflictError),
    (re.compile(r"^(documento|processo)\(?s?\)? com status .?criado.?$"), ConflictError),
    (re.compile(r"^(documento|processo)\(?s?\)? excluid[oa]s?$"), NotFoundError),
    (re.compile(r"\bnao existe(m|\(m\))?: .*\bidprocesso\b"), NotFoundError),
    (re.compile(r"\bobrigatori[oa](s|\(s\))?: |\bformatos?(\(s\))? incorretos?(\(s\))?: "), RefusedError),
    (re.compile(r"\bnao existe(m|\(m\))?: "), RefusedError),
    (re.compile(r"\bparametros?(\(s\))? (esta|estao|esta\(ao\)) incorretos?"), RefusedError),
)
"""The documented sentences that say more than the status they come with, compared as `fold` gives them."""

_NAMING: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\bobrigatori[oa](?:s|\(s\))?" + _ITEMS), "must be given: ArqSign requires it", "give it"),
    (
        re.compile(r"\bformatos?(?:\(s\))? incorretos?(?:\(s\))?" + _ITEMS),
        "must have the format that ArqSign expects",
        "look at the value that was sent",
    ),
    (
        re.compile(r"\bnao existe(?:m|\(m\))?" + _ITEMS),
        "must be an id that exists in this account",
        "look at the id, and whether it belongs to this account",
    ),
)
"""Messages a to c of the manual, which name items: how each is recognised, and the problem each item has."""

_CODES = ("codigo", "code", "errorcode")
# Names that the sentences use beside those of the request bodies.
_OTHER_NAMES: Mapping[str, str] = {
    "idprocesso": "process_id",
    "idformaenvio": "edits[].channel",
    "usarordemdeassinatura": "ordered",
    "idarquivoprocesso": "document_id",
}
_BASE_URL = "Look at base_url: the vendor does not know this address. It must be https://api-rest.arqsign.com."


def refusal(call: Call, reply: Reply) -> EsignError:
    """Return the error that a reply of 400 or more means."""
    try:
        tree = tree_of(reply)
    except UnreadableReplyError:
        tree = None
    said = notice(tree)
    plain = fold(said or "")
    meaning = _meaning(call, reply.status, plain)
    error = error_by_status(reply, kind=meaning, vendor_code=_code(tree))
    error.vendor_message = said or error.vendor_message
    # A documented sentence is a refusal with any status: malformed input may come back as 500.
    error.definite = meaning is not None
    if reply.status == 404 and ("metodo nao encontrado" in plain or call.process_id is None):
        error.hint = _BASE_URL
    if meaning is not None:
        error.problems = tuple(_named(call, plain))
    return error


def fold(text: str) -> str:
    """Return a sentence as sentences are compared: no case, accents, quotes, outer dots or double spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(each for each in plain if not _is_left_out(each))
    return " ".join(letters.split()).strip(". ")


_QUOTES = frozenset("\"'`\u201a\u201e\u2032")
# What else opens or closes a quotation, such as curly quotes and guillemets.
_QUOTING = ("Pi", "Pf")


def _is_left_out(sign: str) -> bool:
    return bool(unicodedata.combining(sign)) or sign in _QUOTES or unicodedata.category(sign) in _QUOTING


def _meaning(call: Call, status: int, plain: str) -> type[EsignError] | None:
    # Keys and rate are decided by the status alone, not by the sentence.
    if status in (401, 403, 429):
        return None
    if status == 422 and call.path.endswith("/cancelar-processo"):
        return ConflictError
    return next((kind for pattern, kind in SENTENCES if pattern.search(plain)), None)


def _named(call: Call, plain: str) -> Iterator[Problem]:
    for pattern, message, hint in _NAMING:
        for found in pattern.finditer(plain):
            for item in re.split(r"\s?(?:,|;|\be\b|\band\b)\s?", found[1]):
                yield Problem.invalid(_neutral(call, item.strip(".")), message, hint)


def _neutral(call: Call, item: str) -> str:
    """Return the neutral path of an item that a sentence names; the vendor's name where there is none."""
    rows = RESEND if "reenviar" in call.path else SEND
    name = re.sub(r"\[\d*\]", "", item).replace("/", ".")
    indices = re.findall(r"\[(\d+)\]", item)
    for row in rows:
        if row.vendor and _ends(row, name):
            path = row.neutral
            for index in indices:
                path = path.replace("[]", f"[{index}]", 1)
            return path
    return _OTHER_NAMES.get(name.rpartition(".")[2], item)


def _ends(row: Field, name: str) -> bool:
    vendor = row.vendor.replace("[]", "").lstrip(".").casefold()
    return vendor == name or vendor.endswith(f".{name}")


def _code(tree: Any) -> str | None:
    if not isinstance(tree, Mapping):
        return None
    members = {str(key).lower(): value for key, value in tree.items()}
    found = next((members[key] for key in _CODES if key in members), None)
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else None
