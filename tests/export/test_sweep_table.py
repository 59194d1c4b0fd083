"""The summary of a sweep: what was made, what diverged, and the power laws in it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lazygui.export.summary import dumps
from lazygui.export.sweep_table import sweep_summary
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.sweep_texts import swept
from lazygui.simulation.history import Batch, Column, History
from lazygui.simulation.outcome import Outcome

SWEEP = swept(LazyScenario(), ["scale=1:1000:log:4", "width=16,64", "seed=0:1"], ["gap", "scale"])


def made(gap: np.ndarray, diverged: np.ndarray) -> History:
    runs = [SWEEP.run(index) for index in range(SWEEP.steps)]
    rows = {
        "step": np.arange(1.0, 17.0),
        "diverged": diverged,
        "gap": gap,
        **{axis.name: np.array([getattr(run, axis.name) for run in runs]) for axis in SWEEP.axes},
    }
    history = History(SWEEP, tuple(Column(name, name, name) for name in rows))
    history.append(Batch(0, 16, rows, None))
    return history


def test_slopes_are_those_of_the_means_without_the_diverged_runs():
    runs = [SWEEP.run(index) for index in range(16)]
    gap = np.array([3.0 * run.scale**-2.0 * run.width**0.5 for run in runs])  # type: ignore[attr-defined]
    diverged = np.zeros(16)
    gap[5], diverged[5] = np.nan, 1.0
    summary = sweep_summary(made(gap, diverged), Outcome.STEP_LIMIT, "Done.", 2.5)
    assert (summary["runs"], summary["finished"], summary["diverged"]) == (16, 16, 1)
    assert summary["diverged_runs"] == [6]
    assert set(summary["fits"]["gap"]) == {"scale", "width"}
    assert set(summary["fits"]["scale"]) == {"width"}
    fit = summary["fits"]["gap"]["scale"]
    assert fit["points"] == 4
    # One width less at α = 10: the mean of the rest there is off by the factor (2·4 + 8)/3 ÷ 6.
    x = np.log([1.0, 10.0, 100.0, 1000.0])
    y = np.log([18.0, 16.0 / 100, 18.0 / 1e4, 18.0 / 1e6])
    (slope, _), covariance = np.polyfit(x, y, 1, cov=True)
    assert fit["slope"] == pytest.approx(slope, rel=1e-9)
    assert fit["standard_error"] == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-6)


def test_what_the_points_do_not_determine_is_null_in_json():
    summary = sweep_summary(made(np.full(16, np.nan), np.ones(16)), Outcome.CANCELLED, "…", 1.0)
    read = json.loads(dumps(summary))
    nothing = {"slope": None, "standard_error": None, "points": 0}
    assert read["fits"]["gap"] == {"scale": nothing, "width": nothing}
    assert read["diverged"] == 16
    assert read["outcome"] == "cancelled"
