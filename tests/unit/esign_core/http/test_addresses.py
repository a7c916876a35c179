"""Hosts that answers name: global unicast addresses, and what the account itself allows."""

from __future__ import annotations

import pytest

from esign_core.http.addresses import NamedHostRule, kind_of

PUBLIC = NamedHostRule("api.acme.example", ("files.internal", "10.1.2.3"))
HOSTILE = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0"),
    *(
        "127.0.0.1.",
        "127.0.0.01",
        "127.0.0.256",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a.localhost",
        "x.localdomain",
    ),
    *("0.0.0." + "0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.5", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:93.184.216.34", "::127.0.0.1"),
    *("fe80::1", "fe80::1%eth0", "::1%lo", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
    *("2606:4700::1%1", "100::1", "5f00::1", "::1::", "1.2.3.4:5"),
    *("metadata", "intranet", "metadata.google.internal", "printer.local", "router.lan", "db.corp", "x.home.arpa"),
    *("sandbox.invalid", "files.acme.example.", "\uff11\uff12\uff17.0.0.1", "\u2460.example", "127\u30020.0.1"),
    *(
        "127%2e0.0.1",
        "a..example",
        "-a.example",
        "a.example-",
        "a b.example",
        "x.123",
        "x.0x7f",
        "1.2.3",
        ".example",
        "",
    ),
]


@pytest.mark.parametrize("host", HOSTILE)
def test_hostile_host_is_refused(host: str) -> None:
    """No spelling of an address inside a network, or of a local name, is allowed to an account on the internet."""
    assert not PUBLIC.allows_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *("files.acme.example", "93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450::1", "xn--bcher-kva.example"),
        *("a_b.s3.amazonaws.com", "API.acme.example", "files.internal", "Files.Internal", "10.1.2.3", "a-1.b.co"),
    ],
)
def test_public_and_allowed_hosts_pass(host: str) -> None:
    """Global addresses, plain names, the account's own host, and those it lists."""
    assert PUBLIC.allows_host(host)


@pytest.mark.parametrize(
    ("own", "host", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", True),
        ("127.0.0.1", "::1", True),
        ("127.0.0.1", "localhost", True),
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1", "127.1", False),
        ("127.0.0.1", "10.0.0.1", False),
        ("127.0.0.1", "169.254.169.254", False),
        ("10.0.0.5", "192.168.0.1", True),
        ("10.0.0.5", "fd00::1", True),
        ("10.0.0.5", "127.0.0.1", False),
        ("10.0.0.5", "localhost", False),
        ("169.254.1.1", "169.254.169.254", False),
        ("esign.internal", "esign.internal", True),
        ("esign.internal", "other.internal", False),
    ],
)
def test_own_address_widens_the_rule(own: str, host: str, *, allowed: bool) -> None:
    """An account on this machine or in a private network may be given files of the same kind of address."""
    assert NamedHostRule(own).allows_host(host) is allowed


@pytest.mark.parametrize(
    ("own", "addresses", "allowed"),
    [
        ("8.8.8.8", ["93.184.216.34", "2606:4700::1"], True),
        ("8.8.8.8", ["93.184.216.34", "10.0.0.1"], False),
        ("8.8.8.8", ["127.0.0.1"], False),
        ("8.8.8.8", ["fe80::1%2"], False),
        ("127.0.0.1", ["127.0.0.1", "::1"], True),
        ("127.0.0.1", ["10.0.0.1"], False),
        ("127.0.0.1", ["127.0.0.1", "169.254.169.254"], False),
        ("10.0.0.1", ["192.168.0.1", "93.184.216.34"], True),
        ("api.acme.example", ["10.0.0.9"], False),
    ],
)
def test_every_resolved_address_is_judged(own: str, addresses: list[str], *, allowed: bool) -> None:
    """One address that is not allowed among those of a name refuses it."""
    assert NamedHostRule(own).allows_addresses("files.example", addresses) is allowed


def test_allowed_names_are_not_judged() -> None:
    """What the account lists by name may mean any address, and so may its own host."""
    rule = NamedHostRule("api.acme.example", ("files.internal",))
    assert rule.allows_addresses("FILES.internal", ["10.0.0.1"])
    assert rule.allows_addresses("api.acme.example", ["10.0.0.1"])


def test_text_that_is_not_an_address_is_other() -> None:
    """A resolver that answers nonsense allows nothing."""
    assert kind_of("nonsense") == "other"
