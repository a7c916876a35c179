"""Record every cassette again from the sandboxes: `uv run python scripts/record_cassettes.py`.

No account and no network are needed. Apart from the moment of the recording, which is now unless `--at` gives one, and
the dates that follow from it, the files come out the same each time.
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.replay.people import INVENTED_NUMBERS  # noqa: E402 - the path comes first
from tests.replay.scenarios import CASSETTES, SCENARIOS, Scenario  # noqa: E402 - the path comes first

from esign_core.testing import Mode, recording  # noqa: E402 - the path comes first

README = CASSETTES / "README.md"
_TABLE = re.compile(r"(?<=\| --- \| --- \| --- \| --- \|\n)(?:\|.*\n)*")


def record(scenario: Scenario, path: Path, at: datetime, mode: Mode = Mode.SYNC) -> None:
    """Record one cassette."""
    with recording(path, at=at, allowed=INVENTED_NUMBERS) as cassette:
        scenario.recorded(cassette.clock, mode)


def rows(at: datetime) -> str:
    """Return the rows of the README's table."""
    written = f"{at:%Y-%m-%d %H:%M} UTC"
    return "".join(
        f"| `{one.provider}/{one.name}.yaml` | {one.summary} | the sandbox of `esign_{one.provider}` | {written} |\n"
        for one in SCENARIOS
    )


def main() -> None:
    """Record all cassettes, and say so in their README."""
    parser = argparse.ArgumentParser(description="Record every cassette again from the sandboxes.")
    parser.add_argument("--at", type=datetime.fromisoformat, help="the moment of the recording, with its time zone")
    at: datetime = parser.parse_args().at or datetime.now(UTC).replace(second=0, microsecond=0)
    for scenario in SCENARIOS:
        record(scenario, scenario.path, at)
        print(f"recorded {scenario.path.relative_to(ROOT)}")
    README.write_text(_TABLE.sub(lambda _: rows(at.astimezone(UTC)), README.read_text("utf-8"), count=1), "utf-8")


if __name__ == "__main__":
    main()
