"""Plugins are found by name, judged before they are used, and heard without being able to break anything."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from esign_core.model.errors import ConfigError
from esign_core.providers.hookspecs import CallDetails, hookimpl
from esign_core.providers.plugins import Installed, Plugins, installed

Install = Callable[..., None]

PROVIDER = """
from esign_core.providers.hookspecs import hookimpl
from esign_core.providers.base import Provider

class Acme(Provider):
    name = "acme"
    def authorize(self, call): return call
    def owns(self, process_id): return True
    def create(self, draft, now): yield
    def get(self, process_id, now): yield

@hookimpl
def esign_provider():
    return Acme
"""
OBSERVER = """
from esign_core.providers.hookspecs import hookimpl
heard = []

@hookimpl
def esign_unknown_status(vendor_status, provider):
    heard.append((provider, vendor_status))
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package for one test: its metadata and one module on the path."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "esign_acme"]:
        # The example project of the documentation bears the same name, and may have been imported before.
        monkeypatch.delitem(sys.modules, name)
    before = set(sys.modules)

    def put(name: str, source: str, *, distribution: str | None = None, entry: str | None = None) -> None:
        title = distribution or f"esign-{name}"
        module = title.replace("-", "_")
        info = tmp_path / f"{module}-1.2.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[esign]\n{entry or f'{name} = {module}'}\n")
        (tmp_path / f"{module}.py").write_text(source)

    yield put
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def refusal(act: Callable[..., object], *args: object, **kwargs: object) -> str:
    """Return the text of the ConfigError that an act ends in."""
    with pytest.raises(ConfigError) as caught:
        act(*args, **kwargs)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return str(caught.value)


def tell(plugins: Plugins, word: str = "NEWS") -> None:
    plugins.unknown_status(provider="acme", account="a", vocabulary="process", vendor_status=word)


def test_a_strangers_provider_is_loaded_by_name(install: Install) -> None:
    """A package unknown to this project is found through its entry point."""
    install("acme", PROVIDER)
    assert Plugins().load_provider("acme").name == "acme"


def test_installed_plugins_are_listed_without_importing_them(install: Install) -> None:
    """The list comes from metadata alone, so a module that cannot be imported is in it."""
    install("acme", "raise RuntimeError")
    assert Installed(name="acme", module="esign_acme", distribution="esign-acme", version="1.2") in installed()
    assert "esign_acme" not in sys.modules


def test_a_broken_neighbour_harms_nobody(install: Install, tmp_path: Path) -> None:
    """Neither a module that raises nor unreadable metadata keeps another provider from loading."""
    install("acme", PROVIDER)
    install("ruin", "raise RuntimeError")
    install("noise", "", entry="this is no entry point")
    (tmp_path / "nameless-1.dist-info").mkdir()
    assert Plugins().load_provider("acme").name == "acme"


def test_a_package_found_twice_claims_its_names_once(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older copy further down the path is shadowed, as its modules are."""
    install("acme", PROVIDER)
    copy = tmp_path / "copy" / "esign_acme-1.1.dist-info"
    copy.mkdir(parents=True)
    (copy / "METADATA").write_text("Metadata-Version: 2.1\nName: Esign_Acme\nVersion: 1.1\n")
    (copy / "entry_points.txt").write_text("[esign]\nacme = esign_acme\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "copy")])
    assert [plugin.version for plugin in installed() if plugin.name == "acme"] == ["1.2"]


def test_an_unknown_provider_lists_the_installed_and_guesses(install: Install) -> None:
    """The sentence says what is there, what was probably meant, and what to install."""
    install("acme", PROVIDER)
    text = refusal(Plugins().load_provider, "acmee")
    assert "acme," in text or ": acme" in text
    assert "Did you mean 'acme'?" in text
    assert "esign-<name>" in text
    assert "Did you mean" not in refusal(Plugins().load_provider, "zzzzzz")


def test_two_packages_that_claim_a_name_are_both_named(install: Install) -> None:
    """Neither package is chosen by chance."""
    install("acme", PROVIDER)
    install("acme", PROVIDER, distribution="acme-signing")
    text = refusal(Plugins().load_provider, "acme")
    assert "esign-acme 1.2" in text
    assert "acme-signing 1.2" in text


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("raise RuntimeError('the key is prk_secret1')", "RuntimeError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("def (", "SyntaxError"),
    ],
)
def test_a_provider_that_cannot_be_imported_is_named_with_its_cause(install: Install, source: str, cause: str) -> None:
    """Entry point, package and cause are named, and what looks secret is masked."""
    install("acme", source)
    text = refusal(Plugins().load_provider, "acme")
    assert "acme = esign_acme of esign-acme 1.2" in text
    assert cause in text
    assert "prk_secret1" not in text


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("def owns", "def sowns"), "does not define owns"),
        (('name = "acme"', 'name = "other"'), "is not 'acme'"),
        (('name = "acme"', 'name = "acme"; Settings = dict'), "Acme.Settings"),
        (('name = "acme"', 'name = "acme"; capabilities = None'), "Acme.capabilities"),
        (("return Acme", "return Acme(None)"), "must return a class"),
        (("return Acme", "return dict"), "must return a class"),
        (("return Acme", "raise KeyError('prk_secret1')"), "KeyError"),
        (("@hookimpl", "@hookimpl\ndef esign_event(): pass\n"), "esign_provider is not marked"),
        (("def esign_provider", "def esign_provder"), "did you mean esign_provider?"),
    ],
)
def test_a_provider_that_breaks_the_contract_says_where(
    install: Install, change: tuple[str, str], problem: str
) -> None:
    """Each part of the contract that is not kept is named before the provider is used."""
    install("acme", PROVIDER.replace(*change))
    text = refusal(Plugins().load_provider, "acme")
    assert problem in text
    assert "prk_secret1" not in text


def test_an_observer_is_no_provider(install: Install) -> None:
    """A name that leads to a module without esign_provider says so."""
    install("watch", OBSERVER)
    assert "does not implement the hook esign_provider" in refusal(Plugins().load_provider, "watch")


def test_observers_are_heard_by_name_and_as_objects(install: Install) -> None:
    """Both kinds of observers get the arguments they ask for, and each is registered once."""

    class Listener:
        def __init__(self) -> None:
            self.heard: list[str] = []

        @hookimpl
        def esign_unknown_status(self, vendor_status: str) -> None:
            self.heard.append(vendor_status)

    install("watch", OBSERVER)
    listener = Listener()
    plugins = Plugins()
    plugins.load_observers(["watch", "watch"], [listener, listener])
    tell(plugins)
    assert listener.heard == ["NEWS"]
    assert sys.modules["esign_watch"].heard == [("acme", "NEWS")]


def test_a_provider_may_observe_too(install: Install) -> None:
    """What a provider's module implements beside esign_provider is called, and naming it again changes nothing."""
    install("acme", PROVIDER + OBSERVER)
    plugins = Plugins()
    plugins.load_provider("acme")
    plugins.load_observers(["acme"])
    tell(plugins)
    assert sys.modules["esign_acme"].heard == [("acme", "NEWS")]


def test_every_hook_reaches_its_observers() -> None:
    """Each hook hands on all of its documented arguments."""
    heard: list[tuple[object, ...]] = []

    class Listener:
        @hookimpl
        def esign_before_call(self, details: CallDetails) -> None:
            heard.append(("before", details))

        @hookimpl
        def esign_after_call(self, details: CallDetails) -> None:
            heard.append(("after", details))

        @hookimpl
        def esign_event(self, event: object) -> None:
            heard.append((event,))

    plugins = Plugins()
    plugins.load_observers(objects=[Listener()])
    details = CallDetails(provider="p", account="a", operation="get", method="GET", route="/x")
    ended = attrs.evolve(details, status=200, bytes_sent=3, bytes_received=4, seconds=0.5)
    plugins.before_call(details)
    plugins.after_call(ended)
    event: Any = SimpleNamespace(kind="signer.done")
    plugins.event(event)
    assert heard == [("before", details), ("after", ended), (event,)]


def test_an_observer_that_raises_is_logged_and_the_others_are_heard(caplog: pytest.LogCaptureFixture) -> None:
    """The log names observer and exception class, and nothing of what the exception says."""
    heard: list[str] = []

    class Faulty:
        @hookimpl
        def esign_unknown_status(self, vendor_status: str) -> None:
            raise ValueError(vendor_status)

    class Listener:
        @hookimpl(trylast=True)
        def esign_unknown_status(self, vendor_status: str) -> None:
            heard.append(vendor_status)

    plugins = Plugins()
    plugins.load_observers(objects=[Listener(), Faulty()])
    with caplog.at_level(logging.DEBUG, logger="esign"):
        tell(plugins, "ana@example.com")
    assert heard == ["ana@example.com"]
    assert "Faulty" in caplog.text
    assert "ValueError" in caplog.text
    assert "ana@example.com" not in caplog.text


class Bare:
    """No hook at all."""


class Misspelt:
    @hookimpl
    def esign_evnt(self) -> None: ...


class Unprefixed:
    @hookimpl
    def on_event(self) -> None: ...


class Unmarked:
    def esign_event(self, event: object) -> None: ...


class Greedy:
    @hookimpl
    def esign_event(self, event: object, secret: str) -> None: ...


class Asynchronous:
    @hookimpl
    async def esign_event(self, event: object) -> None: ...


class Wrapping:
    @hookimpl(wrapper=True)
    def esign_event(self) -> Iterator[None]:
        yield


@pytest.mark.parametrize(
    ("observer", "problem"),
    [
        (Bare(), "implements no hook"),
        (Misspelt(), "esign_evnt is not a hook of esign (did you mean esign_event?)"),
        (Unprefixed(), "on_event is not a hook of esign"),
        (Unmarked(), "esign_event is not marked with @hookimpl"),
        (Greedy(), "secret"),
        (Asynchronous(), "esign_event is async"),
        (Wrapping(), "esign_event is a wrapper"),
        (Bare, "is a class"),
        (SimpleNamespace(esign_note="a text, no function"), "implements no hook"),
    ],
)
def test_an_observer_that_would_never_be_heard_is_refused(observer: object, problem: str) -> None:
    """A mistake in an observer is said when it is handed over, not found by its silence."""
    assert problem in refusal(Plugins().load_observers, objects=[observer])


def test_an_unknown_observer_is_refused() -> None:
    """A name under `plugins` that is not installed is an error like an unknown provider."""
    assert "There is no observer 'wach'" in refusal(Plugins().load_observers, ["wach"])


def test_reading_an_observers_hooks_runs_none_of_its_properties() -> None:
    """A property is not touched while hooks are looked for."""

    class Careful:
        @property
        def touched(self) -> str:
            pytest.fail("a property was read")

        @hookimpl
        def esign_event(self, event: object) -> None: ...

    Plugins().load_observers(objects=[Careful()])
