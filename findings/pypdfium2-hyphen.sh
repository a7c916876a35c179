#!/usr/bin/env bash
# pypdfium2 joins the two lines around a hyphen and replaces the hyphen.
#
# Expected: a line that ends in a hyphen is read as the hyphen and a line
# break, as pypdf does.
# Seen with pypdfium2 5.15.2: when a letter follows on the next line, the
# hyphen and the line break become the one character U+FFFE; search() does not
# find the text that is printed, with or without the hyphen.
#     pypdf: ['Signer:', 'maria-', 'clara@example.com']
#     pypdfium2: 'Signer: maria\ufffeclara@example.com'
#     place of 'maria-clara': None
# Why it matters: e-mail addresses, names and the tags that mark where to sign
# are not found, or are sent on with a character that is not one. Replace
# U+FFFE by a hyphen before comparing, or look for both spellings.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdfium2==5.15.2 \
    pypdf==7.1.1 \
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


document = io.BytesIO()
canvas = Canvas(document)
canvas.drawString(72, 700, "Signer: maria-")
canvas.drawString(72, 686, "clara@example.com")
canvas.save()

opened = pypdfium2.PdfDocument(document.getvalue())
text = opened[0].get_textpage()
words = pypdf.PdfReader(document).pages[0].extract_text().split()
expect("pypdf", words, ["Signer:", "maria-", "clara@example.com"])
expect("pypdfium2", text.get_text_range(), "Signer: maria\ufffeclara@example.com")
expect("place of 'maria-'", text.search("maria-").get_next(), None)
expect("place of 'maria-clara'", text.search("maria-clara").get_next(), None)
expect("place of 'mariaclara'", text.search("mariaclara").get_next(), None)
PY
