"""ArqSignSettings: what an account needs, what cannot work, and what never shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_arqsign.data import settings

from esign_arqsign.settings import PLANS, ArqSignSettings
from esign_core.accounts.settings import Secret
from esign_core.accounts.window import Window


def test_account_with_invented_keys_is_fine() -> None:
    """Nothing is wrong with it, and its address is the vendor's."""
    assert settings().problems() == ()
    assert settings().address == "https://api-rest.arqsign.com"
    assert ArqSignSettings(environment="sandbox").problems() == ()


def test_keys_never_show() -> None:
    """No repr and no text of the settings holds a key."""
    assert "fake-app-key" not in repr(settings())
    assert "fake-subscription-key" not in str(settings())


def test_app_key_is_required_alone() -> None:
    """An account that only reads or resends needs no other setting, as the resend page says."""
    assert ArqSignSettings.required == ("app_key",)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"responsible_id": "7b0d6c1e"}, "responsible_id"),
        ({"folder_id": "Empresa"}, "folder_id"),
        ({"document_kind": " "}, "document_kind"),
        ({"company_document_kind": "x" * 51}, "company_document_kind"),
        ({"document_length": -7}, "document_length"),
        ({"company_document_length": 257}, "company_document_length"),
        ({"plan": "gratuito"}, "plan"),
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
    for plan in PLANS:
        windows = settings(plan=plan).windows
        assert [window.length for window in windows] == sorted({window.length for window in windows})
        assert [window.calls for window in windows] == sorted(window.calls for window in windows)
        assert len(windows) == 4
    assert [window.calls for window in settings(plan="profissional").windows] == [4, 80, 80, 80]


def test_no_plan_limits_nothing_and_own_limits_come_first() -> None:
    """Without a plan there is no limit; `call_limits` comes in place of the plan's."""
    assert settings().windows == ()
    assert settings(plan="profissional", call_limits=("7/hour",)).windows == (Window(7, timedelta(hours=1)),)
