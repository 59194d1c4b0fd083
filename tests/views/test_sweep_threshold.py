"""The threshold 2/λmax in sweeps over the step size."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lazygui import headless
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, Column, History
from lazygui.style.themes import THEMES
from lazygui.views.sweep_curves import SweepCurves
from lazygui.views.sweep_threshold import Threshold, drawn, threshold

RATES = {"name": "learning_rate", "start": 7.0, "stop": 9.0, "count": 5}
BOWL = {"kind": "descent", "objective": "quadratic_2d", "start": [2.0, 1.0], "minimizer": [0, 0]}


def catapult(curvatures: list[float]) -> History:
    data = {"kind": "sweep", "metrics": ["loss", "lambda_max"], "base": {"kind": "lazy"}}
    scenario = build_scenario({**data, "axes": [RATES]})
    names = ("step", "learning_rate", "diverged", "loss", "lambda_max")
    (axis,) = scenario.axes
    facts = {"axes": ((axis.name, axis.values(), axis.log),), "runs": 5}
    history = History(scenario, tuple(Column(n, n, n) for n in names), facts)
    rows = {"step": np.arange(1.0, 6.0), "learning_rate": axis.values(), "diverged": np.zeros(5)}
    rows |= {"loss": np.full(5, 0.1), "lambda_max": np.array(curvatures)}
    history.append(Batch(0, 5, rows, {name: values[-1] for name, values in rows.items()}))
    return history


def test_it_is_two_over_the_recorded_curvature_and_no_curve(qtbot: QtBot):
    made = SweepCurves()
    qtbot.addWidget(made)
    made.begin(catapult([0.25] * 5))
    made.show()
    assert made.threshold.rule.value == pytest.approx(8.0)
    assert made.threshold.rule.visible
    assert [curve.metric for curve in made.curves] == ["loss"]
    assert "2/λ<sub>max</sub>" in [entry.text for entry in made.header.legend.entries]


def test_networks_of_different_curvature_share_none():
    assert np.isnan(threshold(catapult([0.25, 0.25, 0.26, 0.25, 0.25])))


def test_beyond_the_swept_range_it_is_not_drawn():
    line = Threshold(THEMES["light"])
    line.show(catapult([0.25] * 5), "learning_rate", (1.0, 2.0), log=False)
    assert not line.rule.visible
    assert line.entries() == []


def test_the_quadratic_leaves_at_two():
    axis = {"name": "learning_rate", "values": [0.5, 1.9, 2.1]}
    sweep = {"kind": "sweep", "base": {**BOWL, "steps": 5}, "metrics": ["gap"], "axes": [axis]}
    history, _ = headless.run(build_simulation(build_scenario(sweep)))
    grows = history["gap"] >= history["max_gap"]
    assert threshold(history) == 2.0
    assert (grows == (history["learning_rate"] > threshold(history))).all()


def test_only_over_the_step_size_is_the_curvature_no_curve():
    assert drawn(("loss", "lambda_max"), "learning_rate") == ("loss",)
    assert drawn(("loss", "lambda_max"), "scale") == ("loss", "lambda_max")
    assert drawn(("lambda_max",), "learning_rate") == ("lambda_max",)
