"""The claims on convexity and SGD hold for their demos and fail for anything else."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from lazygui import headless
from lazygui.claims.claim import Reading, Verdict
from lazygui.claims.risk import CLAIMS_OF_RISK
from lazygui.numerics.empirical_risk import chord_excess
from lazygui.numerics.objectives import objective
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.sgd import SgdScenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, Column, Frame, History

READ = {claim.id: claim.read for claim in CLAIMS_OF_RISK}
DEMOS = {
    "D01": "convex-risk",
    "D03.unbiased": "sgd-cloud",
    "D03.draws": "sgd-cloud",
    "D04.floor": "sgd-constant",
    "D04.decreasing": "sgd-decreasing",
    "D04.growth": "sgd-floor",
}


def run(scenario: Scenario) -> History:
    history, _ = headless.run(build_simulation(scenario))
    return history


@cache
def demo(name: str) -> History:
    return run(entry(name).scenario)


def tampered(history: History, frame: dict[str, Any] | None = None, **factors: Any) -> History:
    """The same history with columns multiplied, or facts and frame arrays replaced."""
    facts = {k: factors.pop(k) for k in list(factors) if k in history.facts}
    rows = {c.name: history[c.name] * factors.get(c.name, 1.0) for c in history.columns}
    made = History(history.scenario, history.columns, {**history.facts, **facts})
    now = history.now
    if frame:
        now = Frame(now.step, {**now.arrays, **frame})
    tail = {name: values[-1] for name, values in rows.items()}
    made.append(Batch(0, history.last_step, rows, tail, history.frames, now))
    return made


def read(claim: str, history: History) -> Reading:
    return READ[claim](history)


@pytest.mark.parametrize(("claim", "name"), DEMOS.items())
def test_a_demo_names_its_claim(claim: str, name: str):
    assert entry(name).claims
    assert any(claim.startswith(named) for named in entry(name).claims)


@pytest.mark.parametrize("claim", ["D03.draws", "D04.floor", "D04.decreasing"])
def test_it_is_too_early_at_the_start(claim: str):
    simulation = build_simulation(entry(DEMOS[claim]).scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(3))
    assert read(claim, history).verdict is Verdict.PENDING


class TestTampering:
    def test_a_function_that_is_not_convex(self):
        history = demo("convex-risk")
        shares = history.facts["chord_shares"]
        excess = chord_excess(objective("rosenbrock"), 60, shares, seed=0)
        assert read("D01", tampered(history, chord_excess=excess)).verdict is Verdict.FAILS

    def test_a_gradient_of_another_objective(self):
        other = run(SgdScenario(data_seed=1, steps=1)).facts["objective"]
        history = tampered(demo("sgd-cloud"), objective=other)
        assert read("D03.unbiased", history).verdict is Verdict.FAILS

    def test_one_sample_left_out(self):
        history = demo("sgd-cloud")
        cloud = history.now.arrays["sample_gradients"][1:]
        history = tampered(history, frame={"sample_gradients": cloud})
        assert read("D03.unbiased", history).verdict is Verdict.FAILS

    def test_draws_with_a_bias(self):
        simulation = build_simulation(entry("sgd-cloud").scenario)
        drawn = simulation._draws.at
        # Sample 0 instead of sample 1: twice as probable as it should be.
        simulation._draws.at = lambda step: np.where(drawn(step) == 1, 0, drawn(step))
        history, _ = headless.run(simulation)
        assert read("D03.draws", history).verdict is Verdict.FAILS

    @pytest.mark.parametrize("factor", [0.85, 1.15])
    def test_another_floor(self, factor: float):
        history = tampered(demo("sgd-constant"), mean_gap=factor)
        assert read("D04.floor", history).verdict is Verdict.FAILS

    def test_a_floor_of_shuffled_epochs_is_not_that_of_independent_draws(self):
        """The run of one sampling beside the theory of the other."""
        known = demo("sgd-constant")
        other = run(known.scenario.replace(sampling="shuffled"))
        factor = np.interp(known["step"], other["step"], other["mean_gap"]) / known["mean_gap"]
        assert read("D04.floor", tampered(known, mean_gap=factor)).verdict is Verdict.FAILS

    def test_a_median_that_stays(self):
        history = demo("sgd-decreasing")
        stays = 1e-3 / history["gap_median"]
        assert read("D04.decreasing", tampered(history, gap_median=stays)).verdict is Verdict.FAILS

    def test_a_median_below_the_floor_that_no_longer_falls(self):
        history = demo("sgd-decreasing")
        flat = np.where(history["step"] > 1000, history.latest("gap_median"), 1.0)
        flat = flat * (1 + 1e-6 * history["step"]) / history["gap_median"]
        assert read("D04.decreasing", tampered(history, gap_median=flat)).verdict is Verdict.FAILS


class TestChangedParameters:
    """The prediction follows the lecturer's choices, and says when it can't."""

    @pytest.mark.parametrize(
        "values",
        [
            {"learning_rate": 0.3},
            {"learning_rate": 0.03},
            {"batch_size": 5},
            {"noise": 1.5, "seed": 3},
            {"condition": 1.0, "samples": 10, "data_seed": 2},
        ],
    )
    def test_the_floor(self, values: dict[str, Any]):
        scenario = entry("sgd-constant").scenario
        reading = read("D04.floor", run(scenario.replace(**values)))
        assert reading.verdict is Verdict.HOLDS, reading
        assert reading.predicted != read("D04.floor", demo("sgd-constant")).predicted

    def test_a_change_on_the_way_moves_the_floor(self):
        scenario = entry("sgd-constant").scenario.with_change(1500, "learning_rate", 0.05)
        simulation = build_simulation(scenario)
        history = History(scenario, simulation.columns, dict(simulation.facts))
        history.append(simulation.advance(1510))
        assert read("D04.floor", history).verdict is Verdict.PENDING
        history.append(simulation.advance(3000))
        reading = read("D04.floor", history)
        assert reading.verdict is Verdict.HOLDS, reading

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"loss": "logistic", "noise": 0.8}, "square loss"),
            ({"sampling": "shuffled"}, "uniform draws"),
            ({"runs": 5}, "needs 20 runs"),
            ({"noise": 0.0}, "there is no floor"),
            ({"learning_rate": 0.9}, "there is no floor"),
            ({"schedule": "sqrt"}, "the steps decrease"),
        ],
    )
    def test_where_no_floor_is_known(self, values: dict[str, Any], said: str):
        scenario = entry("sgd-constant").scenario.replace(steps=50, **values)
        reading = read("D04.floor", run(scenario))
        assert reading.verdict is Verdict.PENDING
        assert said in reading.measured

    def test_shuffled_epochs_depend_on_the_iterates(self):
        scenario = entry("sgd-cloud").scenario.replace(sampling="shuffled", batch_size=3)
        reading = read("D03.draws", run(scenario.replace(steps=4000)))
        assert reading.verdict is Verdict.PENDING
        assert "depends on" in reading.measured

    def test_slower_decrease(self):
        scenario = entry("sgd-decreasing").scenario.replace(schedule="sqrt", steps=8000)
        reading = read("D04.decreasing", run(scenario))
        assert reading.verdict is Verdict.HOLDS, reading

    def test_constant_steps_do_not_decrease(self):
        reading = read("D04.decreasing", demo("sgd-constant"))
        assert reading.verdict is Verdict.PENDING


def swept(exponent: float = 0.0) -> History:
    """The rows a sweep leaves, run by run, the gaps multiplied by (rate/0.05)^exponent."""
    scenario = SweepScenario(
        base=SgdScenario(start=(0.6, -0.3), steps=1500, runs=100),
        axes=({"name": "learning_rate", "start": 0.02, "stop": 0.2, "count": 5, "spacing": "log"},),
        metrics=("mean_gap",),
    )
    runs = [scenario.run(k) for k in range(scenario.steps)]
    last = [run(one) for one in runs]
    rows = {
        "step": np.arange(1.0, 6.0),
        "learning_rate": np.array([one.learning_rate for one in runs]),
        "mean_gap": np.array([float(one.latest("mean_gap")) for one in last]),
        "mean_gap_error": np.array([float(one.latest("mean_gap_error")) for one in last]),
    }
    rows["mean_gap"] = rows["mean_gap"] * (rows["learning_rate"] / 0.05) ** exponent
    history = History(scenario, tuple(Column(n, n, n) for n in rows))
    history.append(Batch(1, 5, rows, {n: v[-1] for n, v in rows.items()}))
    return history


def test_the_floor_grows_in_proportion():
    reading = read("D04.growth", swept())
    assert reading.verdict is Verdict.HOLDS, reading
    assert 0.9 < reading.value < 1.4


@pytest.mark.parametrize("exponent", [-0.5, 0.5, -1.0])
def test_another_growth_is_refused(exponent: float):
    assert read("D04.growth", swept(exponent)).verdict is Verdict.FAILS
