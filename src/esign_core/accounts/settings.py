"""Define the settings of every account, and secrets as values that are never shown."""

from __future__ import annotations

import ipaddress
import re
import ssl
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from esign_core.accounts.window import Window
from esign_core.model.errors import ConfigError

__all__ = ["SANDBOX", "Secret", "Settings", "is_loopback", "secrets_of"]

SANDBOX = "sandbox"
"""The environment that every provider may be opened in: the emulator inside this process."""

T = TypeVar("T")


_MASK = "*******"
_LONGEST = 86_400
_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*", re.ASCII)


class Secret(Generic[T]):
    """Hold a value that can be used and compared, and that no repr, format, log or pickle shows.

    `get_secret_value()` gives the value itself.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        object.__setattr__(self, "_value", value)

    def get_secret_value(self) -> T:
        """Return the value itself."""
        return self._value  # type: ignore[attr-defined, no-any-return]  # set in __init__, past the guard below

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse changes: a secret is a value, and its hash must not change."""
        raise AttributeError("a Secret cannot be changed; make a new one")

    def __eq__(self, other: object) -> bool:
        """Compare the values of two secrets."""
        return (
            bool(self.get_secret_value() == other.get_secret_value()) if isinstance(other, Secret) else NotImplemented
        )

    def __hash__(self) -> int:
        """Hash the value together with the class, so that a secret differs from its own text."""
        return hash((Secret, self.get_secret_value()))

    def __bool__(self) -> bool:
        """Return whether the value is true."""
        return bool(self.get_secret_value())

    def __repr__(self) -> str:
        """Return the mask; an empty secret shows that it is empty."""
        return f"Secret({str(self)!r})"

    def __str__(self) -> str:
        """Return the mask; an empty secret is the empty text."""
        return _MASK if self else ""

    def __format__(self, spec: str) -> str:
        """Format the mask."""
        return format(str(self), spec)

    def __copy__(self) -> Secret[T]:
        """Return the secret itself, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Secret[T]:
        """Return the secret itself, which never changes."""
        return self

    def __reduce__(self) -> str:
        """Refuse to be pickled: a pickle holds its values in clear text."""
        raise TypeError("a Secret cannot be pickled, because a pickle shows it; pass the configuration instead")


def _as_secret(value: Secret[str] | str | None) -> Secret[str] | None:
    return Secret(value) if isinstance(value, str) else value


@attrs.frozen(kw_only=True)
class Settings:
    """The settings of every account; a provider derives its own class and adds its keys.

    Give `environment`, one of the names in `environments` or "sandbox", or else `base_url`.
    A field without a default must be given, except in the sandbox, where a key is invented for it.
    """

    environments: ClassVar[Mapping[str, str]] = {}
    """The vendor's environments: name to address."""

    required: ClassVar[tuple[str, ...]] = ()
    """Names of settings that default to None but must be given outside the sandbox."""

    environment: str | None = None
    """The vendor's environment that the account uses."""

    base_url: str | None = None
    """The address of the vendor's API, in place of an environment."""

    timeout: float = 30.0
    """Seconds without a byte after which a call fails."""

    connect_timeout: float = 10.0
    """Seconds after which an attempt to connect fails."""

    deadline: float | None = None
    """Seconds for one exchange, from connecting to the last byte; None: 30 s and 1 s more for every 128 KiB."""

    read_attempts: int = 4
    """How often a read is tried in all; calls that may have an effect are not repeated."""

    max_reply: int = 16 * 1024 * 1024
    """How many bytes of an answer are kept in memory, after decoding; files that are downloaded are not counted."""

    proxy: Secret[str] | None = attrs.field(default=None, converter=_as_secret)
    """The address of an HTTP proxy, which may hold a user name and password; None: no proxy."""

    ca_file: Path | None = None
    """A file of certificates in PEM form that are trusted in place of the public ones."""

    file_hosts: tuple[str, ...] = ()
    """Further hosts, by name, that an answer may name as the address of a file."""

    max_wait: float = 30.0
    """Seconds that are waited at most before a call is tried again."""

    webhook_secrets: tuple[Secret[str], ...] = ()
    """The secrets accepted in incoming deliveries, newest first."""

    insecure_webhooks: bool = False
    """True: deliveries are read although no secret verifies them."""

    sandbox_file: Path | None = None
    """The file that keeps a sandbox after its program ends."""

    sandbox_seed: str | None = None
    """A text that makes a sandbox give the same ids in every run; None: other ids in every new sandbox."""

    call_limits: tuple[str, ...] = ()
    """How many calls the vendor allows: `4/second`, `80/minute`, `200/hour`, `400/month`; all of them hold at once."""

    call_store: Path | None = None
    """The file that keeps the count of calls after the program ends; several programs may share it."""

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
        """List the problems of the settings, each as a sentence with the name of the setting and without its value.

        A subclass that has rules of its own extends this: `return (*super().problems(), *mine)`.
        """
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.base_url is not None:
            yield from _address_problems(self.base_url)
        for name in ("timeout", "connect_timeout", "deadline", "max_wait"):
            if not (name == "deadline" and self.deadline is None):
                yield from _seconds_problems(name, getattr(self, name))
        for name, unit in (("read_attempts", ""), ("max_reply", " of bytes")):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                yield f"{name} must be a whole number{unit}, 1 or more"
        if not _is_number(self.send_share) or not 0 <= self.send_share <= 1:
            yield "send_share must be a number from 0 to 1"
        yield from _other_problems(self)
        yield from _limit_problems(self.call_limits)
        for field in attrs.fields(type(self)):
            if field.name == "proxy":
                continue
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
    return tuple(dict.fromkeys([*found, *_proxy_credentials(settings.proxy)]))


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name means this machine."""
    if host is None:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret_values(field: attrs.Attribute[Any], value: object) -> Iterable[str]:
    if isinstance(value, Secret):
        inner = value.get_secret_value()
        return (inner,) if isinstance(inner, str) else ()
    if isinstance(value, str):
        # A masking function as a field's repr hides it as well, hence "is not True".
        return (value,) if field.repr is not True else ()
    if isinstance(value, tuple | list | frozenset | set):
        return [text for item in value for text in _secret_values(field, item)]
    return ()


def _proxy_credentials(proxy: Secret[str] | None) -> Iterator[str]:
    # The password stands in the address as written, decoded, and as the header Proxy-Authorization carries it.
    parts = None if proxy is None else _split(proxy.get_secret_value())
    if parts is None or not parts.password:
        return
    yield parts.password
    yield unquote(parts.password)
    yield b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password)}".encode()).decode()


def _secret_problems(name: str, value: str, *, travels: bool) -> Iterator[str]:
    if not value.strip():
        yield f"{name} is blank"
    elif value != value.strip():
        yield f"{name} has blank space around it"
    elif travels and not (value.isascii() and value.isprintable()):
        yield f"{name} contains a character that is not allowed in an HTTP header; copy it again from the vendor"


def _limit_problems(limits: Iterable[str]) -> Iterator[str]:
    for limit in limits:
        try:
            Window.parse(limit)
        except ValueError as error:
            yield f"call_limits must be limits of calls: {error}"
            return


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _seconds_problems(name: str, value: Any) -> Iterator[str]:
    # Written so that nan, which compares with nothing, is refused too; a socket takes no timeout of many years.
    if not _is_number(value) or not 0 < value <= _LONGEST:
        yield f"{name} must be a number of seconds above 0, at most {_LONGEST}"


def _other_problems(settings: Settings) -> Iterator[str]:
    if settings.proxy is not None and not _is_proxy(settings.proxy):
        yield "proxy must be an address such as http://proxy.example.com:3128, without a path or query"
    if settings.ca_file is not None and not _holds_certificates(settings.ca_file):
        yield "ca_file must be a readable file that holds certificates in PEM form"
    if settings.sandbox_seed is not None and not _is_filled(settings.sandbox_seed):
        yield "sandbox_seed must be a text that is not blank"
    if not all(map(_is_host, settings.file_hosts)):
        yield "file_hosts must be a list of host names such as files.example.com, without a scheme, port or path"


def _is_proxy(proxy: Secret[str]) -> bool:
    url = proxy.get_secret_value()
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    return parts.path in {"", "/"} and not {"?", "#", " "} & set(url) and url.isprintable() and url.isascii()


def _holds_certificates(path: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError):
        # A file without a certificate is an SSLError, which is an OSError.
        return False
    return True


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_host(text: object) -> bool:
    if not isinstance(text, str):
        return False
    try:
        ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return _HOST.fullmatch(text) is not None
    return True


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def _address_problems(url: str) -> Iterator[str]:
    parts = _split(url)
    if parts is None:
        yield "base_url must be a web address"
        return
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable() or " " in url:
        yield "base_url must be an address such as https://api.example.com"
    elif parts.scheme != "https" and not is_loopback(parts.hostname):
        yield "base_url must begin with https:// (http:// is for this machine's own addresses alone)"
    if parts.username is not None or parts.password is not None:
        yield "base_url must not contain a user name or password"
    if "?" in url or "#" in url:
        yield "base_url must not contain a query or fragment"
