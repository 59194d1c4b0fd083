"""Empirical risks, draws, and the exact moments of SGD against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.descent import sample_gradients
from lazygui.numerics.empirical_risk import CONVEX_LOSSES, EmpiricalRisk, chord_excess, random_risk
from lazygui.numerics.objectives import objective
from lazygui.numerics.sgd import Draws, MeanSquareTheory, drawn_gradients, step_factor
from tests.numerics.reference import arrays, values


def risk(loss: str = "square", n: int = 12, noise: float = 0.6) -> EmpiricalRisk:
    return random_risk(n, 5.0, noise, loss, np.random.default_rng(4))


def direct_value(case: EmpiricalRisk, w: np.ndarray) -> float:
    f = case.inputs @ w
    if case.loss == "square":
        return float(np.mean((f - case.targets) ** 2) / 2)
    return float(np.mean(np.log1p(np.exp(-case.targets * f))))


@pytest.mark.parametrize("loss", CONVEX_LOSSES)
class TestRisk:
    def test_value_and_gradient_at_many_points(self, loss: str):
        case, points = risk(loss), np.random.default_rng(0).standard_normal((3, 4, 2))
        found, slopes = case.value(points), case.gradient(points)
        h = 1e-6
        for place in np.ndindex(3, 4):
            w = points[place]
            assert found[place] == pytest.approx(direct_value(case, w), rel=1e-13)
            for k, e in enumerate(np.eye(2)):
                up, down = direct_value(case, w + h * e), direct_value(case, w - h * e)
                assert slopes[place][k] == pytest.approx((up - down) / (2 * h), abs=1e-8)

    def test_the_mean_over_the_samples_is_the_gradient(self, loss: str):
        case, w = risk(loss), np.array([0.7, -1.1])
        mean = case.sample_gradients(w).mean(axis=0)
        np.testing.assert_allclose(mean, case.gradient(w), rtol=1e-12)

    def test_the_minimizer_and_the_gap(self, loss: str):
        case = risk(loss)
        assert np.linalg.norm(case.gradient(case.minimizer)) < 1e-12
        assert case.gap(case.minimizer) == pytest.approx(0.0, abs=1e-15)
        points = case.minimizer + np.random.default_rng(1).standard_normal((50, 2))
        np.testing.assert_allclose(case.gap(points), case.value(points) - case.minimum, atol=1e-14)
        assert (case.gap(points) > 0).all()

    def test_its_objective_says_the_same(self, loss: str):
        case = risk(loss)
        goal = case.objective((2.0, 1.0))
        w = np.array([0.3, 0.9])
        assert goal.value(w) == case.value(w)
        np.testing.assert_array_equal(goal.gradient(w), case.gradient(w))
        assert goal.distance(w) == pytest.approx(np.hypot(*(w - case.minimizer)))
        for (low, high), a, b in zip(goal.bounds, (2.0, 1.0), case.minimizer, strict=True):
            assert low < min(a, b) <= max(a, b) < high

    def test_no_chord_is_crossed(self, loss: str):
        goal = risk(loss).objective((2.0, 1.0))
        excess = chord_excess(goal, 200, np.linspace(0, 1, 21), seed=3)
        assert excess.shape == (200, 21)
        assert excess.max() <= 1e-14
        assert excess[:, 10].max() < -1e-12


def test_large_samples_are_added_in_parts():
    case = random_risk(1000, 2.0, 0.5, "logistic", np.random.default_rng(0))
    points = np.random.default_rng(0).standard_normal((1200, 2))
    np.testing.assert_allclose(case.value(points)[::400], case.value(points[::400]), rtol=1e-12)


def test_a_nonconvex_function_crosses_its_chords():
    assert chord_excess(objective("rosenbrock"), 200, np.linspace(0, 1, 21), seed=0).max() > 1e-3


def test_the_second_moment_has_the_eigenvalues_asked_for():
    eigenvalues = np.linalg.eigvalsh(risk().second_moment)
    np.testing.assert_allclose(eigenvalues, [0.2, 1.0], rtol=1e-13)


def test_square_gradients_are_those_of_the_lecture():
    data = arrays("sgd_inputs")
    phi, y, w = data["Phi"][:, :2], data["Y"], data["w"][:2]
    case = EmpiricalRisk(np.ascontiguousarray(phi), y)
    np.testing.assert_allclose(case.sample_gradients(w), sample_gradients(phi, y, w), rtol=1e-12)


def test_the_reference_enumeration_is_unbiased():
    data = arrays("sgd_inputs")
    gradients = sample_gradients(data["Phi"], data["Y"], data["w"])
    np.testing.assert_allclose(gradients.mean(axis=0), values()["sgd"]["grad_F"], rtol=1e-12)


def test_separable_classes_have_no_minimizer():
    inputs = np.array([[1.0, 0.2], [2.0, -0.3], [-1.0, 0.4], [-2.0, 0.1]])
    with pytest.raises(ValueError, match="a line parts the two classes"):
        _ = EmpiricalRisk(inputs, np.sign(inputs[:, 0]), "logistic").minimizer


@pytest.mark.parametrize(
    ("inputs", "targets", "loss", "said"),
    [
        (np.ones((3, 3)), np.ones(3), "square", r"\(n, 2\)"),
        (np.ones((3, 2)), np.ones(4), "square", r"\(n, 2\)"),
        (np.full((3, 2), np.nan), np.ones(3), "square", "not finite"),
        (np.ones((3, 2)), np.ones(3), "hinge", "choose one of square, logistic"),
    ],
)
def test_bad_data_are_refused(inputs: np.ndarray, targets: np.ndarray, loss: str, said: str):
    with pytest.raises(ValueError, match=said):
        EmpiricalRisk(inputs, targets, loss)


class TestDraws:
    def test_a_step_does_not_depend_on_what_was_asked_before(self):
        there = Draws(7, 3, 5000, seed=1)
        steps = [there.at(t) for t in range(12)]
        back = Draws(7, 3, 5000, seed=1)
        for t in reversed(range(12)):
            np.testing.assert_array_equal(back.at(t), steps[t])

    def test_uniform_draws_are_uniform_and_independent(self):
        draws = np.concatenate([Draws(5, 2, 400, seed=0).at(t) for t in range(100)])
        counts = np.bincount(draws.ravel(), minlength=5)
        expected = draws.size / 5
        chi2 = float(((counts - expected) ** 2 / expected).sum())
        assert chi2 < 18.5  # 99.9 % of chi² with 4 degrees of freedom
        pairs = np.bincount((5 * draws[:-1] + draws[1:]).ravel(), minlength=25)
        expected = pairs.sum() / 25
        assert float(((pairs - expected) ** 2 / expected).sum()) < 51.2

    @pytest.mark.parametrize("batch", [1, 2, 3, 6])
    def test_a_shuffled_epoch_has_every_sample_once(self, batch: int):
        draws = Draws(6, batch, 4, seed=2, shuffled=True)
        rows = np.concatenate([draws.at(t) for t in range(4 * 6 // batch)])
        for epoch in np.split(rows, 4):
            for run in epoch.T:
                assert sorted(run) == list(range(6))
        assert len({tuple(run) for run in rows.T}) == 4

    def test_an_epoch_holds_its_batch(self):
        with pytest.raises(ValueError, match="an epoch has 6 samples"):
            Draws(6, 7, 4, seed=0, shuffled=True)


def test_drawn_gradients_run_by_run():
    case = risk("logistic")
    w = np.random.default_rng(0).standard_normal((2, 5))
    samples = np.random.default_rng(1).integers(12, size=(3, 5))
    found = drawn_gradients(case, w, samples)
    for r in range(5):
        expected = case.sample_gradients(w[:, r])[samples[:, r]].mean(axis=0)
        np.testing.assert_allclose(found[:, r], expected, rtol=1e-12, atol=1e-15)


def test_step_factors():
    assert [step_factor("constant", t, 9.0) for t in (0, 99)] == [1.0, 1.0]
    assert step_factor("sqrt", 3, 9.0) == 0.5
    assert step_factor("harmonic", 9, 9.0) == 0.5
    with pytest.raises(ValueError, match="choose one of constant"):
        step_factor("cosine", 0, 1.0)


class TestTheory:
    @pytest.mark.parametrize("batch", [1, 2])
    def test_the_moments_equal_the_enumeration_of_every_draw(self, batch: int):
        """Two steps over all n^(2b) sequences of draws."""
        case = risk(n=4)
        theory, start, rate = MeanSquareTheory(case, batch), np.array([1.0, -0.5]), 0.4
        points = start[None]
        for _ in range(2):
            gradients = np.array([case.sample_gradients(w) for w in points])
            if batch == 2:
                gradients = (gradients[:, :, None] + gradients[:, None, :]) / 2
                gradients = gradients.reshape(len(points), -1, 2)
            points = (points[:, None] - rate * gradients).reshape(-1, 2)
        e = points - case.minimizer
        moments = theory.begin(start)
        for _ in range(2):
            moments = theory.after_step(moments, rate)
        np.testing.assert_allclose(moments[:2], e.mean(axis=0), atol=1e-13)
        np.testing.assert_allclose(moments[2:], np.einsum("ki,kj->ij", e, e).ravel() / len(e),
                                   atol=1e-13)  # fmt: skip
        expected = case.gap(points).mean()
        assert theory.expected_gap(moments[2:]) == pytest.approx(expected, rel=1e-12)
        assert theory.gap_after((1.0, -0.5), rate, 2) == pytest.approx(expected, rel=1e-12)

    def test_the_floor_is_where_the_moments_end(self):
        theory = MeanSquareTheory(risk(), 2)
        moments = theory.begin(np.array([3.0, 3.0]))
        for _ in range(4000):
            moments = theory.after_step(moments, 0.1)
        assert theory.noise_floor(0.1) == pytest.approx(theory.expected_gap(moments[2:]), rel=1e-10)
        assert theory.gap_after((3.0, 3.0), 0.1, 4000) == pytest.approx(theory.noise_floor(0.1))

    def test_a_small_floor_is_proportional_to_the_rate(self):
        case = risk()
        theory = MeanSquareTheory(case)
        r = case.targets - case.inputs @ case.minimizer
        limit = np.mean(r**2 * (case.inputs**2).sum(axis=1)) / 4
        assert theory.noise_floor(1e-5) / 1e-5 == pytest.approx(limit, rel=1e-4)

    def test_the_largest_rate_parts_bounded_from_unbounded(self):
        theory = MeanSquareTheory(risk())
        limit = theory.largest_learning_rate
        assert 0 < limit < 2
        reached = [theory.gap_after((1.0, 1.0), f * limit, 4000) for f in (0.97, 1.03)]
        assert reached[0] == pytest.approx(theory.noise_floor(0.97 * limit), rel=0.05)
        assert reached[1] > 1e6
        assert theory.noise_floor(limit) == np.inf
        assert theory.relaxation_steps(1.03 * limit) == np.inf
        assert theory.relaxation_steps(0.01) > theory.relaxation_steps(0.1) > 1

    def test_only_for_least_squares(self):
        with pytest.raises(ValueError, match="square only"):
            MeanSquareTheory(risk("logistic"))
