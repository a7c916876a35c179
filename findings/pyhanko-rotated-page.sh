#!/usr/bin/env bash
# pyHanko writes the visible signature of a turned page sideways.
#
# Expected: on a page that is shown turned (Rotate 90, as scanners and phones
# make them) a box of 200 x 60 at the lower left is shown as 200 wide and 60
# high at the lower left, with readable text.
# Seen with pyHanko 0.38.0: the box counts in the page before it is turned and
# the text is not turned back. On the 842 x 595 picture the box is 60 wide and
# 200 high, near the top left, and its text runs downwards.
#     page as shown: (842, 595)
#     box as shown: (100, 72, 160, 272), that is left, top, right, bottom
# Why it matters: signatures cover the wrong text or are unreadable on scanned
# contracts. Read the page's rotation and convert the box (and turn the stamp),
# or write an unturned copy before the first signature.
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
from PIL import ImageOps
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


logging.disable(logging.ERROR)  # pyHanko logs what it also returns
scan = io.BytesIO()
writer = pypdf.PdfWriter()
writer.add_blank_page(595, 842).rotate(90)
writer.write(scan)
signed = sign(scan.getvalue(), make_signer("Ana Souza"), "Ana", box=(72, 100, 272, 160))

opened = pypdfium2.PdfDocument(signed)
opened.init_forms()
picture = opened[0].render(scale=1).to_pil().convert("L")
expect("page as shown", picture.size, (842, 595))
expect("box as shown", ImageOps.invert(picture).getbbox(), (100, 72, 160, 272))
PY
