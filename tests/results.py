"""The shipped results at the paper's sizes, computed anew: minutes to hours.

    python -m tests.results [DEMO…] [--folder resources/results] [--work DIR]

A demo has such results when its file has a [full] table. Finished runs are kept under --work, so
that an interrupted computation goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from lazygui.export.atomic import write_bytes
from lazygui.export.summary import versions
from lazygui.scenarios.catalogue import Entry, entries
from lazygui.scenarios.files import dumps
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.sweep import SweepSimulation
from lazygui.simulation.sweep_ledger import ledger_name

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "results"


def main() -> int:
    """Compute and write; the names of demos default to all that have a full form."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("demos", nargs="*", metavar="DEMO")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    work = Path(tempfile.gettempdir()) / "lazygui-results"
    parser.add_argument("--work", type=Path, default=work)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.folder.mkdir(parents=True, exist_ok=True)
    order = {name: place for place, name in enumerate(options.demos)}
    for entry in sorted(entries(), key=lambda item: order.get(item.id, 0)):
        asked = not options.demos or entry.id in options.demos
        if asked and isinstance(entry.full, SweepScenario):
            _publish(entry, options.folder, options.work)
    return 0


def _publish(entry: Entry, folder: Path, work: Path) -> None:
    sweep = entry.full
    assert isinstance(sweep, SweepScenario)
    ledger = work / ledger_name(sweep)
    simulation = SweepSimulation(sweep)
    before = simulation.open_ledger(ledger)
    started = time.monotonic()
    while simulation.outcome is None:
        simulation.advance(1)
        print(f"\r{entry.id}: {simulation.step} of {sweep.steps}", end="", flush=True)
    print()
    seconds = time.monotonic() - started
    provenance = {
        "demo": entry.id,
        "scenario": json.dumps(dumps(sweep)),
        "runs": sweep.steps,
        "date": datetime.now(UTC).date().isoformat(),
        "minutes": round(seconds / 60, 1) if before == 0 else "with interruptions",
        "threads": sweep.threads,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **versions(),
    }
    lines = [f"# {key} = {value}" for key, value in provenance.items()]
    table = ledger.read_text(encoding="utf-8")
    write_bytes(folder / f"{entry.id}.csv", ("\n".join(lines) + "\n" + table).encode())


if __name__ == "__main__":
    sys.exit(main())
