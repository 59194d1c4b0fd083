from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.infinite_width import expectations, infinite_width_kernel, quadrature_cost
from lazygui.numerics.networks import Initialization, TwoLayer
from lazygui.numerics.tangent_kernel import kernel_drift
from tests.numerics.reference import arrays, values

X = arrays("ntk_inputs")["X"]


@pytest.mark.parametrize(("activation", "part"), [("relu", "nngp"), ("tanh", "nngp_quad")])
def test_kernels_are_the_reference_ones(activation: str, part: str) -> None:
    known = values()["ntk"]["analytic"][activation]
    np.testing.assert_allclose(infinite_width_kernel(X, activation), known["ntk"], atol=1e-12)
    np.testing.assert_allclose(expectations(X, activation)[0], known[part], atol=1e-14)


def test_erf_has_the_reference_row_and_relu_the_exact_diagonal() -> None:
    row = infinite_width_kernel(X, "erf")[0, :3]
    np.testing.assert_allclose(row, [0.77741040, 0.68269991, 0.36737649], atol=5e-9)
    diagonal = np.diag(infinite_width_kernel(X, "relu"))
    np.testing.assert_allclose(diagonal, np.sum(X**2, axis=1), rtol=1e-15)


@pytest.mark.parametrize("size", [0.3, 1.0, 4.0])
def test_the_trapezoid_rule_agrees_with_a_much_finer_one(size: float) -> None:
    """On [-10, 10]^2 with 4001 nodes a side, for softplus and its derivative."""
    V = size * X[:2]
    z = np.linspace(-10, 10, 4001)
    weights = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    (p, q), rho = np.linalg.norm(V, axis=1), V[0] @ V[1]
    u = p * z[:, None]
    v = (rho / p) * z[:, None] + np.sqrt(q**2 - (rho / p) ** 2) * z[None, :]
    for k, sigma in enumerate((lambda t: np.logaddexp(0, t), lambda t: 1 / (1 + np.exp(-t)))):
        expected = weights @ ((sigma(u) * sigma(v)) @ weights)
        assert expectations(V, "softplus")[k][0, 1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "erf", "softplus"])
@pytest.mark.parametrize("law", ["gaussian", "uniform"])
def test_wide_networks_with_biases_and_a_gain_come_near_it(activation: str, law: str) -> None:
    network = TwoLayer(activation, 3, 40_000, bias=True)
    w = network.initial(np.random.default_rng(1), output_law=law, gain=1.3)
    moment = {"gaussian": 1.0, "uniform": 1 / 3}[law]
    limit = infinite_width_kernel(X, activation, bias=True, gain=1.3, output_moment=moment)
    assert kernel_drift(network.tangent_kernel(w, X), limit) < 0.02
    # Without the bias, the gain or the moment it is another kernel.
    assert kernel_drift(limit, infinite_width_kernel(X, activation, gain=1.3)) > 0.1


def test_doubling_does_not_change_the_limit() -> None:
    network = TwoLayer("relu", 3, 60_000)
    w = network.initial(np.random.default_rng(2), Initialization.DOUBLED)
    assert kernel_drift(network.tangent_kernel(w, X), infinite_width_kernel(X, "relu")) < 0.02


def test_a_zero_input_and_bad_input() -> None:
    with_zero = np.vstack([X[:2], np.zeros(3)])
    for activation in ("relu", "erf", "tanh"):
        kernel = infinite_width_kernel(with_zero, activation)
        assert np.isfinite(kernel).all()
        assert kernel[2, 2] == pytest.approx(0.0, abs=1e-15)
    with pytest.raises(ValueError, match="not finite"):
        infinite_width_kernel(np.full((2, 2), np.nan), "tanh")
    with pytest.raises(ValueError, match="Unknown activation"):
        infinite_width_kernel(X, "sine")


def test_the_cost_counts_pairs_of_samples_and_grows_with_the_steepness() -> None:
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    assert quadrature_cost(unit[:3]) * 3 == quadrature_cost(unit[:2]) * 6
    assert quadrature_cost(unit, 10.0) > 10 * quadrature_cost(unit)
