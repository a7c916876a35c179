#!/usr/bin/env bash
# The text of a filled contract does not hold what was filled in.
#
# Expected: extracting the text of a page gives the words that a reader sees,
# also those in filled fields.
# Seen with pypdf 7.1.1 and pypdfium2 5.15.2 (also after init_forms()): the
# page's own text only; the value is in the form's field, which has to be read
# apart.
#     pypdf: 'Signer:'
#     pypdfium2: 'Signer:'
#     pypdf, form field: 'Ana Souza'
# Why it matters: a check "does the contract name this person?" fails on a
# correct contract, and a comparison of two versions by their text misses every
# change of a filled field. Read the fields as well as the text.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdf==7.1.1 \
    pypdfium2==5.15.2 \
    reportlab==5.1.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import pypdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


def filled_form(value):
    """Return a form whose field "signer" holds the value."""
    form = io.BytesIO()
    canvas = Canvas(form)
    canvas.drawString(72, 760, "Signer:")
    canvas.acroForm.textfield(name="signer", value=value, x=72, y=700, width=200, height=20)
    canvas.save()
    return form


form = filled_form("Ana Souza")
reader = pypdf.PdfReader(form)
opened = pypdfium2.PdfDocument(form.getvalue())
opened.init_forms()
expect("pypdf", reader.pages[0].extract_text().strip(), "Signer:")
expect("pypdfium2", opened[0].get_textpage().get_text_range().strip(), "Signer:")
expect("pypdf, form field", reader.get_fields()["signer"].value, "Ana Souza")
PY
