#!/usr/bin/env bash
# pypdf drops the files attached to a PDF when it is appended to another.
#
# Expected: append() takes a document over with everything in it, or says what
# it leaves behind.
# Seen with pypdf 7.1.1: the pages come over, the attached files do not, and
# nothing warns. PdfWriter(clone_from=...) keeps them.
#     attachments of the signed file: ['evidence.json']
#     after append: []
#     after clone_from: ['evidence.json']
# Why it matters: the record of who signed, when and how is often attached to
# the signed file. A file that is joined from such files loses the evidence
# while looking complete. Copy the attachments over by add_attachment(), and
# keep the signed file itself.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pypdf==7.1.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import io

import pypdf


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


def attached(writer):
    """Return the names of the files attached to what the writer writes."""
    result = io.BytesIO()
    writer.write(result)
    return list(pypdf.PdfReader(result).attachments)


writer = pypdf.PdfWriter()
writer.add_blank_page(595, 842)
writer.add_attachment("evidence.json", b'{"signer": "Ana Souza"}')
signed = io.BytesIO()
writer.write(signed)
names = list(pypdf.PdfReader(signed).attachments)
expect("attachments of the signed file", names, ["evidence.json"])

joined = pypdf.PdfWriter()
joined.append(signed)
expect("pages after append", len(joined.pages), 1)
expect("after append", attached(joined), [])
expect("after clone_from", attached(pypdf.PdfWriter(clone_from=signed)), ["evidence.json"])
PY
