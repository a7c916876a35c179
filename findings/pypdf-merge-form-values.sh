#!/usr/bin/env bash
# pypdf joins two filled forms and keeps one person's value of a shared field.
#
# Expected: joining two filled copies of a form keeps both values, with one of
# the fields renamed, or refuses the clash of names.
# Seen with pypdf 7.1.1: both boxes are on their pages, but get_fields() of the
# joined file names the field once, with the last value; nothing warns.
#     boxes on the pages: 2
#     fields: {'signer': 'Bruno Lima'}
# Why it matters: two copies of one template, filled for two people, have the
# same field names. A program that reads the fields of the joined contract gets
# one person and loses the other. Give fields their own names, or flatten each
# form, before joining.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdf==7.1.1 \
    reportlab==5.1.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import pypdf
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


joined = pypdf.PdfWriter()
for person in ("Ana Souza", "Bruno Lima"):
    form = filled_form(person)
    value = pypdf.PdfReader(form).get_fields()["signer"].value
    expect("value in one form", value, person)
    joined.append(form)
result = io.BytesIO()
joined.write(result)

reader = pypdf.PdfReader(result)
expect("boxes on the pages", sum(len(page.annotations) for page in reader.pages), 2)
values = {name: field.value for name, field in reader.get_fields().items()}
expect("fields", values, {"signer": "Bruno Lima"})
PY
