"""The memory of the window while one demo after the other runs, as in a long lecture.

    python -m tests.benchmarks.memory [--minutes 60] [--seconds 8] [--limit 600]

Every few seconds the next demo of the catalogue starts, and another theme now and then. Once a
round the resident memory is noted; after the first round, in which everything is loaded that
ever will be, it must stay flat: within a tenth, and below the limit.
"""

from __future__ import annotations

import argparse
import os
import sys

TOLERANCE = 1.10
MIB = 2**20


def main() -> int:
    """Run the window; 0 when the memory stays flat and below the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seconds", type=float, default=8.0, help="for each demo")
    parser.add_argument("--limit", type=float, default=600.0, help="in MiB")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rounds = _measured(options.minutes, options.seconds)
    if not rounds:
        print("No round was finished: give it more minutes, or each demo fewer seconds.")
        return 1
    highest = max(top for _, top in rounds)
    flat = rounds[-1][0] <= TOLERANCE * rounds[0][0]
    print(f"highest {highest:.0f} MiB, limit {options.limit:.0f}; {'flat' if flat else 'GROWS'}")
    return 0 if flat and highest <= options.limit else 1


def _measured(minutes: float, seconds: float) -> list[tuple[float, float]]:
    """For each round over the catalogue, MiB at its end and at most."""
    from lazygui.style.qt import load_qt

    load_qt()
    import psutil
    from PySide6.QtCore import QTimer

    from lazygui.app.program import Program
    from lazygui.scenarios.catalogue import entries

    program, process = Program(["benchmark"]), psutil.Process()
    program.window.resize(1440, 900)
    names = [item.id for item in entries()]
    rounds: list[tuple[float, float]] = []
    seen: list[float] = []

    def change() -> None:
        seen.append(process.memory_info().rss / MIB)
        place = len(seen) % len(names)
        if place == 0:
            top = max(seen[-len(names) :])
            rounds.append((seen[-1], top))
            print(f"{len(seen):5} demos: {seen[-1]:6.0f} MiB, at most {top:6.0f}", flush=True)
            program.window.next_theme()
        program.window.director.choose(names[place])

    demos, end = QTimer(program), QTimer(program)
    demos.timeout.connect(change)
    demos.start(int(1000 * seconds))
    end.setSingleShot(True)
    end.timeout.connect(program.window.close)
    end.start(int(60_000 * minutes))
    program.run(names[0])
    return rounds


if __name__ == "__main__":
    sys.exit(main())
