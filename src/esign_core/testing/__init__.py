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
        return _loaded(name)


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


def _loaded(name: str) -> object:
    import sys

    from esign_core.model.lazy import load

    contract = f"{__name__}.contract"
    try:
        if name in _MODULES["contract"] and contract not in sys.modules:
            # A failing assertion of the contract shows its values, as one in a test file does.
            import pytest

            pytest.register_assert_rewrite(contract)
        return load(__name__, _MODULES, name)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in {"pytest", "vcr"}:
            raise
    raise ImportError(f'{__name__}.{name} needs {missing}, which is not installed: pip install "esign[testing]"')
