"""Synthetic histories of each kind, made without the simulations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.history import Batch, Column, Frame, History


def _filled(
    scenario: Scenario,
    columns: Mapping[str, np.ndarray],
    facts: dict[str, Any],
    frames: tuple[Frame, ...] = (),
) -> History:
    described = tuple(Column(name, name, name, shape=v.shape[1:]) for name, v in columns.items())
    history = History(scenario, described, facts)
    append(history, columns, frames)
    return history


def append(
    history: History, columns: Mapping[str, np.ndarray], frames: tuple[Frame, ...] = ()
) -> None:
    """Hand a history more rows, and the last of the frames as the newest."""
    steps = columns["step"]
    tail = {name: values[-1] for name, values in columns.items()}
    now = frames[-1] if frames else None
    history.append(Batch(int(steps[0]), int(steps[-1]), columns, tail, frames, now))


def descent(dim: int = 1, rows: int = 200, rate: float | None = None) -> History:
    """Gradient descent on a quadratic whose iterates are known in closed form."""
    if dim == 1:
        scenario = DescentScenario(learning_rate=rate or 0.3, steps=100_000)
    else:
        scenario = DescentScenario(
            objective="quadratic_2d",
            start=(2.0, 1.5), minimizer=(0.0, 0.0), learning_rate=rate or 0.12, steps=100_000,
        )  # fmt: skip
    goal = scenario.build_objective()
    points = [np.array(scenario.start, dtype=float)]
    with np.errstate(all="ignore"):
        for _ in range(rows - 1):
            points.append(points[-1] - scenario.learning_rate * goal.gradient(points[-1]))
        iterates = np.array(points)
        loss = np.asarray(goal.value(iterates), dtype=float)
        gradients = np.linalg.norm(goal.gradient(iterates).reshape(rows, -1), axis=1)
        distance = np.linalg.norm(iterates - goal.minimizer, axis=1)
    step = np.arange(rows, dtype=float)
    columns = {
        "step": step, "time": step * scenario.learning_rate, "loss": loss,
        "gap": loss - goal.minimum, "distance": distance, "gradient_norm": gradients,
        "iterate": iterates,
    }  # fmt: skip
    return _filled(scenario, columns, {"objective": goal, "start": scenario.start})


def least_squares(rows: int = 200, rank: int = 3) -> History:
    """Modes that decay exactly as predicted, with a floor of rounding."""
    scenario = LeastSquaresScenario(learning_rate=0.05, steps=100_000)
    eigenvalues = np.geomspace(18.0, 0.9, rank)
    step = np.arange(rows, dtype=float)
    predicted = (1 - scenario.learning_rate * eigenvalues) ** step[:, None]
    modes = np.abs(predicted) + 1e-17
    distance = np.linalg.norm(modes, axis=1)
    columns = {
        "step": step, "time": step * scenario.learning_rate, "loss": 0.5 * distance**2 + 0.1,
        "gap": 0.5 * distance**2, "distance": distance, "displacement": 2.0 - distance / 1.8,
        "off_image": np.full(rows, 2e-16), "modes": modes, "modes_predicted": np.abs(predicted),
    }  # fmt: skip
    facts = {"eigenvalues": eigenvalues, "n": 3, "p": 8, "rank": rank, "learning_rate_marks": ()}
    return _filled(scenario, columns, facts)


def lazy_columns(step: np.ndarray, scale: float = 1.0) -> dict[str, np.ndarray]:
    """Curves with the shapes that training gives."""
    time = 0.5 * step
    loss = 0.4 * np.exp(-0.02 * time) + 0.02 / (1 + 0.05 * time)
    linear = 0.4 * np.exp(-0.02 * time) + 0.02 * np.exp(-0.001 * time)
    moved = (1 - np.exp(-0.02 * time)) * 1.2 / scale
    return {
        "step": step, "time": time, "loss": loss, "loss_linearized": linear,
        "displacement": moved, "relative_displacement": moved / 12.0,
        "displacement_linearized": 0.97 * moved, "weight_gap": 0.06 * moved**2,
        "output_gap": 0.1 * moved**2 * scale, "test_loss": loss + 0.05,
        "test_loss_linearized": linear + 0.08, "accuracy": 1 - 0.5 * np.exp(-0.03 * time),
        "accuracy_linearized": 1 - 0.5 * np.exp(-0.02 * time),
        "test_accuracy": 0.93 - 0.43 * np.exp(-0.03 * time),
        "test_accuracy_linearized": 0.9 - 0.4 * np.exp(-0.02 * time),
        "kernel_drift": 0.1 * moved, "feature_drift": 0.2 * moved, "gate_flips": 0.02 * moved,
        "kernel_eigenvalues": np.outer(1 + 0.1 * moved, np.geomspace(0.8, 1e-4, 10)),
    }  # fmt: skip


def lazy_frame(step: int, share: float, m: int = 60, n: int = 12) -> Frame:
    """Outputs that approach sin 3x, and neurons that spread."""
    grid = np.linspace(-1.2, 1.2, 121)
    x = np.linspace(-0.9, 0.9, n)
    rng = np.random.default_rng(0)
    first = rng.standard_normal((m, 2))
    drift = rng.standard_normal((m, 2))
    bend = 0.4 * np.maximum(-grid - 0.6, 0.0)
    return Frame(step, {
        "outputs": share * np.sin(3 * x),
        "outputs_linearized": share * np.sin(3 * x) + 0.1 * share * (1 - share) + 0.01 * x,
        "grid_outputs": share * np.sin(3 * grid),
        "grid_outputs_linearized": share * (np.sin(3 * grid) + bend),
        "neurons": first + share * 0.4 * drift,
        "neuron_outputs": rng.standard_normal(m), "kernel": (1 + 0.1 * share) * kernel_of(x),
    })  # fmt: skip


def kernel_of(x: np.ndarray) -> np.ndarray:
    """A kernel that falls with the distance of the samples."""
    return np.exp(-((x[:, None] - x) ** 2)) - 0.3


def diagnosis(x: np.ndarray) -> dict[str, Any]:
    """What is known at w₀ after a while: errors of slope 2, relative changes, a limit kernel."""
    distances, rates = np.geomspace(1e-4, 10.0, 25), np.geomspace(2.5e-3, 2.5, 10)
    return {
        "taylor_distances": distances, "taylor_errors": 0.15 * distances**2 / (1 + distances),
        "taylor_curvature": 0.3, "taylor_kink": np.inf, "kernel_error": 0.12,
        "heuristic_rates": rates, "heuristic_changes": np.outer(rates, [0.1, 0.004, 0.001]),
        "infinite_width_kernel": 1.05 * kernel_of(x),
    }  # fmt: skip


def lazy(rows: int = 1500, m: int = 60, n: int = 12, scale: float = 1.0) -> History:
    """A network beside its linearization, with everything a view can ask for."""
    scenario = LazyScenario(samples=n, width=m, learning_rate=0.5, scale=scale, steps=1_000_000)
    x = np.linspace(-0.9, 0.9, n)
    facts = {
        "inputs": np.stack([x, np.ones(n)], axis=1), "targets": np.sin(3 * x),
        "sample_coordinates": x, "grid": np.linspace(-1.2, 1.2, 121), "grid_label": "x",
        "classification": True, "lambda_max": 0.8, "eigenvalues": np.geomspace(0.8, 1e-4, n),
        "n_parameters": 3 * m, "backend": "numpy",
        "teacher_rows": np.array([[1.0, 0.0], [-0.5, 0.87], [-0.5, -0.87]]),
        "teacher_signs": np.array([1.0, -1.0, 1.0]), "stability_limit": 2.5,
    }  # fmt: skip
    facts |= diagnosis(x)
    frames = tuple(lazy_frame(k * rows // 20, 1 - np.exp(-k / 6), m, n) for k in range(21))
    return _filled(scenario, lazy_columns(np.arange(rows, dtype=float), scale), facts, frames)
