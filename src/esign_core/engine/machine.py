"""Tell time that no clock setting changes, and whether a process is still alive; on Linux from /proc."""

from __future__ import annotations

import os
import time
import uuid
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_ENDED = "ZX"
_EPOCH_OF_PROCESS = uuid.uuid4().hex


def steady_time() -> tuple[str, float]:
    """Return an epoch and the seconds since it began; within one epoch, differences are true elapsed time.

    On Linux the epoch is the boot of the machine, so that all its processes share it, and time asleep counts.
    Elsewhere it is this process.
    """
    boot = _boot_id()
    if not boot:
        return f"{_EPOCH_OF_PROCESS}:{os.getpid()}", time.monotonic()
    return boot, time.clock_gettime(time.CLOCK_BOOTTIME)


def this_process() -> str:
    """Return a name of this process that no other gets, as far as the machine can tell; empty where it cannot."""
    pid = os.getpid()
    parts = (_boot_id(), _namespace(), str(pid), _started(pid))
    return ":".join(parts) if all(parts) else ""


def is_visible(process: str) -> bool:
    """Tell whether the end of a process named by `this_process` could be seen from here.

    Process numbers say nothing about other machines, other containers and earlier boots.
    """
    return bool(process) and process.split(":")[:2] == [_boot_id(), _namespace()]


def has_ended(process: str) -> bool:
    """Tell whether a process named by `this_process` has ended; False where that cannot be seen."""
    if not is_visible(process):
        return False
    _, _, pid, started = process.split(":")
    return _started(int(pid)) != started


@cache
def _boot_id() -> str:
    return _text(_PROC / "sys/kernel/random/boot_id").strip()


def _namespace() -> str:
    try:
        return str((_PROC / "self/ns/pid").readlink()).translate({ord(":"): None})
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Return when a process started, in ticks since the boot; empty where it has ended or cannot be seen."""
    # The command's name stands in parentheses and may hold anything; the state and 19 more fields follow it.
    state, *fields = _text(_PROC / str(pid) / "stat").rpartition(")")[2].split() or [_ENDED]
    return "" if state in _ENDED else fields[18]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
