from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from lazygui.numerics.losses import LOSSES, Loss

everywhere = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def outputs_and_targets() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return 2 * rng.standard_normal(7), rng.choice([-1.0, 1.0], 7)


@everywhere
def test_the_residual_is_the_gradient_in_the_normalized_inner_product(loss: Loss) -> None:
    f, y = outputs_and_targets()
    euclidean = approx_fprime(f, lambda g: float(loss.value(g, y)), 1e-7)
    np.testing.assert_allclose(loss.residual(f, y), len(f) * euclidean, atol=1e-5)


@everywhere
def test_torch_gives_the_same_numbers_and_autograd_the_same_residual(loss: Loss) -> None:
    import torch

    f, y = outputs_and_targets()
    f_torch, y_torch = torch.tensor(f, requires_grad=True), torch.tensor(y)
    value = loss.value(f_torch, y_torch, torch)
    assert value.item() == pytest.approx(float(loss.value(f, y)), rel=1e-14)
    (gradient,) = torch.autograd.grad(value, f_torch)
    np.testing.assert_allclose(len(f) * gradient.numpy(), loss.residual(f, y), rtol=1e-12)
    residual = loss.residual(f_torch.detach(), y_torch, torch)
    np.testing.assert_allclose(residual.numpy(), loss.residual(f, y), rtol=1e-12)


@everywhere
def test_smoothness_is_the_largest_slope_of_the_residual(loss: Loss) -> None:
    f = np.linspace(-8, 8, 160_001)
    slopes = np.diff(loss.residual(f, np.ones_like(f))) / np.diff(f)
    assert slopes.max() == pytest.approx(loss.smoothness, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "f", "y", "value"),
    [
        ("square", 3.0, 1.0, 2.0),
        ("logistic", 0.0, 1.0, np.log(2)),
        ("logistic", -1e4, 1.0, 1e4),
        ("logistic", 1e4, 1.0, 0.0),
        ("huber", 1.5, 1.0, 0.125),
        ("huber", -4.0, 1.0, 4.5),
    ],
)
def test_values_known_by_hand(name: str, f: float, y: float, value: float) -> None:
    assert LOSSES[name].value(np.array([f]), np.array([y])) == pytest.approx(value, rel=1e-15)


def test_the_logistic_residual_saturates_without_overflow() -> None:
    residual = LOSSES["logistic"].residual(np.array([-1e4, 1e4]), np.ones(2))
    assert np.array_equal(residual, [-1.0, 0.0])


def test_only_the_square_loss_has_a_closed_form() -> None:
    assert [name for name, loss in LOSSES.items() if loss.has_closed_form] == ["square"]
