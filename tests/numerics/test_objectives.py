from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.objectives import OBJECTIVES, Objective, objective

CASES = [
    objective("quadratic", minimizer=(0.4,)),
    objective("absolute", minimizer=(0.4,), slope=2.0),
    objective("huber", minimizer=(-0.7,)),
    objective("quadratic_2d", minimizer=(0.3, -0.2), condition=100.0, angle=30.0),
    *(family.build() for family in OBJECTIVES.values()),
]
everywhere = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def random_points(case: Objective, count: int = 40) -> np.ndarray:
    low, high = np.array(case.bounds).T
    return np.random.default_rng(1).uniform(low, high, (count, case.dim))


def differences(case: Objective, points: np.ndarray, step: float = 1e-6) -> np.ndarray:
    offsets = step * np.eye(case.dim)
    return np.stack(
        [(case.value(points + e) - case.value(points - e)) / (2 * step) for e in offsets], axis=-1
    )


def hessian(case: Objective, point: np.ndarray, step: float = 1e-5) -> np.ndarray:
    offsets = step * np.eye(case.dim)
    return np.array(
        [(case.gradient(point + e) - case.gradient(point - e)) / (2 * step) for e in offsets]
    )


@everywhere
def test_the_gradient_is_the_derivative_of_the_value(case: Objective) -> None:
    points = random_points(case)
    np.testing.assert_allclose(
        case.gradient(points), differences(case, points), rtol=1e-6, atol=2e-6
    )


@everywhere
def test_floats_and_arrays_give_the_same_bits(case: Objective) -> None:
    points = random_points(case)
    by_floats = [case.slopes(*map(float, point)) for point in points]
    assert np.array_equal(case.gradient(points), by_floats)
    assert np.array_equal(case.value(points), [case.height(*map(float, p)) for p in points])


@everywhere
def test_any_leading_shape_is_kept(case: Objective) -> None:
    points = random_points(case, 12).reshape(3, 4, case.dim)
    assert case.value(points).shape == (3, 4)
    assert case.gradient(points).shape == (3, 4, case.dim)
    assert case.distance(points).shape == (3, 4)
    assert case.value(points[0, 0]) == case.value(points)[0, 0]


@everywhere
def test_the_minimizer_has_the_minimum_and_no_distance(case: Objective) -> None:
    assert case.minimizer is not None
    assert case.value(case.minimizer) == case.minimum
    assert np.all(case.gradient(case.minimizer) == 0)
    assert case.distance(case.minimizer) == 0
    assert np.all(case.value(random_points(case, 400)) > case.minimum)


@everywhere
def test_the_constants_are_the_extreme_eigenvalues_of_the_hessian(case: Objective) -> None:
    spectra = np.array([np.linalg.eigvalsh(hessian(case, p)) for p in random_points(case)])
    if case.smoothness is not None:
        assert spectra.max() == pytest.approx(case.smoothness, rel=1e-6)
    if case.strong_convexity:
        assert spectra.min() == pytest.approx(case.strong_convexity, rel=1e-3)
    else:
        assert spectra.min() < 1e-6


@pytest.mark.parametrize(
    ("name", "point", "distance"),
    [
        ("exercise_a", (-2.0, 7.0), 2.0),
        ("exercise_b", (3.0, 4.0), 5.0),
        ("saddle", (0.0, 0.0), 1.0),
        ("saddle", (3.0, -5.0), 5.0),
        ("rosenbrock", (4.0, 5.0), 5.0),
    ],
)
def test_distance_is_to_the_nearest_minimizer(
    name: str, point: tuple[float, float], distance: float
) -> None:
    assert objective(name).distance(np.array(point)) == distance


def test_the_subgradient_at_a_kink_is_zero() -> None:
    assert objective("absolute", slope=3.0).gradient(np.zeros(1)) == 0
    assert np.array_equal(objective("exercise_c").gradient(np.array([2.0, 0.0])), [2.0, 0.0])


@pytest.mark.parametrize(("u", "expected"), [(1e-300, 1e-300), (1.0, 1.0), (1.5, 1.0), (-9.0, -1)])
def test_hubers_gradient_is_exact(u: float, expected: float) -> None:
    assert objective("huber").gradient(np.array([u])) == expected


@pytest.mark.parametrize(
    ("name", "limit", "best"),
    [
        ("quadratic", 2.0, 1.0),
        ("huber", 2.0, None),
        ("absolute", None, None),
        ("exercise_a", 2.0, None),
        ("rosenbrock", None, None),
    ],
)
def test_learning_rates_worth_knowing(name: str, limit: float | None, best: float | None) -> None:
    assert objective(name).stability_limit == limit
    assert objective(name).best_learning_rate == best


def test_the_best_learning_rate_of_an_ill_conditioned_quadratic() -> None:
    best = objective("quadratic_2d", condition=100.0).best_learning_rate
    assert best == pytest.approx(1.9801980198019802, rel=1e-15)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("quadratc", {}, "Did you mean 'quadratic'.*rosenbrock"),
        ("zzz", {}, "Unknown objective 'zzz'. Known: quadratic"),
        ("huber", {"slop": 1.0}, "Unknown parameter of 'huber' 'slop'. Known: minimizer"),
        ("absolute", {"slop": 1.0}, "Did you mean 'slope'"),
        ("saddle", {"angle": 1.0}, "Known: none"),
        ("absolute", {"slope": 0.0}, "slope is 0.0"),
        ("quadratic_2d", {"condition": 0.5}, "condition is 0.5"),
        ("quadratic_2d", {"angle": float("nan")}, "angle is nan"),
        ("quadratic", {"minimizer": (1.0, 2.0)}, "give 1 finite number"),
        ("quadratic", {"minimizer": 1.0}, "give 1 finite number"),
        ("huber", {"minimizer": (float("inf"),)}, "give 1 finite number"),
    ],
)
def test_bad_requests_say_what_to_do(name: str, parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        objective(name, **parameters)


def test_points_of_the_wrong_size_are_refused() -> None:
    with pytest.raises(ValueError, match="2 coordinate"):
        objective("saddle").value(np.zeros(3))


def test_families_state_their_parameters() -> None:
    assert OBJECTIVES["quadratic_2d"].parameters == ("minimizer", "condition", "angle")
    assert OBJECTIVES["absolute"].parameters == ("minimizer", "slope")
    assert [family.dim for family in OBJECTIVES.values()] == [1, 1, 1, 2, 2, 2, 2, 2, 2]
