"""Read accounts from TOML, a mapping or the environment; every problem is reported at once, by its key.

The functions here return a `ConfigError` instead of raising it: `connect` raises it in its own frame, so that no frame
of its traceback holds a value that was read.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import attrs

from esign_core.accounts.coercion import Invalid, Text, looks_secret, read_value, sandbox_default, shown_name
from esign_core.accounts.settings import SANDBOX, Settings
from esign_core.model.errors import ConfigError
from esign_core.redaction import mask

__all__ = ["Account", "known_accounts", "load"]

S = TypeVar("S", bound=Settings)

_EXAMPLE = '[accounts.try] with provider = "auco" and environment = "sandbox"'


@attrs.frozen(kw_only=True)
class Account:
    """One account as it was configured: its provider and its values, not yet checked."""

    name: str
    """The name that the program uses."""
    provider: str
    """The name of its provider."""
    plugins: tuple[str, ...] = ()
    """The observers that the configuration names, by entry point."""
    source: str
    """The source of its values, for messages."""
    folder: Path = attrs.field(repr=False)
    """The folder that relative paths start from: the folder of the configuration file."""
    values: Mapping[str, Any] = attrs.field(repr=False)
    """The account's table."""
    environ: Mapping[str, str] = attrs.field(repr=False)
    """The environment variables, which come before the table."""

    def build(self, settings: type[S]) -> S | ConfigError:
        """Build the provider's settings, or return an error that lists every problem."""
        try:
            attrs.resolve_types(settings)
        except (NameError, TypeError) as error:
            return ConfigError(
                f"The settings class {settings.__name__} of the provider {self.provider!r} has a type "
                f"that cannot be found ({mask(str(error))}).",
                hint="Import what its annotations name outside `if TYPE_CHECKING`.",
            )
        fields = {field.alias: field for field in attrs.fields(settings) if field.init}
        wrong = {key: self._unknown(key, fields) for key in self.values if key != "provider" and key not in fields}
        given: dict[str, Any] = {}
        for key, field in fields.items():
            value = self._value(key, field.type)
            if isinstance(value, Invalid):
                wrong[key] = f"{self._where(key)} {value.what}"
            elif value is not attrs.NOTHING:
                given[key] = value
        wrong.update(_place_problems(settings, given, wrong))
        for key in _missing(settings, fields, given, wrong):
            wrong[key] = f"{key} is missing"
        if given.get("environment") == SANDBOX:
            given.update(_sandbox_defaults(fields, given))
        return self._made(settings, given, wrong)

    def _made(self, settings: type[S], given: Mapping[str, Any], wrong: Mapping[str, str]) -> S | ConfigError:
        problems = list(wrong.values())
        try:
            made = settings(**given)
        except TypeError:
            # Something is missing; that is among the problems already.
            return self._error(problems or ["its settings class cannot be built"], settings)
        except Exception as error:  # noqa: BLE001 - a validator of the provider's may raise anything
            # The text of a validator's error repeats the value, its second argument tells the field.
            field = next((arg for arg in error.args if isinstance(arg, attrs.Attribute)), None)
            name = "a setting" if field is None else field.alias
            return self._error([*problems, f"{name} is refused by the provider"], settings)
        try:
            own = made.problems()
        except Exception as error:  # noqa: BLE001 - a provider's own rules may fail in any way
            own = (f"the provider's rules for settings fail with {type(error).__name__}",)
        # A problem that follows from a value that could not be read is not listed a second time.
        problems += [each for each in own if not any(_names(each, key) for key in wrong)]
        return self._error(problems, settings) if problems else made

    def _value(self, key: str, kind: Any) -> Any:
        variable = _variable(self.name, key)
        if variable in self.environ:
            return read_value(Text(self.environ[variable]), kind, self.environ, Path())
        if key in self.values:
            return read_value(self.values[key], kind, self.environ, self.folder)
        return attrs.NOTHING

    def _where(self, key: str) -> str:
        variable = _variable(self.name, key)
        return f"{key} (from {variable})" if variable in self.environ else key

    def _unknown(self, key: object, known: Iterable[str]) -> str:
        return (
            f"{shown_name(key)} is not a setting of the provider {self.provider!r}{_guess(key, [*known, 'provider'])}"
        )

    def _error(self, problems: Iterable[str], settings: type[Settings]) -> ConfigError:
        names = [field.alias for field in attrs.fields(settings) if field.init]
        return ConfigError(
            f"The account {shown_name(self.name)!r} ({self.source}) cannot be used: {'; '.join(problems)}.",
            hint=f"Settings stand in the table [accounts.{shown_name(self.name)}] or in environment variables such as "
            f"{_variable(shown_name(self.name), 'base_url')}; {self.provider} knows: {', '.join(names)}.",
        )


def load(
    account: str,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Account | ConfigError:
    """Find an account: environment variables first, then the mapping or the file, never both of these."""
    environ = os.environ if environ is None else environ
    source = _read(config, environ)
    if isinstance(source, ConfigError):
        return source
    problems = list(_outer_problems(source.content))
    if problems:
        return ConfigError(
            f"The configuration ({source}) cannot be used: {'; '.join(problems)}.",
            hint="At its top it holds `plugins`, a list of names, and `accounts`, a table for each account.",
        )
    table = source.content.get("accounts", {}).get(account)
    if table is None and _variable(account, "provider") not in environ:
        return _unknown_account(account, source, environ)
    if table is None:
        source = attrs.evolve(source, label="the environment")
    elif not isinstance(table, Mapping):
        return ConfigError(
            f"The account {shown_name(account)!r} ({source}) is not a table.",
            hint=f'Write [accounts.{shown_name(account)}] and below it provider = "...", one setting a line.',
        )
    return _account(account, table or {}, source, environ)


def known_accounts(
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None, environ: Mapping[str, str] | None = None
) -> tuple[str, ...] | ConfigError:
    """List the names of the accounts that are configured; empty without any configuration."""
    environ = os.environ if environ is None else environ
    source = _read(config, environ)
    return source if isinstance(source, ConfigError) else tuple(_known(source, environ))


@attrs.frozen
class _Source:
    content: Mapping[str, Any] = attrs.field(repr=False)
    label: str
    folder: Path
    missing: bool = False

    def __str__(self) -> str:
        return self.label


def _read(config: object, environ: Mapping[str, str]) -> _Source | ConfigError:
    if isinstance(config, Mapping):
        return _Source(config, "the mapping given", Path())
    if isinstance(config, str | os.PathLike):
        return _read_file(Path(config).expanduser())
    if config is not None:
        return ConfigError(
            f"The configuration must be a mapping or a path, but it is {type(config).__name__}.",
            hint='Pass config="esign.toml", or a mapping of the same shape.',
        )
    if named := environ.get("ESIGN_CONFIG", "").strip():
        return _read_file(Path(named).expanduser())
    default = Path("esign.toml")
    return _read_file(default) if default.exists() else _Source({}, "no configuration", Path(), missing=True)


def _read_file(path: Path) -> _Source | ConfigError:
    # The parser's own messages are not passed on: some repeat what stands in the file.
    try:
        return _Source(tomllib.loads(path.read_bytes().decode("utf-8-sig")), str(path), path.absolute().parent)
    except OSError as error:
        return ConfigError(
            f"The configuration file {path} cannot be read: {error.strerror or type(error).__name__}.",
            hint="Look at the path that was given, or at the variable ESIGN_CONFIG.",
        )
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line \d+", str(error))
        problem = f"is not valid TOML, at {line[0] if line else 'its end'}"
    except RecursionError:
        problem = "is nested too deeply"
    return ConfigError(
        f"The configuration file {path} {problem}.",
        hint="A setting is written as name = value, and text stands in quotation marks.",
    )


def _outer_problems(content: Mapping[str, Any]) -> Iterator[str]:
    for key in content:
        if key not in {"plugins", "accounts"}:
            yield f"{shown_name(key)} is unknown at the top{_guess(key, ['plugins', 'accounts'])}"
    plugins = content.get("plugins", [])
    if not isinstance(plugins, list | tuple) or not all(_is_name(item) for item in plugins):
        yield "plugins must be a list of names"
    if not isinstance(content.get("accounts", {}), Mapping):
        yield "accounts must be a table"


def _account(name: str, table: Mapping[str, Any], source: _Source, environ: Mapping[str, str]) -> Account | ConfigError:
    account = Account(
        name=name,
        provider="",
        plugins=tuple(source.content.get("plugins", ())),
        source=source.label,
        folder=source.folder,
        values=table,
        environ=environ,
    )
    provider = account._value("provider", str)  # noqa: SLF001 - the same class, in the making
    if _is_name(provider):
        return attrs.evolve(account, provider=provider)
    problem = f"provider is missing{_guess('provider', table)}"
    if isinstance(provider, Invalid):
        problem = f"provider {provider.what}"
    elif isinstance(provider, str):
        problem = "provider must be the name of a provider; what is written there looks like a secret"
    return ConfigError(
        f"The account {shown_name(name)!r} ({source}) cannot be used: {problem}.",
        hint='Every account names its provider, such as provider = "auco".',
    )


def _unknown_account(account: str, source: _Source, environ: Mapping[str, str]) -> ConfigError:
    known = _known(source, environ)
    if source.missing and not known:
        return ConfigError(
            "There is no configuration: none was given, ESIGN_CONFIG is not set, and this folder has no esign.toml.",
            hint=f"Make an esign.toml; to try without a vendor: {_EXAMPLE}.",
        )
    return ConfigError(
        f"There is no account {shown_name(account)!r} ({source}); known are: "
        f"{', '.join(map(shown_name, known)) or 'none'}{_guess(account, known)}.",
        hint=f"Add a table [accounts.{shown_name(account)}], "
        f"or set {_variable(shown_name(account), 'provider')} in the environment.",
    )


def _known(source: _Source, environ: Mapping[str, str]) -> list[str]:
    accounts = source.content.get("accounts", {})
    names = [str(name) for name in accounts] if isinstance(accounts, Mapping) else []
    taken = {_variable(name, "provider") for name in names}
    lonely = [name for name in environ if re.fullmatch("ESIGN_.+_PROVIDER", name) and name not in taken]
    return names + [name[6:-9].lower().replace("_", "-") for name in sorted(lonely)]


def _place_problems(settings: type[Settings], given: Mapping[str, Any], wrong: Mapping[str, str]) -> dict[str, str]:
    if "environment" in wrong or "base_url" in wrong:
        return {}
    names = (*settings.environments, SANDBOX) if SANDBOX not in settings.environments else (*settings.environments,)
    environment, base_url = given.get("environment"), given.get("base_url")
    if environment is None and base_url is None:
        return {"environment": f"environment (one of {', '.join(names)}) or base_url is missing"}
    if environment is not None and base_url is not None:
        return {"environment": "environment and base_url are both given, and only one of them may be"}
    if environment is not None and environment not in names:
        return {"environment": f"environment must be one of {', '.join(names)}{_guess(environment, names)}"}
    return {}


def _missing(
    settings: type[Settings],
    fields: Mapping[str, attrs.Attribute[Any]],
    given: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> list[str]:
    needed = {key for key, field in fields.items() if field.default is attrs.NOTHING}
    if given.get("environment") == SANDBOX:
        needed = {key for key in needed if sandbox_default(fields[key].type, key) is None}
    else:
        needed.update(settings.required)
    return [key for key in fields if key in needed and given.get(key) is None and key not in wrong]


def _sandbox_defaults(fields: Mapping[str, attrs.Attribute[Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    needed = {key: field for key, field in fields.items() if field.default is attrs.NOTHING and key not in given}
    found = {key: sandbox_default(field.type, key) for key, field in needed.items()}
    return {key: value for key, value in found.items() if value is not None}


def _variable(account: str, setting: str) -> str:
    return f"ESIGN_{account}_{setting}".upper().replace("-", "_")


def _names(problem: str, key: str) -> bool:
    return re.search(rf"\b{re.escape(key)}\b", problem) is not None


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and not looks_secret(value)


def _guess(key: object, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(key), [str(name) for name in known], n=1)
    return f" (did you mean {shown_name(close[0])}?)" if close else ""
