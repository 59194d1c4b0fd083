"""Network and linearization against plain numpy with explicit Jacobians, written out here.

Jacobians come from complex steps, which have no rounding: dh/dw_k = Im h(w + i e e_k)/e.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lazygui.numerics.datasets import Dataset
from lazygui.numerics.networks import TwoLayer
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation import lazy
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.lazy import LazySimulation
from tests.numerics import reference

SIGMAS = {"tanh": np.tanh, "softplus": lambda z: np.log(1 + np.exp(z))}
PREFACTORS = {"ntk": lambda m: m**-0.5, "standard": lambda m: 1.0, "mean-field": lambda m: 1 / m}
RESIDUALS = {
    "square": lambda f, y: f - y,
    "huber": lambda f, y: np.clip(f - y, -1, 1),
    "logistic": lambda f, y: -y / (1 + np.exp(y * f)),
}
LOSSES = {
    "square": lambda f, y: np.mean((f - y) ** 2) / 2,
    "huber": lambda f, y: np.mean(np.where(abs(f - y) <= 1, (f - y) ** 2 / 2, abs(f - y) - 1 / 2)),
    "logistic": lambda f, y: np.mean(np.log(1 + np.exp(-y * f))),
}


def forward(scenario: LazyScenario, d: int) -> Callable[[Any, Any], Any]:
    """h(w, X) = s Σ_j c_j σ(a_j·x + b_j) with w = (a, [b], c)."""
    m, sigma = scenario.width, SIGMAS[scenario.activation]

    def h(w: Any, X: Any) -> Any:
        a, c = w[: m * d].reshape(m, d), w[-m:]
        b = w[m * d : m * d + m] if scenario.bias else 0.0
        return PREFACTORS[scenario.parameterization](m) * sigma(X @ a.T + b) @ c

    return h


def jacobian(h: Callable[[Any, Any], Any], w: Any, X: Any) -> Any:
    tiny = 1e-30
    shifted = w[:, None] + 1j * tiny * np.eye(len(w))
    return np.stack([h(shifted[:, k], X).imag / tiny for k in range(len(w))], axis=1)


def norm(f: Any) -> float:
    return float(np.sqrt(np.mean(f**2)))


def trained(scenario: LazyScenario, simulation: LazySimulation) -> list[dict[str, float]]:
    """Every step of network and linearization, weights and all."""
    X, y = simulation.data.inputs, simulation.data.targets
    X_test, y_test = simulation.data.test_inputs, simulation.data.test_targets
    h, alpha, n = forward(scenario, X.shape[1]), scenario.scale, len(y)
    w0 = simulation.snapshot().state["w"]
    centred = scenario.initialization == "centred"
    shift, shift_test = (h(w0, x) if centred else 0.0 for x in (X, X_test))
    J, J_test, h0, h0_test = jacobian(h, w0, X), jacobian(h, w0, X_test), h(w0, X), h(w0, X_test)
    residual, loss = RESIDUALS[scenario.loss], LOSSES[scenario.loss]
    w, w_bar, time, rows = w0.copy(), w0.copy(), 0.0, []
    for step in range(scenario.steps + 1):
        f, f_bar = alpha * (h(w, X) - shift), alpha * (h0 + J @ (w_bar - w0) - shift)
        f_test = alpha * (h(w, X_test) - shift_test)
        f_bar_test = alpha * (h0_test + J_test @ (w_bar - w0) - shift_test)
        rows.append(
            {
                "step": step,
                "time": time,
                "loss": loss(f, y),
                "loss_linearized": loss(f_bar, y),
                "displacement": np.linalg.norm(w - w0),
                "relative_displacement": np.linalg.norm(w - w0) / np.linalg.norm(w0),
                "displacement_linearized": np.linalg.norm(w_bar - w0),
                "weight_gap": np.linalg.norm(w - w_bar),
                "output_gap": norm(f - f_bar),
                "test_loss": loss(f_test, y_test),
                "test_loss_linearized": loss(f_bar_test, y_test),
            }
        )
        rate = scenario.value_at("learning_rate", step)
        w = w - rate / (alpha * n) * jacobian(h, w, X).T @ residual(f, y)
        w_bar = w_bar - rate / (alpha * n) * J.T @ residual(f_bar, y)
        time += rate
    return rows


CASES: dict[str, dict[str, Any]] = {
    "doubled": {"scale": 3.0},
    "centred": {"initialization": "centred", "scale": 30.0},
    "plain": {"initialization": "plain", "scale": 0.5},
    "bias": {"bias": True, "activation": "softplus", "learning_rate": 0.3},
    "standard": {"parameterization": "standard", "gain": 0.7, "learning_rate": 0.3},
    "mean field": {"parameterization": "mean-field", "learning_rate": 4.0},
    "huber": {"loss": "huber", "scale": 5.0, "initialization": "plain"},
    "logistic": {"loss": "logistic", "activation": "softplus"},
    "rademacher": {"output_law": "rademacher", "initialization": "plain"},
}


@pytest.mark.parametrize("name", CASES)
def test_every_column_is_that_of_explicit_training(name: str):
    """Live changes of the learning rate included."""
    values = {"width": 6, "data": "circle", "target": "waves", "samples": 7, "test_samples": 5}
    scenario = LazyScenario.model_validate(
        {**values, "learning_rate": 1.5, "steps": 60, "noise": 0.1, "seed": 4, **CASES[name]}
    )
    scenario = scenario.with_change(20, "learning_rate", 0.3 * scenario.learning_rate)
    scenario = scenario.with_change(41, "learning_rate", 1.3 * scenario.learning_rate)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    expected = trained(scenario, simulation)
    history = History(scenario, simulation.columns)
    history.append(simulation.advance(60))
    assert {c.name for c in history.columns} == set(expected[0])
    for column in history.columns:
        by_hand = np.array([row[column.name] for row in expected])
        np.testing.assert_allclose(
            history[column.name], by_hand, rtol=1e-9, atol=1e-12, err_msg=column.name
        )


def test_the_last_frame_shows_outputs_grid_and_neurons():
    scenario = LazyScenario(width=6, samples=5, steps=30, scale=2.0, learning_rate=1.0)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    w0 = simulation.snapshot().state["w"]
    frame = simulation.advance(30).now
    assert frame is not None
    w, X = simulation.snapshot().state["w"], simulation.data.inputs
    h = forward(scenario, 2)
    assert simulation.data.grid is not None
    grid = simulation.data.grid.inputs
    np.testing.assert_allclose(frame.arrays["outputs"], 2 * h(w, X), rtol=1e-12)
    np.testing.assert_allclose(frame.arrays["grid_outputs"], 2 * h(w, grid), rtol=1e-11, atol=1e-13)
    # Kernel regression from the samples to the grid, by explicit Jacobians.
    J, J_grid = jacobian(h, w0, X), jacobian(h, w0, grid)
    moved = np.zeros(len(w0))
    for _ in range(30):
        moved -= J.T @ (2 * J @ moved - simulation.data.targets) / (2 * 5)
    np.testing.assert_allclose(frame.arrays["outputs_linearized"], 2 * J @ moved, rtol=1e-10)
    np.testing.assert_allclose(
        frame.arrays["grid_outputs_linearized"], 2 * J_grid @ moved, rtol=1e-9, atol=1e-12
    )
    a, c = w[:12].reshape(6, 2), w[12:]
    np.testing.assert_allclose(frame.arrays["neurons"], np.abs(c)[:, None] * a, rtol=1e-15)
    assert frame.arrays["neuron_outputs"].tolist() == np.sign(c).tolist()


@pytest.mark.parametrize("alpha", ["1", "100"])
def test_the_reference_iterates_are_reproduced(alpha: str, monkeypatch: pytest.MonkeyPatch):
    """From the reference weights, on the reference data; iterates computed independently."""
    inputs, known = reference.arrays("alpha_inputs"), reference.values()["alpha"]
    iterates = known["reference_iterates_tanh_sym"]
    data = Dataset(
        name="reference",
        inputs=inputs["X"],
        targets=inputs["y"],
        test_inputs=np.zeros((0, 3)),
        test_targets=np.zeros(0),
        grid=None,
        feature_names=("x1", "x2", "x3"),
        description="reference",
    )
    monkeypatch.setattr(lazy, "build_dataset", lambda scenario: data)
    monkeypatch.setattr(TwoLayer, "initial", lambda *args, **options: inputs["w_sym"].copy())
    scenario = LazyScenario(
        width=20, scale=float(alpha), learning_rate=iterates["eta"], steps=200, samples=10
    )
    simulation = LazySimulation(scenario)
    for step, values in iterates["alphas"][alpha].items():
        batch = simulation.advance(int(step) - simulation.step)
        assert batch.now is not None
        outputs = batch.now.arrays
        np.testing.assert_allclose(simulation.snapshot().state["w"], values["w"], rtol=1e-9)
        np.testing.assert_allclose(outputs["outputs"], values["f"], rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(
            outputs["outputs_linearized"], values["fbar"], rtol=1e-8, atol=1e-11
        )
        gap = np.linalg.norm(np.subtract(values["w"], values["wbar"]))
        np.testing.assert_allclose(batch.tail["weight_gap"], gap, rtol=1e-6, atol=1e-9)
        gap = norm(np.subtract(values["f"], values["fbar"]))
        np.testing.assert_allclose(batch.tail["output_gap"], gap, rtol=1e-6, atol=1e-11)
        # The reference gives F_α = R(αh)/α².
        loss = float(alpha) ** 2 * values["loss"]
        np.testing.assert_allclose(batch.tail["loss"], loss, rtol=1e-8)


def test_accuracies_count_signs():
    scenario = LazyScenario(
        data="digits", samples=30, test_samples=40, width=4, loss="logistic", steps=12, digit=3
    )
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    batch = simulation.advance(12)
    assert batch.now is not None
    right = batch.now.arrays["outputs"] * simulation.data.targets > 0
    assert batch.tail["accuracy"] == np.mean(right)
    h = forward(scenario.replace(activation="tanh"), 64)
    f = h(simulation.snapshot().state["w"], simulation.data.test_inputs)
    assert batch.tail["test_accuracy"] == np.mean(f * simulation.data.test_targets > 0)


def test_the_facts_are_those_of_the_tangent_kernel():
    scenario = LazyScenario(width=6, samples=5, scale=10.0)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    X, y = simulation.data.inputs, simulation.data.targets
    J = jacobian(forward(scenario, 2), simulation.snapshot().state["w"], X)
    eigenvalues = np.linalg.eigvalsh(J @ J.T / 5)
    np.testing.assert_allclose(simulation.facts["eigenvalues"], eigenvalues, atol=1e-13)
    assert simulation.facts["stability_limit"] == pytest.approx(2 / eigenvalues[-1])
    ((limit, _),) = simulation.facts["learning_rate_marks"]
    assert limit == pytest.approx(2 / eigenvalues[-1])
    factors = simulation.diagnose()
    assert factors["residual_norm"] == pytest.approx(norm(y))  # h(w₀) = 0
    assert factors["differential_norm"] == pytest.approx(np.linalg.norm(J, 2) / np.sqrt(5))
    product = factors["residual_norm"] * factors["second_differential_norm"] / 10
    assert factors["kappa"] == pytest.approx(product / eigenvalues[-1])


def test_the_logistic_loss_has_a_wider_stability_limit_and_no_kappa():
    square = build_simulation(LazyScenario(width=6)).facts["stability_limit"]
    simulation = build_simulation(LazyScenario(width=6, loss="logistic"))
    assert simulation.facts["stability_limit"] == pytest.approx(4 * square)
    assert simulation.diagnose()["kappa"] is None
