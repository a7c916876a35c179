"""Settings: what an account needs, what cannot work, and what never shows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.esign_arqsign.data import settings

from esign_arqsign.settings import PLANS, Settings
from esign_core.settings import Secret


def test_account_with_invented_keys_is_fine() -> None:
    """Nothing is wrong with it, and its address is the vendor's."""
    assert settings().problems() == ()
    assert settings().address == "https://api-rest.arqsign.com"
    assert Settings(environment="sandbox").problems() == ()


def test_keys_never_show() -> None:
    """No repr and no text of the settings holds a key."""
    assert "fake-app-key" not in repr(settings())
    assert "fake-subscription-key" not in str(settings())


def test_four_settings_are_required_outside_the_sandbox() -> None:
    """They have no default that could work."""
    assert set(Settings.required) == {"app_key", "subscription_key", "responsible_id", "folder_id"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"responsible_id": "7b0d6c1e"}, "responsible_id"),
        ({"folder_id": "Empresa"}, "folder_id"),
        ({"document_kind": " "}, "document_kind"),
        ({"company_document_kind": "x" * 51}, "company_document_kind"),
        ({"document_length": -7}, "document_length"),
        ({"company_document_length": 257}, "company_document_length"),
        ({"time_zone": "Marte/Olimpo"}, "time_zone"),
        ({"time_zone": "../etc"}, "time_zone"),
        ({"app_key": Secret("com espaço ")}, "app_key"),
    ],
)
def test_what_cannot_work_is_named(changes: dict[str, Any], name: str) -> None:
    """The sentence names the setting and never its value."""
    (problem,) = settings(**changes).problems()
    assert problem.startswith(name)
    assert repr(changes[name]) not in problem


def test_plans_have_all_four_windows() -> None:
    """The vendor's table, from 80 requests a month upwards; a longer window never allows less."""
    for windows in PLANS.values():
        assert list(windows) == ["second", "minute", "hour", "month"]
        assert list(windows.values()) == sorted(windows.values())
    assert PLANS["profissional"]["month"] == 80
