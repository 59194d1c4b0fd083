"""How the cost grows with m, n, d, steps and runs: the exponent fitted to the last doublings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.measure import Contender, per_unit
from tests.benchmarks.steps import trainer_steps
from tests.benchmarks.sweeps import sweep

__all__ = ["exponent", "print_scaling"]

STEEPEST = 1.05
_MANY = 200


def _width(m: int) -> Contender:
    return trainer_steps(m)


def _examples(n: int) -> Contender:
    return trainer_steps(100, n=n)


def _inputs(d: int) -> Contender:
    return trainer_steps(100, d=d)


def _steps(count: int) -> Contender:
    contender = trainer_steps(100, steps=count)
    return Contender("steps", contender.run)


def _runs(count: int) -> Contender:
    contender = sweep(20, 10, count, _MANY)
    return Contender("runs", contender.run, 1.0, contender.threads)


SECTIONS: tuple[tuple[str, tuple[int, ...], Callable[[int], Contender]], ...] = (
    ("m", (1000, 4000, 16_000, 64_000), _width),
    ("n", (100, 400, 1600, 6400), _examples),
    ("d", (20, 80, 320), _inputs),
    ("steps", (500, 2000, 8000), _steps),
    ("runs", (8, 16, 32), _runs),
)


def exponent(sizes: tuple[int, ...], seconds: list[float]) -> float:
    """The slope of log cost against log size."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def print_scaling(rounds: int, clock: str) -> bool:
    """Print cost and exponent of every size; whether none is steeper than linear."""
    met = True
    print(f"\n{'scaling in':12}{'sizes':28}{'seconds':44}{'exponent':>9}")
    for name, sizes, contender_of in SECTIONS:
        contenders = [contender_of(size) for size in sizes]
        for contender in contenders:
            contender.run()
        times = [[per_unit(c, clock) for c in contenders] for _ in range(rounds)]
        seconds = np.min(times, axis=0).tolist()
        slope = exponent(sizes, seconds)
        met &= slope <= STEEPEST
        costs = "  ".join(f"{s:.3g}" for s in seconds)
        print(f"{name:12}{'  '.join(map(str, sizes)):28}{costs:44}{slope:9.2f}", flush=True)
    print(f"goal: at most {STEEPEST}")
    return met
