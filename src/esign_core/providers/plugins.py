"""Find, load and list plugins, and call observers; a list imports nothing."""

from __future__ import annotations

import difflib
import importlib.metadata
import inspect
import logging
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import attrs
import pluggy

from esign_core.accounts.coercion import shown_name
from esign_core.accounts.settings import Settings
from esign_core.model.errors import ConfigError
from esign_core.providers import hookspecs
from esign_core.providers.base import Provider
from esign_core.redaction import mask

if TYPE_CHECKING:
    from esign_core.model.events import Event
    from esign_core.providers.hookspecs import CallDetails

__all__ = ["GROUP", "Installed", "Plugins", "installed"]

GROUP = "esign"
"""The entry-point group of providers and observers."""

_HOOKS = tuple(name for name in hookspecs.__all__ if name.startswith("esign_"))
_log = logging.getLogger("esign")


@attrs.frozen(kw_only=True, order=True)
class Installed:
    """An installed plugin, from its package's metadata; it has not been imported."""

    name: str
    """Its name in a configuration."""
    module: str
    """The module that is imported to load it."""
    distribution: str
    """The package that contains it."""
    version: str
    """The version of that package."""


@attrs.frozen
class _Claim:
    entry: EntryPoint
    distribution: str
    version: str

    def __str__(self) -> str:
        return f"entry point {self.entry.name} = {self.entry.value} of {self.distribution} {self.version}"


def installed() -> tuple[Installed, ...]:
    """List what is installed, providers and observers, by name; nothing is imported."""
    return tuple(
        sorted(
            Installed(
                name=claim.entry.name,
                module=claim.entry.value,
                distribution=claim.distribution,
                version=claim.version,
            )
            for claim in _claims()
        )
    )


class Plugins:
    """The plugins of one client: its provider and its observers."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hookspecs)

    def load_provider(self, name: str) -> type[Provider]:
        """Load the provider of that name, and no other plugin."""
        claim = _claim(name, kind="provider")
        plugin = _import(claim)
        self._register(plugin, name=name, label=str(claim))
        hooks = self._manager.hook.esign_provider.get_hookimpls()
        if mine := [hook for hook in hooks if hook.plugin is plugin]:
            return _checked(mine[0].function, name, claim)
        raise ConfigError(
            f"{name!r} is not a provider: its module does not implement the hook esign_provider ({claim}).",
            hint="An observer is named under `plugins`; a provider's module defines esign_provider, "
            "marked with @hookimpl.",
        )

    def load_observers(self, names: Iterable[str] = (), objects: Iterable[object] = ()) -> None:
        """Register observers: those named by their entry points, and those given as objects."""
        for item in (*names, *objects):
            if isinstance(item, str):
                if not self._manager.has_plugin(item):
                    claim = _claim(item, kind="observer")
                    self._register(_import(claim), name=item, label=str(claim))
            elif not self._manager.is_registered(item):
                label = _label(item)
                self._register(item, name=f"{label} {id(item)}", label=label)

    @property
    def observe_calls(self) -> bool:
        """Whether any observer is called for requests."""
        hooks = self._manager.hook
        return bool(hooks.esign_before_call.get_hookimpls() or hooks.esign_after_call.get_hookimpls())

    def before_call(self, details: CallDetails) -> None:
        """Call the observers of a request that is about to be sent."""
        self._notify("esign_before_call", details=details)

    def after_call(self, details: CallDetails) -> None:
        """Call the observers of a request that ended."""
        self._notify("esign_after_call", details=details)

    def event(self, event: Event) -> None:
        """Call the observers of an event."""
        self._notify("esign_event", event=event)

    def unknown_status(self, *, provider: str, account: str, vocabulary: str, vendor_status: str) -> None:
        """Call the observers of a status word that no table contains."""
        self._notify(
            "esign_unknown_status",
            provider=provider,
            account=account,
            vocabulary=vocabulary,
            vendor_status=vendor_status,
        )

    def _notify(self, hook: str, **arguments: Any) -> None:
        # One by one instead of through pluggy's caller, which stops at the first that raises.
        for implementation in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
            try:
                implementation.function(*(arguments[name] for name in implementation.argnames))
            except Exception as error:  # noqa: BLE001 - another package may raise anything
                # The text of the error could repeat what the observer received; its class is enough to find it.
                _log.warning("The observer %s failed in %s: %s", implementation.plugin_name, hook, type(error).__name__)

    def _register(self, plugin: object, *, name: str, label: str) -> None:
        if isinstance(plugin, type):
            raise ConfigError(
                f"The plugin {label} is a class.", hint="Hand over an object of it: plugins=[MyObserver()]."
            )
        if problems := list(_problems(plugin)):
            raise ConfigError(f"The plugin {label} cannot be used: {'; '.join(problems)}.")
        complaint = self._refusal(plugin, name)
        if complaint is not None:
            raise ConfigError(
                f"The plugin {label} cannot be used: {mask(complaint)}",
                hint="A hook takes any subset of the documented arguments, under their documented names.",
            )
        if not self._manager.get_hookcallers(plugin):
            raise ConfigError(
                f"The plugin {label} implements no hook.",
                hint=f"Mark a function with @hookimpl, named one of: {', '.join(_HOOKS)}.",
            )

    def _refusal(self, plugin: object, name: str) -> str | None:
        try:
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            # Only the last line speaks of what is wrong; those before it show the plugin's repr.
            return str(error).strip().splitlines()[-1]
        return None


def _problems(plugin: object) -> Iterator[str]:
    for name in dir(plugin):
        if not name.startswith("esign_") and not _mark(plugin, name):
            continue
        function = getattr(plugin, name, None)
        if not inspect.isroutine(function):
            continue
        if name not in _HOOKS:
            close = difflib.get_close_matches(name, _HOOKS, n=1, cutoff=0.5)
            yield f"{name} is not a hook of esign" + (f" (did you mean {close[0]}?)" if close else "")
        elif not (mark := _mark(plugin, name)):
            yield f"{name} is not marked with @hookimpl"
        elif mark.get("wrapper") or mark.get("hookwrapper"):
            yield f"{name} is a wrapper, and hooks of esign cannot be wrapped"
        elif inspect.iscoroutinefunction(function):
            yield f"{name} is async, and the hooks of esign are plain functions"


def _mark(plugin: object, name: str) -> dict[str, Any]:
    # Looked up without touching the attribute: reading a property of another package's object could run any code.
    function = inspect.getattr_static(plugin, name, None)
    function = getattr(function, "__func__", function)
    return getattr(function, f"{GROUP}_impl", None) or {}


def _label(plugin: object) -> str:
    kind = type(plugin)
    return getattr(plugin, "__name__", None) or f"{kind.__module__}.{kind.__qualname__}"


def _claim(name: str, *, kind: str) -> _Claim:
    claims = list(_claims(name))
    if len(claims) > 1:
        raise ConfigError(
            f"Several packages claim the name {name!r}: {'; '.join(map(str, claims))}.",
            hint="Uninstall all but one of them.",
        )
    if claims:
        return claims[0]
    names = sorted({plugin.name for plugin in installed()})
    close = difflib.get_close_matches(name, names, n=1)
    guess = f"Did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"There is no {kind} {shown_name(name)!r}; installed are: {', '.join(names) or 'none'}.",
        hint=f"{guess}Each comes with a package of its own, by custom named esign-<name>: install it beside esign.",
    )


def _claims(name: str | None = None) -> Iterator[_Claim]:
    # Distribution by distribution, not all entry points at once: one with broken metadata does not affect the others.
    seen: set[str] = set()
    for distribution in importlib.metadata.distributions():
        try:
            title, version = distribution.metadata["Name"], distribution.version
            key = title.lower().replace("_", "-").replace(".", "-")
            entries = [] if key in seen else list(distribution.entry_points.select(group=GROUP))
        except Exception as error:  # noqa: BLE001 - broken metadata fails in many ways
            _log.debug("A package is skipped, its metadata cannot be read: %s", type(error).__name__)
            continue
        # A package that stands on the path twice is imported from its first place, so the second claims nothing.
        seen.add(key)
        for entry in entries:
            if name is None or entry.name == name:
                yield _Claim(entry, title, version)


def _import(claim: _Claim) -> object:
    try:
        plugin: object = claim.entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - another package may raise anything
        cause = f"{type(error).__name__}: {mask(str(error))}"
    else:
        return plugin
    # Raised out here, so that the error does not keep a frame of the plugin's import or its values.
    raise ConfigError(
        f"The plugin {claim.entry.name!r} cannot be imported ({claim}): {cause}.",
        hint=f"Repair or reinstall {claim.distribution}.",
    )


def _checked(factory: Any, name: str, claim: _Claim) -> type[Provider]:
    try:
        found: object = factory()
    except Exception as error:  # noqa: BLE001 - another package may raise anything
        problem = f"esign_provider failed with {type(error).__name__}: {mask(str(error))}"
    else:
        if isinstance(found, type) and issubclass(found, Provider):
            problem = _provider_problem(found, name)
            if not problem:
                return found
        else:
            problem = "esign_provider must return a class derived from esign_core.Provider"
    raise ConfigError(
        f"The provider {name!r} cannot be used: {problem} ({claim}).", hint=f"Repair or update {claim.distribution}."
    )


def _provider_problem(provider: type[Provider], name: str) -> str:
    if inspect.isabstract(provider):
        return f"{provider.__name__} does not define {', '.join(sorted(provider.__abstractmethods__))}"
    if getattr(provider, "name", None) != name:
        return f"{provider.__name__}.name is not {name!r}, the name of its entry point"
    settings = getattr(provider, "Settings", None)
    if not (isinstance(settings, type) and issubclass(settings, Settings) and attrs.has(settings)):
        return f"{provider.__name__}.Settings is not a class derived from esign_core.Settings"
    if getattr(provider, "capabilities", None) is None:
        return f"{provider.__name__}.capabilities is missing"
    return ""
