"""Open the account that a command's options name; the options that every command has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import attrs
from cyclopts import Parameter

from esign_core.accounts.config import known_accounts
from esign_core.cli.problems import UsageError
from esign_core.cli.screen import Screen
from esign_core.client import Client, connect
from esign_core.model.errors import ConfigError

__all__ = ["Common", "Options", "open_client", "sandbox_file"]

_SANDBOX = "sandbox"


@Parameter(name="*", group="Options of every command")
@attrs.frozen(kw_only=True)
class Options:
    """Options that every command takes."""

    account: str | None = None
    """Which account of the configuration; needed where there are several."""

    config: Path | None = None
    """The configuration file, in place of $ESIGN_CONFIG or ./esign.toml."""

    sandbox: bool = False
    """Use the embedded Auco sandbox instead of a configured account: nothing is really sent."""

    output: Literal["table", "json"] = "table"
    """Tables for people, or one JSON document for programs."""

    debug: bool = False
    """Print the library's log, and the traceback of an error, to stderr."""

    @property
    def screen(self) -> Screen:
        """The screen that the command writes to."""
        return Screen(self.output)


Common = Annotated[Options | None, Parameter(show=True)]


def open_client(options: Options) -> Client:
    """Open the configured account that the options name, or the embedded sandbox where they ask for it."""
    if options.sandbox:
        if options.account is not None or options.config is not None:
            raise UsageError("Give --sandbox, or else --account and --config; the sandbox reads no configuration.")
        return _open_sandbox(options.screen)
    known = known_accounts(options.config)
    if isinstance(known, ConfigError):
        raise known
    return connect(_account_name(options, known), config=options.config)


def sandbox_file() -> Path:
    """Return the file that keeps the user's sandbox, in their data directory."""
    given = os.environ.get("XDG_DATA_HOME", "")
    # A relative path there is to be ignored, says the specification of that variable.
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "share"
    return base / "esign" / "sandbox.db"


def _account_name(options: Options, known: tuple[str, ...]) -> str:
    if options.account is not None and (known or options.config is not None):
        return options.account
    if len(known) == 1:
        return known[0]
    if known:
        raise ConfigError(f"There are several accounts: {', '.join(known)}.", hint="Choose one with --account NAME.")
    if options.config is not None:
        raise ConfigError(f"The configuration {options.config} has no account.", hint="Add a table [accounts.NAME].")
    raise ConfigError(
        "There is no configuration, so nothing was sent: "
        "--config is not given, ESIGN_CONFIG is not set, and this folder has no esign.toml with an account.",
        hint="Write an esign.toml with a table [accounts.NAME], or add --sandbox to try the command in the "
        "embedded sandbox, where nothing is really sent.",
    )


def _open_sandbox(screen: Screen) -> Client:
    place = sandbox_file()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        problem = ConfigError(
            f"The sandbox cannot be kept in {place.parent}: {error.strerror}.",
            hint="Set XDG_DATA_HOME to a folder you may write to, or use an account of an esign.toml.",
        )
    else:
        screen.note(f"This is the embedded Auco sandbox in {place}: nothing is really sent.")
        table: dict[str, Any] = {"provider": "auco", "environment": "sandbox", "sandbox_file": str(place)}
        return connect(_SANDBOX, config={"accounts": {_SANDBOX: table}})
    raise problem
