from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazygui.numerics import laziness as laziness_module
from lazygui.numerics import tangent_kernel
from lazygui.numerics.laziness import (
    _curvature_bounds,
    differential_norm,
    laziness,
    neuron_curvatures,
    second_differential_norm,
)
from lazygui.numerics.linearization import Linearization
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Initialization, Parameterization, TwoLayer
from lazygui.numerics.tangent_kernel import kernel_drift
from lazygui.numerics.training import make_trainer
from tests.numerics.reference import arrays, values
from tests.numerics.test_mlp import torch_network
from tests.numerics.test_networks import torch_two_layer


def kappa_problem(activation: str) -> tuple[TwoLayer, dict[str, np.ndarray], dict[str, Any]]:
    network = TwoLayer(activation, 2, 8, parameterization=Parameterization.STANDARD)
    return network, arrays("kappa_ref"), values()["kappa_ref"][activation]


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_factors_of_kappa_on_the_reference_network(activation: str) -> None:
    network, data, expected = kappa_problem(activation)
    found = laziness(network, data["w"], data["X"], data["y"])
    assert found.kappa == pytest.approx(expected["kappa"], rel=1e-9)
    assert found.differential_norm == pytest.approx(expected["normD"], rel=1e-12)
    assert found.second_differential_norm == pytest.approx(expected["normD2"], rel=1e-9)
    assert found.residual_norm == pytest.approx(expected["resid"], rel=1e-12)
    assert found.lambda_max == pytest.approx(expected["normD"] ** 2, rel=1e-12)
    assert found.exact == (activation == "tanh")
    assert ("almost-everywhere" in found.note) == (activation == "relu")
    each = neuron_curvatures(network, data["w"], data["X"])
    np.testing.assert_allclose(each, expected["per_neuron"], rtol=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_kappa_against_alpha_with_and_without_a_zero_start(activation: str) -> None:
    network, data, expected = kappa_problem(activation)
    for name, key in (("w_sym", "kappa_sym_vs_alpha"), ("w", "kappa_NONsym_vs_alpha")):
        found = [
            laziness(network, data[name], data["X"], data["y"], alpha).kappa
            for alpha in expected["alpha"]
        ]
        np.testing.assert_allclose(found, expected[key], rtol=1e-6)
    offset = network.output(data["w"], data["X"])
    centred = [
        laziness(network, data["w"], data["X"], data["y"], alpha, offset).kappa * alpha
        for alpha in expected["alpha"]
    ]
    np.testing.assert_allclose(centred, centred[0], rtol=1e-12)


def test_kappa_of_relu_falls_like_the_square_of_the_initialization() -> None:
    network, data, expected = kappa_problem("relu")
    found = [
        laziness(network, gain * data["w_sym"], data["X"], data["y"]).kappa
        for gain in (1.0, 2.0, 4.0, 8.0)
    ]
    np.testing.assert_allclose(found, expected["kappa_sym_at_lambda_w0"], rtol=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "softplus", "erf"])
def test_second_differential_against_hessians_by_autograd(activation: str) -> None:
    import torch

    network = TwoLayer(activation, 2, 4, bias=True)
    rng = np.random.default_rng(2)
    w, X = network.initial(rng), rng.standard_normal((6, 2))
    hessians = np.array(
        [
            torch.autograd.functional.hessian(
                lambda v, x=x: torch_two_layer(network, v, torch.tensor(x[None]))[0],
                torch.tensor(w),
            ).numpy()
            for x in X
        ]
    )
    best = 0.0
    for _ in range(60):
        u = rng.standard_normal(len(w))
        for _ in range(60):
            g = np.einsum("p,npq,q->n", u, hessians, u)
            spectrum, vectors = np.linalg.eigh(np.einsum("n,npq->pq", g, hessians))
            u = vectors[:, np.argmax(np.abs(spectrum))]
        value = np.sqrt(np.mean(np.einsum("p,npq,q->n", u, hessians, u) ** 2))
        best = max(best, float(value))
    assert second_differential_norm(network, w, X).value == pytest.approx(best, rel=1e-9)


def test_relu_curvature_is_a_largest_singular_value() -> None:
    # D2 phi is bilinear almost everywhere: its norm is sigma_max(diag(gate) X)/sqrt n, in any
    # dimension; 300 neurons exercise the rounds that discard neurons.
    network = TwoLayer("relu", 20, 300)
    rng = np.random.default_rng(0)
    w, X = network.initial(rng), rng.standard_normal((50, 20))
    gates = (network.split(w)[0] @ X.T > 0).astype(float)
    norms = [np.linalg.norm(gate[:, None] * X, 2) / np.sqrt(50) for gate in gates]
    np.testing.assert_allclose(neuron_curvatures(network, w, X), norms, rtol=1e-6)
    found = second_differential_norm(network, w, X).value
    assert found == pytest.approx(max(norms) / np.sqrt(300), rel=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_rounds_find_the_largest_of_many_neurons(activation: str) -> None:
    network = TwoLayer(activation, 5, 400, bias=True)
    rng = np.random.default_rng(7)
    w, X = network.initial(rng), rng.standard_normal((40, 5)) / np.sqrt(5)
    each = neuron_curvatures(network, w, X) * network.prefactor
    found = second_differential_norm(network, w, X)
    assert found.exact
    assert found.value == pytest.approx(each.max(), rel=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
@pytest.mark.parametrize("bias", [False, True])
def test_no_neuron_is_more_curved_than_its_bound(activation: str, bias: bool) -> None:
    for inputs in (1, 2, 6):
        network = TwoLayer(activation, inputs, 500, bias)
        rng = np.random.default_rng(inputs)
        w, X = network.initial(rng), rng.standard_normal((30, inputs))
        each, bounds = neuron_curvatures(network, w, X), _curvature_bounds(network, w, X)
        assert (each <= bounds * (1 + 1e-12)).all()
        assert np.median(bounds[each > 0] / each[each > 0]) < 3  # else they would choose nothing
        found = second_differential_norm(network, w, X).value
        assert found == pytest.approx(each.max() * network.prefactor, rel=1e-9)


def test_one_layer_of_a_deep_network_gives_the_same_norm() -> None:
    two, deep = TwoLayer("tanh", 3, 6, bias=True), MLP((6,), "tanh", 3, bias=True)
    rng = np.random.default_rng(0)
    w, X = two.initial(rng), rng.standard_normal((8, 3))
    bound = second_differential_norm(deep, w, X)
    assert not bound.exact
    assert "lower bound" in bound.note
    assert bound.value == pytest.approx(second_differential_norm(two, w, X).value, rel=1e-5)


def test_differential_norm_is_the_largest_singular_value() -> None:
    network, data, _ = kappa_problem("tanh")
    J = network.jacobian(data["w"], data["X"])
    expected = np.linalg.norm(J, 2) / np.sqrt(len(J))
    assert differential_norm(network, data["w"], data["X"]) == pytest.approx(expected, rel=1e-12)


# Windows of the measured slopes of mean kappa over 20 seeds, from m = 16 to 1024.
@pytest.mark.parametrize(
    ("parameterization", "law", "low", "high"),
    [
        (Parameterization.NTK, "rademacher", -0.56, -0.42),
        (Parameterization.STANDARD, "gaussian", -1.08, -0.92),
        (Parameterization.MEAN_FIELD, "gaussian", 0.0, 0.2),
    ],
)
def test_kappa_against_width(
    parameterization: Parameterization, law: str, low: float, high: float
) -> None:
    angles = 2 * np.pi * np.arange(20) / 20
    X, y = np.column_stack((np.cos(angles), np.sin(angles))), np.sin(3 * angles)
    widths, means = (16, 64, 256, 1024), []
    symmetric = parameterization is Parameterization.NTK
    kind = Initialization.DOUBLED if symmetric else Initialization.PLAIN
    for m in widths:
        network = TwoLayer("tanh", 2, m, parameterization=parameterization)
        starts = [network.initial(np.random.default_rng(s), kind, law) for s in range(8)]
        means.append(np.mean([laziness(network, w, X, y).kappa for w in starts]))
    assert low < np.polyfit(np.log(widths), np.log(means), 1)[0] < high


@pytest.mark.parametrize(
    ("case", "weights", "centred"),
    [
        ("tanh,sym,T=50", "w_sym", False),
        ("tanh,centered_nonsym,T=50", "w_nonsym", True),
        ("tanh,nonsym_UNcentered,T=50", "w_nonsym", False),
    ],
)
def test_gaps_to_the_linearized_model_against_alpha(case: str, weights: str, centred: bool) -> None:
    data, expected = arrays("alpha_inputs"), values()["alpha"][case]
    network, w0 = TwoLayer("tanh", 3, 20), arrays("alpha_inputs")[weights]
    X, y, eta = data["X"], data["y"], expected["eta"]
    kernel, h0 = network.tangent_kernel(w0, X), network.output(w0, X)
    for i, alpha in enumerate(expected["alphas"]):
        trainer = make_trainer(network, w0, X, y, alpha, h0 if centred else None)
        model = Linearization(kernel, trainer.outputs(), y, alpha)
        sup_w = sup_ww = sup_out = 0.0
        for _ in range(50):
            trainer.advance(1, eta)
            model.advance(1, eta)
            w, wbar = trainer.weights, w0 - network.vjp(w0, X, model.dual()) / (alpha * len(y))
            sup_w = max(sup_w, float(np.linalg.norm(w - w0)))
            sup_ww = max(sup_ww, float(np.linalg.norm(w - wbar)))
            gap = np.sqrt(np.mean((trainer.outputs() - model.outputs()) ** 2))
            sup_out = max(sup_out, float(gap))
        assert sup_w == pytest.approx(expected["sup_w"][i], rel=1e-6)
        assert sup_ww == pytest.approx(expected["sup_ww"][i], rel=1e-5)
        assert sup_out == pytest.approx(expected["sup_out"][i], rel=1e-4)
        drift = kernel_drift(network.tangent_kernel(trainer.weights, X), kernel)
        assert drift == pytest.approx(expected["ntk_rel_drift_T"][i], rel=1e-4)


def test_bad_scale_is_refused_and_a_dead_network_has_infinite_kappa() -> None:
    network, data, _ = kappa_problem("relu")
    with pytest.raises(ValueError, match="alpha must be positive"):
        laziness(network, data["w"], data["X"], data["y"], scale=-1.0)
    with pytest.raises(ValueError, match="not finite"):
        second_differential_norm(network, data["w"] * np.inf, data["X"])
    dead = laziness(network, np.zeros(network.n_parameters), data["X"], data["y"])
    assert dead.kappa == np.inf
    assert dead.second_differential_norm == 0.0


def hessians_by_autograd(network: TwoLayer | MLP, w: np.ndarray, X: np.ndarray) -> np.ndarray:
    """D2h at each input, (n, p, p)."""
    import torch

    model = torch_two_layer if isinstance(network, TwoLayer) else torch_network
    hessian = torch.autograd.functional.hessian
    found = [
        hessian(lambda v, x=x: model(network, v, torch.tensor(x[None]))[0], torch.tensor(w))
        for x in X
    ]
    return torch.stack(found).numpy()


@pytest.mark.parametrize(
    "network",
    [
        TwoLayer("tanh", 3, 12, bias=True),
        TwoLayer("softplus", 4, 16),
        MLP((6, 5), "tanh", 3, bias=True),
    ],
)
def test_second_differential_is_never_below_the_best_of_sixty_power_iterations(
    network: TwoLayer | MLP,
) -> None:
    rng = np.random.default_rng(0)
    w, X = network.initial(rng), rng.standard_normal((12, network.inputs)) / 2
    hessians, best = hessians_by_autograd(network, w, X), 0.0
    for _ in range(60):
        u = rng.standard_normal(len(w))
        for _ in range(60):
            u = u / np.linalg.norm(u)
            along = hessians @ u
            g = along @ u
            best = max(best, float(np.sqrt(np.mean(g**2))))
            u = g @ along
    found = second_differential_norm(network, w, X).value
    assert best > 0.5 * found
    assert found >= best * (1 - 1e-9)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("deep", [False, True])
def test_kappa_of_many_samples_is_that_of_the_kernel(
    activation: str, deep: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    network: TwoLayer | MLP = MLP((9, 9), activation, 4) if deep else TwoLayer(activation, 4, 40)
    w, X = network.initial(rng), rng.standard_normal((800, 4)) / 2
    y = rng.standard_normal(800)
    exact = laziness(network, w, X, y)
    monkeypatch.setattr(laziness_module, "LARGEST_KERNEL", 400)
    monkeypatch.setattr(tangent_kernel, "LARGEST_KERNEL", 400)
    found = laziness(network, w, X, y)
    assert found.lambda_max == pytest.approx(exact.lambda_max, rel=1e-10)
    assert found.second_differential_norm <= exact.second_differential_norm * (1 + 1e-6)
    assert found.second_differential_norm >= exact.second_differential_norm * 0.95
    assert not found.exact
    assert "lower bound" in found.note
