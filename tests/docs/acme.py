"""The example project `docs/examples/esign-acme`, put where plugins are found, as an installer would put it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.docs.pages import DOCS

PROJECT = DOCS / "examples" / "esign-acme"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the project importable, and known by the entry points of its own `pyproject.toml`."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"esign_acme-{project['version']}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    entries = "\n".join(f"{name} = {value}" for name, value in project["entry-points"]["esign"].items())
    (info / "entry_points.txt").write_text(f"[esign]\n{entries}\n", "utf-8")
    for place in (folder, PROJECT / "src"):
        monkeypatch.syspath_prepend(place)
