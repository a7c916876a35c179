"""Acme Sign as an emulator: a reading of Acme's manual of its own, which imports nothing of the provider's."""

from datetime import datetime
from typing import Any

import attrs
from esign_core import Sandbox, Secret, UnsupportedError
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, State, is_person, json_reply, no_such_signer

BASE = "https://acme-sandbox.invalid"


class Box(Sandbox):
    """An emulator of Acme Sign in this program."""

    vendor = "acme"

    def __init__(self, settings: Any, clock: Any = None) -> None:
        key = settings.api_key or Secret("sandbox-api-key")
        super().__init__(attrs.evolve(settings, base_url=BASE, environment="sandbox", api_key=key), clock)

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person sign."""
        self._decide(who, process_id, "sign", "signed")

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Make a person decline; Acme keeps no reason."""
        self._decide(who, process_id, "decline", "refused")

    def block(self, who: str, *, process_id: str | None = None) -> None:
        """Refuse: Acme does not block people."""
        raise UnsupportedError("Acme Sign does not block people.", hint="Let them decline instead: decline_as.")

    def _decide(self, who: str, process_id: str | None, action: str, word: str) -> None:
        with self._act() as state:
            found = [
                (envelope, person)
                for envelope in state.tree.get("envelopes", {}).values()
                if envelope["state"] == "open" and process_id in (None, envelope["id"])
                for person in envelope["people"]
                if person["state"] == "asked" and is_person(who, email=person["email"], id=person["id"])
            ]
            if not found:
                raise no_such_signer(action, process_id=process_id)
            for envelope, person in found:
                person["state"] = word
                if word == "refused":
                    envelope["state"] = "refused"
                elif all(each["state"] == "signed" for each in envelope["people"]):
                    envelope["state"] = "closed"

    def _answer(self, state: State, request: Request) -> Reply:
        if request.headers.get("x-api-key") != self.settings.api_key.get_secret_value():
            return json_reply(401, {"message": "unknown key"})
        envelopes = state.tree.setdefault("envelopes", {})
        if (request.method, request.path) == ("POST", "/v1/envelopes"):
            return self._created(state, envelopes, request)
        found = envelopes.get(request.path.removeprefix("/v1/envelopes/"))
        if request.method != "GET" or found is None:
            return json_reply(404, {"message": "no such envelope"})
        return json_reply(200, found)

    def _created(self, state: State, envelopes: dict[str, Any], request: Request) -> Reply:
        try:
            asked = request.json()
        except ValueError:
            return json_reply(400, {"message": "the body is not JSON"})
        if not isinstance(asked, dict) or set(asked) != {"title", "pdf", "people"}:
            return json_reply(422, {"message": "title, pdf and people are required, and nothing else is known"})
        number = state.number("envelope")
        people = [
            {"id": f"p{place}", "name": person["name"], "email": person["email"], "state": "asked"}
            for place, person in enumerate(asked["people"], start=1)
        ]
        made = {"id": f"env_{number:08}", "title": asked["title"], "state": "open", "people": people}
        envelopes[made["id"]] = made
        return json_reply(201, made)

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        """Nothing at Acme is ever due."""
