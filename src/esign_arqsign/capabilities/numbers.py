"""Document numbers: what a CPF and a CNPJ must look like before anybody is asked to prove them."""

from __future__ import annotations

import re

from stdnum.br import cnpj, cpf

__all__ = ["has_form", "is_valid"]

_LENGTHS = {"CPF": 11, "CNPJ": 14}


def is_valid(kind: str, number: str) -> bool:
    """Tell whether a number is right for its kind: check digits of CPF and CNPJ, the alphanumeric CNPJ included.

    A number of one repeated digit has right check digits and was never given to anybody.
    """
    judge = {"CPF": cpf.is_valid, "CNPJ": cnpj.is_valid}.get(kind)
    return judge is None or (judge(number) and len(set(_plain(number))) > 1)


def has_form(kind: str, number: str) -> bool:
    """Tell whether a number has the length of its kind, whatever its check digits."""
    return kind not in _LENGTHS or len(_plain(number)) == _LENGTHS[kind]


def _plain(number: str) -> str:
    return re.sub(r"[\s./-]", "", number)
