"""Settings: what every account can set, and secrets as values that never show."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

import attrs
import typed_settings

from esign_core.accounts.window import Window
from esign_core.model.errors import ConfigError

__all__ = ["SANDBOX", "Secret", "Settings", "is_loopback", "secrets_of"]

SANDBOX = "sandbox"
"""The environment that every provider may be opened in: the emulator inside this process."""

T = TypeVar("T")


class Secret(typed_settings.Secret[T]):
    """A value that can be used and compared, and that no repr, format or log shows.

    `get_secret_value()` gives the value itself.
    """

    # typed_settings' own class compares by identity and refuses a format width; settings are values,
    # so two accounts with equal keys have to be equal, and a log format must mask instead of failing.

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same value."""
        if not isinstance(other, typed_settings.Secret):
            return NotImplemented
        return bool(self.get_secret_value() == other.get_secret_value())

    def __hash__(self) -> int:
        """Hash like the value it holds, told apart from it."""
        return hash((Secret, self.get_secret_value()))

    def __format__(self, spec: str) -> str:
        """Format the mask."""
        return format(str(self), spec)


@attrs.frozen(kw_only=True)
class Settings:
    """What every account can set; a provider derives its own class and adds its keys.

    Give `environment`, one of the names in `environments` or "sandbox", or else `base_url`.
    A field without a default has to be given, everywhere but in the sandbox, where a key is invented for it.
    """

    environments: ClassVar[Mapping[str, str]] = {}
    """The vendor's environments: name to address."""

    required: ClassVar[tuple[str, ...]] = ()
    """Names of settings that default to None and yet have to be given outside the sandbox."""

    environment: str | None = None
    """Which of the vendor's environments the account lives in."""

    base_url: str | None = None
    """The address of the vendor's API, in place of an environment."""

    timeout: float = 30.0
    """Seconds without a byte after which a call is given up."""

    max_wait: float = 30.0
    """Seconds that are waited at most before a call is tried again."""

    webhook_secrets: tuple[Secret[str], ...] = ()
    """The secrets accepted in incoming deliveries, newest first."""

    insecure_webhooks: bool = False
    """Whether deliveries are read although there is no secret to check them by."""

    sandbox_file: Path | None = None
    """The file in which a sandbox outlives its program."""

    call_limits: tuple[str, ...] = ()
    """How many calls the vendor allows: `4/second`, `80/minute`, `200/hour`, `400/month`; all of them hold at once."""

    call_store: Path | None = None
    """The file in which the count of calls outlives its program; several programs may share it."""

    send_share: float = 0.5
    """The part of each limit, from 0 to 1, that reads leave for calls that send something."""

    @property
    def is_sandbox(self) -> bool:
        """Tell whether the account lives in the sandbox."""
        return self.environment == SANDBOX

    @property
    def address(self) -> str:
        """The address that calls go to, without a slash at its end."""
        if self.base_url is not None:
            return self.base_url.rstrip("/")
        if self.environment is not None and self.environment in self.environments:
            return self.environments[self.environment].rstrip("/")
        if self.is_sandbox:
            return "https://sandbox.invalid"
        raise ConfigError(
            "This account has no address: it gives no base_url, and its environment is not one of the provider's.",
            hint=f"Set environment to one of {', '.join((*self.environments, SANDBOX))}, or give a base_url.",
        )

    @property
    def windows(self) -> tuple[Window, ...]:
        """The limits of calls as values; a provider may derive them from a plan of the vendor's."""
        return tuple(Window.parse(text) for text in self.call_limits)

    def problems(self) -> tuple[str, ...]:
        """List, as sentences that name the setting and never its value, what cannot work.

        A subclass that has rules of its own extends this: `return (*super().problems(), *mine)`.
        """
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.base_url is not None:
            yield from _address_problems(self.base_url)
        for name in ("timeout", "max_wait"):
            # Written so that nan, which compares with nothing, is refused too.
            if not 0 < getattr(self, name) < float("inf"):
                yield f"{name} must be a number of seconds above 0"
        if not 0 <= self.send_share <= 1:
            yield "send_share must be a number from 0 to 1"
        yield from _limit_problems(self.call_limits)
        for field in attrs.fields(type(self)):
            for value in _secret_values(field, getattr(self, field.name)):
                # A webhook secret may be the key of a digest; it travels in no request of ours.
                yield from _secret_problems(field.name, value, travels=field.name != "webhook_secrets")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Collect every value of an account that must not be shown: secrets, and text fields with `repr=False`."""
    found = [
        value
        for field in attrs.fields(type(settings))
        for value in _secret_values(field, getattr(settings, field.name))
        if value
    ]
    return tuple(dict.fromkeys(found))


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name means this very machine."""
    if host is None:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret_values(field: attrs.Attribute[Any], value: object) -> Iterable[str]:
    # `ts.secret()` fields carry a masking function as their repr, hence "is not True".
    if isinstance(value, typed_settings.Secret):
        inner = value.get_secret_value()
        return (inner,) if isinstance(inner, str) else ()
    if isinstance(value, str):
        hidden = field.repr is not True or isinstance(value, typed_settings.SecretStr)
        return (str(value),) if hidden else ()
    if isinstance(value, tuple | list | frozenset | set):
        return [text for item in value for text in _secret_values(field, item)]
    return ()


def _secret_problems(name: str, value: str, *, travels: bool) -> Iterator[str]:
    if not value.strip():
        yield f"{name} is blank"
    elif value != value.strip():
        yield f"{name} has blank space around it"
    elif travels and not (value.isascii() and value.isprintable()):
        yield f"{name} contains a character that no HTTP header can carry; copy it again from the vendor"


def _limit_problems(limits: Iterable[str]) -> Iterator[str]:
    for limit in limits:
        try:
            Window.parse(limit)
        except ValueError as error:
            yield f"call_limits holds something else than limits: {error}"
            return


def _address_problems(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield "base_url is not a web address"
        return
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable() or " " in url:
        yield "base_url must be an address such as https://api.example.com"
    elif parts.scheme != "https" and not is_loopback(host):
        yield "base_url must begin with https:// (http:// is for this machine's own addresses alone)"
    if parts.username is not None or parts.password is not None:
        yield "base_url must not contain a user name or password"
    if "?" in url or "#" in url:
        yield "base_url must not contain a query or fragment"
