"""What a sweep came to, as JSON: how many runs, which diverged, and the power laws in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lazygui.export.summary import plain, versions
from lazygui.numerics.fits import loglog_fit, means_over
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome


def sweep_summary(
    history: History, outcome: Outcome, sentence: str, seconds: float, notices: Sequence[str] = ()
) -> dict[str, Any]:
    """Everything worth keeping of a sweep but its rows.

    `fits` holds, for each metric and each axis, the line through (log value, log mean metric),
    the mean taken over the other axes without the runs that diverged. Seeds have no order and
    no line.
    """
    sweep = history.scenario
    assert isinstance(sweep, SweepScenario)
    diverged = history["diverged"] != 0.0
    return {
        "kind": sweep.kind,
        "base": sweep.base.kind,
        "outcome": outcome.name.lower(),
        "sentence": sentence,
        "runs": sweep.steps,
        "finished": len(history),
        "diverged": int(np.sum(diverged)),
        "diverged_runs": [int(step) for step in history["step"][diverged]],
        "axes": {axis.name: plain(axis.values()) for axis in sweep.axes},
        "fits": {name: _fits(history, sweep, name) for name in sweep.metrics},
        "notices": list(notices),
        "wall_seconds": seconds,
        "versions": versions(),
    }


def _fits(history: History, sweep: SweepScenario, metric: str) -> dict[str, Any]:
    axes = [axis.name for axis in sweep.axes if not axis.name.endswith("seed")]
    return {axis: _fit(history, axis, metric) for axis in axes if axis != metric}


def _fit(history: History, axis: str, metric: str) -> dict[str, Any]:
    fit = loglog_fit(*means_over(history[axis], history[metric]))
    values = {"slope": fit.slope, "standard_error": fit.error, "points": fit.points}
    # JSON has no NaN: null says that the points do not determine the number.
    return {name: None if np.isnan(value) else value for name, value in values.items()}
