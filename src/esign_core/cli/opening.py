"""Opening: the options that every command has, and the account that they mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import attrs
from cyclopts import Parameter

from esign_core.accounts.config import known_accounts
from esign_core.cli.screen import Screen
from esign_core.client import Client, connect
from esign_core.model.errors import ConfigError

__all__ = ["Common", "Options", "opened", "sandbox_file"]

_TRIAL = "sandbox"


@Parameter(name="*", group="Options of every command")
@attrs.frozen(kw_only=True)
class Options:
    """What every command may be told."""

    account: str | None = None
    """Which account of the configuration; needed where there are several."""

    config: Path | None = None
    """The configuration file, in place of $ESIGN_CONFIG or ./esign.toml."""

    output: Literal["table", "json"] = "table"
    """Tables for people, or one JSON document for programs."""

    @property
    def screen(self) -> Screen:
        """Where the command shows what it did."""
        return Screen(self.output)


Common = Annotated[Options | None, Parameter(show=True)]


def opened(options: Options) -> Client:
    """Open the account that the options mean; with no configuration at all, an Auco sandbox of the user's own."""
    known = known_accounts(options.config)
    if isinstance(known, ConfigError):
        raise known
    if not known and options.config is None and options.account in (None, _TRIAL):
        return _trial(options.screen)
    return connect(_meant(options, known), config=options.config)


def sandbox_file() -> Path:
    """Give the file that keeps the user's sandbox, in their data directory."""
    given = os.environ.get("XDG_DATA_HOME", "")
    # A relative path there is to be ignored, says the specification of that variable.
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "share"
    return base / "esign" / "sandbox.db"


def _meant(options: Options, known: tuple[str, ...]) -> str:
    if options.account is not None:
        return options.account
    if len(known) == 1:
        return known[0]
    if not known:
        raise ConfigError(f"The configuration {options.config} has no account.", hint="Add a table [accounts.NAME].")
    raise ConfigError(f"There are several accounts: {', '.join(known)}.", hint="Say which one with --account NAME.")


def _trial(screen: Screen) -> Client:
    place = sandbox_file()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        problem = ConfigError(
            f"The sandbox cannot be kept in {place.parent}: {error.strerror}.",
            hint="Let XDG_DATA_HOME name a folder you may write to, or write an esign.toml.",
        )
    else:
        screen.note(f"There is no configuration: this is the Auco sandbox in {place}, and nobody is really asked.")
        table: dict[str, Any] = {"provider": "auco", "environment": "sandbox", "sandbox_file": str(place)}
        return connect(_TRIAL, config={"accounts": {_TRIAL: table}})
    raise problem
