from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazygui.numerics.linearization import (
    Linearization,
    SteppedLinearization,
    accumulated,
    decay,
    linearize,
)
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.networks import TwoLayer
from tests.numerics.reference import arrays, values

Model = Linearization | SteppedLinearization
KINDS = [Linearization, SteppedLinearization]


def alpha_problem() -> tuple[TwoLayer, np.ndarray, np.ndarray, np.ndarray]:
    data = arrays("alpha_inputs")
    return TwoLayer("tanh", 3, 20), data["w_sym"], data["X"], data["y"]


def build(kind: type[Model], alpha: float = 1.0) -> Model:
    network, w0, X, y = alpha_problem()
    return kind(network.tangent_kernel(w0, X), alpha * network.output(w0, X), y, alpha)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alpha", ["1", "100"])
def test_reference_iterates(kind: type[Model], alpha: str) -> None:
    network, w0, X, y = alpha_problem()
    reference = values()["alpha"]["reference_iterates_tanh_sym"]
    model, done = build(kind, float(alpha)), 0
    for t, expected in reference["alphas"][alpha].items():
        model.advance(int(t) - done, reference["eta"])
        done = int(t)
        wbar = w0 - network.vjp(w0, X, model.dual()) / (float(alpha) * len(y))
        np.testing.assert_allclose(wbar, expected["wbar"], rtol=1e-9)
        np.testing.assert_allclose(model.outputs(), expected["fbar"], rtol=1e-9, atol=1e-12)
        moved = np.linalg.norm(np.array(expected["wbar"]) - w0)
        assert model.displacement() == pytest.approx(moved, rel=1e-9, abs=1e-15)
        loss = np.mean((np.array(expected["fbar"]) - y) ** 2) / 2
        assert model.loss == pytest.approx(loss, rel=1e-9)


def test_closed_form_against_a_thousand_steps_in_weights() -> None:
    network, w0, X, y = alpha_problem()
    J, alpha, rate = network.jacobian(w0, X), 10.0, 3.0
    h0 = network.output(w0, X)
    w, model = w0.copy(), build(Linearization, alpha)
    for _ in range(1000):
        w -= rate / (alpha * len(y)) * J.T @ (alpha * (h0 + J @ (w - w0)) - y)
    model.advance(1000, rate)
    f = alpha * (h0 + J @ (w - w0))
    np.testing.assert_allclose(model.outputs(), f, rtol=0, atol=1e-12)
    wbar = w0 - network.vjp(w0, X, model.dual()) / (alpha * len(y))
    np.testing.assert_allclose(wbar, w, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_elsewhere_are_those_of_the_linearized_weights(kind: type[Model]) -> None:
    network, w0, X, y = alpha_problem()
    alpha, model = 10.0, build(kind, 10.0)
    model.advance(40, 2.0)
    grid = np.random.default_rng(0).standard_normal((6, 3))
    wbar = w0 - network.vjp(w0, X, model.dual()) / (alpha * len(y))
    start = network.output(w0, grid)
    expected = alpha * (start + network.jacobian(w0, grid) @ (wbar - w0))
    cross = network.tangent_kernel(w0, grid, X)
    np.testing.assert_allclose(model.outputs_at(cross, alpha * start), expected, atol=1e-12)


def test_changing_learning_rate_is_exact() -> None:
    closed, stepped = build(Linearization), build(SteppedLinearization)
    for steps, rate in ((7, 2.0), (30, 0.1), (1, 6.0), (0, 1.0), (50, 2.0)):
        closed.advance(steps, rate)
        stepped.advance(steps, rate)
        np.testing.assert_allclose(closed.outputs(), stepped.outputs(), atol=1e-12)
        np.testing.assert_allclose(closed.dual(), stepped.dual(), atol=1e-10)
        np.testing.assert_allclose(closed.residual, stepped.residual, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_splitting_the_steps_changes_no_bit(kind: type[Model]) -> None:
    whole, split = build(kind), build(kind)
    whole.advance(20, 1.5)
    for steps in (1, 12, 0, 7):
        split.advance(steps, 1.5)
    np.testing.assert_array_equal(split.outputs(), whole.outputs())
    np.testing.assert_array_equal(split.dual(), whole.dual())


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_independent_and_states_restore(kind: type[Model]) -> None:
    model = build(kind)
    model.advance(5, 1.0)
    saved, before, twin = model.state(), model.outputs(), model.copy()
    model.advance(9, 2.0)
    after = model.outputs()
    np.testing.assert_array_equal(twin.outputs(), before)
    twin.advance(9, 2.0)
    np.testing.assert_array_equal(twin.outputs(), after)
    model.set_state(saved)
    np.testing.assert_array_equal(model.outputs(), before)
    model.advance(9, 2.0)
    np.testing.assert_array_equal(model.outputs(), after)


def test_limit_is_the_interpolation_of_smallest_displacement() -> None:
    network, w0, X, y = alpha_problem()
    model = build(Linearization, 10.0)
    # The smallest eigenvalue is 5e-7: closeness takes very many steps, which cost nothing here.
    model.advance(10**10, 1.0)
    wbar = w0 - network.vjp(w0, X, model.dual()) / (10.0 * len(y))
    expected = np.linalg.pinv(network.jacobian(w0, X)) @ (y / 10.0 - network.output(w0, X))
    np.testing.assert_allclose(wbar - w0, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("steps", [1, 2, 3, 50, 51])
def test_decay_and_accumulated_in_exact_arithmetic(steps: int) -> None:
    from fractions import Fraction

    spectrum, rate = [0.0, 2.0**-40, 0.25, 0.5, 0.75, 1.0, 1.25], 2.0
    for value, power, total in zip(
        spectrum,
        decay(np.array(spectrum), rate, steps),
        accumulated(np.array(spectrum), rate, steps),
        strict=True,
    ):
        factor = (1 - Fraction(rate) * Fraction(value)) ** steps
        sums = (1 - factor) / Fraction(value) if value else Fraction(rate) * steps
        assert power == pytest.approx(float(factor), rel=1e-14, abs=0)
        assert total == pytest.approx(float(sums), rel=1e-14, abs=0)


def test_edge_of_stability_is_sharp() -> None:
    reference = values()["edge_of_stability"]["tanh"]
    for multiple, expected in reference["linearised"].items():
        model = build(Linearization)
        assert model.stability_limit == pytest.approx(reference["2/lmax"], rel=1e-12)
        start = model.loss
        # The reference runs have 400 points, and give inf above 1e30.
        model.advance(399, float(multiple) * model.stability_limit)
        if np.isinf(expected):
            assert model.loss / start > 1e30
        else:
            assert model.loss / start == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_divergence_overflows_without_a_warning(kind: type[Model]) -> None:
    model = build(kind)
    model.advance(5000, 1e6)
    assert not np.isfinite(model.outputs()).any()
    assert not np.isfinite(model.loss)
    assert not np.isfinite(model.displacement())
    assert not np.isfinite(model.outputs_at(np.ones((2, 10)), np.zeros(2))).any()


@pytest.mark.parametrize("loss", ["logistic", "huber"])
def test_other_losses_against_gradient_descent_in_weights(loss: str) -> None:
    network, w0, X, y = alpha_problem()
    targets, alpha, rate = np.sign(y), 5.0, 2.0
    J, h0 = network.jacobian(w0, X), network.output(w0, X)

    def slope(f: np.ndarray) -> np.ndarray:
        if loss == "huber":
            return np.clip(f - targets, -1, 1)
        return -targets / (1 + np.exp(targets * f))

    w = w0.copy()
    for _ in range(60):
        w -= rate / (alpha * len(y)) * J.T @ slope(alpha * (h0 + J @ (w - w0)))
    model = linearize(J @ J.T, alpha * h0, targets, alpha, LOSSES[loss])
    assert isinstance(model, SteppedLinearization)
    model.advance(60, rate)
    np.testing.assert_allclose(model.outputs(), alpha * (h0 + J @ (w - w0)), atol=1e-12)
    assert model.displacement() == pytest.approx(np.linalg.norm(w - w0), rel=1e-10)
    assert isinstance(linearize(J @ J.T, alpha * h0, y), Linearization)


def test_a_fitted_mode_stays_fitted_even_where_its_factor_overflows() -> None:
    model = Linearization(np.diag([4.0, 0.2]), np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    model.advance(5000, 3.0)
    np.testing.assert_allclose(model.outputs(), [1.0, 1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.eye(3), np.zeros(2), np.zeros(2)), r"\(3, 3\)"),
        ((np.eye(0), np.zeros(0), np.zeros(0)), r"\(0, 0\)"),
        ((np.eye(2) * np.nan, np.zeros(2), np.zeros(2)), "finite"),
        ((np.eye(2), np.array([0.0, np.inf]), np.zeros(2)), "finite"),
    ],
)
def test_bad_input_is_refused(arguments: Any, message: str) -> None:
    for kind in KINDS:
        with pytest.raises(ValueError, match=message):
            kind(*arguments)
