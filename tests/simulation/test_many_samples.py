"""Runs on too many samples for a kernel tell the same as those with one."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from lazygui.numerics import tangent_kernel
from lazygui.numerics.matrix_free import MatrixFreeModel
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation import lazy_diagnosis, lazy_linear
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.lazy import LazySimulation
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import as_bytes, record

RUNS: dict[str, dict[str, Any]] = {
    "line": {"bias": True, "initialization": "plain", "scale": 3.0, "test_samples": 7},
    "teacher": {
        "data": "teacher", "dimension": 5, "activation": "relu", "initialization": "centred",
        "learning_rate": 2.0,
    },
    "deep": {"network": "mlp", "hidden_layers": 2, "test_samples": 5, "scale": 2.0},
    "logistic": {"loss": "logistic", "target": "step"},
}  # fmt: skip


def scenario_of(name: str, **more: Any) -> Scenario:
    values = {"kind": "lazy", "width": 20, "samples": 40, "steps": 400, **RUNS[name], **more}
    return build_scenario(values).with_change(150, "learning_rate", 0.3)


@pytest.fixture
def no_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tangent_kernel, lazy_linear, lazy_diagnosis):
        monkeypatch.setattr(module, "LARGEST_KERNEL", 16)


def with_products(scenario: Scenario) -> LazySimulation:
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    assert isinstance(simulation._linear, MatrixFreeModel)
    return simulation


def history_with_kernel(scenario: Scenario) -> History:
    return record(build_simulation(scenario), ())


@pytest.mark.parametrize("name", RUNS)
def test_the_records_are_those_with_a_kernel(name: str, request: pytest.FixtureRequest) -> None:
    scenario = scenario_of(name)
    expected = history_with_kernel(scenario)
    request.getfixturevalue("no_kernels")
    found = record(with_products(scenario), ())
    assert [c.name for c in found.columns] == [c.name for c in expected.columns]
    for column in found.columns:
        size = np.abs(expected[column.name]).max()
        np.testing.assert_allclose(
            found[column.name], expected[column.name], rtol=1e-9, atol=1e-9 * size
        )
    for frame, other in zip(found.frames, expected.frames, strict=True):
        assert sorted(frame.arrays) == sorted(other.arrays)
        for key, array in frame.arrays.items():
            np.testing.assert_allclose(array, other.arrays[key], atol=1e-9)
    for fact in ("lambda_max", "stability_limit"):
        assert found.facts[fact] == pytest.approx(expected.facts[fact], rel=1e-10)
    spectrum = expected.facts["eigenvalues"]
    assert "eigenvalues" not in found.facts
    assert len(found.facts["ritz_values"]) < len(spectrum) + 1
    assert found.facts["ritz_values"][-1] == pytest.approx(spectrum[-1], rel=1e-10)


@pytest.mark.parametrize("name", ["line", "logistic"])
@pytest.mark.usefixtures("no_kernels")
def test_splitting_and_going_back_change_no_bit(name: str) -> None:
    scenario = scenario_of(name)
    whole = as_bytes(record(with_products(scenario), ()))
    assert as_bytes(record(with_products(scenario), (1, 3, 160, 7, 31))) == whole
    simulation = with_products(scenario)
    simulation.advance(170)
    saved, row = simulation.snapshot(), simulation.advance(0).tail
    there = simulation.advance(230).tail
    simulation.restore(saved)
    assert simulation.advance(0).tail == row
    assert simulation.advance(230).tail == there


@pytest.mark.usefixtures("no_kernels")
def test_a_run_that_diverges_ends_with_its_sentence() -> None:
    simulation = with_products(build_scenario(
        {"kind": "lazy", "width": 20, "samples": 40, "steps": 3000, "learning_rate": 60.0}
    ))  # fmt: skip
    while simulation.outcome is None:
        simulation.advance(500)
    assert simulation.outcome is Outcome.DIVERGED
    assert "2/λmax" in simulation.diverged_sentence()


def test_the_diagnosis_agrees(request: pytest.FixtureRequest) -> None:
    scenario = scenario_of("line")
    expected = build_simulation(scenario).diagnose()
    request.getfixturevalue("no_kernels")
    found = with_products(scenario).diagnose()
    for fact in ("kappa", "differential_norm", "gradient_norm", "alignment", "taylor_ratio",
                 "relative_loss_change", "relative_differential_change"):  # fmt: skip
        assert found[fact] == pytest.approx(expected[fact], rel=1e-9)
    # The curves over the learning rate would take one spectrum per point.
    assert "heuristic_rates" in expected
    assert "heuristic_rates" not in found


def test_many_samples_take_memory_of_their_number_alone() -> None:
    scenario = build_scenario({
        "kind": "lazy", "data": "teacher", "dimension": 10, "samples": 6000, "width": 30,
        "steps": 40,
    })  # fmt: skip
    with_products(scenario).advance(1)
    tracemalloc.start()
    try:
        simulation = with_products(scenario)
        simulation.advance(40)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 6000**2 / 4
    assert peak <= scenario.memory_bytes()
    assert simulation.step == 40
