"""The pages that are made from the code say what the code says today."""

from __future__ import annotations

import pytest
from scripts.make_docs import FOLDER, PAGES, pages


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Return the pages as the code makes them now."""
    return pages()


@pytest.mark.parametrize("name", ["README.md", *PAGES])
def test_made_page_is_fresh(name: str, made: dict[str, str]) -> None:
    """`uv run python -m scripts.make_docs` writes it again."""
    assert (FOLDER / name).read_text("utf-8") == made[name]


def test_reference_holds_nothing_else(made: dict[str, str]) -> None:
    """A page that nothing makes any more would go stale unseen."""
    assert {path.name for path in FOLDER.iterdir()} == set(made)
