"""Stochastic gradient descent against a loop written out here, and bit for bit."""

from __future__ import annotations

import random

import numpy as np
import pytest

from lazygui.numerics.sgd import Draws
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.sgd import SgdScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import as_bytes, record, run

RUNS = {
    "square": {"steps": 1100, "runs": 7},
    "logistic": {"loss": "logistic", "samples": 60, "noise": 0.8, "steps": 900, "runs": 5},
    "shuffled": {"sampling": "shuffled", "batch_size": 7, "steps": 900, "runs": 5},
    "decreasing": {"schedule": "harmonic", "batch_size": 3, "steps": 900, "runs": 5},
    "diverging": {"learning_rate": 3.0, "steps": 3000, "runs": 4},
}
ALL = pytest.mark.parametrize("name", RUNS)


def scenario_of(name: str) -> SgdScenario:
    return SgdScenario(**RUNS[name])


def parts(rng: random.Random, total: int) -> list[int]:
    made: list[int] = []
    while sum(made) <= total:
        made.append(rng.choice((0, 1, 2, rng.randint(1, 40), rng.randint(1, total))))
    return made


@ALL
def test_splitting_the_steps_changes_no_bit(name: str):
    scenario, rng = scenario_of(name), random.Random(name)
    whole = as_bytes(run(scenario))
    for _ in range(2):
        assert as_bytes(run(scenario, *parts(rng, scenario.steps))) == whole


@ALL
def test_a_snapshot_comes_back_to_the_same_bits(name: str):
    scenario = scenario_of(name).with_change(60, "learning_rate", 0.05)
    simulation = build_simulation(scenario)
    simulation.advance(47)
    snapshot = simulation.snapshot()
    first = simulation.advance(93)
    simulation.advance(200)
    simulation.restore(snapshot)
    again = simulation.advance(93)
    for column in first.tail:
        assert first.rows[column].tobytes() == again.rows[column].tobytes()
        assert first.tail[column].tobytes() == again.tail[column].tobytes()
    for array in first.now.arrays:
        assert first.now.arrays[array].tobytes() == again.now.arrays[array].tobytes()


def test_live_changes_are_replayed():
    simulation = build_simulation(scenario_of("square"))
    history = record(simulation, ())
    live = build_simulation(scenario_of("square"))
    live.advance(100)
    live.change("learning_rate", 0.02)
    while live.outcome is None:
        live.advance(333)
    replayed = run(loads(dumps(live.scenario)))
    assert replayed.latest("mean_gap") == live.collect().tail["mean_gap"]
    assert replayed.latest("mean_gap") != history.latest("mean_gap")


@pytest.mark.parametrize("schedule", ["constant", "sqrt", "harmonic"])
def test_step_by_step(schedule: str):
    scenario = SgdScenario(
        schedule=schedule, batch_size=2, runs=3, samples=9, steps=60, decay_steps=20.0, seed=5
    ).with_change(30, "learning_rate", 0.05)
    history = run(scenario)
    risk = history.facts["risk"]
    X, y = risk.inputs, risk.targets
    draws, w = Draws(9, 2, 3, seed=5), np.tile(scenario.start, (3, 1))
    optimum = np.linalg.lstsq(X, y, rcond=None)[0]
    least = np.mean((X @ optimum - y) ** 2) / 2
    for t in range(61):
        gaps = np.mean((w @ X.T - y) ** 2, axis=1) / 2 - least
        np.testing.assert_allclose(history["iterate"][t], w[0], rtol=1e-10)
        np.testing.assert_allclose(history["gap"][t], gaps[0], rtol=1e-8, atol=1e-13)
        np.testing.assert_allclose(history["gap_median"][t], np.median(gaps), rtol=1e-8, atol=1e-13)
        np.testing.assert_allclose(history["mean_gap"][t], gaps.mean(), rtol=1e-8, atol=1e-13)
        spread = np.linalg.norm(w - optimum, axis=1).mean()
        np.testing.assert_allclose(history["mean_distance"][t], spread, rtol=1e-9)
        eta = 0.1 if t < 30 else 0.05
        eta *= {"constant": 1.0, "sqrt": (t + 1) ** -0.5, "harmonic": 1 / (1 + t / 20)}[schedule]
        for r in range(3):
            chosen = draws.at(t)[:, r]
            residual = X[chosen] @ w[r] - y[chosen]
            w[r] = w[r] - eta * (residual @ X[chosen]) / 2


def test_frames_hold_the_cloud_of_the_newest_iterate():
    history = run(scenario_of("square"))
    risk, arrays = history.facts["risk"], history.now.arrays
    assert arrays["iterates"].shape == (7, 2)
    w = history.latest("iterate")
    np.testing.assert_array_equal(arrays["iterates"][0], w)
    expected = (risk.inputs @ w - risk.targets)[:, None] * risk.inputs
    np.testing.assert_allclose(arrays["sample_gradients"], expected, rtol=1e-12, atol=1e-15)


def test_the_mean_of_many_runs_is_the_exact_expectation():
    """Of 30 steps apart the standardized deviations are nearly independent and Gaussian."""
    history = run(SgdScenario(runs=1000, steps=600, learning_rate=0.2, schedule="sqrt"))
    rows = slice(20, None, 30)
    z = (history["mean_gap"] - history["expected_gap"])[rows] / history["mean_gap_error"][rows]
    assert np.abs(z).max() < 4
    assert np.sqrt(np.mean(z**2)) > 0.3


def test_an_expectation_is_known_for_independent_draws_and_the_square_loss_only():
    assert "expected_gap" in run(scenario_of("square"), 1)
    assert "expected_gap" not in run(scenario_of("logistic"), 1)
    assert "expected_gap" not in run(scenario_of("shuffled"), 1)


def test_without_noise_every_run_reaches_the_minimizer():
    simulation = build_simulation(SgdScenario(noise=0.0, runs=5, learning_rate=0.3, steps=5000))
    record(simulation, ())
    assert simulation.outcome is Outcome.CONVERGED


def test_a_diverged_run_ends_finite_and_says_why():
    simulation = build_simulation(scenario_of("diverging"))
    history = record(simulation, ())
    assert simulation.outcome is Outcome.DIVERGED
    assert np.isfinite(history["mean_gap"]).all()
    assert "η = 3 is above 0.66" in simulation.diverged_sentence()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start": (1.0,)}, "the plane has 2"),
        ({"sampling": "shuffled", "batch_size": 41}, "more than the 40 samples"),
        ({"samples": 2}, "samples"),
        ({"schedule": "cosine"}, "schedule"),
    ],
)
def test_a_wrong_scenario_is_refused(values: dict, said: str):
    with pytest.raises(ScenarioError, match=said):
        build_scenario({"kind": "sgd", **values})


def test_separable_classes_are_refused_with_a_remedy():
    with pytest.raises(ValueError, match="choose more noise"):
        build_simulation(SgdScenario(loss="logistic", noise=0.0))
