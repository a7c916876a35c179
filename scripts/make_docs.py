"""Write docs/reference from the code: `uv run python -m scripts.make_docs`; with `--check`, only say what is stale.

The pages it writes are committed, so that they can be read where the code is; a test compares them with the code.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scripts.json_schema import json_schema, schema_text
from scripts.reading import entry, fields_of, home_of, module_doc, prose, public_names

import esign_core
from esign_core import EventKind, Feature, Provider
from esign_core.accounts.settings import SANDBOX
from esign_core.cli.app import build
from esign_core.cli.problems import CODES
from esign_core.model import errors
from esign_core.model.json_form import KINDS
from esign_core.model.status import Vocabulary
from esign_core.providers.plugins import Plugins

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
VENDORS = {"auco": ("Auco", "esign_auco"), "arqsign": ("ArqSign", "esign_arqsign")}
# What a plugin author imports in addition to the names of `esign_core` itself, module by module.
KIT = (
    "model.status",
    "model.events",
    "model.headers",
    "model.strict_json",
    "model.fields",
    "accounts.settings",
    "accounts.window",
    "providers.base",
    "providers.flow",
    "providers.convert",
    "providers.capabilities",
    "providers.validation",
    "providers.webhooks",
)
_BY = "<!-- Made from the code by scripts/make_docs.py: correct the docstrings there, not this page. -->"


def provider(name: str) -> type[Provider]:
    """Return a provider's class, loaded as `connect` loads it."""
    return Plugins().load_provider(name)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def api() -> Iterator[str]:
    """The names of `esign_core`, module by module."""
    yield "# The names of esign_core"
    yield "Everything here is imported from `esign_core` itself; the headings name the defining modules."
    modules: Mapping[str, tuple[str, ...]] = vars(esign_core)["_MODULES"]
    for module, names in modules.items():
        yield f"## {module}"
        yield module_doc(f"esign_core.{module}").partition("\n\n")[0]
        yield from (_entry(f"esign_core.{module}", name) for name in names)


def _entry(module: str, name: str, *, level: int = 3) -> str:
    # A folder only re-exports what its files define.
    return entry(home_of(module, name), name, level=level)


def kit() -> Iterator[str]:
    """The further names for plugin authors, module by module."""
    yield "# The kit for plugin authors"
    yield "Names for a provider, a sandbox and their tests, in addition to [the names of esign_core](names.md)."
    for part in KIT:
        module = f"esign_core.{part}"
        names = [name for name in public_names(module) if name not in esign_core.__all__]
        yield f"## {module}"
        yield module_doc(module).partition("\n\n")[0]
        yield from (entry(module, name) for name in names)
    for module in ("esign_core.sandbox", "esign_core.testing"):
        yield f"## {module}"
        yield module_doc(module)
        names = [name for name in import_module(module).__all__ if name not in esign_core.__all__]
        yield from (_entry(module, name) for name in names)


def settings() -> Iterator[str]:
    """The settings of an account."""
    yield "# Settings"
    yield (
        "One table `[accounts.NAME]` for each account, one setting a line.\n"
        "The environment variable of a setting is `ESIGN_<ACCOUNT>_<SETTING>`, in upper case, hyphens as underscores, "
        "lists separated by commas; it comes before the file.\n"
        "Every value may be a reference: `env://NAME` or `file:///path`.\n"
        f'In the environment "{SANDBOX}" nothing is required: keys are invented.\n'
        "[Configure accounts](../how-to/configure-accounts.md) shows how."
    )
    yield "## Every account"
    yield "In addition, `provider` names the account's provider."
    yield _settings(Provider.Settings)
    for name, (title, _) in VENDORS.items():
        found = provider(name).Settings
        yield f"## {title}"
        yield prose(found.__doc__ or "")
        yield "Its environments:"
        yield table(("environment", "address"), [(_code(key), address) for key, address in found.environments.items()])
        yield _settings(found)


def _settings(kind: Any) -> str:
    rows = []
    hints = get_type_hints(kind)
    for name, annotation, default, doc in fields_of(kind.__module__, kind.__qualname__):
        needed = default is None or name in kind.required
        choices = get_args(hints[name]) if get_origin(hints[name]) is Literal else ()
        shown = " or ".join(map(_code, map(repr, choices))) or _code(annotation)
        rows.append((_code(name), shown, "required" if needed else _code(default or ""), doc))
    return table(("setting", "type", "default", "what it does"), rows)


def hooks() -> Iterator[str]:
    """The hooks that a plugin can implement."""
    yield "# Hooks"
    yield module_doc("esign_core.providers.hookspecs")
    yield "[Observe](../how-to/observe.md) shows how to implement them."
    names = [name for name in public_names("esign_core.providers.hookspecs") if name.startswith("esign_")]
    yield from (entry("esign_core.providers.hookspecs", name, level=2) for name in names)


def failures() -> Iterator[str]:
    """The tree of errors."""
    yield "# Errors"
    yield module_doc("esign_core.model.errors")
    yield "[What to do when something fails](../how-to/when-something-fails.md) says what to do about each."
    for name in public_names("esign_core.model.errors"):
        found = getattr(errors, name)
        if not issubclass(found, errors.EsignError):
            continue
        yield f"## {name}"
        yield prose(found.__doc__ or "")
        own = set(vars(found())) - (set(vars(errors.EsignError())) if found is not errors.EsignError else set())
        if own:
            yield f"Carries {', '.join(_code(each) for each in sorted(own))}."
        code = next((code for code, _, kinds in CODES if issubclass(found, kinds)), 1)
        yield f"The command line ends with exit code {code}."


def features() -> Iterator[str]:
    """The features that each provider supports."""
    yield "# Features"
    yield (
        "Supported features of each provider; a program asks `client.capabilities.supports(Feature.X)`.\n"
        "A provider that lacks a feature refuses what needs it with `UnsupportedError`, before anything is sent; "
        "only notes (tags, reference, a cancel's reason, who asked) are left out if the vendor has no field for them."
    )
    classes = {title: provider(name) for name, (title, _) in VENDORS.items()}
    rows = [
        (
            _code(feature.name),
            feature.value,
            *("yes" if found.capabilities.supports(feature) else "" for found in classes.values()),
        )
        for feature in Feature
    ]
    yield table(("feature", "what it is", *classes), rows)
    for title, found in classes.items():
        hints = found.capabilities.hints
        yield f"## Instead, at {title}"
        yield table(("missing", "do this"), [(_code(each.name), hints[each]) for each in Feature if each in hints])


def commands() -> Iterator[str]:
    """The help texts of the command line."""
    yield "# Commands"
    yield "The output of `esign --help` and of each command's own help."
    app = build()
    yield _help(())
    for name in app:
        if not name.startswith("-"):
            yield f"## esign {name}"
            yield _help((name,))
    yield "## Exit codes"
    rows = [("0", "done", ""), ("1", "a mistake of esign's own", "")]
    rows += [(str(code), said, ", ".join(_code(kind.__name__) for kind in kinds)) for code, said, kinds in CODES]
    yield table(("code", "meaning", "errors"), rows)


def _help(tokens: tuple[str, ...]) -> str:
    from rich.console import Console

    shown = io.StringIO()
    build().help_print(tokens, console=Console(file=shown, width=100, force_terminal=False))
    text = shown.getvalue().strip()
    # The codes stand at the end of the page, once.
    lines = text.partition("Exit codes:")[0].strip().splitlines()
    return "```text\n" + "\n".join(line.rstrip() for line in lines) + "\n```"


def statuses(name: str) -> Iterator[str]:
    """One vendor's statuses and the neutral ones they become."""
    title, package = VENDORS[name]
    module = f"{package}.statuses"
    found = import_module(module)
    yield f"# The words of {title}"
    yield module_doc(module)
    yield (
        "Of each table the first row that fits decides: the vendor's word has to be the row's, and all the row's facts "
        "have to be known.\nA word in no row is `UNKNOWN`, with the rule `<table>.unknown`.\n"
        "[Statuses](../explanation/statuses.md) explains bases and rules."
    )
    for constant in public_names(module):
        rows = getattr(found, constant)
        if isinstance(rows, Vocabulary):
            yield f"## {rows.name}"
            yield entry(module, constant).partition("\n\n")[2]
            yield _rules(rows)
        elif isinstance(rows, tuple) and rows and hasattr(rows[0], "source"):
            yield f"## {constant.lower().replace('_', ' ')}"
            yield entry(module, constant).partition("\n\n")[2]
            yield _event_rows(rows)
    if name == "arqsign":
        yield from _triggers()


def _triggers() -> Iterator[str]:
    yield "## triggers of webhooks"
    webhooks = import_module("esign_arqsign.webhooks")
    yield prose(webhooks.Trigger.__doc__)
    rows = [
        (str(number), _code(webhooks.Trigger(number).name), _event(row.signer), _event(row.process))
        for number, row in vars(webhooks)["_ROWS"].items()
    ]
    yield table(("number", "trigger", "event for each signer named", "event for the process"), rows)


def _event(kind: EventKind | None) -> str:
    return _code(kind.value) if kind else ""


def _rules(vocabulary: Vocabulary[Any]) -> str:
    rows = [
        (
            _code(rule.word) if rule.word is not None else "any",
            ", ".join(map(_code, sorted(rule.facts))),
            _code(rule.status.name),
            rule.basis.name.lower(),
            rule.end_reason.value if rule.end_reason else "",
            "yes" if rule.reopenable else "",
            _code(f"{vocabulary.name}.{rule.id}"),
            rule.source,
        )
        for rule in vocabulary.rules
    ]
    return table(("vendor's word", "facts", "status", "basis", "end reason", "reopenable", "rule", "source"), rows)


def _event_rows(rows: Iterable[Any]) -> str:
    lines = []
    for row in rows:
        kinds = getattr(row, "kinds", None) or (row.kind,)
        signer = getattr(row, "signer", None)
        said = ", ".join(_code(kind.value) for kind in kinds)
        lines.append((_code(str(row.word)), said, _code(signer.name) if signer else "", row.source))
    return table(("vendor's word", "events", "the signer is then", "source"), lines)


def fields_auco() -> Iterator[str]:
    """Which of Auco's fields carries what, path by path."""
    from esign_auco.wire.fields import FIELDS
    from esign_auco.wire.fields import Path as Way

    yield "# Which field of Auco's carries what"
    yield module_doc("esign_auco.wire.fields")
    yield entry("esign_auco.wire.fields", "FIELDS").partition("\n\n")[2]
    yield table(
        ("path", "when", "request"), [(_code(way.name), way.value, _code(f"POST {way.address}")) for way in Way]
    )
    yield "An empty cell means: refused with the hint at the end of the row, or left out if the row is a note."
    rows = []
    for row in FIELDS:
        places = (_place(row.at(way) or "") for way in Way)
        rows.append((_code(row.neutral), *places, "left out" if row.note else row.hint))
    yield table(("neutral field", *(way.name for way in Way), "without a field"), rows)


def _place(name: str) -> str:
    # Some cells are words, such as "file or compress".
    return name if " " in name else _code(name)


def fields_arqsign() -> Iterator[str]:
    """Which of ArqSign's fields carries what, for a send and for a resend."""
    yield "# Which field of ArqSign's carries what"
    yield module_doc("esign_arqsign.wire.fields")
    for title, module, constant in (("Sending", "requests", "SEND"), ("Resending", "resend", "RESEND")):
        yield f"## {title}"
        yield entry(f"esign_arqsign.wire.{module}", constant).partition("\n\n")[2]
        rows = getattr(import_module(f"esign_arqsign.wire.{module}"), constant)
        lines = [(_code(row.neutral), _code(row.vendor), row.note, str(row.limit or "")) for row in rows]
        yield table(("neutral field", "ArqSign's field", "note", "characters at most"), lines)


def operations() -> Iterator[str]:
    """The operations of one vendor."""
    yield "# Operations"
    yield (
        "Operations that only one vendor offers: flow functions, run by `client.run(operations.NAME, ...)`.\n"
        "Their first parameter, the provider, is given by the client and left out here.\n"
        "[Escape hatches](../how-to/use-the-escape-hatches.md) shows how."
    )
    for title, package in VENDORS.values():
        module = import_module(f"{package}.operations")
        yield f"## {title}"
        yield module_doc(module.__name__)
        for name in module.__all__:
            text = _entry(module.__name__, name)
            yield _without_provider(text) if callable(getattr(module, name)) else text


def _without_provider(text: str) -> str:
    """Take a flow's first parameter out of its signature and of its arguments."""
    signature = re.sub(r"\(provider: \w+(?:, (?:\*, )?)?", lambda m: "(*, " if "*" in m[0] else "(", text, count=1)
    return re.sub(r"\* `provider`: .*\n", "", signature)


def forms() -> Iterator[str]:
    """Yield the JSON Schema of each value that can be written."""
    yield "# JSON"
    yield (
        "What `esign_core.to_dict` and the command line's `--output json` write of each value, as JSON Schema.\n"
        "[Write values as JSON](../how-to/json.md) shows how to write and read them."
    )
    for kind in KINDS:
        yield f"## {kind.__name__}"
        yield f"```json\n{schema_text(json_schema(kind))}\n```"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "names.md": api,
    "kit.md": kit,
    "settings.md": settings,
    "hooks.md": hooks,
    "errors.md": failures,
    "features.md": features,
    "json.md": forms,
    "commands.md": commands,
    "operations.md": operations,
    "statuses-auco.md": lambda: statuses("auco"),
    "statuses-arqsign.md": lambda: statuses("arqsign"),
    "fields-auco.md": fields_auco,
    "fields-arqsign.md": fields_arqsign,
}


def pages() -> dict[str, str]:
    """Return every page of docs/reference as it should be, by its file's name."""
    texts = {name: "\n\n".join([_BY, *filter(None, make())]) + "\n" for name, make in PAGES.items()}
    heads = [(f"[{text.splitlines()[2].removeprefix('# ')}]({name})",) for name, text in texts.items()]
    texts["README.md"] = f"{_BY}\n\n# Reference\n\n" + "\n".join(f"* {head}" for (head,) in heads) + "\n"
    return texts


def main() -> int:
    """Write the pages, or with `--check` list those that are stale."""
    stale = [name for name, text in pages().items() if _read(FOLDER / name) != text]
    if "--check" in sys.argv[1:]:
        print(*stale or ["every page is fresh"], sep="\n")
        return bool(stale)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages()[name], "utf-8")
    print(*stale or ["every page was fresh"], sep="\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
