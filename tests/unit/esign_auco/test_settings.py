"""Settings of an Auco account: what cannot work is said at once, without the value."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.esign_auco.support import provider, settings

from esign_core.accounts.settings import Secret
from esign_core.model.errors import ConfigError
from esign_core.providers.flow import Call


def test_complete_account_has_no_problems() -> None:
    """The invented account of these tests is one that works."""
    assert settings().problems() == ()
    assert settings().address == "https://dev.auco.ai/v1.5/ext"
    assert settings(environment="production").address == "https://api.auco.ai/v1.5/ext"


def test_sandbox_needs_no_keys() -> None:
    """Without keys and sender there is nothing to object to; the configuration asks for them elsewhere."""
    assert settings(environment="sandbox", public_key=None, private_key=None, sender=None).problems() == ()
    assert set(settings().required) == {"public_key", "private_key", "sender"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"public_key": Secret("prk_a"), "private_key": Secret("puk_b")}, "are swapped"),
        ({"public_key": Secret("prk_a")}, "public_key must begin with puk_"),
        ({"private_key": Secret("other")}, "private_key must begin with prk_"),
        ({"sender": "nobody"}, "sender must be the e-mail"),
        ({"dialect": "modern"}, 'dialect must be "classic" or "current"'),
        ({"inline_limit": -1}, "inline_limit must be"),
        ({"cancel_message": "  "}, "cancel_message must not be blank"),
        ({"webhook_header": "X Hook"}, "webhook_header must be the name"),
        ({"timeout": 0.0}, "timeout must be"),
    ],
)
def test_what_cannot_work_is_said(changes: dict[str, Any], said: str) -> None:
    """One sentence names the setting and what it must be, and not what it is."""
    (problem,) = settings(**changes).problems()
    assert said in problem


def test_nothing_secret_or_personal_shows() -> None:
    """Keys, header values and the sender's address stay out of the repr."""
    shown = repr(settings())
    assert "invented" not in shown
    assert "example@auco.ai" not in shown
    assert "hook-value-1" not in shown
    assert repr(provider()) == "Auco()"


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (Call.get("/document"), "puk_invented"),
        (Call.post("/document/upload"), "prk_invented"),
        (Call.put("/document/reactivate"), "prk_invented"),
        (Call.delete("/anything"), "prk_invented"),
        (Call.get("/document/edit"), "prk_invented"),
        (Call.get("/package/edit"), "prk_invented"),
        (Call.get("/anything", credential="private"), "prk_invented"),
        (Call.post("/anything", credential="public"), "puk_invented"),
    ],
)
def test_each_verb_has_its_key(call: Call, key: str) -> None:
    """Reads go by the public key, everything else by the private one, unless the call says otherwise; bare, always."""
    assert provider().authorize(call).headers["authorization"] == key


@pytest.mark.parametrize(("call", "name"), [(Call.get("/a"), "public_key"), (Call.post("/a"), "private_key")])
def test_missing_key_is_named(call: Call, name: str) -> None:
    """A call that needs a key the account lacks is not made."""
    with pytest.raises(ConfigError, match=name):
        provider(public_key=None, private_key=None).authorize(call)


@pytest.mark.parametrize("known", ["6a95b55966dd1c779500b962", "6A95B55966DD1C779500B962", "GNAZED5HTR", "GNAZED5HT"])
def test_ids_of_vendor_own(known: str) -> None:
    """A package has 24 hexadecimal characters, a document 10 letters and digits, a contract 9."""
    assert provider().owns(known)


@pytest.mark.parametrize(
    "strange", ["", "GNAZED5H", "GNAZED5HTRX", "GNAZED5-TR", "6a95b55966dd1c779500b96g", "GNAZED5HTR\n", "ÑÑÑÑÑÑÑÑÑ"]
)
def test_other_ids_are_not(strange: str) -> None:
    """What has another form cannot be one of Auco's."""
    assert not provider().owns(strange)
