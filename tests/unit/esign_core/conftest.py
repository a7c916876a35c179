"""Fixtures for the packages that do I/O: both modes, a loopback vendor, and clients that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.acme import Bench
from tests.support.vendor import Vendor

OpenBench = Callable[..., Bench]


@pytest.fixture(params=["sync", "async"])
def mode(request: pytest.FixtureRequest) -> str:
    """Return each mode in turn."""
    return str(request.param)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """Yield a vendor that listens until the test ends."""
    with_answers = Vendor()
    yield with_answers
    with_answers.close()


@pytest.fixture
def open_bench(mode: str) -> Iterator[OpenBench]:
    """Yield what opens clients of the test's mode at an address; they are closed when the test ends."""
    opened: list[Bench] = []

    def open_(address: str, *args: Any, **kwargs: Any) -> Bench:
        opened.append(Bench(mode, address, *args, **kwargs))
        return opened[-1]

    yield open_
    for bench in opened:
        bench.end()


@pytest.fixture
def bench(vendor: Vendor, open_bench: OpenBench) -> Bench:
    """Return a client of the loopback vendor, below a path of its origin."""
    return open_bench(f"{vendor.origin}/v1", timeout=5.0)


@pytest.fixture
def acme_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the invented vendor's package for one test."""
    info = tmp_path / "packages" / "esign_acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: esign-acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[esign]\nacme = tests.support.acme\n")
    monkeypatch.syspath_prepend(tmp_path / "packages")
