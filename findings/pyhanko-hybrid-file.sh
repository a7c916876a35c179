#!/usr/bin/env bash
# pyHanko refuses to sign a valid PDF that keeps its list of objects twice.
#
# Expected: every valid PDF that is not encrypted can be signed.
# Seen with pyHanko 0.38.0: a file with a plain cross-reference table for old
# readers and a compressed one for new readers (a "hybrid-reference file", ISO
# 32000-1, section 7.5.8.4) raises SigningError. pypdf 7.1.1 opens it in strict
# mode without a warning; a copy written by pikepdf 10.18.0 can be signed.
#     signing: 'Attempting to sign document with hybrid cross-reference sections
#     while hybrid xrefs are disabled'
# Why it matters: files made to open in old readers too are of this kind, so a
# contract that opens everywhere fails only when it is signed. Rewrite it with
# pikepdf before the first signature; after one, a rewrite would break that
# signature.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyHanko==0.38.0 \
    pyhanko-certvalidator==0.33.0 \
    cryptography==50.0.2 \
    pypdf==7.1.1 \
    pikepdf==10.18.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import datetime
import io
import logging

import pikepdf
import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError


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


def hybrid_file():
    """Return one blank page; object 5 is known to the compressed list only."""
    index = b"\x02\x00\x00\x00\x04\x00"  # in object stream 4, at position 0
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        4: b"<</Type/ObjStm/N 1/First 4/Length 15>>\nstream\n5 0 <</Note 1>>\nendstream",
        6: b"<</Type/XRef/Size 7/W[1 4 1]/Index[5 1]/Root 1 0 R/Length 6>>\nstream\n"
        + index
        + b"\nendstream",
    }
    file = b"%PDF-1.5\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 7\n0000000005 65535 f \n"
    for number in range(1, 7):
        if number in places:
            file += b"%010d 00000 n \n" % places[number]
        else:
            file += b"0000000000 00000 f \n"
    file += b"trailer\n<</Size 7/Root 1 0 R/XRefStm %d>>\n" % places[6]
    return file + b"startxref\n%d\n%%%%EOF\n" % start


logging.disable(logging.ERROR)  # pyHanko logs what it also returns
hybrid = hybrid_file()
expect("pages that pypdf reads", len(pypdf.PdfReader(io.BytesIO(hybrid), strict=True).pages), 1)
signer = make_signer("Ana Souza")
try:
    sign(hybrid, signer, "Ana")
    seen = "signed"
except SigningError as error:
    seen = str(error)
expect(
    "signing",
    seen,
    "Attempting to sign document with hybrid cross-reference sections "
    "while hybrid xrefs are disabled",
)

rewritten = io.BytesIO()
with pikepdf.open(io.BytesIO(hybrid)) as opened:
    problems = opened.check_pdf_syntax()
    opened.save(rewritten)
expect("problems that pikepdf finds", problems, [])
signed = sign(rewritten.getvalue(), signer, "Ana")
expect("signatures in the copy", len(pypdf.PdfReader(io.BytesIO(signed)).get_fields()), 1)
PY
