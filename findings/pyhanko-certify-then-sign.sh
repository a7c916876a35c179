#!/usr/bin/env bash
# With pyHanko a second visible signature breaks a certified PDF.
#
# Expected: a document that was certified with the permission "fill in forms
# and sign" can be signed by the next person.
# Seen with pyHanko 0.38.0: a second signature in a new visible box makes the
# certification fail (bottom_line False), although the second signature itself
# is good and nothing is said while signing. In a box that was made before
# certifying, or without a box, both are good.
#     new visible box: {'Ana': False, 'Bruno': True}
#     new box that is not shown: {'Ana': True, 'Bruno': True}
#     box made before certifying: {'Ana': True, 'Bruno': True}
# Why it matters: in a chain of signers the first signature stops being valid
# when the second person signs. Make the boxes of all signers before the first
# one signs.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyHanko==0.38.0 \
    pyhanko-certvalidator==0.33.0 \
    cryptography==50.0.2 \
    pypdf==7.1.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import datetime
import io
import logging

import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


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
ana, bruno = make_signer("Ana Souza"), make_signer("Bruno Lima")
ANA, BRUNO = (72, 100, 272, 160), (300, 100, 500, 160)


def judge(document):
    """Return for each signature whether it is good on the whole."""
    roots = [ana.signing_cert, bruno.signing_cert]
    trust = ValidationContext(trust_roots=roots, allow_fetching=False)
    return {
        signature.field_name: validate_pdf_signature(signature, trust).bottom_line
        for signature in PdfFileReader(io.BytesIO(document)).embedded_signatures
    }


blank = io.BytesIO()
writer = pypdf.PdfWriter()
writer.add_blank_page(595, 842)
writer.write(blank)
certified = sign(blank.getvalue(), ana, "Ana", ANA, certify=True)
expect("certified", judge(certified), {"Ana": True})
visible = sign(certified, bruno, "Bruno", BRUNO)
expect("new visible box", judge(visible), {"Ana": False, "Bruno": True})
hidden = sign(certified, bruno, "Bruno")
expect("new box that is not shown", judge(hidden), {"Ana": True, "Bruno": True})

preparation = IncrementalPdfFileWriter(io.BytesIO(blank.getvalue()))
fields.append_signature_field(preparation, fields.SigFieldSpec("Bruno", box=BRUNO))
prepared = io.BytesIO()
preparation.write(prepared)
certified = sign(prepared.getvalue(), ana, "Ana", ANA, certify=True)
both = sign(certified, bruno, "Bruno", new_field=False)
expect("box made before certifying", judge(both), {"Ana": True, "Bruno": True})
PY
