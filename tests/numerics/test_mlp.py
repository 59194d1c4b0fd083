from __future__ import annotations

import tracemalloc
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lazygui.numerics import mlp
from lazygui.numerics.doubled import Doubled
from lazygui.numerics.laziness import second_differential_lower_bound
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Initialization, Parameterization, TwoLayer
from lazygui.numerics.training import make_trainer

NETWORKS = [
    MLP((5, 4), "tanh", 3),
    MLP((5, 4), "softplus", 3, bias=True, parameterization=Parameterization.STANDARD),
    MLP((4, 5, 3), "erf", 3, bias=True),
    MLP((6, 4), "relu", 3, bias=True),
    Doubled(MLP((4, 3), "tanh", 3, bias=True)),
]
SMOOTH = [network for network in NETWORKS if network.activation != "relu"]


def repr_short(network: MLP | Doubled) -> str:
    inner = network.network if isinstance(network, Doubled) else network
    return f"{type(network).__name__}-{network.activation}-{len(inner.hidden)}"


def torch_network(network: MLP | Doubled, w: Any, X: Any) -> Any:
    """The same network written independently, for autograd."""
    import torch

    if isinstance(network, Doubled):
        u, v = w.chunk(2)
        left = torch_network(network.network, u, X)
        return (left - torch_network(network.network, v, X)) / 2**0.5
    sigma = {"softplus": torch.nn.functional.softplus}.get(network.activation)
    sigma = sigma or getattr(torch, network.activation)
    a, sizes = X, [network.inputs, *network.hidden, 1]
    for depth, (fan_in, out) in enumerate(pairwise(sizes)):
        W, w = w[: out * fan_in].reshape(out, fan_in), w[out * fan_in :]
        ntk = network.parameterization == "ntk" and depth > 0
        z = a @ W.T / (fan_in**0.5 if ntk else 1.0)
        if depth == len(network.hidden):
            return z[:, 0]
        if network.bias:
            z, w = z + w[:out], w[out:]
        a = sigma(z)
    raise AssertionError


def problem(network: MLP | Doubled) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((7, 3))
    # Not a doubled start, whose halves agree: every entry is independent.
    return rng.standard_normal(network.n_parameters), X, rng.standard_normal(7)


def hessians_by_autograd(network: MLP | Doubled, w: np.ndarray, X: np.ndarray) -> np.ndarray:
    import torch

    def hessian(x: Any) -> Any:
        def output(weights: Any) -> Any:
            return torch_network(network, weights, x[None])[0]

        return torch.autograd.functional.hessian(output, torch.tensor(w))

    return torch.stack([hessian(x) for x in torch.tensor(X)]).numpy()


@pytest.mark.parametrize("network", NETWORKS, ids=repr_short)
def test_output_and_derivatives_against_autograd(network: MLP | Doubled) -> None:
    import torch

    w, X, r = problem(network)
    v = np.random.default_rng(5).standard_normal(network.n_parameters)

    def outputs(weights: Any) -> Any:
        return torch_network(network, weights, torch.tensor(X))

    J = torch.autograd.functional.jacobian(outputs, torch.tensor(w)).numpy()
    np.testing.assert_allclose(network.output(w, X), outputs(torch.tensor(w)).numpy(), rtol=1e-12)
    np.testing.assert_allclose(network.jacobian(w, X), J, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.vjp(w, X, r), J.T @ r, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.jvp(w, X, v), J @ v, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(network.tangent_kernel(w, X), J @ J.T, rtol=1e-10, atol=1e-13)
    cross = network.tangent_kernel(w, X[:4], X[2:])
    np.testing.assert_allclose(cross, J[:4] @ J[2:].T, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("network", SMOOTH, ids=repr_short)
def test_second_derivatives_against_autograd(network: MLP | Doubled) -> None:
    w, X, g = problem(network)
    u = np.random.default_rng(5).standard_normal(network.n_parameters)
    hessians = hessians_by_autograd(network, w, X)
    along = np.einsum("p,npq,q->n", u, hessians, u)
    curvature = network.curvature(w, X)
    curvature.along(u[::-1].copy())  # what another direction left behind changes nothing
    np.testing.assert_allclose(curvature.along(u), along, rtol=1e-10, atol=1e-12)
    for weights in (g, np.random.default_rng(6).standard_normal(len(X))):
        product = np.einsum("n,npq,q->p", weights, hessians, u)
        np.testing.assert_allclose(curvature.product(weights), product, atol=1e-10)


def test_lower_bound_reaches_the_value_of_a_small_network() -> None:
    network = MLP((3, 3), "tanh", 2)
    rng = np.random.default_rng(0)
    w, X = network.initial(rng), rng.standard_normal((5, 2))
    hessians = hessians_by_autograd(network, w, X)
    best = 0.0
    for _ in range(40):
        u = rng.standard_normal(len(w))
        for _ in range(80):
            g = np.einsum("p,npq,q->n", u, hessians, u)
            spectrum, vectors = np.linalg.eigh(np.einsum("n,npq->pq", g, hessians))
            u = vectors[:, np.argmax(np.abs(spectrum))]
        along = np.einsum("p,npq,q->n", u, hessians, u)
        best = max(best, float(np.sqrt(np.mean(along**2))))
    found = second_differential_lower_bound(network, w, X)
    assert found <= best * (1 + 1e-9)
    assert found == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize("parameterization", [Parameterization.NTK, Parameterization.STANDARD])
def test_one_hidden_layer_is_the_two_layer_network(parameterization: Parameterization) -> None:
    deep = MLP((8,), "tanh", 3, True, parameterization)
    two = TwoLayer("tanh", 3, 8, True, parameterization)
    w, X, _ = problem(deep)
    np.testing.assert_allclose(deep.output(w, X), two.output(w, X), rtol=1e-12)
    np.testing.assert_allclose(deep.tangent_kernel(w, X), two.tangent_kernel(w, X), rtol=1e-12)


def test_law_of_the_initial_weights() -> None:
    standard = MLP((60, 50), "relu", 40, parameterization=Parameterization.STANDARD)
    spreads = [
        np.std(layer.W) for layer in standard.layers(standard.initial(np.random.default_rng(0)))
    ]
    np.testing.assert_allclose(spreads, [1.0, 60**-0.5, 50**-0.5], rtol=0.25)
    ntk = MLP((60, 50), "relu", 40)
    w = ntk.initial(np.random.default_rng(0), output_law="rademacher", gain=2.0)
    np.testing.assert_array_equal(np.abs(ntk.layers(w)[-1].W), 2.0)
    assert np.std(ntk.layers(w)[1].W) == pytest.approx(2.0, rel=0.05)


def test_doubled_starts_at_zero_with_the_kernel_of_one_copy() -> None:
    single = MLP((5, 4), "tanh", 3, bias=True)
    network = Doubled(single)
    w = network.initial(np.random.default_rng(0))
    _, X, _ = problem(single)
    np.testing.assert_array_equal(network.output(w, X), 0.0)
    expected = single.tangent_kernel(single.initial(np.random.default_rng(0)), X)
    np.testing.assert_allclose(network.tangent_kernel(w, X), expected, rtol=1e-12)


@pytest.mark.parametrize("network", NETWORKS, ids=repr_short)
def test_training_against_autograd(network: MLP | Doubled) -> None:
    import torch

    alpha, rate = 4.0, 0.2
    w0, X, y = problem(network)
    offset = network.output(w0, X)
    w = torch.tensor(w0, requires_grad=True)
    for _ in range(5):
        h = torch_network(network, w, torch.tensor(X)) - torch.tensor(offset)
        objective = ((alpha * h - torch.tensor(y)) ** 2).mean() / 2 / alpha**2
        (gradient,) = torch.autograd.grad(objective, w)
        w = (w - rate * gradient).detach().requires_grad_()
    trainer = make_trainer(network, w0, X, y, alpha, offset)
    trainer.advance(3, rate)
    trainer.advance(2, rate)
    np.testing.assert_allclose(trainer.weights, w.detach().numpy(), rtol=1e-10, atol=1e-12)
    f = alpha * (network.output(trainer.weights, X) - offset)
    np.testing.assert_allclose(trainer.outputs(), f, rtol=1e-12, atol=1e-12)
    assert trainer.loss == pytest.approx(np.mean((f - y) ** 2) / 2, rel=1e-12)


@pytest.mark.parametrize("network", NETWORKS, ids=repr_short)
def test_torch_arrays_give_the_same_training(network: MLP | Doubled) -> None:
    from lazygui.numerics.deep_training import MLPTrainer

    w0, X, y = problem(network)
    results = []
    for backend in ("numpy", "torch"):
        trainer = MLPTrainer(network, w0, X, y, 2.0, backend=backend)
        trainer.advance(5, 0.1)
        results.append(trainer.weights)
    np.testing.assert_allclose(results[1], results[0], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("network", NETWORKS, ids=repr_short)
def test_diverged_weights_give_no_warning(network: MLP | Doubled) -> None:
    w, X, r = problem(network)
    # Python warnings fail the tests.
    assert not np.isfinite(network.tangent_kernel(w * np.nan, X)).any()
    for huge in (w * 1e300, w * np.inf):
        for result in (
            network.output(huge, X),
            network.vjp(huge, X, r),
            network.jvp(huge, X, w),
            network.jacobian(huge, X),
        ):
            assert result.shape[-1] in (len(w), len(X))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: MLP((), "tanh", 3), "at least one layer"),
        (lambda: MLP((4, 0), "tanh", 3), r"hidden widths \(4, 0\)"),
        (lambda: MLP((4,), "swish", 3), "Unknown activation 'swish'"),
        (
            lambda: MLP((4,), "tanh", 3, parameterization=Parameterization.MEAN_FIELD),
            "no mean-field",
        ),
        (lambda: NETWORKS[0].output(np.zeros(4), np.zeros((2, 3))), r"shape \(4,\)"),
        (lambda: NETWORKS[-1].output(np.zeros(4), np.zeros((2, 3))), r"shape \(4,\)"),
        (
            lambda: NETWORKS[0].initial(np.random.default_rng(0), Initialization.DOUBLED),
            "Doubled",
        ),
    ],
)
def test_bad_input_is_refused(build: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_products_in_blocks_of_samples_against_the_explicit_jacobian(
    activation: str, doubled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mlp, "_BLOCK_ENTRIES", 17 * 20)
    deep = MLP((8, 12), activation, 3, bias=True)
    network = Doubled(deep) if doubled else deep
    rng = np.random.default_rng(0)
    w, X, u = rng.standard_normal(network.n_parameters), rng.standard_normal((40, 3)), np.ones(40)
    v = rng.standard_normal(network.n_parameters)
    J = network.jacobian(w, X)
    assert len(deep._blocks(len(X))) == 3
    np.testing.assert_allclose(network.kernel_product(w, X, u), J @ (J.T @ u), rtol=1e-11)
    np.testing.assert_allclose(network.vjp(w, X, u), J.T @ u, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(network.jvp(w, X, v), J @ v, rtol=1e-10, atol=1e-12)
    assert network.jvp(w, X[:0], v).shape == (0,)


@pytest.mark.parametrize("doubled", [False, True])
def test_products_for_many_samples_take_little_memory(doubled: bool) -> None:
    rng, n = np.random.default_rng(0), 20_000
    deep = MLP((200, 200), "tanh", 20)
    network = Doubled(deep) if doubled else deep
    w, X, u = network.initial(rng), rng.standard_normal((n, 20)), rng.standard_normal(n)
    network.jvp(w, X[:10], w)  # whatever is imported on first use
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
