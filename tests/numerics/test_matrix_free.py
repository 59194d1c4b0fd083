from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from lazygui.numerics import matrix_free
from lazygui.numerics.linearization import Linearization, SteppedLinearization
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.matrix_free import (
    TOLERANCE,
    JacobianAt,
    MatrixFreeLinearization,
    MatrixFreeStepping,
    linearize_matrix_free,
)
from lazygui.numerics.networks import Network, TwoLayer, build_network
from tests.numerics.reference import arrays, values

Schedule = list[tuple[int, float]]
Problem = tuple[Network, np.ndarray, np.ndarray, np.ndarray, float]


def reference_problem(alpha: float = 1.0) -> Problem:
    data = arrays("alpha_inputs")
    return TwoLayer("tanh", 3, 20), data["w_sym"], data["X"], data["y"], alpha


def random_problem(n: int, d: int, m: int, activation: str, noisy: bool) -> Problem:
    rng = np.random.default_rng(n + d)
    network = TwoLayer(activation, d, m, bias=True)
    X = rng.standard_normal((n, d))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = rng.standard_normal(n) if noisy else np.sin(3 * X[:, 0])
    return network, network.initial(rng), X, y, 2.0


def model_of(problem: Problem) -> MatrixFreeLinearization:
    network, w0, X, y, alpha = problem
    f0 = alpha * network.output(w0, X)
    return MatrixFreeLinearization(JacobianAt(network, w0, X), f0, y, alpha)


def closed_form(problem: Problem) -> Linearization:
    network, w0, X, y, alpha = problem
    kernel = network.tangent_kernel(w0, X)
    return Linearization(kernel, alpha * network.output(w0, X), y, alpha)


@cache
def pair(n: int, d: int, m: int, activation: str, noisy: bool) -> tuple[Problem, Linearization]:
    problem = random_problem(n, d, m, activation, noisy)
    return problem, closed_form(problem)


@pytest.mark.parametrize("alpha", ["1", "100"])
def test_reference_iterates(alpha: str) -> None:
    network, w0, X, y, _ = reference_problem()
    reference = values()["alpha"]["reference_iterates_tanh_sym"]
    model, done = model_of((network, w0, X, y, float(alpha))), 0
    for t, expected in reference["alphas"][alpha].items():
        model.advance(int(t) - done, reference["eta"])
        done = int(t)
        np.testing.assert_allclose(w0 + model.shift(), expected["wbar"], rtol=1e-9)
        np.testing.assert_allclose(model.outputs(), expected["fbar"], rtol=1e-9, atol=1e-12)
        moved = np.linalg.norm(np.array(expected["wbar"]) - w0)
        assert model.displacement() == pytest.approx(moved, rel=1e-9, abs=1e-15)
        loss = np.mean((np.array(expected["fbar"]) - y) ** 2) / 2
        assert model.loss == pytest.approx(loss, rel=1e-9)


# Multiples of 1/lambda_max.
SCHEDULES: dict[str, Schedule] = {
    "1": [(1, 1.0)],
    "10": [(10, 1.9)],
    "1000": [(1000, 1.0)],
    "100000": [(100_000, 1.9)],
    "changing": [(7, 1.0), (500, 1.9), (50, 0.3), (2000, 1.5), (0, 0.1), (3, 1.5)],
    "unstable on the way": [(20, 1.0), (60, 2.4), (400, 1.0)],
}


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(
    "sizes",
    [
        (300, 2, 100, "tanh", False),
        (300, 10, 300, "relu", True),
        (1500, 3, 200, "tanh", True),
    ],
)
def test_against_the_closed_form(sizes: Any, schedule: str) -> None:
    problem, closed = pair(*sizes)
    network, w0, X, y, alpha = problem
    closed, model = closed.copy(), model_of(problem)
    for steps, multiple in SCHEDULES[schedule]:
        closed.advance(steps, multiple / float(closed.eigenvalues[-1]))
        model.advance(steps, multiple / float(closed.eigenvalues[-1]))
    size = np.linalg.norm(model.f0 - y)
    size = max(size, np.linalg.norm(closed.outputs() - y))
    assert np.linalg.norm(model.outputs() - closed.outputs()) <= 1e-9 * size
    expected = -network.vjp(w0, X, closed.dual()) / (alpha * len(y))
    assert np.linalg.norm(model.shift() - expected) <= 1e-9 * np.linalg.norm(expected)
    assert model.displacement() == pytest.approx(np.linalg.norm(expected), rel=1e-9)


@pytest.mark.parametrize("schedule", ["1000", "changing", "unstable on the way"])
def test_a_full_space_is_left_for_a_new_one(schedule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_free, "largest_space", lambda n: 16)
    problem, closed = pair(300, 10, 300, "relu", True)
    closed, model = closed.copy(), model_of(problem)
    first = model.state()["space"]
    for steps, multiple in SCHEDULES[schedule]:
        closed.advance(steps, multiple / float(closed.eigenvalues[-1]))
        model.advance(steps, multiple / float(closed.eigenvalues[-1]))
    assert model.space <= 16
    assert model.state()["space"] is not first
    np.testing.assert_allclose(model.outputs(), closed.outputs(), rtol=0, atol=1e-9)
    np.testing.assert_allclose(model.dual(), closed.dual(), rtol=0, atol=1e-7)


@pytest.mark.parametrize("multiple", [0.5, 1.9, 2.2])
def test_the_error_bound_holds_and_is_not_idle(multiple: float) -> None:
    problem, closed = pair(300, 10, 300, "relu", True)
    rate = multiple / float(closed.eigenvalues[-1])
    model = model_of(problem)
    course = model._space.course(10, 0.0)
    course.begin(rate)
    checked = 0
    for steps in (5, 9, 10, 15, 30, 60, 120, 250):
        exact = closed.copy()
        exact.advance(steps, rate)
        course.reach(steps)
        course.steps = steps
        rho, _ = course.now()
        residual = model._space.lanczos.combine(course.ritz.vectors @ rho)
        error = np.linalg.norm(residual - (exact.outputs() - exact.y))
        growth = max(1.0, multiple - 1.0) ** steps
        if course._covered < steps:  # the bound was exceeded and is no longer computed
            break
        bound = growth * course._errors[steps - 1]
        rounding = 1e-12 * growth * np.linalg.norm(residual)
        assert error <= bound + max(rounding, 1e-12)
        checked += bound > 1e-10
        if bound > 1e-10 and multiple < 2:
            assert bound <= 1e3 * error
    assert checked


def test_no_product_is_made_that_the_tolerance_does_not_need() -> None:
    problem, closed = pair(1500, 3, 200, "tanh", True)
    model = model_of(problem)
    top = float(closed.eigenvalues[-1])
    model.advance(15, 1.0 / top)
    assert model.space == 16  # exact before 16 steps
    model.advance(10_000, 1.0 / top)
    # Chebyshev's bound for any spectrum would ask for sqrt(2 t log(2/tolerance)).
    assert model.space < 0.2 * np.sqrt(2 * 10_000 * np.log(2 / TOLERANCE))


@pytest.mark.parametrize("capacity", [16, 512])
def test_splitting_the_steps_changes_no_bit(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_free, "largest_space", lambda n: capacity)
    problem, closed = pair(300, 10, 300, "relu", True)
    rate = 1.5 / float(closed.eigenvalues[-1])
    whole, split = model_of(problem), model_of(problem)
    whole.advance(700, rate)
    whole.advance(300, 0.5 * rate)
    for steps in (1, 255, 0, 1, 300, 143):
        split.advance(steps, rate)
        split.outputs()
    for _ in range(300):
        split.advance(1, 0.5 * rate)
    np.testing.assert_array_equal(split.outputs(), whole.outputs())
    np.testing.assert_array_equal(split.dual(), whole.dual())
    assert split.loss == whole.loss


@pytest.mark.parametrize("capacity", [16, 512])
@pytest.mark.parametrize("loss", ["square", "huber"])
def test_copies_are_independent_and_states_restore(
    loss: str, capacity: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_free, "largest_space", lambda n: capacity)
    network, w0, X, y, alpha = random_problem(300, 10, 300, "relu", True)
    f0 = alpha * network.output(w0, X)
    model = linearize_matrix_free(JacobianAt(network, w0, X), f0, y, alpha, LOSSES[loss])
    model.advance(5, 1.0)
    model.advance(60, 3.0)
    saved, before, shift, twin = model.state(), model.outputs(), model.shift(), model.copy()
    model.advance(200, 2.0)
    after = model.outputs()
    assert not np.array_equal(after, before)
    np.testing.assert_array_equal(twin.outputs(), before)
    np.testing.assert_array_equal(twin.shift(), shift)
    twin.advance(200, 2.0)
    np.testing.assert_array_equal(twin.outputs(), after)
    model.set_state(saved)
    np.testing.assert_array_equal(model.outputs(), before)
    np.testing.assert_array_equal(model.shift(), shift)
    model.advance(200, 2.0)
    np.testing.assert_array_equal(model.outputs(), after)


@pytest.mark.parametrize("loss", ["logistic", "huber", "square"])
def test_other_losses_step_as_with_the_kernel(loss: str) -> None:
    network, w0, X, y, _ = reference_problem()
    targets, alpha = np.sign(y), 5.0
    f0 = alpha * network.output(w0, X)
    jacobian = network.jacobian(w0, X)
    kernel = SteppedLinearization(jacobian @ jacobian.T, f0, targets, alpha, LOSSES[loss])
    model = MatrixFreeStepping(JacobianAt(network, w0, X), f0, targets, alpha, LOSSES[loss])
    for steps, rate in ((30, 2.0), (30, 0.5)):
        kernel.advance(steps, rate)
        model.advance(steps, rate)
    np.testing.assert_allclose(model.outputs(), kernel.outputs(), atol=1e-12)
    np.testing.assert_allclose(model.residual, kernel.residual, atol=1e-12)
    assert model.loss == pytest.approx(kernel.loss, rel=1e-12)
    assert model.displacement() == pytest.approx(kernel.displacement(), rel=1e-10)


@pytest.mark.parametrize("initialization", ["plain", "doubled"])
def test_deep_networks_against_gradient_descent_in_weights(initialization: str) -> None:
    network = build_network("mlp", 3, (12, 9), "tanh", bias=True, initialization=initialization)
    rng = np.random.default_rng(0)
    w0, X, y = network.initial(rng), rng.standard_normal((30, 3)), rng.standard_normal(30)
    J, h0, alpha, rate = network.jacobian(w0, X), network.output(w0, X), 3.0, 0.5
    w = w0.copy()
    for _ in range(200):
        w -= rate / (alpha * 30) * J.T @ (alpha * (h0 + J @ (w - w0)) - y)
    model = model_of((network, w0, X, y, alpha))
    model.advance(200, rate)
    np.testing.assert_allclose(model.shift(), w - w0, atol=1e-12)
    np.testing.assert_allclose(model.outputs(), alpha * (h0 + J @ (w - w0)), atol=1e-12)


@pytest.mark.parametrize("entries", [0, 2**23])
def test_the_weights_by_one_pass_a_step_or_one_a_vector(
    entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_free, "LARGEST_PULLED", entries)
    monkeypatch.setattr(matrix_free, "largest_space", lambda n: 16)
    problem, closed = pair(300, 10, 300, "relu", True)
    network, w0, X, y, alpha = problem
    closed, model, passes = closed.copy(), model_of(problem), 0
    pull = JacobianAt.pull

    def counted(self: JacobianAt, u: np.ndarray) -> np.ndarray:
        nonlocal passes
        passes += 1
        return pull(self, u)

    monkeypatch.setattr(JacobianAt, "pull", counted)
    rate = 1.0 / float(closed.eigenvalues[-1])
    for _ in range(60):
        closed.advance(2, rate)
        model.advance(2, rate)
        expected = -network.vjp(w0, X, closed.dual()) / (alpha * len(y))
        assert np.linalg.norm(model.shift() - expected) <= 1e-9 * np.linalg.norm(expected)
        model.displacement()
    spaces = passes / 17
    assert passes == 60 if entries == 0 else spaces == int(spaces) and 1 < spaces < 4


def test_divergence_overflows_without_a_warning() -> None:
    model = model_of(reference_problem())
    model.advance(3, 1.0)
    model.advance(5000, 1e6)
    assert not np.isfinite(model.outputs()).any()
    assert not np.isfinite(model.loss)
    assert not np.isfinite(model.displacement())
    model.advance(10, 0.1)
    assert not np.isfinite(model.loss)


def test_what_is_fitted_at_the_start_stays_fitted() -> None:
    network, w0, X, _, _ = reference_problem()
    model = model_of((network, w0, X, network.output(w0, X), 1.0))
    model.advance(100, 5.0)
    model.advance(100, 1.0)
    np.testing.assert_array_equal(model.outputs(), network.output(w0, X))
    assert model.loss == 0.0
    assert model.displacement() == 0.0


@pytest.mark.parametrize(
    ("f0", "y", "message"),
    [
        (np.zeros(2), np.zeros(3), r"\(2,\).*\(3,\)"),
        (np.zeros(0), np.zeros(0), "n > 0"),
        (np.array([0.0, np.inf]), np.zeros(2), "finite"),
        (np.zeros(2), np.array([0.0, np.nan]), "finite"),
    ],
)
def test_bad_input_is_refused(f0: np.ndarray, y: np.ndarray, message: str) -> None:
    network, w0, X, _, _ = reference_problem()
    for loss in ("square", "logistic"):
        with pytest.raises(ValueError, match=message):
            linearize_matrix_free(JacobianAt(network, w0, X), f0, y, 1.0, LOSSES[loss])
