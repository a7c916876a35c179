"""The pages of the documentation: their texts, headings and links, and how their code is run."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.typing import Parser

from esign_core import ConfigError
from esign_core.accounts.config import load
from esign_core.cli import main
from esign_core.providers.plugins import Plugins

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"

LANGUAGES = {"python", "console", "toml", "text", "json"}
"""What a block may be: the first three are run or loaded, the others are only shown."""

# Typed once, to set a machine up; what they do is tested by the script that decides merges.
SET_UP = re.compile(r"((python -m )?pip install|python3 -m venv|uv run|git clone) ")

_FENCE = re.compile(r"^( *)```(\S*)[^\n]*\n.*?^\1```\s*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    """Return every page, the README first."""
    return [README, *sorted(DOCS.rglob("*.md"))]


def named(page: Path) -> str:
    """Return a page's name for people."""
    return page.relative_to(ROOT).as_posix()


@functools.cache
def text_of(page: Path) -> str:
    """Return a page's text."""
    return page.read_text("utf-8")


def languages(page: Path) -> list[str]:
    """Return the language of each code block of a page; empty where a block names none."""
    return [found[2] for found in _FENCE.finditer(text_of(page))]


def words_of(page: Path) -> str:
    """Return a page's text without its code blocks and comments."""
    return _COMMENT.sub("", _FENCE.sub("", text_of(page)))


def anchors(page: Path) -> set[str]:
    """Return the names under which the headings of a page can be linked to."""
    found: set[str] = set()
    for heading in _HEADING.findall(words_of(page)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        found.add(re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-"))
    return found


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files and anchors that a page links to within the project."""
    for target in _LINK.findall(words_of(page)):
        if "://" not in target and not target.startswith("mailto:"):
            path, _, anchor = target.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


class Story:
    """One page run from its beginning to its end, in a folder of its own, with nothing but sandboxes."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch

    def tell(self, page: Path) -> int:
        """Run every block of a page and return how many there were."""
        parsers: list[Parser] = [
            PythonCodeBlockParser(),
            CodeBlockParser("console", self._console),
            CodeBlockParser("toml", self._toml),
            SkipParser(),
        ]
        document: Document = Sybil(parsers).parse(page)
        count = 0
        for example in document.examples():
            example.evaluate()
            count += 1
        return count

    def _console(self, example: Example) -> str | None:
        for command, expected in _commands(str(example.parsed)):
            if not command.startswith("esign "):
                assert SET_UP.match(command), f"line {example.line}: no test checks what {command!r} does"
                continue
            shown = self._run(command)
            if expected and not _shows(shown, expected):
                return f"{command}\n-- the page says:\n{expected}\n-- it shows:\n{shown}"
        return None

    def _run(self, command: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(shlex.split(command, comments=True)[1:])
        return out.getvalue() + err.getvalue() + (f"(exit code {code})\n" if code else "")

    def _toml(self, example: Example) -> str | None:
        text = str(example.parsed)
        tree = tomllib.loads(text)
        page = Path(example.document.path)
        if "accounts" not in tree:
            return None
        file = self.folder / "esign.toml"
        file.write_text(text, "utf-8")
        for account, table in tree["accounts"].items():
            for setting, value in table.items():
                # A vendor's own page shows a production account, whose keys only the reader has.
                if page.parent.name == "providers":
                    self._invent(setting, value)
            found = load(account, file)
            if not isinstance(found, ConfigError):
                settings = found.build(Plugins().load_provider(found.provider).Settings)
                if not isinstance(settings, ConfigError):
                    continue
                found = settings
            return str(found)
        return None

    def _invent(self, setting: str, value: Any) -> None:
        """Put an invented value where a reference leads."""
        for number, text in enumerate(value if isinstance(value, list) else [value]):
            invented = f"{_PREFIXES.get(setting, '')}invented-{setting}-{number}"
            if isinstance(text, str) and text.startswith("env://"):
                self.monkeypatch.setenv(text.removeprefix("env://"), invented)


_PREFIXES: Mapping[str, str] = {"public_key": "puk_", "private_key": "prk_"}


def _shows(shown: str, expected: str) -> bool:
    """Compare loosely: the frames of tables and the width of gaps do not count, and `...` stands for anything."""
    parts = [_plain(part) for part in expected.split("...")]
    return re.fullmatch(".*".join(map(re.escape, parts)), _plain(shown)) is not None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\u2500-\u257f]", " ", text).split())


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block and what the page says that it shows."""
    if not block.startswith("$ "):
        yield from ((line, "") for line in block.splitlines() if line.strip())
        return
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield command, shown
