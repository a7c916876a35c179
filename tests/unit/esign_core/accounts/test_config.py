"""Accounts are found in files, mappings and the environment; all problems are reported at once, by key."""

from __future__ import annotations

import enum
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import attrs
import pytest

from esign_core.accounts.config import Account, known_accounts, load
from esign_core.accounts.settings import Secret, Settings
from esign_core.client import connect, connect_async
from esign_core.model.errors import ConfigError

KEY = "key-0-hidden"


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Tone(enum.StrEnum):
    HIGH = "high"


@attrs.frozen(kw_only=True)
class Window:
    calls: int


@attrs.frozen(kw_only=True)
class AcmeSettings(Settings):
    """A stranger's settings: every kind of type, and a rule between two keys."""

    environments: ClassVar[Mapping[str, str]] = {
        "stage": "https://stage.acme.example",
        "production": "https://acme.example",
    }
    required: ClassVar[tuple[str, ...]] = ("public_key", "private_key")

    public_key: Secret[str] | None = None
    private_key: Secret[str] | None = None
    sender: str | None = None
    dialect: Literal["classic", "current"] = "classic"
    colour: Colour = Colour.RED
    tone: Tone = Tone.HIGH
    level: Literal[1, 2] = 1
    limit: int = 100
    ratio: int | float = 1
    names: Sequence[str] = ()
    numbers: frozenset[int] | None = None
    bands: list[Window] = attrs.field(factory=list)

    def problems(self) -> tuple[str, ...]:
        swapped = self.public_key is not None and self.public_key.get_secret_value().startswith("prk_")
        return (*super().problems(), *(["public_key and private_key are swapped"] if swapped else []))


BASE: dict[str, Any] = {"provider": "acme", "environment": "stage", "public_key": KEY, "private_key": "key-1-hidden"}


def account(values: Mapping[str, Any] = BASE, environ: Mapping[str, str] | None = None, **more: Any) -> Account:
    found = load("legal-co", {"accounts": {"legal-co": {**values, **more}}}, environ or {})
    assert isinstance(found, Account), found
    return found


def built(environ: Mapping[str, str] | None = None, **more: Any) -> AcmeSettings:
    settings = account(BASE, environ, **more).build(AcmeSettings)
    assert isinstance(settings, AcmeSettings), settings
    return settings


def refused(environ: Mapping[str, str] | None = None, **more: Any) -> str:
    values = {key: value for key, value in {**BASE, **more}.items() if value is not ...}
    error = account(values, environ).build(AcmeSettings)
    assert isinstance(error, ConfigError), error
    return str(error)


def unfound(*args: Any, **kwargs: Any) -> str:
    error = load(*args, **kwargs)
    assert isinstance(error, ConfigError), error
    return str(error)


def env(**values: str) -> dict[str, str]:
    return {f"ESIGN_LEGAL_CO_{key.upper()}": value for key, value in values.items()}


def test_an_account_is_read_from_a_mapping() -> None:
    """Given values are converted, the others keep their defaults, and nothing of it shows."""
    settings = built(timeout=5, webhook_secrets=["a", Secret("b")], sandbox_file="box", colour="blue")
    assert settings.public_key == Secret(KEY)
    assert settings.timeout == 5.0
    assert isinstance(settings.timeout, float)
    assert settings.webhook_secrets == (Secret("a"), Secret("b"))
    assert settings.sandbox_file == Path("box")
    assert settings.colour is Colour.BLUE
    assert settings.max_wait == 30
    assert built(sender=None).sender is None
    assert KEY not in repr(account())


def test_values_of_every_type_come_from_toml(tmp_path: Path) -> None:
    """A file gives lists, numbers, flags, tables and choices in their own types; paths begin beside the file."""
    path = tmp_path / "accounts.toml"
    path.write_text(
        "\ufeffplugins = ['watch']\n[accounts.a]\nprovider='acme'\nbase_url='https://acme.example'\npublic_key='p'\nprivate_key='q'\n"
        "insecure_webhooks=true\nlimit=7\nratio=0.5\nnames=['x','y']\nnumbers=[1,2]\nsandbox_file='box.db'\ntone='high'\n"
        "bands=[{calls=3}]\nlevel=2\ndialect='current'\n"
    )
    found = load("a", path, {})
    assert isinstance(found, Account)
    assert (found.name, found.provider, found.plugins, found.source) == ("a", "acme", ("watch",), str(path))
    settings = found.build(AcmeSettings)
    assert isinstance(settings, AcmeSettings)
    assert settings.insecure_webhooks is True
    assert (settings.limit, settings.ratio, settings.names, settings.numbers) == (7, 0.5, ("x", "y"), frozenset({1, 2}))
    assert settings.sandbox_file == tmp_path / "box.db"
    assert (settings.tone, settings.bands, settings.level, settings.dialect) == (
        Tone.HIGH,
        [Window(calls=3)],
        2,
        "current",
    )


def test_the_environment_goes_before_the_mapping() -> None:
    """Variables are read as numbers, flags, choices and comma-separated lists; unknown names are left alone."""
    settings = built(
        env(
            timeout="7.5", limit="3", insecure_webhooks="TRUE", webhook_secrets="a, b", environment="production",
            colour="blue", level="2", sandbox_file="/box", numbers="1,2", names="x", nonsense="1",
        ),
        timeout=1,
        webhook_secrets=["c"],
    )  # fmt: skip
    assert (settings.timeout, settings.limit, settings.insecure_webhooks) == (7.5, 3, True)
    assert settings.webhook_secrets == (Secret("a"), Secret("b"))
    assert (settings.environment, settings.colour, settings.level) == ("production", Colour.BLUE, 2)
    assert (settings.sandbox_file, settings.numbers, settings.names) == (Path("/box"), frozenset({1, 2}), ("x",))


@pytest.mark.parametrize(("text", "flag"), [("1", True), ("0", False), ("false", False), ("True", True)])
def test_flags_are_read_from_their_words(text: str, *, flag: bool) -> None:
    """Both spellings of a flag are taken, in any case."""
    assert built(env(insecure_webhooks=text)).insecure_webhooks is flag


def test_an_account_may_live_in_the_environment_alone() -> None:
    """With its provider in a variable, an account needs no configuration, and none that is given has to name it."""
    environ = env(provider="acme", base_url="https://acme.example", public_key="p", private_key="q")
    configs: tuple[dict[str, Any] | None, ...] = (None, {"accounts": {"other": {}}}, {})
    for config in configs:
        found = load("legal-co", config, environ)
        assert isinstance(found, Account)
        assert found.source == "the environment"
        assert isinstance(found.build(AcmeSettings), AcmeSettings)


def test_the_default_file_is_named_by_a_variable_or_lies_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ESIGN_CONFIG goes before ./esign.toml, and a file that is given before both."""
    monkeypatch.chdir(tmp_path)
    for name in ("esign.toml", "named.toml", "given.toml"):
        (tmp_path / name).write_text(f"[accounts.a]\nprovider = '{name}'")
    monkeypatch.setenv("ESIGN_CONFIG", "named.toml")
    providers = [
        found.provider if isinstance(found, Account) else found
        for found in (load("a", "given.toml"), load("a"), load("a", None, {}), load("a", None, {"ESIGN_CONFIG": " "}))
    ]
    assert providers == ["given.toml", "named.toml", "esign.toml", "esign.toml"]
    monkeypatch.delenv("ESIGN_CONFIG")
    assert known_accounts() == ("a",)


def test_mapping_and_file_are_never_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account of ./esign.toml is unknown to a program that passes a mapping."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "esign.toml").write_text("[accounts.a]\nprovider = 'acme'")
    assert "There is no account 'a'" in unfound("a", {"accounts": {"b": {}}}, {})


def test_references_are_resolved_wherever_a_text_may_stand(tmp_path: Path) -> None:
    """Plain values, list items, values of the environment, and a reference behind a reference all work."""
    (tmp_path / "key").write_text(f"{KEY}\r\n")
    (tmp_path / "hook").write_text("hook-2\n\n")
    environ = {
        "PUBLIC": "key-2-hidden", "HOOK": "hook-1,with comma", "LIMIT": "12", "FAR": f"file://{tmp_path}/key",
        **env(private_key="env://PUBLIC", names=f"env://HOOK,file://{tmp_path}/key"),
    }  # fmt: skip
    settings = built(
        environ,
        public_key=f"file://{tmp_path}/key",
        webhook_secrets=["env://HOOK", "env://FAR", "plain"],
        limit="env://LIMIT",
    )
    assert (settings.public_key, settings.private_key) == (Secret(KEY), Secret("key-2-hidden"))
    assert settings.webhook_secrets == (Secret("hook-1,with comma"), Secret(KEY), Secret("plain"))
    assert settings.limit == 12
    assert settings.names == ("hook-1,with comma", KEY)
    assert "blank space around" in refused(environ, webhook_secrets=[f"file://{tmp_path}/hook"])
    assert account(provider="env://LIMIT", environ=environ).provider == "12"


def test_a_relative_reference_begins_beside_the_file_that_holds_it(tmp_path: Path) -> None:
    """A configuration can be moved together with its key files."""
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "esign.toml").write_text(
        "[accounts.a]\nprovider='acme'\nenvironment='sandbox'\npublic_key='file://key'"
    )
    found = load("a", tmp_path / "esign.toml", {})
    assert isinstance(found, Account)
    settings = found.build(AcmeSettings)
    assert isinstance(settings, AcmeSettings)
    assert settings.public_key == Secret(KEY)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("env://NOT_SET", "refers to the environment variable NOT_SET, which is not set"),
        ("file:///no/such/file", "cannot be read: No such file or directory"),
        ("file:///", "cannot be read: Is a directory"),
        ("file://a\0b", "cannot be read"),
        ("env://LOOP", "without an end"),
        ("file:///dev/zero", "too large"),
        ("env://BLANK", "is blank"),
    ],
    ids=str,
)
def test_a_reference_that_leads_nowhere_names_its_key(reference: str, problem: str) -> None:
    """The key is named, wherever the reference stands."""
    environ = {"LOOP": "env://LOOP", "BLANK": " "}
    for given in ({"sender": reference}, {"webhook_secrets": ["x", reference]}):
        text = refused(environ, **given)
        assert f"{next(iter(given))} " in text
        assert problem in text


def test_a_referenced_file_must_be_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused without being shown."""
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in refused(public_key=f"file://{tmp_path}/key")
    assert "refers to" in refused(bands=[{"calls": "env://NOT_SET"}])


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("timeout", "5-hidden", "must be a number"),
        ("timeout", True, "must be a number"),
        ("limit", 1.5, "must be a whole number"),
        ("limit", False, "must be a whole number"),
        ("insecure_webhooks", "true", "must be true or false"),
        ("insecure_webhooks", 1, "must be true or false"),
        ("public_key", 51234567, "must be text"),
        ("sender", ["a-hidden"], "must be text"),
        ("environment", {}, "must be text"),
        ("webhook_secrets", "one-hidden", "must be a list (each item: text)"),
        ("webhook_secrets", [51234567], "must be a list"),
        ("webhook_secrets", {"a": "hidden"}, "must be a list"),
        ("numbers", ["1"], "must be a list (each item: a whole number)"),
        ("dialect", "hidden", "must be one of classic, current"),
        ("level", True, "must be one of 1, 2"),
        ("colour", "hidden", "must be one of red, blue"),
        ("sandbox_file", 51234567, "must be a path"),
        ("ratio", "hidden", "must be a whole number or a number"),
        ("bands", [{"calls": 1, "hidden": 2}], "must be a list (each item: Window)"),
        ("timeout", None, "must be a number"),
        ("public_key", "", "is blank"),
        ("public_key", " \n", "is blank"),
        ("colour", " ", "is blank"),
        ("webhook_secrets", ["a", ""], "is blank"),
        ("timeout", 0, "must be a number of seconds above 0"),
        ("max_reply", "hidden", "must be a whole number"),
        ("read_attempts", 0, "must be a whole number, 1 or more"),
        ("proxy", "hidden", "must be an address such as"),
        ("sandbox_seed", " ", "is blank"),
        ("base_url", "http://hidden.example", "both given"),
    ],
    ids=str,
)
def test_a_wrong_value_names_its_key_and_never_itself(key: str, value: Any, problem: str) -> None:
    """The message names the expected type, and does not repeat the value."""
    text = refused(None, **{key: value})
    assert key in text
    assert problem in text
    assert "hidden" not in text
    assert "51234567" not in text


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("timeout", "5 hidden", "must be a number"),
        ("limit", "1_000", "must be a whole number"),
        ("insecure_webhooks", "yes", "must be true or false"),
        ("webhook_secrets", "a,,b", "is blank"),
        ("webhook_secrets", "", "is blank"),
        ("public_key", "", "is blank"),
        ("level", "3", "must be one of 1, 2"),
    ],
    ids=str,
)
def test_a_wrong_variable_is_named(key: str, text: str, problem: str) -> None:
    """The message names both the key and the variable."""
    message = refused(env(**{key: text}))
    assert f"{key} (from ESIGN_LEGAL_CO_{key.upper()}) {problem}" in message
    assert "hidden" not in message


def test_all_problems_of_an_account_come_together() -> None:
    """One sentence lists misspelt, missing, blank, wrong type and a provider's own rule; none is reported twice."""
    text = refused(
        timeout="x", public_kye="p", private_key=..., public_key="prk_hidden", limit=None, environment="prodution"
    )
    for part in (
        "public_kye is not a setting of the provider 'acme' (did you mean public_key?)",
        "timeout must be a number",
        "limit must be a whole number",
        "private_key is missing",
        "environment must be one of stage, production, sandbox (did you mean production?)",
        "ESIGN_LEGAL_CO_BASE_URL",
    ):
        assert text.count(part) == 1, text
    assert "swapped" not in text
    assert "public_key and private_key are swapped" in refused(public_key="prk_hidden")


def test_an_account_lives_in_one_place() -> None:
    """Neither environment nor base_url is as wrong as both; a wrong type of one is reported alone."""
    assert "environment (one of stage, production, sandbox) or base_url is missing" in refused(environment=...)
    assert "both given" in refused(env(base_url="https://acme.example"))
    assert "or base_url is missing" not in refused(environment=5)


def test_the_sandbox_needs_no_keys() -> None:
    """A key that is required elsewhere may be left out, and a key without a default is invented."""

    @attrs.frozen(kw_only=True)
    class Needy(Settings):
        environments: ClassVar[Mapping[str, str]] = {"sandbox": "https://needy.invalid"}
        api_key: Secret[str]
        user_key: str = attrs.field(repr=False)
        own: str = "mine"

    assert isinstance(account({"provider": "acme", "environment": "sandbox"}).build(AcmeSettings), AcmeSettings)
    needy = account({"provider": "acme", "environment": "sandbox", "user_key": "given"}).build(Needy)
    assert needy == Needy(environment="sandbox", api_key=Secret("sandbox-api_key"), user_key="given")
    error = account({"provider": "acme", "base_url": "https://acme.example"}).build(Needy)
    assert "api_key is missing; user_key is missing" in str(error)
    assert "one of sandbox)" in str(account({"provider": "acme"}).build(Needy))


def test_what_cannot_be_invented_is_missing() -> None:
    """A number without a default has to be given in the sandbox, too."""

    @attrs.frozen(kw_only=True)
    class Counted(Settings):
        port: int

    error = account({"provider": "acme", "environment": "sandbox"}).build(Counted)
    assert "port is missing" in str(error)


@attrs.frozen(kw_only=True)
class Judged(Settings):
    api_key: str = attrs.field(default="", repr=False, validator=attrs.validators.matches_re("[a-c]*"))
    label: Any = attrs.field(default=None)
    own: int = attrs.field(init=False, default=1)

    def problems(self) -> tuple[str, ...]:
        if self.label == "fail":
            raise KeyError(self.api_key)
        return ()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"api_key": "hidden"}, "api_key is refused by the provider"),
        ({"label": "fail"}, "rules for settings fail with KeyError"),
        ({"own": 2}, "own is not a setting"),
    ],
    ids=str,
)
def test_a_providers_own_checks_may_fail_in_any_way(given: dict[str, Any], problem: str) -> None:
    """Validators of attrs, and rules that raise, end in a ConfigError that repeats no value."""
    text = str(account({"provider": "acme", "environment": "sandbox", **given}).build(Judged))
    assert problem in text
    assert "hidden" not in text


def inverse(value: int) -> int:
    return 1 // value


def test_a_converter_that_fails_names_no_value() -> None:
    """An exception that names no field is reported as such."""

    @attrs.frozen(kw_only=True)
    class Converted(Settings):
        port: int = attrs.field(default=1, converter=inverse)

    text = str(account({"provider": "acme", "environment": "sandbox", "port": 0}).build(Converted))
    assert "a setting is refused by the provider" in text


def test_a_class_that_cannot_be_built_is_a_config_error() -> None:
    """A settings class with an initializer of its own that takes other arguments is reported, not crashed into."""

    @attrs.frozen(kw_only=True, init=False)
    class Closed(Settings):
        def __init__(self) -> None:
            """Take nothing."""

    text = str(account({"provider": "acme", "environment": "sandbox"}).build(Closed))
    assert "cannot be built" in text


def test_untyped_settings_are_taken_as_they_are() -> None:
    """A field of type Any, or of a class that somebody made without annotations, is not converted."""
    bare = attrs.make_class("Bare", ["untyped"], bases=(Settings,), frozen=True, kw_only=True)
    for kind, given in ((Judged, {"label": [1]}), (bare, {"untyped": [1]})):
        settings = account({"provider": "acme", "environment": "sandbox", **given}).build(kind)
        assert getattr(settings, next(iter(given))) == [1]


def test_an_annotation_that_cannot_be_resolved_is_told() -> None:
    """A class whose types exist for the type checker alone cannot be filled, and says why."""

    @attrs.frozen(kw_only=True)
    class Hollow(Settings):
        label: "Nowhere" = ""  # type: ignore[name-defined] # noqa: F821, UP037 - the missing name is the point

    assert "Nowhere" in str(account({"provider": "acme", "environment": "sandbox"}).build(Hollow))


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"plugin": ["a"], "accounts": {}}, "plugin is unknown at the top (did you mean plugins?)"),
        ({"provider": "acme"}, "provider is unknown at the top"),
        ({"plugins": "watch"}, "plugins must be a list of names"),
        ({"plugins": [""]}, "plugins must be a list of names"),
        ({"plugins": [5]}, "plugins must be a list of names"),
        ({"accounts": []}, "accounts must be a table"),
        ({"accounts": {"a": "text-hidden"}}, "The account 'a' (the mapping given) is not a table"),
        ({"accounts": {"a": {}}}, "provider is missing"),
        ({"accounts": {"a": {"providr": "acme"}}}, "provider is missing (did you mean providr?)"),
        ({"accounts": {"a": {"provider": " "}}}, "provider is blank"),
        ({"accounts": {"a": {"provider": 5}}}, "provider must be text"),
        ({"accounts": {"b": {}, "ab": {}}}, "There is no account 'a' (the mapping given); known are: b, ab"),
        ({"accounts": {}}, "known are: none"),
        (5, "must be a mapping or a path, but it is int"),
        ("/no/such/file.toml", "cannot be read: No such file"),
        ("/", "cannot be read: Is a directory"),
    ],
    ids=str,
)
def test_a_configuration_that_cannot_be_used_says_why(config: Any, problem: str) -> None:
    """Each way of being wrong has its sentence, and a hint what to write."""
    text = unfound("a", config, {})
    assert problem in text
    assert "hidden" not in text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = 1\nkey = hidden", "is not valid TOML, at line 2"),
        (b'key = "hidden', "is not valid TOML, at its end"),
        (b'key = "\xff"', "is not UTF-8 text"),
        (b"a = " + b"[" * 100_000, "is nested too deeply"),
    ],
    ids=["line", "end", "encoding", "depth"],
)
def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    """The message names the line, and does not repeat its contents."""
    path = tmp_path / "esign.toml"
    path.write_bytes(content)
    text = unfound("a", path, {})
    assert problem in text
    assert str(path) in text
    assert "hidden" not in text


def test_a_file_named_by_the_variable_must_exist() -> None:
    """A default that was asked for is not skipped, even for an account of the environment."""
    assert "cannot be read" in unfound("a", None, {"ESIGN_CONFIG": "/no/such.toml", "ESIGN_A_PROVIDER": "acme"})


def test_no_configuration_at_all_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the places that were looked at, and the sandbox."""
    monkeypatch.chdir(tmp_path)
    text = unfound("a", None, {})
    assert "ESIGN_CONFIG" in text
    assert "esign.toml" in text
    assert 'environment = "sandbox"' in text
    assert known_accounts(None, {}) == ()


def test_a_misspelt_account_is_guessed_and_all_are_listed() -> None:
    """Accounts of the environment are listed with the others."""
    config: dict[str, Any] = {"accounts": {"legal-co": {}, "br": {}}}
    environ = {"ESIGN_NIGHT_SHIFT_PROVIDER": "acme", "ESIGN_LEGAL_CO_PROVIDER": "acme"}
    text = unfound("legal-go", config, environ)
    assert "known are: legal-co, br, night-shift (did you mean legal-co?)" in text
    assert known_accounts(config, environ) == ("legal-co", "br", "night-shift")
    assert known_accounts({"accounts": 5}, {}) == ()
    assert isinstance(known_accounts("/no/such.toml", {}), ConfigError)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": "x"},
        {"publik_key": "x"},
        {"provider": 5},
        {"provider": "nobody"},
        {"provider": "prk_hidden-key"},
        {"provider": "puk_hidden-key"},
        {"provider": "5f0a9c1e7b3d4a6f8e2c hidden-key"},
        {"provider": "env://prk_hidden-key"},
        {"provider": "file://prk_hidden-key"},
        {"environment": "prk_hidden-key"},
        {"prk_hidden-key": True},
        {"sender": "env://prk_hidden-key"},
        {"dialect": "prk_hidden-key"},
        {"proxy": "http://ana:hidden-key@proxy.example.com/x"},
        {"file_hosts": ["https://hidden-key.example"]},
        {"ca_file": "/no/hidden-key"},
        {"call_limits": ["hidden-key"]},
        {"environment": "moon"},
        {"public_key": "prk_hidden-key", "private_key": "puk_hidden-key"},
        {"private_key": "prk_hidden-key\n"},
        {"base_url": "https://hidden-key@auco.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize("opening", [connect, connect_async])
def test_no_frame_of_the_error_holds_a_key(opening: Callable[..., object], wrong: dict[str, Any]) -> None:
    """Except for the arguments of the call itself, no local variable of any frame shows a value."""
    keys = {"public_key": "puk_hidden-key", "private_key": "prk_hidden-key", "sender": "hidden-key@example.com"}
    config = {"accounts": {"a": {"provider": "auco", "environment": "stage", **keys, **wrong}}}
    with pytest.raises(ConfigError) as caught:
        opening("a", config=config)
    assert "hidden-key" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    shown = {
        f"{frame.f_code.co_name}.{name}"
        for frame, _ in traceback.walk_tb(caught.value.__traceback__)
        if frame.f_code.co_filename != __file__
        for name, value in frame.f_locals.items()
        if "hidden-key" in repr(value)
    }
    assert shown == {f"{opening.__name__}.config"}


@pytest.mark.parametrize(
    "name",
    ["prk_hidden-key", "PRK-hidden-key", "5f0a9c1e-7b3d-4a6f-8e2c-0011223344ff", "hiddenkey5f0a9c1e7b3d4a6f8e2c"],
)
def test_a_secret_given_as_a_name_is_hidden(name: str) -> None:
    """A key in the place of an account or observer is not repeated, by any of the ways to say it."""
    configs: list[dict[str, Any]] = [
        {"accounts": {}}, {"accounts": {name: {}}}, {"accounts": {name: 5}}, {"plugins": [name]}, {name: 5},
    ]  # fmt: skip
    for config in configs:
        for account_name in (name, "br"):
            found = load(account_name, config, {})
            assert isinstance(found, ConfigError)
            assert name.lower() not in str(found).lower()
