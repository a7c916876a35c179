"""Invented people of the cassettes, and the only list of invented numbers allowed in them."""

from __future__ import annotations

from typing import Final

from esign_core import SignerDraft

ANA: Final = SignerDraft(name="Ana Ejemplo", email="ana@example.com", phone="+573005550101")
BRUNO: Final = SignerDraft(name="Bruno Exemplo", email="bruno@example.com", phone="+5511955550102")
NEW_PHONE: Final = "+5511955550103"
COMPANY: Final = "Sample Trading Ltd"

# Made up, with check digits that are right: both are the round numbers that documentation uses.
PERSON_NUMBER: Final = "12345678909"
COMPANY_NUMBER: Final = "11222333000181"
NEW_COMPANY_NUMBER: Final = "11444777000161"
# What somebody of the ArqSign sandbox states at signing when nothing is known of them.
STATED_NUMBER: Final = "52998224725"

INVENTED_NUMBERS: Final = frozenset(
    {str(ANA.phone), str(BRUNO.phone), NEW_PHONE, PERSON_NUMBER, COMPANY_NUMBER, NEW_COMPANY_NUMBER, STATED_NUMBER}
)
