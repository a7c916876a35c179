"""What several operations need: ids judged by their form, and bodies without what was not given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from esign_auco.provider import Auco
from esign_core.model.errors import NotFoundError, Problem
from esign_core.providers.capabilities import refuse

__all__ = ["given", "named", "need", "owned", "target"]


def owned(provider: Auco, process_id: str) -> str:
    """Return an id that can be one of Auco's.

    Raises:
        NotFoundError: it cannot.
    """
    if not provider.owns(process_id):
        raise NotFoundError(
            hint="A package has 24 hexadecimal characters, a document 10 letters and digits, a contract 9.",
        )
    return process_id


def target(provider: Auco, process_id: str) -> dict[str, str]:
    """Return the parameter that names a process: `package` or `code`."""
    owned(provider, process_id)
    return {"package" if provider.is_package(process_id) else "code": process_id}


def given(**values: Any) -> dict[str, Any]:
    """Return the values that were given."""
    return {name: value for name, value in values.items() if value is not None}


def need(**missing: bool) -> None:
    """Refuse what lacks something that Auco requires; each word is an argument, and True where it is missing."""
    refuse(named(missing, "is missing", "Auco requires it here"))


def named(wrong: Mapping[str, bool], message: str, hint: str) -> list[Problem]:
    """Return one problem for each argument that is wrong."""
    return [Problem(path=name, message=message, hint=hint) for name, is_wrong in wrong.items() if is_wrong]
