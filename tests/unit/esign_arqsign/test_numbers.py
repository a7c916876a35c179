"""Numbers of Brazil: CPF, CNPJ in both forms, CNH, and phones that get SMS."""

from __future__ import annotations

import pytest
from tests.unit.esign_arqsign.data import CNPJ, CPF, NEW_CNPJ

from esign_arqsign.rules.signers import is_brazilian, is_valid_number


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("CPF", CPF),
        ("CPF", "52998224725"),
        ("CNPJ", CNPJ),
        ("CNPJ", "16727230000197"),
        ("CNPJ", NEW_CNPJ),
        ("CNPJ", "12abc34501de35"),
        ("CNH", "12345678901"),
        ("RG", "x"),
        ("Passaporte", "AB123456"),
    ],
)
def test_right_numbers_are_right(kind: str, number: str) -> None:
    """With signs or without, in the old form or the new."""
    assert is_valid_number(kind, number)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_repeated_digit_is_nobodys(digit: str) -> None:
    """The check digits of such numbers are right, and they were never given."""
    assert not is_valid_number("CPF", digit * 11)
    assert not is_valid_number("CNPJ", digit * 14)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("CPF", "529.982.247-24"),
        ("CPF", "5299822472"),
        ("CPF", ""),
        ("CPF", CNPJ),
        ("CNPJ", CPF),
        ("CNPJ", "12.ABC.345/01DE-36"),
        ("CNH", "1234567890a"),
    ],
)
def test_wrong_numbers_are_wrong(kind: str, number: str) -> None:
    """Wrong digits, wrong lengths, wrong kinds."""
    assert not is_valid_number(kind, number)


def test_sms_goes_to_brazil() -> None:
    """An area, then eight or nine digits."""
    assert is_brazilian("+5511900000001")
    assert is_brazilian("+551130000001")
    assert not is_brazilian("+55119000")
    assert not is_brazilian("+573001234567")
