#!/usr/bin/env bash
# A page with its own unit of length is reported ten times too small.
#
# Expected: the size of a page in points (1/72 inch), and a picture of one
# pixel per point at scale 1.
# Seen with pypdfium2 5.15.2 and pypdf 7.1.1 on a page whose UserUnit is 10
# (one unit is 10/72 inch; PDF 1.6 and later): both give the plain numbers of
# the page, and the picture has 595 pixels for 82.6 inches.
#     pypdf: (595.0, 842.0)
#     pypdf user_unit: 10
#     pypdfium2: (595.0, 842.0)
#     pixels at scale 1: (595, 842)
# Why it matters: plans and drawings of more than 200 inches need such a unit.
# A signature placed in points or millimetres lands elsewhere and ten times as
# large. Multiply by user_unit (pypdf), or give places as a part of the page.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdfium2==5.15.2 \
    pypdf==7.1.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import pypdf
import pypdfium2
from pypdf.generic import NameObject, NumberObject


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


writer = pypdf.PdfWriter()
writer.add_blank_page(595, 842)[NameObject("/UserUnit")] = NumberObject(10)
writer.pdf_header = "%PDF-1.6"
drawing = io.BytesIO()
writer.write(drawing)

page = pypdf.PdfReader(drawing).pages[0]
expect("pypdf", (page.mediabox.width, page.mediabox.height), (595, 842))
expect("pypdf user_unit", page.user_unit, 10)
opened = pypdfium2.PdfDocument(drawing.getvalue())
expect("pypdfium2", opened[0].get_size(), (595.0, 842.0))
picture = opened[0].render(scale=1)
expect("pixels at scale 1", (picture.width, picture.height), (595, 842))
PY
