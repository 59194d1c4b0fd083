"""Rows made many per move are those of single moves, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.lazy import LazySimulation
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import as_bytes, record

RUNS: dict[str, tuple[dict[str, Any], Outcome]] = {
    "plain": ({"initialization": "plain", "steps": 1500}, Outcome.STEP_LIMIT),
    "rare": ({"record_every": 7, "steps": 900}, Outcome.STEP_LIMIT),
    "changing": (
        {"steps": 900, "changes": ((100, "learning_rate", 0.7), (333, "learning_rate", 0.2))},
        Outcome.STEP_LIMIT,
    ),
    "converging": (
        {"samples": 2, "learning_rate": 1.0, "steps": 9000, "scale": 3.0},
        Outcome.CONVERGED,
    ),
    "diverging": ({"learning_rate": 40.0, "steps": 900}, Outcome.DIVERGED),
}


def ended(name: str) -> LazySimulation:
    values, _ = RUNS[name]
    known = {key: value for key, value in values.items() if key != "changes"}
    scenario = build_scenario({"kind": "lazy", "width": 12, **known})
    for step, parameter, value in values.get("changes", ()):
        scenario = scenario.with_change(step, parameter, value)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    return simulation


@pytest.mark.parametrize("frames", [True, False])
@pytest.mark.parametrize("name", list(RUNS))
def test_many_rows_per_move_change_no_bit(
    name: str, frames: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, single = ended(name), ended(name)
    assert many._many_rows
    moves: list[int] = []
    through = many._rows_through

    def counted(counts: np.ndarray) -> list[dict[str, Any]]:
        moves.append(len(counts))
        return through(counts)

    monkeypatch.setattr(many, "_rows_through", counted)
    if not frames:
        many.skip_frames()
        single.skip_frames()
    expected = RUNS[name][1]
    with_many = as_bytes(record(many, ()))
    monkeypatch.setattr(LazySimulation, "_many_rows", False)
    assert as_bytes(record(single, ())) == with_many
    assert many.outcome is single.outcome is expected
    assert many.step == single.step
    if name in ("plain", "rare", "changing"):
        assert max(moves) > (20 if not frames else 1)


def test_the_rows_agree_with_weights_and_outputs_measured_apart() -> None:
    simulation = ended("plain")
    batch = simulation.advance(1000)
    w, w0 = simulation._trainer.weights, simulation._w0
    X, n = simulation.data.inputs, len(simulation.data.targets)
    J = simulation.network.jacobian(w0, X)
    dual = simulation._linear.dual()
    moved, moved_linear = w - w0, -J.T @ dual / (simulation._scale * n)
    tail = batch.tail
    assert tail is not None
    assert tail["displacement"] == pytest.approx(np.linalg.norm(moved), rel=1e-12)
    assert tail["weight_gap"] == pytest.approx(np.linalg.norm(moved - moved_linear), rel=1e-9)
    f = simulation._scale * (simulation.network.output(w, X) - simulation._offset)
    g = simulation._linear.outputs()
    assert tail["output_gap"] == pytest.approx(np.sqrt(np.mean((f - g) ** 2)), rel=1e-10)
    assert tail["loss"] == pytest.approx(np.mean((f - simulation.data.targets) ** 2) / 2, rel=1e-10)
    assert tail["displacement_linearized"] == pytest.approx(
        float(np.linalg.norm(moved_linear)), rel=1e-10
    )
