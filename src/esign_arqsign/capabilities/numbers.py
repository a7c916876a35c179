"""Numbers of Brazil: what a CPF, a CNPJ and a phone must look like before anybody is asked to prove them."""

from __future__ import annotations

import re

from stdnum.br import cnpj, cpf

__all__ = ["is_brazilian", "is_valid"]


def is_valid(kind: str, number: str) -> bool:
    """Tell whether a number is right for its kind: check digits of CPF and CNPJ, the alphanumeric CNPJ included.

    A number of one repeated digit has right check digits and was never given to anybody. A CNH has 11 digits; of an
    RG, and of any other document, nothing is known here.
    """
    bare = re.sub(r"[\s./-]", "", number)
    if kind == "CPF":
        return len(set(bare)) > 1 and cpf.is_valid(number)
    if kind == "CNPJ":
        return len(set(bare)) > 1 and cnpj.is_valid(number)
    return kind != "CNH" or re.fullmatch("[0-9]{11}", bare) is not None


def is_brazilian(phone: str) -> bool:
    """Tell whether a phone number in E.164 is one that ArqSign sends an SMS to: two digits of area, 8 or 9 more."""
    return re.fullmatch(r"\+55[0-9]{10,11}", phone) is not None
