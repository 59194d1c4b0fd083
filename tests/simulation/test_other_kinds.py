"""Descent and least squares against loops and closed forms written out here."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.objectives import OBJECTIVES
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.least_squares import LeastSquaresSimulation
from tests.numerics import reference
from tests.simulation.records import run


def test_the_reference_parabola():
    known = reference.values()["gd"]["quad1d"]
    for rate, iterates in known["runs"].items():
        scenario = DescentScenario(learning_rate=float(rate), steps=20)
        history = run(scenario)
        expected = np.array(iterates["w"][: len(history)])
        np.testing.assert_allclose(history["iterate"][:, 0], expected, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(history["loss"], (expected - 0.4) ** 2 / 2, atol=1e-14)
        np.testing.assert_allclose(history["distance"], abs(expected - 0.4), atol=1e-14)
        np.testing.assert_allclose(history["gradient_norm"], abs(expected - 0.4), atol=1e-14)


def test_rosenbrock_step_by_step_with_a_change_on_the_way():
    scenario = DescentScenario(
        objective="rosenbrock", start=(-1.0, 1.5), learning_rate=1e-3, steps=300
    ).with_change(100, "learning_rate", 5e-4)
    history = run(scenario)
    x, y = -1.0, 1.5
    for step in range(301):
        np.testing.assert_allclose(history["iterate"][step], (x, y), rtol=1e-9)
        np.testing.assert_allclose(
            history["loss"][step], (1 - x) ** 2 + 100 * (y - x * x) ** 2, rtol=1e-9
        )
        rate = 1e-3 if step < 100 else 5e-4
        slope_x = -2 * (1 - x) - 400 * x * (y - x * x)
        slope_y = 200 * (y - x * x)
        x, y = x - rate * slope_x, y - rate * slope_y
    np.testing.assert_allclose(history["time"][[100, 300]], [0.1, 0.2], rtol=1e-12)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_gap_is_measured_from_the_minimum(name: str):
    scenario = DescentScenario(learning_rate=1e-3, steps=50).replace(objective=name)
    history, objective = run(scenario), scenario.build_objective()
    minimum = float(objective.value(objective.minimizer))
    np.testing.assert_allclose(history["gap"], history["loss"] - minimum, atol=1e-15)
    assert (history["gap"] >= 0).all()


def test_least_squares_step_by_step():
    scenario = LeastSquaresScenario(
        samples=4, features=7, learning_rate=0.9, steps=50, noise=0.2, seed=3
    ).with_change(30, "learning_rate", 0.5)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LeastSquaresSimulation)
    X, Y = simulation.problem.X, simulation.problem.Y
    w0 = w = simulation.snapshot().state["w"]
    history = run(scenario)
    limit = w0 + np.linalg.pinv(X.T) @ (Y - X.T @ w0)
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    predicted = np.ones(4)
    for step in range(51):
        row = {column.name: history[column.name][step] for column in history.columns}
        assert row["step"] == step
        np.testing.assert_allclose(row["loss"], np.mean((X.T @ w - Y) ** 2) / 2, atol=1e-13)
        np.testing.assert_allclose(row["gap"], row["loss"], atol=1e-13)
        np.testing.assert_allclose(row["distance"], np.linalg.norm(w - limit), atol=1e-12)
        np.testing.assert_allclose(row["displacement"], np.linalg.norm(w - w0), atol=1e-12)
        assert row["off_image"] < 1e-13
        modes = np.abs(U.T @ (w - limit)) / np.abs(U.T @ (w0 - limit))
        np.testing.assert_allclose(row["modes"], modes, atol=1e-12)
        np.testing.assert_allclose(row["modes_predicted"], predicted, rtol=1e-10)
        rate = 0.9 if step < 30 else 0.5
        w = w - rate * X @ (X.T @ w - Y)
        predicted = predicted * np.abs(1 - rate * s**2)


def test_what_is_known_of_a_problem_besides_its_eigenvalues():
    for n, p in ((4, 7), (7, 4)):
        scenario = LeastSquaresScenario(samples=n, features=p, condition=5.0, steps=30, seed=2)
        simulation = build_simulation(scenario)
        assert isinstance(simulation, LeastSquaresSimulation)
        X, Y = simulation.problem.X, simulation.problem.Y
        history = run(scenario)
        facts, now = history.facts, history.now
        assert now is not None
        weights, start = now.arrays["weights"], facts["initial_weights"]
        least = np.linalg.lstsq(X.T, Y, rcond=None)[0]
        limit = start + np.linalg.pinv(X.T) @ (Y - X.T @ start)
        np.testing.assert_allclose(facts["limit"], limit, atol=1e-12)
        U = np.linalg.svd(X, full_matrices=False)[0]
        np.testing.assert_allclose(facts["initial_modes"], abs(U.T @ (start - limit)), atol=1e-12)
        np.testing.assert_allclose(
            history["minimum_norm_distance"][-1], np.linalg.norm(weights - least), rtol=1e-10
        )
        np.testing.assert_allclose(np.mean((X.T @ weights - Y) ** 2) / 2, history["loss"][-1])
        rise = 0.2 / (2 * n) if p < n else 0.0
        np.testing.assert_allclose(facts["flattest_rise"], rise, atol=1e-14)


def test_the_frames_of_a_descent_hold_the_gradient():
    history = run(
        DescentScenario(objective="exercise_a", start=(2.0, 1.0), steps=3, minimizer=(0.0, 0.0))
    )
    assert history.now is not None
    x = 2.0 * 0.9**3
    np.testing.assert_allclose(history.now.arrays["point"], (x, 1.0))
    np.testing.assert_allclose(history.now.arrays["gradient"], (x, 0.0))


def test_from_zero_the_limit_is_the_solution_of_least_norm():
    scenario = LeastSquaresScenario(start="zero", learning_rate=1.0, steps=5000, condition=5.0)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LeastSquaresSimulation)
    assert not simulation.snapshot().state["w"].any()
    simulation.advance(5000)
    X, Y = simulation.problem.X, simulation.problem.Y
    least = np.linalg.lstsq(X.T, Y, rcond=None)[0]
    np.testing.assert_allclose(simulation.snapshot().state["w"], least, atol=1e-12)


def test_one_equation_or_one_weight_needs_no_conditioning():
    for n, p in ((1, 5), (5, 1), (1, 1)):
        history = run(LeastSquaresScenario(samples=n, features=p, steps=40, learning_rate=0.5))
        assert history["distance"][-1] < 1e-10 * (1 + history["distance"][0])


def test_many_modes_are_shown_from_first_to_last():
    simulation = build_simulation(LeastSquaresScenario(samples=200, features=200))
    eigenvalues, shown = (simulation.facts[k] for k in ("eigenvalues", "shown_eigenvalues"))
    assert len(eigenvalues) == 200
    assert (shown[0], shown[-1]) == (eigenvalues[0], eigenvalues[-1])
    assert simulation.advance(1).tail["modes"].shape == shown.shape
