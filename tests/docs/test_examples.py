"""Every code block of the README and of the documentation runs, each page as one story."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.pages import LANGUAGES, README, Story, languages, named, pages, text_of

TOLD = [page for page in pages() if {"python", "console", "toml"} & set(languages(page))]


@pytest.mark.parametrize("page", TOLD, ids=named)
def test_page_runs_from_its_beginning_to_its_end(page: Path, story: Story) -> None:
    """Python blocks run, commands show what the page says, and accounts in TOML can be opened."""
    assert story.tell(page) > 0


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_block_names_its_language(page: Path) -> None:
    """A block of no language, or of one that nothing runs, would never be tried."""
    assert [language for language in languages(page) if language not in LANGUAGES] == []


def test_readme_has_exactly_two_set_up_commands() -> None:
    """One runs the main job, one passes the tests; both work on a machine that has Python and pip alone."""
    found = [line for line in text_of(README).splitlines() if line.startswith("pip install")]
    assert found == ["pip install uv && uv run esign demo", "pip install uv && uv run pytest"]
