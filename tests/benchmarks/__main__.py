"""The table of speed: every case against its peers and its floor.

    python -m tests.benchmarks [--only step] [--rounds 5] [--scaling] [--clock wall|cpu]

Each round interleaves ours, the peer and the floor; ratios are medians over the rounds. On a busy
machine processor time is the default clock: it counts only what a contender itself computed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import argparse
import sys
from collections.abc import Iterator

from lazygui.simulation import build
from tests.benchmarks import kernels, start, steps, sweeps
from tests.benchmarks.measure import Result, busy_note, is_busy, measured, table
from tests.benchmarks.peers import INSTALL, has
from tests.benchmarks.scaling import print_scaling

GROUPS = {
    "step": steps.cases,
    "kernel": kernels.cases,
    "sweep": sweeps.cases,
    "start": start.cases,
}


def main() -> int:
    """Measure and print; 0 when no goal is missed or the machine is too busy to tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--only", choices=(*GROUPS, "scaling"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scaling", action="store_true", help="also fit how the cost grows")
    parser.add_argument("--clock", choices=("wall", "cpu"))
    options = parser.parse_args()
    # It holds for the whole process, and would speed up the peers as well as ours.
    setattr(build, "keep_free_memory", bool)  # noqa: B010
    busy, note = is_busy(), busy_note()
    clock = options.clock or ("cpu" if busy else "wall")
    print(f"{'processor' if clock == 'cpu' else 'wall-clock'} time, {options.rounds} rounds")
    if note:
        print(note)
    if not has("jax"):
        print(f"Without jax and neural-tangents their lines are skipped: {INSTALL}")
    met = options.only == "scaling" or table(_results(options.only, options.rounds, clock))
    if options.scaling or options.only == "scaling":
        met &= print_scaling(options.rounds, clock)
    return 0 if met or busy else 1


def _results(only: str | None, rounds: int, clock: str) -> Iterator[Result]:
    for name, cases in GROUPS.items():
        if only in (None, name):
            yield from (measured(case, rounds, clock) for case in cases())


if __name__ == "__main__":
    sys.exit(main())
