"""Reads beside `client.get`: the light status, and the full process with its documents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from esign_arqsign.wire.paths import with_id
from esign_arqsign.wire.responses import load_full, load_light
from esign_core.model.process import Process
from esign_core.providers.flow import Call, Flow

if TYPE_CHECKING:
    from esign_arqsign.provider import ArqSign

__all__ = ["full_process", "light_status"]


def light_status(provider: ArqSign, process_id: str, *, now: datetime | None = None) -> Flow[Process]:
    """Read name, status and dates of a process, without personal data: the read for programs that poll.

    Args:
        provider: given by `client.run`.
        process_id: the process.
        now: an aware datetime by which an expiry is judged where the answer itself does not say it.
    """
    reply = yield Call.get(with_id("/api/v1/processo/{}/status-do-processo", process_id), process_id=process_id)
    return load_light(reply, process_id, provider.settings, now)


def full_process(
    provider: ArqSign,
    process_id: str,
    *,
    base64: bool = False,
    records: bool = False,
    now: datetime | None = None,
) -> Flow[Process]:
    """Read everything about a process: people, documents with their ids, dates; `raw` holds what has no other place.

    The answer holds security codes and identity numbers in clear text. It brings links to files unless Base64 is
    asked for, and then it is as large as all files together.

    Args:
        provider: given by `client.run`.
        process_id: the process.
        base64: True for the files themselves, inside `raw`.
        records: True for the audit records as well, inside `raw`.
        now: an aware datetime by which an expiry is judged.
    """
    query = {"arquivoTipo": "1" if base64 else "2", "retornarRegistroAssinatura": "true" if records else "false"}
    reply = yield Call.get(with_id("/api/v2/processo/{}", process_id), query=query, process_id=process_id)
    return load_full(reply, process_id, provider.settings, now)
