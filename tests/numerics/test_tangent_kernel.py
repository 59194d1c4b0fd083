from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from lazygui.numerics import tangent_kernel as tangent_kernel_module
from lazygui.numerics.infinite_width import infinite_width_kernel
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Network, TwoLayer
from lazygui.numerics.tangent_kernel import (
    eigenvalues,
    kernel_drift,
    leading_eigenvalues,
    stability_limit,
    tangent_kernel,
)
from tests.numerics.reference import arrays, values


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_wide_networks_approach_the_infinite_width_kernel(activation: str) -> None:
    X = arrays("ntk_inputs")["X"]
    limit = np.array(values()["ntk"]["analytic"][activation]["ntk"])
    network = TwoLayer(activation, 3, 40_000)
    w = network.initial(np.random.default_rng(0))
    # The reference finds an error of 1.4 % at m = 16384, falling like m^(-1/2).
    assert kernel_drift(tangent_kernel(network, w, X), limit) < 0.025


def test_monte_carlo_error_has_the_measured_size_and_slope() -> None:
    X, reference = arrays("ntk_inputs")["X"], values()["ntk"]
    limit = np.array(reference["analytic"]["relu"]["ntk"])
    widths, means = reference["mc_relu"]["m"][:5], []
    for m in widths:
        network = TwoLayer("relu", 3, m)
        draws = [network.initial(np.random.default_rng(seed)) for seed in range(24)]
        means.append(np.mean([kernel_drift(network.tangent_kernel(w, X), limit) for w in draws]))
    assert np.polyfit(np.log(widths), np.log(means), 1)[0] == pytest.approx(-0.5, abs=0.08)
    np.testing.assert_allclose(means, reference["mc_relu"]["rel_frob_err_mean"][:5], rtol=0.4)


def test_spectrum_is_that_of_the_jacobian() -> None:
    data = arrays("alpha_inputs")
    network = TwoLayer("tanh", 3, 20)
    J = network.jacobian(data["w_sym"], data["X"])
    singular = np.linalg.svd(J / np.sqrt(10), compute_uv=False)
    spectrum = eigenvalues(network.tangent_kernel(data["w_sym"], data["X"]))
    np.testing.assert_allclose(spectrum, singular**2, atol=1e-15)
    reference = values()["alpha"]["tanh,sym,T=50"]
    assert spectrum[0] == pytest.approx(reference["lam_max"], rel=1e-12)
    assert spectrum[-1] == pytest.approx(reference["lam_min"], rel=1e-8)
    limit = stability_limit(network.tangent_kernel(data["w_sym"], data["X"]))
    assert limit == pytest.approx(values()["edge_of_stability"]["tanh"]["2/lmax"], rel=1e-12)


def test_rounding_never_yields_negative_eigenvalues() -> None:
    network = TwoLayer("tanh", 1, 2)
    X = np.random.default_rng(0).standard_normal((30, 1))
    spectrum = eigenvalues(network.tangent_kernel(network.initial(np.random.default_rng(1)), X))
    assert spectrum.min() >= 0
    assert np.count_nonzero(spectrum > 1e-14 * spectrum[0]) <= network.n_parameters


def test_drift_is_relative_and_handles_a_vanishing_kernel() -> None:
    start = np.array([[2.0, 0.0], [0.0, 0.0]])
    assert kernel_drift(start + np.array([[0.0, 0.0], [0.0, 1.0]]), start) == pytest.approx(0.5)
    assert kernel_drift(np.zeros((2, 2)), np.zeros((2, 2))) == 0.0
    assert kernel_drift(start, np.zeros((2, 2))) == np.inf
    assert stability_limit(np.zeros((2, 2))) == np.inf


def test_bad_kernels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        eigenvalues(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="not finite"):
        eigenvalues(np.full((2, 2), np.nan))


def test_a_million_neurons_take_little_memory() -> None:
    rng = np.random.default_rng(0)
    network = TwoLayer("tanh", 10, 1_000_000)
    w, X = network.initial(rng), rng.standard_normal((100, 10)) / np.sqrt(10)
    tracemalloc.start()
    try:
        found = tangent_kernel(network, w, X)
        assert tracemalloc.get_traced_memory()[1] <= 50e6
    finally:
        tracemalloc.stop()
    limit = infinite_width_kernel(X, "tanh")
    assert kernel_drift(found, limit) < 0.01


@pytest.mark.parametrize("deep", [False, True])
def test_the_largest_eigenvalue_by_products_alone(
    deep: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    network: Network = MLP((20, 20), "tanh", 4) if deep else TwoLayer("relu", 4, 50)
    w, X = network.initial(rng), rng.standard_normal((300, 4))
    singular = np.linalg.svd(network.jacobian(w, X), compute_uv=False)
    whole = leading_eigenvalues(network, w, X)
    assert len(whole) == 300
    monkeypatch.setattr(tangent_kernel_module, "LARGEST_KERNEL", 299)
    found = leading_eigenvalues(network, w, X)
    for spectrum in (whole, found):
        assert spectrum[-1] == pytest.approx(singular[0] ** 2 / 300, rel=1e-10)
    assert len(found) < 300
