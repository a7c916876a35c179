"""What several operations need: ids, bodies without what was not given, problems of arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from esign_auco.provider import Auco
from esign_auco.wire.loading import read_object
from esign_core.model.errors import NotFoundError, Problem
from esign_core.model.process import Process
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import plain_id
from esign_core.providers.flow import Reply

__all__ = ["ProcessOrId", "given", "listed", "load_code", "named", "need", "owned", "target"]

ProcessOrId: TypeAlias = str | Process
"""A process as the client returned it, or its id alone."""


def owned(provider: Auco, process: ProcessOrId) -> str:
    """Return the id of a process; an id given as a text must have the form of one of Auco's.

    Raises:
        NotFoundError: a text cannot be an id of Auco's.
    """
    if isinstance(process, Process):
        return process.id
    if not provider.owns(process):
        raise NotFoundError(
            hint="A package has 24 hexadecimal characters, a document 10 letters and digits, a contract 9.",
        )
    return process


def target(provider: Auco, process_id: str) -> dict[str, str]:
    """Return the parameter that names a process: `package` or `code`."""
    return {"package" if provider.is_package(process_id) else "code": process_id}


def load_code(reply: Reply, what: str) -> str:
    """Read the code of what was just created.

    Raises:
        UnreadableReplyError: the answer has no code, or one that is not a plain word.
    """
    return plain_id(read_object(reply, what).get("code"))


def listed(values: Iterable[str] | None) -> list[str] | None:
    """Return an optional collection as a list."""
    return None if values is None else list(values)


def given(**values: Any) -> dict[str, Any]:
    """Return the values that were given."""
    return {name: value for name, value in values.items() if value is not None}


def need(**missing: bool) -> None:
    """Refuse a call that lacks what Auco requires; each name is an argument, True where it is missing."""
    refuse(named(missing, "is missing", "Auco requires it here"))


def named(wrong: Mapping[str, bool], message: str, hint: str) -> list[Problem]:
    """Return one problem for each argument that is wrong."""
    return [Problem.invalid(name, message, hint) for name, is_wrong in wrong.items() if is_wrong]
