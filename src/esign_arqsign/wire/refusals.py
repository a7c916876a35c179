"""What a refusal means: by the vendor's sentence where one is documented, by the HTTP status otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from esign_arqsign.wire.shapes import notice, tree_of
from esign_core.model.errors import ConflictError, EsignError, NotFoundError, RefusedError, UnreadableReplyError
from esign_core.providers.base import error_by_status
from esign_core.providers.flow import Reply

__all__ = ["SENTENCES", "refusal"]

SENTENCES: tuple[tuple[re.Pattern[str], type[EsignError]], ...] = (
    (re.compile(r"^(documento|processo) (concluído|cancelado|expirado)$"), ConflictError),
    (re.compile(r"^(documento|processo) com status .?criado.?$"), ConflictError),
    (re.compile(r"^(documento|processo) excluído$"), NotFoundError),
    (re.compile(r"\bnão existem?: .*\bidprocesso\b"), NotFoundError),
    (re.compile(r"\bobrigatóri[oa]s?: |\bformato incorreto: |^algum parâmetro está incorreto"), RefusedError),
)
"""The documented sentences that say more than the status they come with; compared without case, dots and quotes."""

_CODES = ("codigo", "code", "errorcode")


def refusal(reply: Reply) -> EsignError:
    """Return the error that a reply of 400 or more means."""
    try:
        tree = tree_of(reply)
    except UnreadableReplyError:
        return error_by_status(reply)
    said = notice(tree)
    error = error_by_status(reply, kind=_meaning(reply.status, said), vendor_code=_code(tree))
    error.vendor_message = said or error.vendor_message
    return error


def _meaning(status: int, said: str | None) -> type[EsignError] | None:
    # Keys and rate are judged by the status alone, whatever the sentence.
    if said is None or status in (401, 403, 429):
        return None
    plain = re.sub(r"[\"“”.]+$|^[\"“”]+", "", said.strip()).casefold()
    plain = plain.rstrip('."”“')
    return next((kind for pattern, kind in SENTENCES if pattern.search(plain)), None)


def _code(tree: Any) -> str | None:
    if not isinstance(tree, Mapping):
        return None
    members = {str(key).lower(): value for key, value in tree.items()}
    found = next((members[key] for key in _CODES if key in members), None)
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else None
