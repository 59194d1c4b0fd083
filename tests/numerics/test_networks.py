from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from lazygui.numerics import networks
from lazygui.numerics.interruption import Interrupted, interruptible
from lazygui.numerics.networks import (
    Initialization,
    Parameterization,
    TwoLayer,
    build_network,
)
from tests.numerics.reference import arrays, values

CASES = [
    pytest.param(activation, bias, parameterization, id=f"{activation}-{bias}-{parameterization}")
    for activation in ("tanh", "relu", "softplus", "erf")
    for bias, parameterization in ((False, Parameterization.NTK), (True, Parameterization.STANDARD))
]


def torch_two_layer(network: TwoLayer, w: Any, X: Any) -> Any:
    """The same network written independently, for autograd."""
    import torch

    sigma = {
        "tanh": torch.tanh,
        "relu": torch.relu,
        "softplus": torch.nn.functional.softplus,
        "erf": torch.erf,
    }[network.activation]
    m, d = network.width, network.inputs
    z = X @ w[: m * d].reshape(m, d).T
    if network.bias:
        z = z + w[m * d : m * d + m]
    scale = {"ntk": m**-0.5, "standard": 1.0, "mean-field": 1.0 / m}[network.parameterization]
    return scale * sigma(z) @ w[-m:]


def problem(network: TwoLayer, n: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((n, network.inputs))
    return network.initial(rng), X, rng.standard_normal(n)


def jacobian_by_autograd(network: TwoLayer, w: np.ndarray, X: np.ndarray) -> np.ndarray:
    import torch

    def outputs(weights: Any) -> Any:
        return torch_two_layer(network, weights, torch.tensor(X))

    return torch.autograd.functional.jacobian(outputs, torch.tensor(w)).numpy()


@pytest.mark.parametrize(("activation", "bias", "parameterization"), CASES)
def test_output_and_derivatives_against_autograd(
    activation: str, bias: bool, parameterization: Parameterization
) -> None:
    import torch

    network = TwoLayer(activation, 3, 8, bias, parameterization)
    w, X, r = problem(network)
    J = jacobian_by_autograd(network, w, X)
    v = np.random.default_rng(5).standard_normal(network.n_parameters)
    expected = torch_two_layer(network, torch.tensor(w), torch.tensor(X)).numpy()
    np.testing.assert_allclose(network.output(w, X), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(network.jacobian(w, X), J, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.vjp(w, X, r), J.T @ r, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.jvp(w, X, v), J @ v, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.tangent_kernel(w, X), J @ J.T, rtol=1e-10, atol=1e-13)
    cross = network.tangent_kernel(w, X[:4], X[2:])
    np.testing.assert_allclose(cross, J[:4] @ J[2:].T, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "erf"])
@pytest.mark.parametrize("per_call", [1, 5 * 63])
def test_blocks_of_neurons_change_nothing(
    monkeypatch: pytest.MonkeyPatch, activation: str, per_call: int
) -> None:
    network = TwoLayer(activation, 3, 50, bias=True)
    import torch

    w, X, r = problem(network)
    J = jacobian_by_autograd(network, w, X)
    monkeypatch.setattr(networks, "_BLOCK_ENTRIES", 7 * 9)
    monkeypatch.setattr(networks, "_CALL_ENTRIES", per_call)
    expected = torch_two_layer(network, torch.tensor(w), torch.tensor(X)).numpy()
    np.testing.assert_allclose(network.output(w, X), expected, rtol=1e-12, atol=1e-14)
    assert networks.neurons_per_block(len(X)) == 9
    np.testing.assert_allclose(network.jacobian(w, X), J, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.vjp(w, X, r), J.T @ r, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.jvp(w, X, J[0]), J @ J[0], rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.tangent_kernel(w, X, X[:2]), J @ J[:2].T, rtol=1e-10)


@pytest.mark.parametrize("bias", [False, True])
def test_arrays_of_any_layout_and_precision_are_taken(bias: bool) -> None:
    network = TwoLayer("softplus", 3, 50, bias)
    w, X, r = problem(network)
    wide = np.repeat(X.astype(np.float32), 2, axis=1)
    w.flags.writeable = wide.flags.writeable = False
    exact = wide[:, ::2].astype(np.float64)
    for given in (wide[:, ::2], np.asfortranarray(exact)):
        np.testing.assert_array_equal(network.output(w, given), network.output(w, exact))
        np.testing.assert_array_equal(network.jvp(w, given, w), network.jvp(w, exact, w))
        whole = np.arange(len(r))
        np.testing.assert_array_equal(
            network.vjp(w, given, whole), network.vjp(w, exact, whole.astype(float))
        )


@pytest.mark.parametrize("bias", [False, True])
def test_no_inputs_have_no_outputs(bias: bool) -> None:
    network, none = TwoLayer("tanh", 3, 50, bias), np.empty((0, 3))
    w = problem(network)[0]
    assert network.output(w, none).shape == network.jvp(w, none, w).shape == (0,)
    np.testing.assert_array_equal(network.vjp(w, none, np.empty(0)), np.zeros_like(w))


def test_a_wide_network_can_be_given_up_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    network = TwoLayer("tanh", 3, 500)
    w, X, r = problem(network)
    monkeypatch.setattr(networks, "_BLOCK_ENTRIES", 7)
    monkeypatch.setattr(networks, "_CALL_ENTRIES", 70)
    for compute in (
        lambda: network.output(w, X),
        lambda: network.vjp(w, X, r),
        lambda: network.jvp(w, X, w),
    ):
        left = [False] * 20
        with interruptible(lambda left=left: not left or left.pop()), pytest.raises(Interrupted):
            compute()


@pytest.mark.parametrize("activation", ["tanh", "softplus", "erf"])
def test_vjp_is_the_gradient_by_finite_differences(activation: str) -> None:
    network = TwoLayer(activation, 2, 4, bias=True)
    w, X, r = problem(network)
    step = 1e-6
    for j, unit in enumerate(np.eye(network.n_parameters) * step):
        difference = r @ (network.output(w + unit, X) - network.output(w - unit, X)) / (2 * step)
        assert network.vjp(w, X, r)[j] == pytest.approx(difference, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_outputs_of_the_reference_network(activation: str) -> None:
    inputs, expected = arrays("kappa_ref"), values()["kappa_ref"][activation]
    network = TwoLayer(activation, 2, 8, parameterization=Parameterization.STANDARD)
    h = network.output(inputs["w"], inputs["X"])
    np.testing.assert_allclose(h, expected["h"], rtol=1e-12)
    # The symmetrised weights repeat each neuron with the opposite sign.
    np.testing.assert_allclose(network.output(inputs["w_sym"], inputs["X"]), 0, atol=1e-14)


@pytest.mark.parametrize(
    ("parameterization", "prefactor", "spread"),
    [
        (Parameterization.NTK, 0.1, 1.0),
        (Parameterization.STANDARD, 1.0, 0.1),
        (Parameterization.MEAN_FIELD, 0.01, 1.0),
    ],
)
def test_prefactor_and_law_of_the_output_weights(
    parameterization: Parameterization, prefactor: float, spread: float
) -> None:
    network = TwoLayer("tanh", 2, 100, True, parameterization)
    assert network.prefactor == pytest.approx(prefactor)
    draws = [network.initial(np.random.default_rng(seed)) for seed in range(100)]
    parts = [np.concatenate(part) for part in zip(*map(network.split, draws), strict=True)]
    # 10^4 draws: the standard deviation is known to better than 1 % (one sigma).
    assert np.std(parts[0]) == pytest.approx(1.0, rel=0.04)
    assert np.std(parts[1]) == pytest.approx(1.0, rel=0.04)
    assert np.std(parts[2]) == pytest.approx(spread, rel=0.04)


def test_doubled_starts_at_zero_with_mirrored_neurons() -> None:
    network = TwoLayer("tanh", 3, 10, bias=True)
    w = network.initial(np.random.default_rng(0), Initialization.DOUBLED, "rademacher", gain=2.0)
    a, b, c = network.split(w)
    assert b is not None
    np.testing.assert_array_equal(a[:5], a[5:])
    np.testing.assert_array_equal(b[:5], b[5:])
    np.testing.assert_array_equal(c[:5], -c[5:])
    np.testing.assert_array_equal(np.abs(c), 2.0)
    X = np.random.default_rng(1).standard_normal((6, 3))
    np.testing.assert_allclose(network.output(w, X), 0.0, atol=1e-15)


def test_gain_multiplies_every_weight_and_the_seed_decides() -> None:
    network = TwoLayer("relu", 3, 10, bias=True)
    once = network.initial(np.random.default_rng(4))
    np.testing.assert_array_equal(network.initial(np.random.default_rng(4), gain=3.0), 3.0 * once)
    assert not np.array_equal(once, network.initial(np.random.default_rng(5)))


def test_relu_network_is_two_homogeneous() -> None:
    network = TwoLayer("relu", 3, 10, bias=True)
    w, X, _ = problem(network)
    np.testing.assert_allclose(network.output(3.0 * w, X), 9.0 * network.output(w, X), rtol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
def test_diverged_weights_give_no_warning(activation: str) -> None:
    network = TwoLayer(activation, 3, 10, bias=True)
    w, X, r = problem(network)
    # Python warnings fail the tests.
    for factor in (1e200, np.inf, np.nan):
        diverged = w * factor
        assert network.tangent_kernel(diverged, X).shape == (7, 7)
        assert network.jacobian(diverged, X).shape == (7, len(w))
        assert network.output(diverged, X).shape == network.jvp(diverged, X, w).shape == (7,)
        assert network.vjp(diverged, X, r).shape == w.shape
    assert np.isnan(network.tangent_kernel(w * np.nan, X)).all()


def test_features_are_positions_and_signs() -> None:
    network = TwoLayer("relu", 2, 2)
    positions, signs = network.features(np.array([1.0, 2.0, 3.0, 4.0, -2.0, 0.5]))
    np.testing.assert_array_equal(positions, [[2.0, 4.0], [1.5, 2.0]])
    np.testing.assert_array_equal(signs, [-1.0, 1.0])


def test_registry_builds_both_architectures() -> None:
    assert build_network("two-layer", 3, (20,)) == TwoLayer("tanh", 3, 20)
    deep = build_network("mlp", 3, (6, 5), bias=True)
    assert deep.n_parameters == 3 * 6 + 6 + 6 * 5 + 5 + 5
    doubled = build_network("mlp", 3, (6, 5), initialization=Initialization.DOUBLED)
    assert doubled.n_parameters == 2 * (3 * 6 + 6 * 5 + 5)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: TwoLayer("sigmoid", 2, 4), "Unknown activation 'sigmoid'"),
        (lambda: TwoLayer("tanh", 2, 0), "width 0"),
        (lambda: TwoLayer("tanh", 2, 4, False, "ntp"), "ntp"),
        (lambda: build_network("cnn", 2, (4,)), "Unknown architecture 'cnn'.*two-layer, mlp"),
        (lambda: build_network("two-layer", 2, (4, 4)), "one hidden layer, not 2"),
        (lambda: TwoLayer("tanh", 2, 4).split(np.zeros(5)), r"shape \(5,\).*\(12,\)"),
        (
            lambda: TwoLayer("tanh", 2, 5).initial(
                np.random.default_rng(0), Initialization.DOUBLED
            ),
            "even width, not 5",
        ),
        (
            lambda: TwoLayer("tanh", 2, 4).initial(np.random.default_rng(0), output_law="cauchy"),
            "Unknown law 'cauchy'",
        ),
    ],
)
def test_bad_input_is_refused(build: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
def test_products_with_the_kernel_against_the_explicit_jacobian(
    activation: str, bias: bool
) -> None:
    rng = np.random.default_rng(0)
    network = TwoLayer(activation, 5, 300, bias=bias)
    # 700 samples make blocks of 93 neurons, the last one smaller.
    w, X, u = network.initial(rng), rng.standard_normal((700, 5)), rng.standard_normal(700)
    v = rng.standard_normal(network.n_parameters)
    J = network.jacobian(w, X)
    np.testing.assert_allclose(network.kernel_product(w, X, u), J @ (J.T @ u), rtol=1e-11)
    np.testing.assert_allclose(network.vjp(w, X, u), J.T @ u, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(network.jvp(w, X, v), J @ v, rtol=1e-10, atol=1e-12)


def test_products_for_many_samples_take_little_memory() -> None:
    rng, n, m = np.random.default_rng(0), 20_000, 200
    network = TwoLayer("tanh", 20, m, bias=True)
    w, X, u = network.initial(rng), rng.standard_normal((n, 20)), rng.standard_normal(n)
    for product in (
        lambda: network.kernel_product(w, X, u),
        lambda: network.vjp(w, X, u),
        lambda: network.jvp(w, X, w),
    ):
        tracemalloc.start()
        try:
            product()
            assert tracemalloc.get_traced_memory()[1] <= 50e6
        finally:
            tracemalloc.stop()
