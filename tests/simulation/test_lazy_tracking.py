"""The kernel over time, and what is known at w₀."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.tangent_kernel import eigenvalues
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.lazy import LazySimulation
from tests.simulation.records import as_bytes, run

TRACKED = LazyScenario(data="circle", target="waves", width=10, samples=6, learning_rate=1.0,
                       steps=40, track_kernel=True)  # fmt: skip


def started(scenario: LazyScenario) -> LazySimulation:
    simulation = build_simulation(scenario)
    assert isinstance(simulation, LazySimulation)
    return simulation


def test_the_kernel_columns_are_those_of_the_weights():
    simulation = started(TRACKED)
    w0 = simulation.snapshot().state["w"]
    batch = simulation.advance(40)
    w, X = simulation.snapshot().state["w"], simulation.data.inputs
    now, start = (simulation.network.jacobian(weights, X) for weights in (w, w0))
    now, start = now @ now.T, start @ start.T
    drift = np.linalg.norm(now - start) / np.linalg.norm(start)
    assert batch.tail["kernel_drift"] == pytest.approx(drift, rel=1e-10)
    np.testing.assert_allclose(batch.tail["kernel_eigenvalues"], eigenvalues(now), atol=1e-13)
    assert batch.now is not None
    np.testing.assert_allclose(batch.now.arrays["kernel"], now, rtol=1e-11, atol=1e-13)
    a, a0 = w[:30].reshape(10, 3) @ X.T, w0[:30].reshape(10, 3) @ X.T
    assert batch.tail["gate_flips"] == np.mean((a > 0) != (a0 > 0))
    moved = np.linalg.norm(np.tanh(a) - np.tanh(a0)) / np.linalg.norm(np.tanh(a0))
    assert batch.tail["feature_drift"] == pytest.approx(moved, rel=1e-12)
    first = batch.rows
    for name in ("kernel_drift", "feature_drift", "gate_flips", "balance_drift"):
        assert first[name][0] == 0.0


def test_tracking_changes_nothing_else_and_is_repeatable():
    plain = TRACKED.replace(track_kernel=False)
    tracked, untracked = run(TRACKED), run(plain)
    assert np.array_equal(tracked["loss"], untracked["loss"])
    assert "kernel_drift" not in untracked
    assert "kernel" not in untracked.now.arrays
    assert as_bytes(run(TRACKED, 7, 1, 3)) == as_bytes(tracked)


def test_deep_and_large_runs_track_what_they_can():
    deep = run(TRACKED.replace(network="mlp", width=4))
    assert {"kernel_drift", "feature_drift"} <= set(deep.provides)
    assert "gate_flips" not in deep
    many = started(TRACKED.replace(samples=130, steps=1))
    batch = many.advance(1)
    assert "kernel" not in batch.now.arrays
    assert batch.tail["kernel_eigenvalues"].shape == (32,)


def test_a_catapult_out_of_the_finite_numbers_leaves_nan_not_a_fault():
    scenario = TRACKED.replace(activation="softplus", learning_rate=1e6, steps=300)
    simulation = started(scenario)
    simulation.advance(300)
    assert simulation.outcome is not None


def test_the_memory_counts_the_kernels():
    small, large = (TRACKED.replace(samples=n).memory_bytes() for n in (100, 128))
    assert large - small > 8 * 600 * (128**2 - 100**2)
    assert TRACKED.memory_bytes() > TRACKED.replace(track_kernel=False).memory_bytes()


@pytest.mark.parametrize("initialization", ["plain", "centred", "doubled"])
def test_the_diagnosis_holds_the_alignment_and_the_taylor_errors(initialization: str):
    simulation = started(TRACKED.replace(initialization=initialization, scale=3.0))
    facts = simulation.diagnose()
    w0, X, y = simulation.snapshot().state["w"], simulation.data.inputs, simulation.data.targets
    J, h = simulation.network.jacobian(w0, X), simulation.network.output(w0, X)
    residual = (3 * h if initialization == "plain" else 0.0) - y
    gradient = np.linalg.norm(J.T @ residual) / 6
    bound = np.linalg.norm(J, 2) / np.sqrt(6) * np.sqrt(np.mean(residual**2))
    assert facts["gradient_norm"] == pytest.approx(gradient, rel=1e-9)
    assert facts["alignment"] == pytest.approx(gradient / bound, rel=1e-9)
    assert len(facts["taylor_distances"]) == len(facts["taylor_errors"])
    slope = np.polyfit(*np.log([facts["taylor_distances"][:8], facts["taylor_errors"][:8]]), 1)[0]
    assert slope == pytest.approx(2.0, abs=0.01)
    assert facts["taylor_kink"] == np.inf


def test_the_heuristic_is_that_of_the_learning_rate_in_force():
    simulation = started(TRACKED)
    before = simulation.diagnose()
    simulation.change("learning_rate", 0.5)
    simulation.advance(1)
    after = simulation.diagnose()
    assert before["heuristic_learning_rate"] == 1.0
    assert after["heuristic_learning_rate"] == 0.5
    halved = before["relative_differential_change"] / 2
    assert after["relative_differential_change"] == pytest.approx(halved, rel=0.02)
    assert after["heuristic_changes"].shape == (len(after["heuristic_rates"]), 3)


@pytest.mark.parametrize("activation", ["tanh", "erf", "relu", "softplus"])
def test_the_infinite_width_kernel_is_known_where_it_exists(activation: str):
    wide = started(TRACKED.replace(activation=activation, width=20_000, samples=5)).diagnose()
    assert wide["infinite_width_kernel"].shape == (5, 5)
    assert 0 < wide["kernel_error"] < 0.06
    for other in ({"parameterization": "standard"}, {"row_law": "unit"}, {"network": "mlp"}):
        facts = started(TRACKED.replace(activation=activation, **other)).diagnose()
        assert "infinite_width_kernel" not in facts


def test_the_kernel_error_allows_for_gain_bias_and_law():
    scenario = TRACKED.replace(width=20_000, gain=0.7, bias=True, output_law="uniform")
    assert started(scenario).diagnose()["kernel_error"] < 0.05


def test_the_logistic_loss_has_taylor_errors_but_no_heuristic():
    facts = started(TRACKED.replace(loss="logistic")).diagnose()
    assert "taylor_errors" in facts
    assert not {"alignment", "relative_loss_change"} & set(facts)


def test_figure_one_starts_as_in_the_paper():
    scenario = LazyScenario(data="teacher", dimension=2, samples=15, width=16, activation="relu",
                            parameterization="standard", output_law="uniform", row_law="unit",
                            gain=0.1, steps=10, learning_rate=0.05)  # fmt: skip
    simulation = started(scenario)
    batch = simulation.advance(0)
    places, signs = batch.now.arrays["neurons"], batch.now.arrays["neuron_outputs"]
    # |c_j| a_j with |a_j| = 0.1 and |c_j| < 0.1.
    assert (np.linalg.norm(places, axis=1) < 0.01).all()
    assert signs.tolist() == [1.0] * 8 + [-1.0] * 8
    assert float(batch.tail["loss"]) == pytest.approx(0.5 * np.mean(simulation.data.targets**2))


def test_the_kernel_of_many_samples_is_not_tracked() -> None:
    with pytest.raises(ValueError, match=r"n = 2,049 samples is too large to record"):
        LazyScenario(samples=2049, track_kernel=True)
    assert LazyScenario(samples=2048, track_kernel=True).track_kernel
    assert LazyScenario(samples=100_000).memory_bytes() < 8 * 100_000**2 / 10
