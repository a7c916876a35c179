"""Findings in an exchange, and values that are let through."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from esign_core.sandbox import finished_pdf
from esign_core.testing.leaks import exchange_leaks
from esign_core.testing.samples import sample_pdf


def found(body: Any = b"", *, uri: str = "https://acme.invalid/x", headers: Any = None) -> list[str]:
    """Return what is found in an exchange whose response has this body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = {"uri": uri, "headers": headers or {}, "body": None}
    response = {"headers": {}, "body": {"string": raw}}
    exchange = {"request": request, "response": response}
    return [str(leak) for leak in exchange_leaks(exchange, "here", ["+57 300 555 0101", "12.345.678/0001-95"])]


@pytest.mark.parametrize(
    "body",
    [
        {"id": "0f6f2a3c-1d2b-4a7e-8c55-9a1b2c3d4e5f", "package": "c8c9ae751a9a67a1436a4ac1"},
        {"at": "2026-11-21T10:10:00.000Z", "day": "21/11/2026 10:10:00", "date": "2026-11-21"},
        {"phone": "+573005550101", "company": "12345678000195"},
        {"email": "ana@mail.example.com", "site": "https://acme.example/a?Expires=1795256100", "ip": "203.0.113.9"},
        {"code": "7K1234567Q", "short": "123456", "flag": True, "none": None, "size": 4096},
        b"plain text",
        b"",
        {"file": base64.b64encode(sample_pdf()).decode()},
        {"file": "data:application/pdf;base64," + base64.b64encode(sample_pdf()).decode()},
        {"token": ""},
        {"looks": "A" * 81},
    ],
)
def test_invented_values_are_let_through(body: Any) -> None:
    """Identifiers, moments, allowed numbers and the domains kept for examples are not findings."""
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ({"people": [{"tel": 573001234567}]}, "number in here, response body, people.0.tel"),
        ({"accessToken": "x"}, "key in here, response body, accessToken"),
        ({"AppKey": "x"}, "key in here, response body, AppKey"),
        ({"a": {"client_secret": "x"}}, "key in here, response body, a.client_secret"),
        (b"call 300 123 45 67", "number in here, response body"),
        (["-----BEGIN PRIVATE KEY-----"], "key in here, response body, 0"),
        ({"file": base64.b64encode(b"x" * 90 + b" puk_12345").decode()}, "key in here, response body, file"),
    ],
)
def test_real_looking_values_are_found(body: Any, finding: str) -> None:
    """Each is found where it stands, in JSON, in text, and in what JSON holds as Base64."""
    assert found(body) == [finding]


def test_texts_of_finished_pdfs_are_read() -> None:
    """A number on a page is found, compressed or not, and as Base64 inside JSON."""
    pdf = finished_pdf(sample_pdf(), title="Signed", lines=["Signed by +57 300 123 4567"])
    assert found(pdf) == ["number in here, response body, text of a PDF"]
    assert found({"f": base64.b64encode(pdf).decode()}) == ["number in here, response body, f, text of a PDF"]
    assert found(sample_pdf().replace(b"Services agreement", b"CPF 123.456.789-10")) != []


def test_addresses_are_searched() -> None:
    """The host, the path and the query of a request are searched as its body is."""
    assert found(uri="https://api.acme.com/x") == ["address in here, address"]
    assert found(uri="https://acme.invalid/people/3001234567") == ["number in here, address"]
    assert found(uri="https://acme.invalid/x?who=ana%40acme.com&a=1") == ["e-mail in here, address"]


def test_headers_are_searched() -> None:
    """Headers that are kept are searched for values, others are findings by their name."""
    assert found(headers={"Content-Type": ["application/json"]}) == []
    assert found(headers={"accept": "Bearer abcdef123456"}) == ["key in here, request header accept"]
    assert found(headers={"AppKey": ["x"]}) == ["header in here, request header appkey"]
