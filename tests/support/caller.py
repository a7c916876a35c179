"""A process that makes counted calls, and may end in the middle of one.

`python -m tests.support.caller STORE LOG CALLS CALLS_PER_WINDOW SECONDS [die]` writes a line to LOG for each call, with
the moment at which the vendor would get it; with `die`, it kills itself while its last call is under way.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from esign_core.accounts.window import Window
from esign_core.engine.machine import steady_time
from esign_core.engine.ratelimit import Budget, Denied


def main() -> None:
    """Make the calls, as early as the budget allows."""
    store, log, calls, limit, seconds, *die = sys.argv[1:]
    budget = Budget(
        [Window(int(limit), timedelta(seconds=float(seconds)))], store=Path(store), account="a", steady=steady_time
    )
    with Path(log).open("ab", buffering=0) as file:
        for number in range(int(calls)):
            permit = budget.acquire(datetime.now(UTC), effect=True)
            while isinstance(permit, Denied):
                time.sleep(max(0.0, (permit.until - datetime.now(UTC)).total_seconds()))
                permit = budget.acquire(datetime.now(UTC), effect=True)
            file.write(f"{steady_time()[1]!r}\n".encode())
            if die and number == int(calls) - 1:
                os.kill(os.getpid(), signal.SIGKILL)
            budget.settle(permit, datetime.now(UTC))


if __name__ == "__main__":
    main()
