"""How runs end: at the step limit, at convergence, or at the last finite value."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import record


def test_a_run_ends_at_its_number_of_steps_and_makes_no_more():
    simulation = build_simulation(LazyScenario(steps=30))
    simulation.advance(29)
    assert simulation.outcome is None
    simulation.advance(5)
    assert (simulation.outcome, simulation.step) == (Outcome.STEP_LIMIT, 30)
    before = simulation.snapshot().state["w"]
    assert simulation.advance(10).last_step == 30
    assert (simulation.snapshot().state["w"] == before).all()


def test_a_run_at_rest_has_converged():
    """On the parabola the first step of size 1 lands on the minimizer."""
    simulation = build_simulation(DescentScenario(learning_rate=1.0))
    simulation.advance(1000)
    assert simulation.outcome is Outcome.CONVERGED
    assert simulation.step <= 2
    assert simulation.snapshot().state["w"] == pytest.approx([0.4], abs=1e-14)


def test_least_squares_converge_to_the_last_bits():
    simulation = build_simulation(
        LeastSquaresScenario(learning_rate=1.0, steps=100_000, condition=4.0)
    )
    history = record(simulation, [])
    assert simulation.outcome is Outcome.CONVERGED
    assert history["distance"][-1] < 1e-13
    assert history.last_step < 1000


def test_a_fitted_network_has_converged():
    scenario = LazyScenario(samples=2, width=40, scale=50.0, data="circle", target="waves")
    limit = build_simulation(scenario).facts["stability_limit"]
    simulation = build_simulation(scenario.replace(learning_rate=limit / 2, steps=20_000))
    history = record(simulation, [])
    assert simulation.outcome is Outcome.CONVERGED
    assert history["loss"][-1] <= 1e-28


def test_an_oscillating_run_is_not_converged():
    simulation = build_simulation(DescentScenario(objective="absolute", learning_rate=0.3))
    record(simulation, [])
    assert simulation.outcome is Outcome.STEP_LIMIT


def last_finite_step(start: float, factor: float) -> int:
    """The last step at which (factor^t · start)²/2 is a finite float."""
    step, error = 0, start
    while math.isfinite(0.5 * (error * factor) * (error * factor)):
        error *= factor
        step += 1
    return step


def test_divergence_stops_at_the_last_finite_value_and_says_why():
    simulation = build_simulation(DescentScenario(learning_rate=2.5, steps=10_000))
    history = record(simulation, [])
    assert simulation.outcome is Outcome.DIVERGED
    expected = last_finite_step(2.6, -1.5)
    assert abs(history.last_step - expected) <= 1
    final = float(history["iterate"][-1, 0]) - 0.4
    assert math.isfinite(0.5 * final * final)
    after = -1.5 * final
    assert not math.isfinite(0.5 * after * after)
    assert simulation.diverged_sentence() == (
        f"Diverged at step {history.last_step}: η = 2.5 > 2/λmax = 2, so each step multiplies "
        "the error by −1.5. Choose η below 2."
    )


def test_a_diverged_run_is_finite_everywhere():
    scenarios = [
        DescentScenario(learning_rate=2.1, steps=10_000),
        DescentScenario(objective="rosenbrock", start=(2.0, -2.0), learning_rate=0.1, steps=10_000),
        LeastSquaresScenario(learning_rate=2.3, steps=50_000),
    ]
    for scenario in scenarios:
        simulation = build_simulation(scenario)
        history = record(simulation, [700, 1, 3])
        assert simulation.outcome is Outcome.DIVERGED
        assert np.isfinite(history["loss"]).all()
        assert simulation.step == history.last_step == history["step"][-1]
        assert simulation.advance(100).last_step == history.last_step


def test_a_diverged_least_squares_run_names_its_numbers():
    scenario = LeastSquaresScenario(learning_rate=2.5, steps=50_000)
    simulation = build_simulation(scenario)
    record(simulation, [])
    # The eigenvalues run from 1 down to 1/cond, so that 1 − ηλ₁ = −1.5.
    assert simulation.diverged_sentence() == (
        f"Diverged at step {simulation.step}: η = 2.5 > 2/λmax = 2, so each step multiplies the "
        "steepest mode by −1.5. Choose η below 2."
    )


def test_a_diverged_network_names_the_stability_limit():
    scenario = LazyScenario(width=10, learning_rate=12.5, steps=5000)
    simulation = build_simulation(scenario)
    history = record(simulation, [])
    assert simulation.outcome is Outcome.DIVERGED
    assert np.isfinite(history["loss"]).all()
    assert history.now is not None
    assert history.now.step == history.last_step
    difference = history.now.arrays["outputs"] - simulation.facts["targets"]
    assert history["loss"][-1] == pytest.approx(np.mean(difference**2) / 2)
    limit = simulation.facts["stability_limit"]
    assert limit < 12.5
    sentence = simulation.diverged_sentence()
    assert sentence.startswith(
        f"Diverged at step {history.last_step}: "
        f"η = 12.5 is {12.5 / limit:.2f} × 2/λmax = {limit:.4g}, beyond"
    )
    assert sentence.endswith(f"Choose η below {limit:.4g}.")


def test_the_linearization_may_diverge_alone():
    """Above 2/λmax the linearization leaves the floats, while the network goes on."""
    scenario = LazyScenario(width=20, learning_rate=1.0, steps=6000)
    limit = build_simulation(scenario).facts["stability_limit"]
    simulation = build_simulation(scenario.replace(learning_rate=1.3 * limit))
    history = record(simulation, [])
    assert simulation.outcome is Outcome.STEP_LIMIT
    assert np.isfinite(history["loss"]).all()
    assert not np.isfinite(history["loss_linearized"][-1])


def test_time_is_the_sum_of_the_learning_rates():
    scenario = LazyScenario(learning_rate=0.1, steps=1000)
    rates = {0: 0.1, 300: 0.7, 600: 0.05}
    for step, rate in rates.items():
        scenario = scenario.with_change(step, "learning_rate", rate)
    history = record(build_simulation(scenario), [])
    per_step = np.where(np.arange(1000) < 300, 0.1, np.where(np.arange(1000) < 600, 0.7, 0.05))
    time = np.concatenate([[0.0], np.cumsum(per_step)])
    np.testing.assert_allclose(history["time"], time[history["step"].astype(int)], rtol=1e-12)


def test_a_fixed_spacing_of_records_is_kept():
    history = record(build_simulation(DescentScenario(record_every=7, steps=100)), [3, 50])
    assert history["step"].tolist() == [*range(0, 99, 7), 100]


@pytest.mark.parametrize("outcome", Outcome)
def test_outcomes_are_sentences(outcome: Outcome):
    assert re.fullmatch(r"[A-Z][a-z]+: .*\.", outcome.value)


def test_a_new_history_starts_with_step_zero():
    simulation = build_simulation(LazyScenario(steps=10))
    history = History(simulation.scenario, simulation.columns)
    history.append(simulation.advance(0))
    assert history["step"].tolist() == [0]
    assert history["displacement"].tolist() == [0]
    assert history.frames[0].step == 0
