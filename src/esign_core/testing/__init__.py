"""Test helpers for plugin authors and users: `play`, the provider contract, cassettes, a sample draft.

Everything but `play` needs the extra `[testing]`: `pip install "esign[testing]"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_core.testing.play import Played, play

if TYPE_CHECKING:
    from esign_core.testing.cassettes import Cassette, cassette_recorder, recording, replaying
    from esign_core.testing.contract import ProviderContract
    from esign_core.testing.leaks import Leak, find_leaks
    from esign_core.testing.modes import EitherClient, Mode, perform
    from esign_core.testing.samples import sample_document, sample_draft, sample_pdf
else:  # type checkers do not see this function: with it, they would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a name from its module (PEP 562), or say which extra is missing."""
        room = next((room for room, names in _MODULES.items() if name in names), None)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return _loaded(f"{__name__}.{room}", name)


__all__ = [
    "Cassette",
    "EitherClient",
    "Leak",
    "Mode",
    "Played",
    "ProviderContract",
    "cassette_recorder",
    "find_leaks",
    "perform",
    "play",
    "recording",
    "replaying",
    "sample_document",
    "sample_draft",
    "sample_pdf",
]

_MODULES = {
    "cassettes": ("Cassette", "cassette_recorder", "recording", "replaying"),
    "modes": ("Mode", "EitherClient", "perform"),
    "contract": ("ProviderContract",),
    "leaks": ("Leak", "find_leaks"),
    "samples": ("sample_document", "sample_draft", "sample_pdf"),
}


def _loaded(room: str, name: str) -> object:
    import importlib
    import sys

    try:
        if room.endswith(".contract") and room not in sys.modules:
            # A failing assertion of the contract shows its values, as one in a test file does.
            import pytest

            pytest.register_assert_rewrite(room)
        return getattr(importlib.import_module(room), name)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in {"pytest", "vcr"}:
            raise
    raise ImportError(f'{room}.{name} needs {missing}, which is not installed: pip install "esign[testing]"')
