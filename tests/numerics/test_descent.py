from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lazygui.numerics.descent import descend, gradient_descent, sample_gradients, sgd
from lazygui.numerics.objectives import OBJECTIVES, Objective, objective
from tests.numerics.reference import arrays, values

TIGHT = {"rtol": 1e-12, "atol": 1e-14}


def trajectory(case: Objective, start: object, learning_rate: float, steps: int) -> np.ndarray:
    """The start and the iterates, after checking that both drivers agree to the bit."""
    w0 = np.atleast_1d(np.asarray(start, dtype=float))
    path = np.vstack((w0, descend(case, w0, learning_rate, steps)))
    assert np.array_equal(path, gradient_descent(case.gradient, w0, learning_rate, steps))
    return path


@pytest.mark.parametrize("learning_rate", ["0.1", "0.5", "1.0", "1.5", "1.9", "2.0", "2.1"])
def test_parabola(learning_rate: str) -> None:
    reference = values()["gd"]["quad1d"]
    case = objective("quadratic", minimizer=(reference["wstar"],))
    path = trajectory(case, reference["w0"], float(learning_rate), reference["T"])
    np.testing.assert_allclose(path[:, 0], reference["runs"][learning_rate]["w"], **TIGHT)


@pytest.mark.parametrize("gap", ["0.5", "0.1", "0.01"])
def test_absolute_value_reaches_the_gap_when_the_lecture_says(gap: str) -> None:
    reference = values()["gd"]["abs"]
    run = reference["runs"][gap]
    case = objective("absolute", minimizer=(reference["wstar"],), slope=reference["G"])
    steps = run["T=|w0-w*|G/eps"]
    path = trajectory(case, reference["w0"], run["eta=eps/G^2"], steps + 200)
    np.testing.assert_allclose(path[:10, 0], run["w_first10"], **TIGHT)
    heights = case.value(path)
    assert heights[steps] == pytest.approx(run["gap_at_T"], abs=1e-12)
    assert heights[steps:].max() == pytest.approx(run["max_gap_after_T"], rel=1e-9)
    assert int(np.argmax(heights <= float(gap))) == run["first_hit_gap<=eps"]


def test_absolute_value_oscillates() -> None:
    reference = values()["gd"]["abs"]
    expected = reference["eta0.1_w0_3.03_T40"]
    case = objective("absolute", minimizer=(reference["wstar"],), slope=reference["G"])
    path = trajectory(case, 3.03, 0.1, len(expected) - 1)
    np.testing.assert_allclose(path[:, 0], expected, **TIGHT)


@pytest.mark.parametrize("run", values()["gd"]["huber"]["runs"])
def test_huber(run: str) -> None:
    start, learning_rate = (float(part.split("=")[1]) for part in run.split(","))
    reference = values()["gd"]["huber"]["runs"][run]
    path = trajectory(objective("huber"), start, learning_rate, len(reference["w"]) - 1)
    np.testing.assert_allclose(path[:, 0], reference["w"], **TIGHT)


@pytest.mark.parametrize("run", values()["gd"]["quad2d"]["runs"])
def test_quadratic_in_the_plane(run: str) -> None:
    reference = values()["gd"]["quad2d"]
    condition = float(run.split(",", maxsplit=1)[0].split("=")[1])
    case = objective("quadratic_2d", minimizer=reference["wstar"], condition=condition, angle=30.0)
    expected = reference["runs"][run]
    path = trajectory(case, reference["w0"], expected["eta"], 200)
    np.testing.assert_allclose(path[:5], expected["w_first5"], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(path[-1], expected["w_T"], rtol=1e-12, atol=1e-15)
    assert case.distance(path[-1]) == pytest.approx(expected["dist_T"], rel=1e-9, abs=1e-15)
    assert case.value(path[-1]) == pytest.approx(expected["F_T"], rel=1e-9, abs=1e-30)


def test_exercise_a_never_moves_along_the_flat_direction() -> None:
    path = trajectory(objective("exercise_a"), (2.0, 1.0), 0.1, 100)
    assert np.all(path[:, 1] == 1.0)
    np.testing.assert_allclose(path[:, 0], 2 * 0.9 ** np.arange(101), rtol=1e-13)


def test_exercise_b_looks_converged_long_before_it_is() -> None:
    case = objective("exercise_b")
    path = trajectory(case, (2.0, 1.0), 0.1, 1000)
    assert case.value(path[100]) == pytest.approx(5e-6, rel=2e-3)
    assert case.distance(path[100]) == pytest.approx(0.9999, abs=1e-6)
    assert case.distance(path[1000]) == pytest.approx(0.9990005, abs=1e-6)


def test_exercise_c_ends_in_a_band_of_height_eta() -> None:
    path = trajectory(objective("exercise_c"), (2.0, 1.0), 0.3, 500)
    assert np.all(np.abs(path[-50:, 1]) <= 0.3)
    assert np.all(np.abs(np.diff(path[-50:, 1])) == pytest.approx(0.3))


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_splitting_the_steps_changes_no_bit(name: str, chunk: int) -> None:
    case = objective(name)
    w = np.array(case.default_start)
    whole = descend(case, w, 0.0015, 128)
    parts = []
    while sum(map(len, parts)) < len(whole):
        parts.append(descend(case, w, 0.0015, min(chunk, 128 - sum(map(len, parts)))))
        w = parts[-1][-1]
    assert np.array_equal(np.vstack(parts), whole)


@pytest.mark.parametrize(
    ("name", "learning_rate", "start"),
    [("quadratic", 1e3, (3.0,)), ("rosenbrock", 0.1, (-1.2, 1.0)), ("saddle", 5.0, (1.0, 2.0))],
)
def test_divergence_ends_before_the_first_point_that_is_not_finite(
    name: str, learning_rate: float, start: tuple[float, ...]
) -> None:
    case = objective(name)
    path = descend(case, np.array(start), np.float64(learning_rate), 500)
    assert 0 < len(path) < 500
    assert np.isfinite(case.value(path)).all()
    assert len(descend(case, path[-1], learning_rate, 500)) == 0


def test_an_infinite_iterate_ends_the_path_even_where_the_value_is_finite() -> None:
    bounded = replace(objective("quadratic"), height=np.tanh)
    path = descend(bounded, np.array([3.0]), 1e3, 500)
    assert 0 < len(path) < 500
    assert np.isfinite(path).all()


def test_a_learning_rate_schedule() -> None:
    path = gradient_descent(
        objective("quadratic").gradient, np.array([8.0]), 0.0, 3, lambda t: 1 / (t + 2)
    )
    assert path[:, 0] == pytest.approx([8.0, 4.0, 8 / 3, 2.0])


def test_no_steps_and_bad_requests() -> None:
    case = objective("saddle")
    assert descend(case, np.ones(2), 0.1, 0).shape == (0, 2)
    assert np.array_equal(gradient_descent(case.gradient, np.ones(2), 0.1, 0), [[1.0, 1.0]])
    with pytest.raises(ValueError, match="steps is -1"):
        descend(case, np.ones(2), 0.1, -1)
    with pytest.raises(ValueError, match="saddle needs 2"):
        descend(case, np.ones(3), 0.1, 1)


def test_sample_gradients_are_unbiased() -> None:
    data = arrays("sgd_inputs")
    gradients = sample_gradients(data["Phi"], data["Y"], data["w"])
    np.testing.assert_allclose(gradients.mean(axis=0), values()["sgd"]["grad_F"], rtol=1e-13)
    drawn = gradients[data["idx"]].mean(axis=0)
    np.testing.assert_allclose(drawn, values()["sgd"]["mc_mean_1e5"], rtol=1e-12)
    spread = np.trace(np.cov(gradients.T, bias=True))
    assert spread == pytest.approx(values()["sgd"]["trace_cov"], rel=1e-9)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_one_step_of_sgd_averages_to_a_gradient_step(batch_size: int) -> None:
    data, rng = arrays("sgd_inputs"), np.random.default_rng(5)
    draws = np.array(
        [sgd(data["Phi"], data["Y"], data["w"], 1.0, 1, rng, batch_size)[1] for _ in range(20_000)]
    )
    directions = data["w"] - draws
    deviation = directions.std(axis=0)
    z = (directions.mean(axis=0) - values()["sgd"]["grad_F"]) / (deviation / np.sqrt(20_000))
    assert np.abs(z).max() < 4
    total = values()["sgd"]["trace_cov"] / batch_size
    assert np.sum(np.square(deviation)) == pytest.approx(total, rel=0.05)


def test_sgd_in_two_calls_continues_the_same_stream() -> None:
    data = arrays("sgd_inputs")
    whole = sgd(data["Phi"], data["Y"], data["w"], 0.1, 50, np.random.default_rng(3), 2)
    rng = np.random.default_rng(3)
    first = sgd(data["Phi"], data["Y"], data["w"], 0.1, 17, rng, 2)
    second = sgd(data["Phi"], data["Y"], first[-1], 0.1, 33, rng, 2)
    assert np.array_equal(np.vstack((first, second[1:])), whole)


def test_sgd_refuses_an_empty_batch() -> None:
    with pytest.raises(ValueError, match="batch_size is 0"):
        sgd(np.ones((2, 1)), np.ones(2), np.ones(1), 0.1, 1, np.random.default_rng(0), 0)
