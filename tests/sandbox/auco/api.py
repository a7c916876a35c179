"""Talk to the Auco sandbox in plain HTTP values."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import attrs

from esign_auco.sandbox import Box
from esign_auco.settings import AucoSettings, Dialect
from esign_core.accounts.settings import Secret
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.4\n% a contract\n"
FILE = base64.b64encode(PDF).decode()
ANA = {"name": "Ana", "email": "ana@example.com", "phone": "+573000000001", "label": True}
BEN = {"name": "Ben", "email": "ben@example.com", "phone": "+573000000002", "label": True}
LETTER = {"name": "Contract", "email": "sender@example.com", "subject": "Please sign", "message": "Dear all"}
SPOT = {"position": [{"page": 1, "x": 0.65, "y": 0.80, "w": 150, "h": 50}]}


@attrs.frozen
class Api:
    """A box and short ways to ask it."""

    box: Box

    def ask(self, method: str, path: str, tree: Any = None, **query: str) -> tuple[int, Any]:
        """Ask with the key that the verb takes; gives status and JSON."""
        answer = self.send(method, path, tree, query=query)
        return answer.status, json.loads(answer.body)

    def send(
        self,
        method: str,
        path: str,
        tree: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Reply:
        """Send one request."""
        address = f"{self.box.settings.base_url}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": self.key(method, path) if key is None else key, "Content-Type": "application/json"}
        body = b"" if tree is None else json.dumps(tree).encode()
        return self.box.respond(Request(method=method, url=address, headers=headers, body=body))

    def key(self, method: str, path: str) -> str:
        """Give the key that a verb takes."""
        settings = self.box.settings
        secret = settings.public_key if method == "GET" and not path.endswith("/edit") else settings.private_key
        return "" if secret is None else secret.get_secret_value()

    def good(self, method: str, path: str, tree: Any = None, **query: str) -> Any:
        """Ask, and insist on 200."""
        status, answer = self.ask(method, path, tree, **query)
        assert status == 200, answer
        return answer

    def refused(self, method: str, path: str, tree: Any = None, **query: str) -> str:
        """Ask, and insist on 400; gives the vendor's message."""
        status, answer = self.ask(method, path, tree, **query)
        assert status == 400, answer
        assert set(answer) == {"message"}
        return str(answer["message"])

    def put(self, url: str, content: bytes = PDF, content_type: str = "application/pdf") -> int:
        """Send a file to an upload address."""
        headers = {"Content-Type": content_type}
        return self.box.respond(Request(method="PUT", url=url, headers=headers, body=content)).status

    def fetch(self, url: str) -> Reply:
        """Fetch a file."""
        return self.box.respond(Request(method="GET", url=url))

    def upload(self, *signers: Mapping[str, Any], **fields: Any) -> str:
        """Create a document process; gives its code."""
        body = {**LETTER, "file": FILE, "signProfile": list(signers or (ANA, BEN)), **fields}
        answer = self.good("POST", "/document/upload", body)
        return str(answer.get("code") or answer.get("document"))

    def document(self, code: str) -> Any:
        """Read a document."""
        return self.good("GET", "/document", code=code)

    def statuses(self, code: str) -> dict[str, str]:
        """Read where each signer of a document stands."""
        return {signer["name"]: signer["status"] for signer in self.document(code)["signProfile"]}

    def signer(self, code: str, name: str) -> str:
        """Give the id of a signer of a document."""
        return next(str(one["id"]) for one in self.document(code)["signProfile"] if one["name"] == name)

    def words(self) -> list[str]:
        """List the status words of all webhooks."""
        return [str(body["status"]) for body in self.hooks()]

    def hooks(self) -> list[dict[str, Any]]:
        """List the bodies of all webhooks."""
        return [json.loads(delivery.body) for delivery in self.box.deliveries]

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.box.move_clock(timedelta(**time))


def open_api(dialect: Dialect = "classic", **settings: Any) -> Api:
    """Open a fresh box whose clock stands at START."""
    return Api(Box(AucoSettings(environment="sandbox", dialect=dialect, **settings), lambda: START))


def secret(value: str) -> Secret[str]:
    """Make a secret."""
    return Secret(value)
