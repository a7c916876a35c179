"""What every account can set, and how its secrets keep out of sight."""

from __future__ import annotations

import copy
import logging
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import attrs
import certifi
import pytest

from esign_core.accounts.settings import Secret, Settings, is_loopback, secrets_of
from esign_core.accounts.window import Window
from esign_core.model.errors import ConfigError


@attrs.frozen(kw_only=True)
class AcmeSettings(Settings):
    environments: ClassVar[Mapping[str, str]] = {"production": "https://api.acme.example/v1/"}

    api_key: Secret[str]
    user_key: str = attrs.field(default="user-key-1", repr=False)
    label: str = "shown"


def acme(**given: Any) -> AcmeSettings:
    return AcmeSettings(**{"environment": "production", "api_key": Secret("key-1"), **given})


@pytest.mark.parametrize("shown", ["{}", "{!r}", "{!s}", "{:>30}", "{0!r:.60}"])
def test_a_secret_is_masked_however_it_is_shown(shown: str) -> None:
    """No way of turning a secret into text gives its value."""
    assert "key-1" not in shown.format(Secret("key-1"))
    assert "key-1" not in "%s %r" % (Secret("key-1"), Secret("key-1"))  # noqa: UP031 - the old way is the point


def test_a_secret_stays_masked_inside_containers_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    """A tuple of secrets, and a log record with one, show masks."""
    logging.getLogger("esign").warning("opened with %s and %r", Secret("key-1"), (Secret("key-1"),))
    assert "key-1" not in caplog.text
    assert "key-1" not in repr(acme())


def test_secrets_are_values() -> None:
    """Equal secrets are equal and hash alike; others differ, and none equals its own text."""
    assert Secret("a") == Secret("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert bool(Secret("")) is False
    assert (str(Secret("")), repr(Secret(""))) == ("", "Secret('')")
    with pytest.raises(AttributeError, match="cannot be changed"):
        Secret("a").other = 1
    assert acme() == acme()


def test_secrets_of_an_account_are_collected_once_each() -> None:
    """Secret fields, tuples of them and hidden text are found; what may be shown is not."""
    settings = acme(webhook_secrets=(Secret("hook-1"), Secret("key-1"), Secret("")), user_key="user-key-2")
    assert secrets_of(settings) == ("hook-1", "key-1", "user-key-2")


def test_secret_pickled_is_refused() -> None:
    """A pickle would hold the value in clear text; copies share the secret."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(acme())
    secret = Secret("a")
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_hidden_fields_of_any_kind_are_found() -> None:
    """A masking repr function hides a text as well; secrets that are not texts are left out."""

    @attrs.frozen(kw_only=True)
    class Foreign(Settings):
        a: str = attrs.field(default="value-a", repr=lambda _: "***")
        c: Secret[int] = Secret(5)

    assert secrets_of(Foreign()) == ("value-a",)


def test_proxy_credentials_are_secrets() -> None:
    """The password is hidden as written, decoded and as the header carries it; the address never shows."""
    settings = acme(proxy="http://ana:p%40ss-1@proxy.example.com:3128")
    assert settings.proxy == Secret("http://ana:p%40ss-1@proxy.example.com:3128")
    assert settings.problems() == ()
    assert "p%40ss" not in repr(settings)
    assert {"p%40ss-1", "p@ss-1", "YW5hOnBAc3MtMQ=="} <= set(secrets_of(settings))
    assert "proxy.example.com" not in "".join(secrets_of(acme(proxy="http://[")))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("timeout", 86_400, [0, -1, True, "5", float("nan"), float("inf"), 86_401, 1e300]),
        ("connect_timeout", 0.1, [0, -1, None, float("nan")]),
        ("deadline", None, [0, -1, "5", float("inf")]),
        ("max_wait", 1, [0, False]),
        ("read_attempts", 1, [0, -1, 1.5, True, "4"]),
        ("max_reply", 1, [0, -1, 0.5, None]),
        ("send_share", 1, [1.5, -0.1, "1", True]),
        ("proxy", "https://proxy.example.com", ["proxy:3128", "socks5://p.example", "http://", "http://p.example/path",
            "http://p.example?a", "http://p.example#a", "http://p p.example", "http://[::1", "http://p.example:x",
            "http://é.example"]),
        ("file_hosts", ("files.example.com", "10.0.0.1", "::1", "[::1]"), [("https://a.example",), ("a.example/x",),
            ("a.example:80",), ("",), ("-a.example",), ("a..b",), (5,)]),
        ("sandbox_seed", "seed", ["", " ", 5]),
    ],
)  # fmt: skip
def test_settings_out_of_range_are_problems(name: str, good: object, bad: list[object]) -> None:
    """Each sentence names the setting; a value at the limit is taken."""
    assert acme(**{name: good}).problems() == ()
    for value in bad:
        (problem,) = acme(**{name: value}).problems()
        assert problem.startswith(f"{name} must be ")


def test_ca_file_must_hold_certificates(tmp_path: Path) -> None:
    """A missing, empty or foreign file is found when the account is opened."""
    path = tmp_path / "ca.pem"
    for content in (None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"):
        if content is not None:
            path.write_bytes(content)
        assert acme(ca_file=path).problems() == ("ca_file must be a readable file that holds certificates in PEM form",)
    assert acme(ca_file=Path(certifi.where())).problems() == ()


def test_the_address_is_that_of_the_environment_or_the_base_url() -> None:
    """A base_url goes before the environment, and neither keeps a slash at its end."""
    assert acme().address == "https://api.acme.example/v1"
    assert acme(base_url="https://other.example/").address == "https://other.example"
    assert acme(environment="sandbox").address == "https://sandbox.invalid"
    assert acme(environment="sandbox").is_sandbox
    assert not acme().is_sandbox


@pytest.mark.parametrize("environment", [None, "moon"])
def test_an_account_without_address_says_what_to_set(environment: str | None) -> None:
    """Neither a base_url nor a known environment is a mistake that names both."""
    with pytest.raises(ConfigError, match=r"base_url.*production, sandbox"):
        _ = acme(environment=environment).address


@pytest.mark.parametrize(
    "url",
    [
        "https://api.acme.example",
        "https://api.acme.example:8443/v1",
        "http://localhost:1",
        "http://127.9.9.9/x",
        "http://[::1]:80",
    ],
)
def test_a_proper_address_is_taken(url: str) -> None:
    """Https is taken from anywhere, http from this machine."""
    assert acme(base_url=url).problems() == ()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://api.acme.example", "https://"),
        ("http://localhost.evil.example", "https://"),
        ("ftp://api.acme.example", "must be an address"),
        ("api.acme.example", "must be an address"),
        ("https://", "must be an address"),
        ("https://a b.example", "must be an address"),
        ("https://user:pass-1@api.acme.example", "user name"),
        ("https://api.acme.example?key=pass-1", "query"),
        ("https://api.acme.example#pass-1", "fragment"),
        ("https://api.acme.example:port", "must be a web address"),
        ("https://[::1", "must be a web address"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_problem(url: str, problem: str) -> None:
    """The problem names base_url and never repeats it."""
    problems = acme(base_url=url).problems()
    assert len(problems) == 1
    assert problem in problems[0]
    assert problems[0].startswith("base_url")
    assert "pass-1" not in problems[0]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_seconds_must_be_above_zero(seconds: float) -> None:
    """Both kinds of waiting are judged."""
    assert [each.split()[0] for each in acme(timeout=seconds, max_wait=seconds).problems()] == ["timeout", "max_wait"]


@pytest.mark.parametrize("key", ["", "  ", " key-1", "key-1\n", "ké", "key\x00", "k\ny"])
def test_a_key_that_no_header_can_carry_is_a_problem(key: str) -> None:
    """The field is named, the key is not shown; hidden text is judged like a Secret."""
    assert [each.split()[0] for each in acme(api_key=Secret(key)).problems()] == ["api_key"]
    assert [each.split()[0] for each in acme(user_key=key).problems()] == ["user_key"]
    assert all("ké" not in each for each in acme(api_key=Secret(key)).problems())


def test_a_webhook_secret_need_not_fit_a_header() -> None:
    """It may be the key of a digest, in any script; blank ones are refused all the same."""
    assert acme(webhook_secrets=(Secret("clé-ñ"),)).problems() == ()
    assert acme(webhook_secrets=(Secret("a"), Secret(" "))).problems() == ("webhook_secrets is blank",)


def test_limits_of_calls_are_windows() -> None:
    """All limits in the configuration are read as windows; there are none by default."""
    assert acme(call_limits=("4/second", "80/month")).windows == (Window.parse("4/second"), Window.parse("80/month"))
    assert acme().windows == ()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"call_limits": ("4/second", "many")}, "call_limits must be limits of calls"),
        ({"send_share": 1.5}, "send_share must be a number from 0 to 1"),
        ({"send_share": float("nan")}, "send_share must be a number from 0 to 1"),
    ],
)
def test_a_budget_that_cannot_be_kept_is_a_problem(given: Mapping[str, Any], problem: str) -> None:
    """The sentence says how to write one, and never what was written."""
    (said,) = acme(**given).problems()
    assert said.startswith(problem)
    assert "many" not in said


def test_all_problems_are_listed_together() -> None:
    """One look shows everything, and a subclass adds its own rules."""

    @attrs.frozen(kw_only=True)
    class Strict(AcmeSettings):
        def problems(self) -> tuple[str, ...]:
            return (*super().problems(), "label must be short")

    settings = Strict(base_url="http://api.acme.example", timeout=0, api_key=Secret("é"))
    assert [each.split()[0] for each in settings.problems()] == ["base_url", "timeout", "api_key", "label"]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("a.example", False),
        (None, False),
    ],
)
def test_loopback_is_this_machine_alone(host: str | None, *, loopback: bool) -> None:
    """Names and addresses of this machine are distinguished from all others."""
    assert is_loopback(host) is loopback
