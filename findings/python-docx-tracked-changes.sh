#!/usr/bin/env bash
# python-docx reads a contract without the words that were inserted in review.
#
# Expected: the text of a paragraph is what is on the page, insertions under
# review included, and every paragraph of the document is listed.
# Seen with python-docx 1.2.0: words inside a tracked insertion are left out,
# and paragraphs inside a content control (a box to fill in) are not listed.
#     paragraphs: ['The fee is a month.']
#     in the file: ['The fee is ', 'EUR 5,000 ', 'a month.', 'Signer: Ana Souza']
# Why it matters: a program that checks or fills a contract before sending it
# sees another text than its signers do, and placeholders in those places stay
# unfilled. Accept all changes first, and walk document.element.body.iter().
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-docx==1.2.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


contract = docx.Document()
paragraph = contract.add_paragraph("The fee is ")
paragraph._p.append(
    parse_xml(
        f'<w:ins {nsdecls("w")} w:id="1" w:author="Ana Souza" w:date="2026-01-15T10:00:00Z">'
        '<w:r><w:t xml:space="preserve">EUR 5,000 </w:t></w:r></w:ins>'
    )
)
paragraph.add_run("a month.")
paragraph._p.addnext(
    parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtContent>'
        "<w:p><w:r><w:t>Signer: Ana Souza</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
)
file = io.BytesIO()
contract.save(file)

read = docx.Document(file)
expect("paragraphs", [p.text for p in read.paragraphs], ["The fee is a month."])
words = [text.text for text in read.element.body.iter(qn("w:t"))]
expect("in the file", words, ["The fee is ", "EUR 5,000 ", "a month.", "Signer: Ana Souza"])
PY
