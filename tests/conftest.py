"""What every test may count on: no network, one asynchronous backend, reproducible examples, and all cores."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("suite", derandomize=True, deadline=None, database=None, max_examples=50)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return 0, no workers, where single files were named: starting workers would take longer than the tests."""
    names_files = any(".py" in argument for argument in config.args)
    return 0 if names_files else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the sizes that have a budget but no gate, after a run of the whole suite."""
    if config.args_source is config.ArgsSource.TESTPATHS:
        from tests.shape.measure import medians

        terminalreporter.write_sep("-", "medians")
        for line in medians():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Return the backend that asynchronous tests run on."""
    return "asyncio"


class NetworkRefusedError(RuntimeError):
    """A test reached for the network; no `OSError`, so that no code under test mistakes it for weather."""


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _guard(original: Callable[..., Any], host_of: Callable[..., object], *, loopback: bool) -> Callable[..., Any]:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args, **kwargs)
        if not (loopback and _is_loopback(host)):
            raise NetworkRefusedError(f"this test may not reach {host!r}; a loopback server needs the mark `loopback`")
        return original(*args, **kwargs)

    return guarded


def _host_of_connect(sock: socket.socket, address: Any) -> object:
    return address[0] if sock.family in (socket.AF_INET, socket.AF_INET6) else f"socket file {address}"


def _host_of_lookup(host: object, *_: object, **__: object) -> object:
    return host.decode() if isinstance(host, bytes) else host


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every name look-up, except for this machine's own where a test is marked so."""
    loopback = request.node.get_closest_marker("loopback") is not None
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)
        monkeypatch.setattr(socket.socket, name, _guard(original, _host_of_connect, loopback=loopback))
    monkeypatch.setattr(socket, "getaddrinfo", _guard(socket.getaddrinfo, _host_of_lookup, loopback=loopback))
