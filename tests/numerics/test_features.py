from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.features import balance_drift, feature_change
from lazygui.numerics.initial_laws import draw_output_weights, draw_rows
from lazygui.numerics.networks import (
    Initialization,
    Parameterization,
    TwoLayer,
    build_network,
)
from lazygui.numerics.training import make_trainer
from tests.numerics.reference import arrays, values

FIGURE = arrays("fig1_inputs")


def figure_network() -> TwoLayer:
    return TwoLayer("relu", 2, 16, parameterization=Parameterization.STANDARD)


def figure_weights(tau: float) -> np.ndarray:
    return tau * np.concatenate([FIGURE["A_unit"].ravel(), FIGURE["C_unit"]])


@pytest.mark.parametrize("bias", [False, True])
def test_features_and_gates_by_hand(bias: bool) -> None:
    network = TwoLayer("tanh", 2, 9_000, bias=bias)
    rng = np.random.default_rng(0)
    w0 = network.initial(rng)
    w = w0 + 0.1 * rng.standard_normal(len(w0))
    X = FIGURE["X"]

    def z(weights: np.ndarray) -> np.ndarray:
        a, b, _ = network.split(weights)
        return a @ X.T + (0.0 if b is None else b[:, None])

    found = feature_change(network, w, w0, X)
    moved = np.linalg.norm(np.tanh(z(w)) - np.tanh(z(w0))) / np.linalg.norm(np.tanh(z(w0)))
    assert found.drift == pytest.approx(moved, rel=1e-12)
    assert found.flips == np.mean((z(w) > 0) != (z(w0) > 0)) > 0
    assert feature_change(network, w0, w0, X).drift == 0.0


@pytest.mark.parametrize("doubled", [False, True])
def test_deep_networks_compare_their_last_layer(doubled: bool) -> None:
    kind = Initialization.DOUBLED if doubled else Initialization.PLAIN
    network = build_network("mlp", 2, (4,), "tanh", initialization=kind)
    w0 = network.initial(np.random.default_rng(0), kind)
    w = 1.5 * w0
    rows = w0[:8].reshape(4, 2)
    before, after = np.tanh(rows @ FIGURE["X"].T), np.tanh(1.5 * rows @ FIGURE["X"].T)
    expected = np.linalg.norm(after - before) / np.linalg.norm(before)
    found = feature_change(network, w, w0, FIGURE["X"])
    assert found.drift == pytest.approx(expected, rel=1e-12)
    assert np.isnan(found.flips)


@pytest.mark.parametrize(("tau", "moves"), [(0.1, True), (2.0, False)])
def test_figure_one_gates_and_balance_are_the_reference_ones(tau: float, moves: bool) -> None:
    known = values()["fig1"][f"tau={tau},step=0.05"]
    network, w0 = figure_network(), figure_weights(tau)
    trainer = make_trainer(network, w0, FIGURE["X"], FIGURE["Y"])
    trainer.advance(20_000, 0.05)
    w = trainer.weights
    change = feature_change(network, w, w0, FIGURE["X"])
    assert 1.0 - change.flips == pytest.approx(known["gate_stability_train"], abs=1e-3)
    assert (change.flips > 0) == moves
    a, _, c = network.split(w0)
    size = float(np.max(np.sum(a**2, axis=1) + c**2))
    drift = known["balancedness_|a|^2-c^2_drift_max"]
    assert balance_drift(network, w, w0) * size == pytest.approx(drift, rel=1e-3)
    assert balance_drift(network, w0, w0) == 0.0


def test_unit_rows_and_uniform_weights_have_the_figures_law() -> None:
    network = figure_network()
    w0 = network.initial(np.random.default_rng(0), Initialization.DOUBLED,
                         output_law="uniform", gain=2.0, row_law="unit")  # fmt: skip
    a, _, c = network.split(w0)
    np.testing.assert_allclose(np.linalg.norm(a, axis=1), 2.0, rtol=1e-14)
    assert np.array_equal(a[:8], a[8:])
    assert np.array_equal(c[:8], -c[8:])
    assert (c[:8] > 0).all()
    assert (c[:8] < 2).all()
    assert c.max() > 1.0  # never divided by sqrt m
    np.testing.assert_allclose(network.output(w0, FIGURE["X"]), 0.0, atol=2e-15)


def test_laws_are_drawn_as_named() -> None:
    rng = np.random.default_rng(0)
    uniform = draw_output_weights(rng, 20_000, "uniform")
    assert (uniform.min(), uniform.max()) == (
        pytest.approx(0, abs=1e-3),
        pytest.approx(1, abs=1e-3),
    )
    assert np.mean(uniform**2) == pytest.approx(1 / 3, abs=0.01)
    for unknown in (
        lambda: draw_output_weights(rng, 3, "cauchy"),
        lambda: draw_rows(rng, 3, 2, "x"),
    ):
        with pytest.raises(ValueError, match="Unknown law"):
            unknown()
