"""Claims about a sweep: slopes against theory, and when it is too early to tell."""

from __future__ import annotations

from collections.abc import Callable

from lazygui.claims.claim import Reading, near, number, pending
from lazygui.claims.slopes import fit_of, theory_slope
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import History

__all__ = ["inapplicable", "slope_near", "sweep_over", "unfinished"]

Condition = Callable[[LazyScenario], str]


def sweep_over(history: History, axis: str) -> tuple[SweepScenario, LazyScenario] | None:
    """The sweep and its base when lazy runs are swept over that axis first."""
    sweep = history.scenario
    if not isinstance(sweep, SweepScenario) or sweep.axes[0].name != axis:
        return None
    return (sweep, sweep.base) if isinstance(sweep.base, LazyScenario) else None


def unfinished(history: History) -> str:
    """How far a sweep is, while runs are missing; empty at its end."""
    done, runs = history.last_step, history.scenario.steps
    return "" if done >= runs else f"{done} of {runs} runs"


def inapplicable(what: str) -> Reading:
    """The claim says nothing about this run."""
    return pending("", f"needs {what}")


def slope_near(
    axis: str,
    metric: str,
    tolerance: float,
    lower: float | None = None,
    condition: Condition | None = None,
) -> Callable[[History], Reading]:
    """The check that a metric's log-log slope over an axis is that of theory.

    `condition` tells what a base lacks for the claim to speak of it ("" if nothing).
    """

    def read(history: History) -> Reading:
        found = sweep_over(history, axis)
        if found is None:
            return inapplicable(f"a sweep over {axis}")
        sweep, base = found
        missing = condition(base) if condition is not None else ""
        if missing:
            return inapplicable(missing)
        theory = theory_slope(sweep, metric)
        if theory is None or metric not in history:
            return inapplicable(f"a slope of {metric}")
        slope = fit_of(history, metric, lower).slope
        waiting = unfinished(history)
        if waiting:
            return pending(number(theory), f"{number(round(slope, 3))} so far")
        return near(slope, theory, tolerance)

    return read
