"""The screen: one document on stdout, as JSON for programs or as tables for people; all else goes to stderr."""

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
        # rich would end the program with a code of its own; the application knows what to do.
        raise BrokenPipeError


class Screen:
    """Where one command shows what it did."""

    def __init__(self, output: str) -> None:
        self._json = output == "json"

    def show(self, document: Any, *tables: RenderableType) -> None:
        """Show the result: the document to programs, the tables to people."""
        if self._json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
            return
        console = _Console(file=sys.stdout)
        if not console.is_terminal:
            # Nobody's window is too narrow for a pipe, and an id that is cut is of no use.
            console = _Console(file=sys.stdout, width=_WIDE)
        for table in tables:
            console.print(table)

    @contextlib.contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Say on a terminal's stderr what is being done, for as long as it takes."""
        console = Console(file=sys.stderr)
        with console.status(plain(what)) if console.is_terminal else contextlib.nullcontext():
            yield

    def note(self, text: str) -> None:
        """Tell people something beside the result."""
        sys.stderr.write(f"{plain(text)}\n")


def plain(text: object) -> Text:
    """Make text of whatever a vendor or a file may hold: neither markup nor a terminal's commands work in it."""
    shown = "" if text is None else str(text)
    return Text("".join(letter if letter.isprintable() else " " for letter in shown))
