#!/usr/bin/env bash
# brutils calls every CPF and CNPJ in its usual printed form invalid.
#
# Expected: 111.444.777-35 is the same number as 11144477735, and the printed
# form, with dots, slash and dash, is how people write it.
# Seen with brutils 2.5.0: is_valid_cpf and is_valid_cnpj answer False to the
# printed form, and True to the bare one. The other two common validators,
# python-stdnum 2.2 and validate-docbr 2.0.1, accept both forms. A CNPJ with
# letters (from July 2026 by rule 2.229/2024 of the Brazilian tax authority) in
# lower case is refused by brutils alone as well.
#     111.444.777-35 (brutils, stdnum, validate-docbr): (False, True, True)
#     12.ABC.345/01DE-35 (brutils, stdnum, validate-docbr): (False, True, True)
#     12abc34501de35 (brutils, stdnum, validate-docbr): (False, True, True)
# Why it matters: a signer who types a correct number is refused, and changing
# the library changes who is accepted. Turn letters into capitals and keep only
# digits and letters before asking any of them, and send that form.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    brutils==2.5.0 \
    python-stdnum==2.2 \
    validate-docbr==2.0.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import brutils
import validate_docbr
from stdnum.br import cnpj, cpf


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


# Numbers that documentation uses as examples: check digits only.
CPF = {"11144477735": (True, True, True), "111.444.777-35": (False, True, True)}
CNPJ = {
    "12ABC34501DE35": (True, True, True),
    "12.ABC.345/01DE-35": (False, True, True),
    "12abc34501de35": (False, True, True),
}
for number, known in CPF.items():
    answers = (
        brutils.is_valid_cpf(number),
        cpf.is_valid(number),
        validate_docbr.CPF().validate(number),
    )
    expect(f"{number} (brutils, stdnum, validate-docbr)", answers, known)
for number, known in CNPJ.items():
    answers = (
        brutils.is_valid_cnpj(number),
        cnpj.is_valid(number),
        validate_docbr.CNPJ().validate(number),
    )
    expect(f"{number} (brutils, stdnum, validate-docbr)", answers, known)
PY
