#!/usr/bin/env bash
# pypdf gives a page a negative height when its corners come in another order.
#
# Expected: a rectangle of a PDF names two opposite corners in any order (ISO
# 32000-1, section 7.9.5), so [0 842 595 0] is an upright A4 page.
# Seen with pypdf 7.1.1: height is -842, top is 0 and bottom is 842, the other
# way round; pypdfium2 5.15.2 gives the size 595 x 842.
#     pypdf height, bottom, top: (-842, 842, 0)
#     pypdfium2: (595.0, 842.0)
# Why it matters: "20 points above the bottom" becomes a place outside the
# page, and a test such as "is the page large enough" refuses a correct
# document. Sort the four numbers before using them.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdf==7.1.1 \
    pypdfium2==5.15.2

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import pypdf
import pypdfium2
from pypdf.generic import ArrayObject, NameObject, NumberObject


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


writer = pypdf.PdfWriter()
page = writer.add_blank_page(595, 842)
page[NameObject("/MediaBox")] = ArrayObject(map(NumberObject, (0, 842, 595, 0)))
document = io.BytesIO()
writer.write(document)

box = pypdf.PdfReader(document).pages[0].mediabox
expect("pypdf height, bottom, top", (box.height, box.bottom, box.top), (-842, 842, 0))
expect("pypdfium2", pypdfium2.PdfDocument(document.getvalue())[0].get_size(), (595.0, 842.0))
PY
