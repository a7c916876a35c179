#!/usr/bin/env bash
# pypdfium2 leaves visible signatures out of a page's picture.
#
# Expected: render() draws what a reader of the PDF sees, also the box with the
# signer's name; its option may_draw_forms is True by default.
# Seen with pypdfium2 5.15.2: the box is missing unless init_forms() was called
# on the document before the page was taken. No error or warning is given.
#     darkest grey without init_forms: 255, that is a white page
#     darkest grey with init_forms: 0
# Why it matters: previews and printed copies of a signed contract show it as
# unsigned. Call init_forms() right after opening each document.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyHanko==0.38.0 \
    pyhanko-certvalidator==0.33.0 \
    cryptography==50.0.2 \
    pypdfium2==5.15.2 \
    pypdf==7.1.1 \
    pillow==13.0.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import datetime
import io
import logging

import pypdf
import pypdfium2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


def make_signer(name):
    """Make a signer with a new self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, True, False, False, False),
            True,
        )
        .sign(key, hashes.SHA256())
    )
    bundle = pkcs12.serialize_key_and_certificates(
        b"signer", key, certificate, None, serialization.NoEncryption()
    )
    return signers.SimpleSigner.load_pkcs12_data(bundle, [], None)


def sign(document, signer, name, box=None, certify=False, new_field=True):
    """Sign the document in the field of this name."""
    meta = signers.PdfSignatureMetadata(field_name=name, certify=certify)
    spec = fields.SigFieldSpec(name, box=box) if new_field else None
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    return signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(writer).getvalue()


def darkest(document, forms):
    """Return the darkest grey of the first page: 255 is white."""
    opened = pypdfium2.PdfDocument(document)
    if forms:
        opened.init_forms()
    return opened[0].render(scale=1).to_pil().convert("L").getextrema()[0]


logging.disable(logging.ERROR)  # pyHanko logs what it also returns
blank = io.BytesIO()
writer = pypdf.PdfWriter()
writer.add_blank_page(595, 842)
writer.write(blank)
signed = sign(blank.getvalue(), make_signer("Ana Souza"), "Ana", box=(72, 100, 272, 160))
expect("darkest grey without init_forms", darkest(signed, forms=False), 255)
expect("darkest grey with init_forms", darkest(signed, forms=True), 0)
PY
