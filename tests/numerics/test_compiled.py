"""The compiled training steps against autograd, and their functions against mpmath."""

from __future__ import annotations

import itertools
import threading
import time

import mpmath
import numpy as np
import pytest

from lazygui.numerics import compiled_training
from lazygui.numerics.backends import is_small, runs_compiled
from lazygui.numerics.compiled_training import CompiledTrainer, WideTrainer
from lazygui.numerics.linearization import Linearization
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.networks import TwoLayer
from lazygui.numerics.training import TwoLayerTrainer, make_trainer

TRAINERS = (CompiledTrainer, WideTrainer)
CASES = list(itertools.product(["tanh", "relu", "softplus", "erf"], list(LOSSES), [False, True]))


def problem(activation: str, bias: bool, n: int = 13, width: int = 6, seed: int = 3):
    rng = np.random.default_rng(seed)
    network = TwoLayer(activation, 3, width, bias)
    X, y = rng.standard_normal((n, 3)), np.sign(rng.standard_normal(n))
    return network, network.initial(rng), X, y, rng.standard_normal(n)


@pytest.mark.parametrize(("activation", "loss", "bias"), CASES)
def test_steps_agree_with_autograd(activation: str, loss: str, bias: bool) -> None:
    import torch

    network, w0, X, y, offset = problem(activation, bias)
    alpha, rate = 3.0, 0.4
    w = torch.tensor(w0, requires_grad=True)
    inputs, targets = torch.tensor(X), torch.tensor(y)
    m, d = network.width, network.inputs

    def outputs(weights: torch.Tensor) -> torch.Tensor:
        a, c = weights[: m * d].reshape(m, d), weights[-m:]
        z = inputs @ a.T + (weights[m * d : m * d + m] if bias else 0.0)
        sigma = {
            "tanh": torch.tanh, "relu": torch.relu, "erf": torch.erf,
            "softplus": torch.nn.functional.softplus,
        }[activation]  # fmt: skip
        return alpha * (network.prefactor * (sigma(z) @ c) - torch.tensor(offset))

    def objective(weights: torch.Tensor) -> torch.Tensor:
        f = outputs(weights)
        match loss:
            case "square":
                terms = (f - targets) ** 2 / 2
            case "logistic":
                terms = torch.nn.functional.softplus(-targets * f)
            case _:
                terms = torch.nn.functional.huber_loss(f, targets, reduction="none")
        return terms.mean() / alpha**2

    for _ in range(5):
        (gradient,) = torch.autograd.grad(objective(w), w)
        w = (w - rate * gradient).detach().requires_grad_()
    for kind in TRAINERS:
        trainer = kind(network, w0, X, y, alpha, offset, LOSSES[loss])
        trainer.advance(5, rate)
        np.testing.assert_allclose(trainer.weights, w.detach().numpy(), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(trainer.outputs(), outputs(w).detach().numpy(), rtol=1e-11)
        assert trainer.loss / alpha**2 == pytest.approx(objective(w).item(), rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
@pytest.mark.parametrize("n", [1, 7, 8, 40])
@pytest.mark.parametrize("kind", TRAINERS)
def test_splitting_the_steps_changes_no_bit_and_restoring_works(
    activation: str, n: int, kind: type[WideTrainer]
) -> None:
    network, w0, X, y, offset = problem(activation, True, n, width=20)

    def fresh() -> WideTrainer:
        return kind(network, w0, X, y, 2.0, offset)

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


@pytest.mark.parametrize(("activation", "loss", "bias"), CASES)
@pytest.mark.parametrize("alpha", [1.0, 1e6])
def test_rows_beside_the_linearization_agree_with_its_jacobian(
    activation: str, loss: str, bias: bool, alpha: float
) -> None:
    network, w0, X, y, _ = problem(activation, bias)
    offset, counts, rate = network.output(w0, X), np.array([3, 1, 6]), 0.3
    beside = CompiledTrainer(network, w0, X, y, alpha, offset, LOSSES[loss])
    alone = CompiledTrainer(network, w0, X, y, alpha, offset, LOSSES[loss])
    J = network.jacobian(w0, X)
    linear = Linearization(J @ J.T, np.zeros(len(y)), y, alpha)
    trail = linear.advance_through(counts, rate)
    made = beside.advance_beside(linear, trail, counts, rate, beside.layers())
    moved = np.zeros_like(w0)
    for row, count in enumerate(counts):
        alone.advance(int(count), rate)
        for _ in range(count):
            moved -= rate / (alpha * len(y)) * J.T @ (alpha * J @ moved - y)
        f, g, (distance, gap) = (array[row] for array in made)
        np.testing.assert_array_equal(f, alone.outputs())
        np.testing.assert_allclose(g, alpha * J @ moved, rtol=1e-9, atol=1e-12)
        w = alone.weights - w0
        assert distance == pytest.approx(np.linalg.norm(w), rel=1e-12)
        rounding = 1e-12 * float(np.linalg.norm(w0))
        assert gap == pytest.approx(np.linalg.norm(w - moved), rel=1e-9, abs=rounding / 100)
        assert trail.displacements()[row] == pytest.approx(np.linalg.norm(moved), rel=1e-9)
        assert trail.losses()[row] == pytest.approx(np.mean((g - y) ** 2) / 2, rel=1e-9)


@pytest.mark.parametrize("kind", TRAINERS)
def test_a_diverging_run_ends_in_numbers_that_are_not_finite(kind: type[WideTrainer]) -> None:
    network, w0, X, y, _ = problem("relu", False)
    trainer = kind(network, w0, X, y)
    trainer.advance(500, 1e6)
    assert not np.isfinite(trainer.loss)
    trainer.set_weights(w0)
    np.testing.assert_array_equal(trainer.outputs(), kind(network, w0, X, y).outputs())


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "erf"])
def test_blocks_of_neurons_change_nothing_but_rounding(
    activation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, w0, X, y, offset = problem(activation, True, 40, width=20)
    trained = []
    for block in (20, 7, 1):
        monkeypatch.setattr(compiled_training, "neurons_per_block", {40: block}.__getitem__)
        trainer = WideTrainer(network, w0, X, y, 2.0, offset)
        trainer.advance(30, 0.5)
        trained.append(trainer.weights)
    for weights in trained[1:]:
        np.testing.assert_allclose(weights, trained[0], rtol=1e-11, atol=1e-13)


def test_size_and_precision_decide_who_trains() -> None:
    assert runs_compiled(100, 100, 10)
    assert runs_compiled(1_000_000, 100, 10)
    assert is_small(100, 100, 10)
    assert not is_small(1_000_000, 100, 10)
    assert not is_small(100, 2000, 64)
    assert not runs_compiled(100, 100, 10, dtype="float32")
    assert not runs_compiled(1000, 1000, 1, activation="erf")
    assert not runs_compiled(100, 100, 10, device="cuda")
    network, w0, X, y, offset = problem("tanh", False)
    assert isinstance(make_trainer(network, w0, X, y), CompiledTrainer)
    wide, w1, X1, y1, _ = problem("tanh", False, width=1100)
    assert type(make_trainer(wide, w1, X1, y1)) is WideTrainer
    other = make_trainer(network, w0, X, y, dtype="float32")
    assert isinstance(other, TwoLayerTrainer)
    with pytest.raises(ValueError, match=r"targets have shape"):
        make_trainer(network, w0, X, offset[:4])


def worst_error(computed: np.ndarray, exact: list[mpmath.mpf]) -> float:
    """In units of the last place of the exact value."""
    reference = np.array([float(value) for value in exact])
    return float(np.max(np.abs(computed - reference) / np.spacing(np.abs(reference))))


def test_the_hyperbolic_tangent_is_exact_to_two_units_in_the_last_place() -> None:
    from lazygui.numerics import compiled

    rng = np.random.default_rng(0)
    z = np.concatenate((rng.standard_normal(2000) * 3, 10.0 ** rng.uniform(-12, 1.5, 2000)))
    values = np.empty_like(z)
    compiled.evaluate(0, z, values)
    assert worst_error(values, [mpmath.tanh(mpmath.mpf(v)) for v in z]) <= 2.0
    special = np.array([0.0, -0.0, np.inf, -np.inf, 5e-324, -1e300])
    values = np.empty_like(special)
    compiled.evaluate(0, special, values)
    np.testing.assert_array_equal(values, np.tanh(special))
    values = np.empty(1)
    compiled.evaluate(0, np.array([np.nan]), values)
    assert np.isnan(values[0])


def test_softplus_is_exact_to_rounding_over_its_whole_range() -> None:
    # One neuron with c = 1 and no other weight shows sigma itself as the output.
    network = TwoLayer("softplus", 1, 1, parameterization="standard")  # type: ignore[arg-type]
    X = np.concatenate((np.linspace(-745, 745, 801), np.linspace(-3, 3, 801)))[:, None]
    trainer = CompiledTrainer(network, np.array([1.0, 1.0]), X, np.zeros(len(X)))
    exact = [mpmath.log1p(mpmath.exp(mpmath.mpf(v))) for v in X[:, 0]]
    reference = np.array([float(value) for value in exact])
    np.testing.assert_allclose(trainer.outputs(), reference, rtol=8e-16, atol=1e-304)


def test_the_interpreter_goes_on_while_it_trains() -> None:
    network, w0, X, y, _ = problem("tanh", False, n=200, width=500)
    trainer = CompiledTrainer(network, w0, X, y)
    started = time.perf_counter()
    trainer.advance(20, 0.1)
    steps = int(0.4 * 20 / (time.perf_counter() - started))
    ticks = 0
    thread = threading.Thread(target=trainer.advance, args=(steps, 0.1))
    thread.start()
    while thread.is_alive():
        ticks += 1
        time.sleep(0.001)
    assert ticks > 20
