"""Decide which hosts an answer may name: global unicast addresses, and what the account itself allows."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Literal

import attrs

Kind = Literal["global", "loopback", "private", "other"]
Resolve = Callable[[str, int], "list[str]"]
"""Looks up the addresses of a name and port, as text."""

# IANA's registries of special-purpose addresses: what is not globally reachable, and what stands for another address.
_V4_SPECIAL = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
_V4_PRIVATE = tuple(ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_V6_GLOBAL = ipaddress.IPv6Network("2000::/3")
# 2001::/23 holds Teredo, 2002::/16 is 6to4. NAT64 (64:ff9b::/96) and IPv4-mapped addresses lie outside 2000::/3.
_V6_SPECIAL = tuple(
    ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)
_V6_PRIVATE = ipaddress.IPv6Network("fc00::/7")

_DOTTED = re.compile(r"\d{1,3}(\.\d{1,3}){3}", re.ASCII)
# The last label of a public name begins with a letter. Anything else is read as a number by some resolvers:
# 127.1, 0x7f.1, 0177.0.0.1, 2130706433 (WHATWG URL, 3.5).
_NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)
_LOCAL_NAMES = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "onion", "invalid"}
)


def kind_of(address: str) -> Kind:
    """Classify an IP address; what is not written in its usual form is "other"."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "other"
    if found.is_loopback:
        return "loopback"
    if isinstance(found, ipaddress.IPv4Address):
        if any(found in network for network in _V4_PRIVATE):
            return "private"
        return "other" if any(found in network for network in _V4_SPECIAL) else "global"
    if found in _V6_PRIVATE and not found.scope_id:
        return "private"
    is_global = found in _V6_GLOBAL and not found.scope_id
    return "global" if is_global and not any(found in network for network in _V6_SPECIAL) else "other"


def is_address(host: str) -> bool:
    """Tell whether a host is written as an IP address."""
    return ":" in host or _DOTTED.fullmatch(host) is not None


@attrs.frozen
class NamedHostRule:
    """What the hosts that answers name must keep, at one account."""

    own_host: str
    """The host of the account's own address: always allowed."""
    file_hosts: tuple[str, ...] = ()
    """Further hosts that the account allows by name."""

    def exempts(self, host: str) -> bool:
        """Tell whether a host is the account's own or allowed by name."""
        return host.lower() in {self.own_host.lower(), *(name.lower() for name in self.file_hosts)}

    def allows_host(self, host: str) -> bool:
        """Tell whether a host may be used as far as its spelling shows."""
        if not host.isascii():
            return False
        host = host.lower()
        if self.exempts(host):
            return True
        if is_address(host):
            return self._allows_kind(kind_of(host), own=self._own_kind())
        if host == "localhost":
            return self._own_kind() == "loopback"
        if host.endswith(".invalid"):
            # A sandbox and its recordings name such hosts; no network has them (RFC 6761, 6.4).
            return self.own_host.lower().endswith(".invalid")
        return _NAME.fullmatch(host) is not None and not _is_local(host)

    def allows_addresses(self, host: str, addresses: Iterable[str]) -> bool:
        """Tell whether a host may be used whose name means these addresses; a single bad one is enough to refuse."""
        own = self._own_kind()
        return self.exempts(host) or all(self._allows_kind(kind_of(address), own=own) for address in addresses)

    def _own_kind(self) -> Kind:
        # Judged as it is written: what the account's own name means to a name server says nothing about other hosts.
        if self.own_host.lower().rstrip(".") == "localhost":
            return "loopback"
        return kind_of(self.own_host) if is_address(self.own_host) else "global"

    @staticmethod
    def _allows_kind(kind: Kind, *, own: Kind) -> bool:
        """Allow global addresses, and loopback or private ones to an account whose own address is of that kind."""
        return kind == "global" or (kind in ("loopback", "private") and kind == own)


def _is_local(host: str) -> bool:
    return host.rpartition(".")[2] in _LOCAL_NAMES or host.endswith(".home.arpa")
