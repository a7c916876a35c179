"""Refusals: every documented code arrives as the error that says what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.esign_auco.support import CODE, PACKAGE, provider

from esign_auco.wire.errors import vendor_code
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    NotFoundError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)
from esign_core.providers.flow import Call, Reply

UPLOAD = Call.post("/document/upload", json={})
REOPEN = Call.put("/document/reactivate", json={"code": CODE, "email": "a@example.com"})


def error(status: int, tree: Any, call: Call = UPLOAD) -> EsignError:
    """Return the error a refusal is."""
    return provider().error(call, Reply.of(tree, status))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "DOCUMENT_NOT_FOUND", NotFoundError),
        (404, "DOCUMENT_NOT_FOUND", NotFoundError),
        (404, "PROCESS_NOT_FOUND", NotFoundError),
        (400, "PROCESS_NOT_FOUND", NotFoundError),
        (400, "PACKAGE_NOT_FOUND", NotFoundError),
        (400, "ATTACHMENT_NOT_FOUND", NotFoundError),
        (400, "VALIDATION_NOT_FOUND", NotFoundError),
        (400, "PACKAGE_ID_INVALID", RefusedError),
        (400, "INVALID_RESOURCE", RefusedError),
        (400, "DOCUMENTS_MIN_TWO", RefusedError),
        (400, "SIGNER_EMAIL_REQUIRED", RefusedError),
        (400, "SIGNER_VALIDATIONS_NOT_SUPPORTED", RefusedError),
        (400, "SIGNER_SEQUENCE_NOT_SUPPORTED", RefusedError),
        (400, "SIGNER_NOTIFICATION_NOT_SUPPORTED", RefusedError),
        (400, "MISSING_SIGNER_ID", RefusedError),
        (400, "NOT_BLOCKED_PROCESS", ConflictError),
        (400, "CODE_REQUIRED", RefusedError),
        (400, "CODE_NOT_VALID", RefusedError),
        (400, "USER_ID_REQUIRED", RefusedError),
        (400, "USER_ID_NOT_ALLOWED", RefusedError),
        (400, "EXPIRED_DATE_INVALID", RefusedError),
        (400, "USER_NOTFOUND", RefusedError),
        (422, "USER_NOTFOUND", RefusedError),
        (409, "ALREADY_SIGNED", ConflictError),
    ],
)
def test_every_documented_code_has_its_error(status: int, code: str, kind: type[EsignError]) -> None:
    """The code is kept, and the error is exactly of its kind."""
    refusal = error(status, {"message": code})
    assert type(refusal) is kind
    assert (refusal.vendor_code, refusal.status) == (code, status)
    assert refusal.vendor_message == code


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, UnsupportedError),
        (429, RateLimitError),
        (500, UnavailableError),
    ],
)
def test_refusal_without_code_goes_by_status(status: int, kind: type[EsignError]) -> None:
    """There is no code where the vendor gave none."""
    refusal = error(status, {"message": "some field is missing"})
    assert type(refusal) is kind
    assert refusal.vendor_code is None


def test_wrong_keys_name_the_settings() -> None:
    """Auco answers 401 also where the kind of key does not fit the verb."""
    assert "public_key" in str(error(401, {"message": "Unauthorized"}))


@pytest.mark.parametrize(
    ("tree", "kind"),
    [
        ({"message": "PROCESS_NOT_REJECTED"}, ConflictError),
        ({"message": "the process is open"}, ConflictError),
        ({"message": "USER_NOTFOUND"}, RefusedError),
        ({"message": "PROCESS_NOT_FOUND"}, NotFoundError),
    ],
)
def test_refused_reopening_is_wrong_state(tree: Any, kind: type[EsignError]) -> None:
    """The request lacks nothing, so what Auco refuses is the state, unless it says otherwise."""
    assert type(error(400, tree, REOPEN)) is kind


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": CODE},
        {"code": CODE, "package": PACKAGE, "email": "a@example.com"},
        {"email": "a@example.com"},
        None,
    ],
)
def test_incomplete_reopening_is_refused(body: Any) -> None:
    """Through `client.call` anything may be sent, and then the state is not what is wrong."""
    assert type(error(400, {"message": "missing"}, Call.put("/document/reactivate", json=body))) is RefusedError


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"message": "DOCUMENT_NOT_FOUND"}', "DOCUMENT_NOT_FOUND"),
        (b'{"message": " DOCUMENT_NOT_FOUND: nothing there"}', "DOCUMENT_NOT_FOUND"),
        (b'{"code": "DOCUMENT_NOT_FOUND", "message": "nothing there"}', "DOCUMENT_NOT_FOUND"),
        (b'{"error": {"message": "DOCUMENT_NOT_FOUND"}}', "DOCUMENT_NOT_FOUND"),
        (b'"DOCUMENT_NOT_FOUND"', "DOCUMENT_NOT_FOUND"),
        (b"DOCUMENT_NOT_FOUND", "DOCUMENT_NOT_FOUND"),
        (b'{"message": "JUAN PEREZ"}', None),
        (b'{"message": "BAD"}', None),
        (b'{"message": ["DOCUMENT_NOT_FOUND"]}', None),
        (b"<html>", None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
def test_code_is_capitals_and_underscores(body: bytes, code: str | None) -> None:
    """It is found where the vendor puts it; nothing else, a person's name least of all, is taken for one."""
    assert vendor_code(Reply(status=400, body=body)) == code


@pytest.mark.parametrize(
    "code", ["USER_NOTFOUND", "EXPIRED_DATE_INVALID", "NOT_BLOCKED_PROCESS", "MISSING_SIGNER_ID", "DOCUMENTS_MIN_TWO"]
)
def test_well_known_codes_say_to_do(code: str) -> None:
    """The hint is about this code, and not the general one."""
    assert error(400, {"message": code}).hint not in (None, error(400, {}).hint, error(409, {}).hint)


def test_wrong_state_leads_to_read() -> None:
    """What can be reopened, and how to see it."""
    assert "read it again" in str(error(400, {}, REOPEN))


READ = Call.get("/document", query={"code": CODE}, process_id=CODE)


@pytest.mark.parametrize(
    "message",
    [
        "Método não encontrado",
        "metodo no encontrado",
        "No se encontró la ruta",
        "La ruta no existe",
        "Cannot GET /v1.5/ext/documents",
        "Method does not exist",
        "Route not found",
        "no such endpoint",
        "Recurso no disponible",
    ],
)
def test_missing_method_is_no_identifier(message: str) -> None:
    """A 404 that says the method does not exist points to base_url, not to the process."""
    refusal = error(404, {"message": message}, READ)
    assert type(refusal) is UnsupportedError
    assert "base_url" in str(refusal.hint)


@pytest.mark.parametrize("message", ["document not found", "not found", "", "NOT_FOUND"])
def test_missing_process_stays_not_found(message: str) -> None:
    """Any other 404 of a call that names a process is a wrong identifier."""
    assert type(error(404, {"message": message}, READ)) is NotFoundError


@pytest.mark.parametrize("path", ["/document/upload", "/document/save", "/document/many", "/package/upload"])
def test_missing_address_of_creation(path: str) -> None:
    """A creation names no process, so that a 404 without a code is a wrong address."""
    refusal = error(404, {"message": "not found"}, Call.post(path, json={}))
    assert type(refusal) is UnsupportedError
    assert "base_url" in str(refusal.hint)


@pytest.mark.parametrize("status", [400, 402, 404, 409, 422, 423, 500, 503])
def test_documented_code_is_definite(status: int) -> None:
    """With a code of the vendor's pages nothing has happened, whatever the status is."""
    refusal = error(status, {"message": "EXPIRED_DATE_INVALID"})
    assert (type(refusal), refusal.definite) == (RefusedError, True)


@pytest.mark.parametrize(
    ("status", "tree", "definite"),
    [
        (402, {"message": "NO_CREDITS"}, True),
        (409, {"message": "conflict"}, False),
        (500, {"message": "OOPS_X"}, False),
    ],
)
def test_other_codes_are_definite_below_500(status: int, tree: Any, definite: bool) -> None:
    """A code that no page lists is a refusal with 4xx alone; a sentence is none."""
    assert error(status, tree).definite is definite
