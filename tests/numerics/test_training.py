from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazygui.numerics.backends import Backend, pick_backend
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Network, Parameterization, TwoLayer
from lazygui.numerics.training import TwoLayerTrainer, make_trainer
from tests.numerics.reference import arrays, values
from tests.numerics.test_networks import torch_two_layer

# A backend and a block size: whole, and blocks that do not divide the width.
WAYS = [("numpy", None), ("numpy", 7), ("torch", None), ("torch", 7)]


def alpha_problem() -> tuple[TwoLayer, dict[str, np.ndarray]]:
    return TwoLayer("tanh", 3, 20), arrays("alpha_inputs")


@pytest.mark.parametrize(("backend", "block"), WAYS)
@pytest.mark.parametrize("alpha", ["1", "100"])
def test_reference_iterates(alpha: str, backend: str, block: int | None) -> None:
    network, data = alpha_problem()
    reference = values()["alpha"]["reference_iterates_tanh_sym"]
    trainer = TwoLayerTrainer(
        network, data["w_sym"], data["X"], data["y"], float(alpha), backend=backend, block=block
    )
    done = 0
    for t, expected in reference["alphas"][alpha].items():
        trainer.advance(int(t) - done, reference["eta"])
        done = int(t)
        np.testing.assert_allclose(trainer.weights, expected["w"], rtol=1e-9)
        np.testing.assert_allclose(trainer.outputs(), expected["f"], rtol=1e-9, atol=1e-12)
        assert trainer.loss / float(alpha) ** 2 == pytest.approx(expected["loss"], rel=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
def test_steps_against_autograd(activation: str, loss: str) -> None:
    import torch

    alpha, rate, n = 3.0, 0.3, 9
    network = TwoLayer(activation, 4, 12, True, Parameterization.STANDARD)
    rng = np.random.default_rng(1)
    w0, X, y = network.initial(rng), rng.standard_normal((n, 4)), np.sign(rng.standard_normal(n))
    offset = network.output(w0, X) * 0.5
    w, targets = torch.tensor(w0, requires_grad=True), torch.tensor(y)

    def objective(weights: Any) -> Any:
        f = alpha * (torch_two_layer(network, weights, torch.tensor(X)) - torch.tensor(offset))
        if loss == "square":
            return ((f - targets) ** 2).mean() / 2 / alpha**2
        if loss == "logistic":
            return torch.nn.functional.softplus(-targets * f).mean() / alpha**2
        return torch.nn.functional.huber_loss(f, targets) / alpha**2

    for _ in range(5):
        (gradient,) = torch.autograd.grad(objective(w), w)
        w = (w - rate * gradient).detach().requires_grad_()
    for backend, block in WAYS:
        trainer = TwoLayerTrainer(
            network, w0, X, y, alpha, offset, LOSSES[loss], backend=backend, block=block
        )
        trainer.advance(5, rate)
        np.testing.assert_allclose(trainer.weights, w.detach().numpy(), rtol=1e-10, atol=1e-12)
        assert trainer.loss / alpha**2 == pytest.approx(objective(w).item(), rel=1e-10)


def trainers() -> list[Any]:
    cases: list[Any] = [
        pytest.param(TwoLayer("erf", 3, 20, True), backend, id=f"two-layer-{backend}")
        for backend in ("numpy", "torch")
    ]
    return [*cases, pytest.param(MLP((6, 5), "tanh", 3), None, id="mlp")]


@pytest.mark.parametrize(("network", "backend"), trainers())
def test_splitting_the_steps_changes_no_bit_and_restoring_works(
    network: Network, backend: str | None
) -> None:
    data = arrays("alpha_inputs")
    w0 = network.initial(np.random.default_rng(0))

    def fresh() -> Any:
        if isinstance(network, TwoLayer):
            return TwoLayerTrainer(network, w0, data["X"], data["y"], backend=backend, block=6)
        return make_trainer(network, w0, data["X"], data["y"])

    whole, split = fresh(), fresh()
    whole.advance(30, 0.5)
    for steps in (1, 0, 12, 4):
        split.advance(steps, 0.5)
    saved = split.weights
    split.advance(5, 0.1)
    split.set_weights(saved)
    split.advance(13, 0.5)
    np.testing.assert_array_equal(split.weights, whole.weights)
    np.testing.assert_array_equal(split.outputs(), whole.outputs())
    assert split.loss == whole.loss


def test_outputs_belong_to_the_current_weights() -> None:
    network, data = alpha_problem()
    trainer = make_trainer(network, data["w_nonsym"], data["X"], data["y"], scale=2.0)
    for _ in range(3):
        trainer.advance(1, 0.5)
        f = 2.0 * network.output(trainer.weights, data["X"])
        np.testing.assert_allclose(trainer.outputs(), f, rtol=1e-13)
        assert trainer.loss == pytest.approx(np.mean((f - data["y"]) ** 2) / 2, rel=1e-13)


@pytest.mark.parametrize("alpha", ["1", "100", "1000"])
@pytest.mark.parametrize("multiple", ["0.99", "1.05", "1.5", "1.9"])
def test_losses_around_the_edge_of_stability(alpha: str, multiple: str) -> None:
    network, data = alpha_problem()
    reference = values()["edge_of_stability"]["tanh"]
    expected = reference[f"alpha={alpha}"][multiple]
    trainer = make_trainer(network, data["w_sym"], data["X"], data["y"], float(alpha))
    start = peak = trainer.loss
    for _ in range(399):
        trainer.advance(1, float(multiple) * reference["2/lmax"])
        peak = max(peak, trainer.loss)
    if np.isinf(expected["rel_max"]):
        # Divergence ends in inf or nan, without a Python warning (those fail the tests).
        assert not np.isfinite(trainer.loss) or peak > 1e30 * start
    else:
        assert peak / start == pytest.approx(expected["rel_max"], rel=1e-6)
        assert trainer.loss / start == pytest.approx(expected["rel_final"], rel=1e-6)


@pytest.mark.parametrize(
    ("gain", "step", "stops"),
    [(0.5, 0.005, ("0", "10", "100", "1000")), (0.1, 0.05, ("10", "100", "1000")),
     (2.0, 0.05, ("10", "100", "1000"))],
)  # fmt: skip
def test_first_figure_of_the_paper(gain: float, step: float, stops: tuple[str, ...]) -> None:
    data, reference = arrays("fig1_inputs"), values()["fig1"]
    log = reference[f"tau={gain},step={step}"]["log"]
    network = TwoLayer("relu", 2, 16, parameterization=Parameterization.STANDARD)
    w0 = gain * np.concatenate((data["A_unit"].ravel(), data["C_unit"]))
    trainer = make_trainer(network, w0, data["X"], data["Y"])
    done = 0
    for t in stops:
        trainer.advance(int(t) - done, step)
        done = int(t)
        error = network.output(trainer.weights, data["Xtest"]) - data["Ytest"]
        moved = np.linalg.norm(trainer.weights - w0) / np.linalg.norm(w0)
        assert trainer.loss == pytest.approx(log[t]["train"], rel=1e-9)
        assert np.mean(error**2) / 2 == pytest.approx(log[t]["test"], rel=1e-9)
        assert moved == pytest.approx(log[t]["rel_disp"], rel=1e-9)


def test_single_precision_is_close_and_rounds() -> None:
    network, data = alpha_problem()
    reference = values()["alpha"]["reference_iterates_tanh_sym"]
    expected = np.array(reference["alphas"]["1"]["50"]["w"])
    for backend in ("numpy", "torch"):
        trainer = TwoLayerTrainer(
            network, data["w_sym"], data["X"], data["y"], dtype="float32", backend=backend
        )
        trainer.advance(50, reference["eta"])
        assert trainer.weights.dtype == np.float64
        error = np.max(np.abs(trainer.weights - expected))
        assert 1e-9 < error < 1e-3


def test_backend_depends_on_size_and_activation() -> None:
    assert pick_backend(1000, 100, 10) == "numpy"
    assert pick_backend(1000, 100, 10, activation="erf") == "torch"
    assert pick_backend(10, 10, 10, device="cuda") == "cuda"
    assert pick_backend(10, 10, 10, device="auto") == "numpy"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((10, 2))}, r"\(10, 2\).*\(n, 3\)"),
        ({"y": np.zeros(4)}, "targets"),
        ({"offset": np.zeros(4)}, "offset"),
        ({"scale": 0.0}, "alpha must be positive"),
        ({"scale": np.inf}, "alpha must be positive"),
        ({"w0": np.zeros(3)}, r"shape \(3,\)"),
        ({"device": "tpu"}, "Unknown device 'tpu'"),
        ({"dtype": "float16"}, "Unknown type 'float16'"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], message: str) -> None:
    network, data = alpha_problem()
    arguments: dict[str, Any] = {"w0": data["w_sym"], "X": data["X"], "y": data["y"], **change}
    with pytest.raises(ValueError, match=message):
        make_trainer(network, **arguments)


def test_unknown_backend_and_missing_card_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    with pytest.raises(ValueError, match="Unknown backend 'jax'"):
        Backend.named("jax")
    monkeypatch.setattr(torch.cuda, "is_available", bool)
    with pytest.raises(ValueError, match="No CUDA device"):
        Backend.named("cuda")


def test_cuda_agrees_with_the_processor() -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    network, data = alpha_problem()
    results = []
    for device in ("cpu", "cuda"):
        trainer = make_trainer(network, data["w_sym"], data["X"], data["y"], device=device)
        trainer.advance(50, 1.0)
        results.append(trainer.weights)
    np.testing.assert_allclose(results[1], results[0], rtol=1e-9)
