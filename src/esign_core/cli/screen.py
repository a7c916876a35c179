"""Write one document to stdout, as JSON for programs or as tables for people; all else goes to stderr."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

__all__ = ["Screen", "plain"]

_WIDE = 200


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end the program with a code of its own; the application handles it instead.
        raise BrokenPipeError


class Screen:
    """Show the result of one command."""

    def __init__(self, output: str) -> None:
        self._json = output == "json"

    def show(self, document: Any, *tables: RenderableType) -> None:
        """Show the result: the document to programs, the tables to people."""
        if self._json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
            return
        console = _Console(file=sys.stdout)
        if not console.is_terminal:
            # A pipe has no width, and an id that is cut cannot be used.
            console = _Console(file=sys.stdout, width=_WIDE)
        for table in tables:
            console.print(table)

    @contextlib.contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Show on a terminal's stderr what is being done, while it lasts."""
        console = Console(file=sys.stderr)
        with console.status(plain(what)) if console.is_terminal else contextlib.nullcontext():
            yield

    def note(self, text: str) -> None:
        """Write a note for people to stderr."""
        sys.stderr.write(f"{plain(text)}\n")


def plain(text: object) -> Text:
    """Return a value as text in which neither markup nor terminal commands have an effect."""
    shown = "" if text is None else str(text)
    return Text("".join(letter if letter.isprintable() else " " for letter in shown))
