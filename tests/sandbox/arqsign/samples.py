"""Requests for the ArqSign sandbox, those of the manual among them, and a short way to ask a sandbox."""

from __future__ import annotations

import base64
import copy
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
from pypdf import PdfWriter
from tests.unit.esign_arqsign.data import FOLDER_ID, RESEND_EXAMPLE, RESPONSIBLE_ID, SEND_EXAMPLE

from esign_arqsign.sandbox import Box
from esign_arqsign.settings import ArqSignSettings
from esign_core.accounts.settings import Secret
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request

START = datetime(2025, 7, 1, 12, 0, 5, tzinfo=UTC)
RESPONSIBLE, FOLDER = RESPONSIBLE_ID, FOLDER_ID
SEND = "/api/v2/processo/enviar-documento-para-assinar"
SEND3 = "/api/v3/processo/enviar-documento-para-assinar"


def pdf(pages: int = 1, *, width: float = 595, height: float = 842) -> bytes:
    """Make a PDF of empty pages."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=width, height=height)
    writer.write(out)
    return out.getvalue()


def in_base64(content: bytes) -> str:
    """Write bytes as the vendor wants files."""
    return base64.b64encode(content).decode()


SETTINGS = ArqSignSettings(
    environment="sandbox",
    app_key=Secret("fake-app-key"),
    subscription_key=Secret("fake-subscription-key"),
    responsible_id=RESPONSIBLE,
    folder_id=FOLDER,
    webhook_secrets=(Secret("fake-hmac-key"), Secret("older-fake-hmac-key")),
)
KEYS = {"AppKey": "fake-app-key", "SubscriptionKey": "fake-subscription-key"}


@attrs.frozen
class Door:
    """A box, and a short way to ask it something."""

    box: Box

    def answer(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request and give the answer back."""
        url = path if path.startswith("https:") else f"{self.box.settings.base_url}{path}"
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self.box.respond(Request(method=method, url=url, headers=KEYS if keys is None else keys, body=content))

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> tuple[int, Any]:
        """Send a request, and read the answer as JSON."""
        answer = self.answer(method, path, body, raw=raw)
        return answer.status, json.loads(answer.body) if answer.body else None

    def send(self, body: Any, path: str = SEND) -> Any:
        """Send a process that must be accepted."""
        status, tree = self.ask("POST", path, body)
        assert status == 200, tree
        return tree

    def refused(self, body: Any, path: str = SEND, method: str = "POST") -> tuple[int, str]:
        """Send something that must not be accepted, and read what is said about it."""
        status, tree = self.ask(method, path, body)
        assert status >= 400, tree
        return status, tree["mensagem"] if isinstance(tree, dict) else tree

    def resend(self, process_id: str, edits: Any) -> tuple[int, Any]:
        """Resend a process."""
        return self.ask("PATCH", f"/api/v2/processo/{process_id}/reenviar-processo", edits)

    def signers(self, process_id: str) -> Any:
        """Read the list of signers."""
        status, tree = self.ask("GET", f"/api/v1/processo/{process_id}/dados-signatarios")
        assert status == 200, tree
        return tree

    def status(self, process_id: str) -> Any:
        """Read the light status."""
        status, tree = self.ask("GET", f"/api/v1/processo/{process_id}/status-do-processo")
        assert status == 200, tree
        return tree

    def full(self, process_id: str, query: str = "?arquivoTipo=2&retornarRegistroAssinatura=false") -> Any:
        """Read the full process."""
        status, tree = self.ask("GET", f"/api/v2/processo/{process_id}{query}")
        assert status == 200, tree
        return tree

    def cancel(self, process_id: str) -> tuple[int, Any]:
        """Cancel a process."""
        return self.ask("PATCH", f"/api/v1/processo/{process_id}/cancelar-processo")

    def events(self) -> list[tuple[int, Any]]:
        """Give the webhooks sent so far: trigger and body."""
        bodies = [json.loads(delivery.body) for delivery in self.box.deliveries]
        return [(body["IdEvento"], body) for body in bodies]


def printed_send() -> dict[str, Any]:
    """Return the manual's example of a send request, with its file in Base64."""
    body = copy.deepcopy(SEND_EXAMPLE)
    body["documentos"][0]["arquivo"] = in_base64(b"%PDF-1.4\n")
    return body


def printed_resend(recipient_id: str) -> list[dict[str, Any]]:
    """Return the manual's example of a resend with edits, for a recipient."""
    return [{**copy.deepcopy(RESEND_EXAMPLE[0]), "idProcessoDestinatario": recipient_id}]


def signer(name: str, *, order: int = 0, email: str | None = None, phone: str | None = None, **online: Any) -> Any:
    """Make a signer with what the manual requires, and whatever else is given."""
    person = {
        "obrigarSignatarioInformarNome": 1,
        "obrigarSignatarioInformarNumeroDocumento": 1,
        "tipoDocumentoAInformar": 1,
    }
    electronic = online.get("idTipoAssinatura", 1) == 1
    return {
        "idTipoAcao": 1,
        "ordemAssinatura": order,
        "nome": name,
        "email": email if phone or email else f"{name.split(maxsplit=1)[0].lower()}@example.com",
        "telefone": phone,
        "assinarOnline": {
            "assinarComo": 1,
            "idTipoAssinatura": 1,
            **({"assinaturaEletronica": person} if electronic else {}),
            **online,
        },
    }


COMPANY = {
    "obrigarSignatarioInformarNome": 1,
    "obrigarSignatarioInformarNumeroDocumento": 1,
    "tipoDocumentoAInformar": 1,
    "obrigarSignatarioInformarNomeEmpresa": 1,
    "obrigarSignatarioInformarNumeroDocumentoEmpresa": 1,
    "tipoDocumentoEmpresaAInformar": 5,
}


def process(*people: Any, ordered: bool = False, files: int = 1, **root: Any) -> Any:
    """Make a send request for these people."""
    return {
        "idResponsavel": RESPONSIBLE,
        "nomeProcesso": "Contrato de exemplo",
        "idPasta": FOLDER,
        "usarOrdemAssinatura": ordered,
        "usarPosicaoAssinaturaAutomatica": True,
        "destinatarios": list(people),
        "documentos": [
            {"ordemDocumento": number, "nomeComExtensao": f"arquivo {number}.pdf", "arquivo": in_base64(pdf())}
            for number in range(1, files + 1)
        ],
        **root,
    }
