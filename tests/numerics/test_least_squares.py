from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.least_squares import LeastSquares, random_problem
from tests.numerics.reference import arrays, values

CASES = ("over_n3_p8", "under_n8_p3")
both = pytest.mark.parametrize("case", CASES)


def problem(case: str) -> tuple[LeastSquares, np.ndarray, dict]:
    data = arrays(f"ls_{case}")
    return LeastSquares(data["X"], data["Y"]), data["w0"], values()["least_squares"][case]


@both
def test_spectrum_and_constants(case: str) -> None:
    squares, w0, reference = problem(case)
    expected = np.array(reference["eigs_XXt_nonzero_desc"])
    np.testing.assert_allclose(squares.eigenvalues, expected, rtol=1e-12)
    assert (squares.n, squares.p, squares.rank) == tuple(reference[k] for k in ("n", "p", "rank"))
    assert squares.p - squares.rank == reference["n_zero_eigs"]
    assert squares.stability_limit == pytest.approx(2 * reference["eta=1/lmax"], rel=1e-12)
    assert squares.best_learning_rate == pytest.approx(2 / (expected[0] + expected[-1]), rel=1e-12)
    assert squares.loss(w0) == pytest.approx(reference["loss_0"], rel=1e-13)
    assert squares.minimum == pytest.approx(reference["min_loss"], rel=1e-12, abs=1e-28)


@both
def test_iterates_reach_the_reference(case: str) -> None:
    squares, w0, reference = problem(case)
    last = squares.step(w0, reference["eta=1/lmax"], 400)[-1]
    np.testing.assert_allclose(last, reference["w_T400"], rtol=1e-12)
    assert squares.loss(last) == pytest.approx(reference["loss_T400"], rel=1e-4)


@both
def test_the_closest_solution_is_the_limit(case: str) -> None:
    squares, w0, reference = problem(case)
    limit = squares.closest_solution(w0)
    np.testing.assert_allclose(limit, reference["w_limit_from_w0"], rtol=1e-11)
    least_norm = np.linalg.lstsq(squares.X.T, squares.Y)[0]
    np.testing.assert_allclose(squares.closest_solution(0 * w0), least_norm, rtol=1e-11)


@both
def test_the_closed_form_is_the_descent(case: str) -> None:
    squares, w0, reference = problem(case)
    for factor in (0.05, 1.0, 1.7):
        eta = factor * reference["eta=1/lmax"]
        iterates = squares.step(w0, eta, 400)
        predicted = squares.closed_form(w0, eta, np.arange(1, 401))
        np.testing.assert_allclose(iterates, predicted, rtol=0, atol=2e-14)
        np.testing.assert_allclose(squares.closed_form(w0, eta, 7), predicted[6], rtol=1e-14)


@both
def test_the_stability_limit_is_sharp(case: str) -> None:
    squares, w0, reference = problem(case)
    for factor, expected in reference["loss_after_3000_at_eta=f/lmax"].items():
        last = squares.step(w0, float(factor) * reference["eta=1/lmax"], 3000)[-1]
        assert squares.loss(last) == pytest.approx(expected, rel=1e-9, abs=1e-24)


@both
def test_descent_never_leaves_the_image(case: str) -> None:
    squares, w0, reference = problem(case)
    iterates = squares.step(w0, reference["eta=1/lmax"], 400)
    assert squares.off_image(iterates, w0).max() < 1e-13
    shifted = w0 + np.arange(squares.p)
    image = squares.X @ np.linalg.lstsq(squares.X, shifted - w0)[0]
    outside = np.linalg.norm(shifted - w0 - image)
    assert squares.off_image(shifted, w0) == pytest.approx(outside, abs=1e-12)


@both
def test_each_mode_decays_at_its_own_rate(case: str) -> None:
    squares, w0, reference = problem(case)
    eta = 1.3 * reference["eta=1/lmax"]
    limit = squares.closest_solution(w0)
    iterates = squares.step(w0, eta, 30)
    factors = (1 - eta * np.array(reference["eigs_XXt_nonzero_desc"])) ** np.arange(1, 31)[:, None]
    expected = factors * squares.modes(w0, limit)
    np.testing.assert_allclose(squares.modes(iterates, limit), expected, rtol=1e-9, atol=1e-13)


@both
def test_the_gradient_is_the_derivative_of_the_loss(case: str) -> None:
    squares, w0, _ = problem(case)
    offsets = 1e-6 * np.eye(squares.p)
    slopes = (squares.loss(w0 + offsets) - squares.loss(w0 - offsets)) / 2e-6
    np.testing.assert_allclose(squares.gradient(w0), slopes, rtol=1e-7, atol=1e-8)
    one_step = squares.step(w0, 0.01, 1)[0]
    np.testing.assert_allclose(one_step, w0 - 0.01 * squares.n * squares.gradient(w0), rtol=1e-13)


def test_the_decay_keeps_its_accuracy_for_small_steps() -> None:
    squares = LeastSquares(np.eye(1), np.ones(1))
    eta, t = 1e-9, 10**9
    # e^{-1} (1 - eta/2 + ...): (1 - eta)^(1/eta) expanded by hand
    assert squares.decay(eta, t)[0] == pytest.approx(np.exp(-1) * (1 - eta / 2), rel=1e-14)
    assert np.array_equal(squares.decay(3.0, np.array([0, 1, 2]))[:, 0], [1.0, -2.0, 4.0])


@pytest.mark.parametrize("chunk", [1, 5, 33])
@pytest.mark.parametrize(("n", "p"), [(3, 8), (40, 13), (7, 129)])
def test_splitting_the_steps_changes_no_bit(n: int, p: int, chunk: int) -> None:
    squares = random_problem(n, p, 10.0, 0.1, 0)
    w = np.random.default_rng(1).standard_normal(p)
    whole = squares.step(w, 1.5, 99)
    for start in range(0, 99, chunk):
        part = squares.step(w, 1.5, min(chunk, 99 - start))
        assert np.array_equal(part, whole[start : start + chunk])
        w = part[-1]


def test_divergence_ends_before_the_first_loss_that_is_not_finite() -> None:
    squares, w0, _ = problem("under_n8_p3")
    iterates = squares.step(w0, 100.0, 1000)
    assert 0 < len(iterates) < 200
    assert np.isfinite(squares.loss(iterates)).all()


@pytest.mark.parametrize(("n", "p"), [(5, 12), (12, 5), (6, 6), (1, 4)])
def test_a_random_problem_has_the_condition_asked_for(n: int, p: int) -> None:
    squares = random_problem(n, p, 50.0, 0.0, 3)
    expected = np.geomspace(1, 1 / 50, min(n, p))
    spectrum = np.linalg.eigvalsh(squares.X @ squares.X.T)[::-1]
    np.testing.assert_allclose(spectrum[: min(n, p)], expected, rtol=1e-10)
    np.testing.assert_allclose(spectrum[min(n, p) :], 0, atol=1e-14)
    assert squares.minimum < 1e-28


def test_noise_and_seed_make_the_problem() -> None:
    assert random_problem(12, 5, 5.0, 0.3, 1).minimum > 1e-3
    again = [random_problem(12, 5, 5.0, 0.3, seed) for seed in (1, 1, 2)]
    assert np.array_equal(again[0].X, again[1].X)
    assert np.array_equal(again[0].Y, again[1].Y)
    assert not np.array_equal(again[0].X, again[2].X)


def test_the_fit_is_the_projection_whatever_the_rank() -> None:
    rng = np.random.default_rng(4)
    # Rank 2 below both n = 6 and p = 4: many minimizers, one prediction.
    X = rng.standard_normal((4, 2)) @ rng.standard_normal((2, 6))
    squares = LeastSquares(X, rng.standard_normal(6))
    assert squares.rank == 2
    solution = np.linalg.lstsq(X.T, squares.Y, rcond=1e-10)[0]
    np.testing.assert_allclose(squares.fitted, X.T @ solution, atol=1e-12)
    direction = squares.flattest_direction(rng)
    assert np.linalg.norm(direction) == pytest.approx(1.0)
    np.testing.assert_allclose(X.T @ direction, 0.0, atol=1e-13)
    assert squares.loss(solution + direction) == pytest.approx(squares.minimum, rel=1e-12)


def test_a_unique_minimizer_is_flattest_along_the_smallest_eigenvalue() -> None:
    squares = random_problem(9, 3, 7.0, 0.2, 5)
    direction = squares.flattest_direction(np.random.default_rng(0))
    limit = np.linalg.lstsq(squares.X.T, squares.Y, rcond=None)[0]
    rise = squares.loss(limit + direction) - squares.loss(limit)
    assert rise == pytest.approx(1 / (2 * 9 * 7), rel=1e-9)


def test_features_that_are_all_zero() -> None:
    squares = LeastSquares(np.zeros((2, 3)), np.array([1.0, 2.0, 3.0]))
    assert squares.rank == 0
    assert squares.stability_limit == np.inf
    assert squares.minimum == pytest.approx(14 / 6)
    assert np.array_equal(squares.closest_solution(np.ones(2)), np.ones(2))
    assert np.array_equal(squares.step(np.ones(2), 0.1, 2), np.ones((2, 2)))


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        (np.ones((2, 3)), np.ones(2), r"X has shape \(2, 3\) and Y \(2,\)"),
        (np.ones(3), np.ones(3), "X must be"),
        (np.ones((2, 0)), np.ones(0), "X must be"),
        (np.full((2, 3), np.nan), np.ones(3), "not finite"),
    ],
)
def test_bad_data_is_refused(X: np.ndarray, Y: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LeastSquares(X, Y)


def test_bad_requests_are_refused() -> None:
    squares = random_problem(3, 2, 2.0, 0.0, 0)
    with pytest.raises(ValueError, match="steps is -1"):
        squares.step(np.ones(2), 0.1, -1)
    with pytest.raises(ValueError, match=r"must be \(2,\)"):
        squares.step(np.ones(3), 0.1, 1)
    for bad in ((0, 1, 2.0, 0.0), (1, 1, 0.5, 0.0), (1, 1, 2.0, -1.0)):
        with pytest.raises(ValueError, match=r"must be"):
            random_problem(*bad, seed=0)


def test_a_random_problem_of_lower_rank_leaves_directions_free() -> None:
    squares = random_problem(12, 8, 6.0, 0.5, 0, rank=5)
    eigenvalues = np.linalg.eigvalsh(squares.X @ squares.X.T)
    assert np.linalg.matrix_rank(squares.X) == squares.rank == 5
    np.testing.assert_allclose(eigenvalues[:3], 0.0, atol=1e-14)
    np.testing.assert_allclose([eigenvalues[3], eigenvalues[-1]], [1 / 6, 1.0])


@pytest.mark.parametrize("rank", [-1, 9, 13])
def test_a_rank_that_no_matrix_has_is_refused(rank: int) -> None:
    with pytest.raises(ValueError, match=f"rank is {rank}"):
        random_problem(12, 8, 6.0, 0.5, 0, rank=rank)
