"""Whether contacts and document numbers are what they claim to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from stdnum.br import cnpj, cpf

CPF: Final = 1
CNH: Final = 2
RG: Final = 3
OTHER: Final = 4
CNPJ: Final = 5
_NUMERIC: Final = 2


def is_email(text: str) -> bool:
    """Tell whether a text looks like an e-mail address."""
    return re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>.]+(\.[^\s@,;<>.]+)+", text.strip()) is not None


def is_phone(text: str) -> bool:
    """Tell whether a text is a phone number; the manual gives no form, so signs between digits are allowed."""
    return re.fullmatch(r"\+?\d{8,15}", re.sub(r"[\s().-]", "", text)) is not None


def is_brazilian_phone(text: str) -> bool:
    """Tell whether a phone number is one of Brazil, with the country's code or without."""
    return re.fullmatch(r"(\+?55)?\d{10,11}", re.sub(r"[\s().-]", "", text)) is not None


def is_number_of(kind: int | None, number: str, other: Mapping[str, Any] | None) -> bool:
    """Tell whether a document number can be one of this kind; `other` describes the free kind."""
    bare = re.sub(r"[\s./-]", "", number)
    if kind == CPF:
        return len(set(bare)) > 1 and cpf.is_valid(number)
    if kind == CNPJ:
        return len(set(bare)) > 1 and cnpj.is_valid(number)
    if kind == CNH:
        return re.fullmatch(r"\d{11}", bare) is not None
    if kind == OTHER and other:
        length = other.get("qtdeCaracteresDocumento")
        digits = other.get("formatoDadosDocumento") == _NUMERIC
        return (not digits or number.isdigit()) and (not length or len(number) <= length)
    return bool(bare)
