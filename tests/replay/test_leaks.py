"""No cassette holds a key, a real address or a number that is not known to be invented; and planted ones are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.replay.people import ANA, INVENTED_NUMBERS
from tests.replay.scenarios import CASSETTES, SCENARIOS, Scenario

from esign_core.testing import find_leaks

COMMITTED = sorted(CASSETTES.rglob("*.y*ml"))


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_committed_cassette_holds_nothing_real(path: Path) -> None:
    """Every file below `cassettes/` is searched."""
    assert find_leaks(path.read_text("utf-8"), allowed=INVENTED_NUMBERS) == ()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.provider}-{one.name}")
def test_keys_of_the_account_are_not_written(scenario: Scenario) -> None:
    """The very keys that a cassette was recorded with, invented as they are, stand nowhere in it."""
    text = scenario.path.read_text("utf-8")
    keys = [value for name, value in scenario.settings.items() if name.endswith("_key")]
    assert len(keys) == 2
    assert [key for key in keys if key in text] == []


def test_there_are_cassettes_to_search() -> None:
    """The search above looks somewhere."""
    assert len(COMMITTED) >= 2


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("ana@real-company.com.br", "e-mail"),
        ("ana@example.com.real-company.co", "e-mail"),
        ("prk_4f6a8c0e2b", "key"),
        ("Bearer abcdef123456", "key"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "key"),
        ("+57 300 123 4567", "number"),
        ("(11) 98765-4321", "number"),
        ("123.456.789-10", "number"),
        ("11.222.333/0001-82", "number"),
        ("12.ABC.345/01DE-35", "number"),
        ("1020304050", "number"),
        ("https://api.real-vendor.com/x", "address"),
        ("181.49.20.7", "address"),
    ],
)
def test_planted_values_are_found(planted: str, kind: str) -> None:
    """In the place of an invented person's e-mail, each of these is found, in the body and in the address."""
    cassette = (CASSETTES / "auco" / "reopen.yaml").read_text("utf-8")
    assert str(ANA.email) in cassette
    found = find_leaks(cassette.replace(str(ANA.email), planted), allowed=INVENTED_NUMBERS)
    assert {leak.kind for leak in found} == {kind}
    assert found[0].where == "interaction 1, request body, signProfile.0.email"
    assert all(planted not in str(leak) for leak in found)


def test_only_what_is_listed_is_allowed() -> None:
    """Invented numbers are found unless they are listed as invented."""
    cassette = (CASSETTES / "arqsign" / "correct.yaml").read_text("utf-8")
    assert {leak.kind for leak in find_leaks(cassette)} == {"number"}


def test_headers_are_found_whatever_they_hold() -> None:
    """Only listed headers may appear."""
    cassette = (CASSETTES / "auco" / "reopen.yaml").read_text("utf-8")
    planted = cassette.replace("      accept:\n", "      X-Session:\n      - abc\n      accept:\n", 1)
    [leak] = find_leaks(planted, allowed=INVENTED_NUMBERS)
    assert str(leak) == "header in interaction 1, request header x-session"
