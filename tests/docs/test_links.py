"""The pages hang together: every link leads somewhere, and every page can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.pages import DOCS, README, anchors, links, named, pages


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """The file that a link names is there, and so is the heading."""
    lost = [
        f"{target}#{anchor}"
        for target, anchor in links(page)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert lost == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """A reader who starts at the README reaches every page by links."""
    reached = {README}
    new = [README]
    while new:
        found = {_page(target) for page in new for target, _ in links(page)}
        new = [page for page in found if page.suffix == ".md" and page.exists() and page not in reached]
        reached.update(new)
    assert [named(page) for page in pages() if page not in reached] == []


def _page(target: Path) -> Path:
    return target / "README.md" if target.is_dir() and target.is_relative_to(DOCS) else target
