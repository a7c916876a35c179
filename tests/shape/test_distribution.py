"""The built and installed distribution: its metadata, its entry points, its changelog and its pins."""

from __future__ import annotations

import importlib
import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.shape.tree import ROOT, SRC, imports, project, providers, sources, syntax, where

PINS = ROOT / "requirements" / "dev.txt"

# Which distribution brings a module that is not called like it.
BRINGS = {
    "attr": "attrs",
    "stdnum": "python-stdnum",
    "vcr": "vcrpy",
    "yaml": "vcrpy",
}


def pinned(lines: list[str]) -> dict[str, str]:
    """Return the pins that apply to this interpreter: each name, and its only version."""
    wanted = [Requirement(line) for line in lines]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    assert all(str(one.specifier).startswith("==") for one in here)
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in here}


def file_pins() -> dict[str, str]:
    """Return the pins of the requirements file."""
    text = PINS.read_text("utf-8").replace("\\\n", " ")
    lines = [line.partition("--hash")[0].strip() for line in text.splitlines()]
    return pinned([line for line in lines if line and not line.startswith("#")])


def test_installed_metadata_is_that_of_the_project() -> None:
    """The installed metadata has the version, licence, interpreter and marker of the project file."""
    wanted, installed = project()["project"], metadata.metadata("esign")
    assert installed["Version"] == wanted["version"]
    assert installed["License-Expression"] == "MIT"
    assert installed["Requires-Python"] == wanted["requires-python"] == ">=3.11"
    assert "Typing :: Typed" in installed.get_all("Classifier", [])
    assert set(wanted["optional-dependencies"]) <= set(installed.get_all("Provides-Extra", []))


def test_the_changelog_begins_with_this_version() -> None:
    """The first version that the changelog tells of is the one in the project file, or changes not released yet."""
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert project()["project"]["version"] in versions[:2]
    assert versions[0] in ("Unreleased", project()["project"]["version"])


def test_the_command_is_registered() -> None:
    """Installing the distribution brings the command `esign`."""
    scripts = {found.name: found.value for found in metadata.entry_points(group="console_scripts")}
    assert scripts["esign"] == project()["project"]["scripts"]["esign"]


@pytest.mark.parametrize("package", providers())
def test_provider_entry_points_load(package: str) -> None:
    """Each provider is registered under its own name, and what is registered can be loaded."""
    name = package.removeprefix("esign_")
    [entry] = metadata.entry_points(group="esign", name=name)
    assert entry.load() is importlib.import_module(f"{package}.plugin")
    assert entry.load().esign_provider().name == name


def test_imported_distributions_are_declared() -> None:
    """Every module imported from elsewhere is brought by a declared dependency or by an extra."""
    own = project()["project"]
    declared = [*own["dependencies"], *(line for extra in own["optional-dependencies"].values() for line in extra)]
    names = {Requirement(line).name for line in declared} | {path.name for path in SRC.iterdir()}
    standard = importlib.import_module("sys").stdlib_module_names
    wrong = []
    for path in sources():
        for found in imports(syntax(path)):
            top = found.target.partition(".")[0]
            if top not in standard and BRINGS.get(top, top) not in names:
                wrong.append(f"{where(path, found.line)} imports {top}")
    assert wrong == []


def test_both_lists_of_pins_agree() -> None:
    """What `uv run` is held to and what `pip install --require-hashes` installs are the same versions."""
    constraints = pinned(project()["tool"]["uv"]["constraint-dependencies"])
    assert constraints == file_pins()


def test_pinned_files_are_known_by_their_hashes() -> None:
    """Each pin of the requirements file is followed by at least one SHA-256."""
    entries = re.split(r"\n(?=\S)", PINS.read_text("utf-8"))
    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_the_tests_run_on_the_pinned_versions() -> None:
    """Nothing that is installed here is newer or older than its pin, and nothing that is needed lacks one."""
    installed = {str(canonicalize_name(found.name)): found.version for found in metadata.distributions()}
    pins = file_pins()
    assert {name: installed.get(name) for name in pins} == pins
    assert installed.keys() - pins.keys() <= {"esign", "pip", "setuptools", "wheel", "uv"}
