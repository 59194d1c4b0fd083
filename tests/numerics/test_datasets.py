from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lazygui.numerics.datasets import DATASETS, Dataset, circle, digits, line, teacher
from lazygui.numerics.measured_datasets import _digit_images
from tests.numerics.reference import arrays

MADE = ("line", "circle", "teacher", "digits")


def dumped(data: Dataset) -> bytes:
    parts = (data.inputs, data.targets, data.test_inputs, data.test_targets)
    return b"".join(part.tobytes() for part in parts)


@pytest.mark.parametrize("name", MADE)
def test_shapes_and_names_agree(name: str) -> None:
    data = DATASETS[name](n=12, n_test=7)
    d = len(data.feature_names)
    assert data.name == name
    assert data.inputs.shape == (12, d)
    assert data.targets.shape == (12,)
    assert data.test_inputs.shape == (7, d)
    assert data.test_targets.shape == (7,)
    assert DATASETS[name](n=12, n_test=0).test_inputs.shape == (0, d)
    assert data.inputs.dtype == data.targets.dtype == np.float64


@pytest.mark.parametrize("name", MADE)
def test_the_same_arguments_give_the_same_bytes(name: str) -> None:
    make = DATASETS[name]
    np.random.seed(0)  # the global state must not matter
    first = dumped(make(n=12, n_test=7, seed=4))
    np.random.seed(1)
    assert dumped(make(n=12, n_test=7, seed=4)) == first
    assert dumped(make(n=12, n_test=7, seed=5)) != first


@pytest.mark.parametrize("name", ["line", "circle", "teacher"])
def test_noise_touches_the_training_targets_only(name: str) -> None:
    clean = DATASETS[name](n=4000, n_test=50, noise=0.0, seed=1)
    noisy = DATASETS[name](n=4000, n_test=50, noise=0.3, seed=1)
    assert np.array_equal(clean.inputs, noisy.inputs)
    assert np.std(noisy.targets - clean.targets) == pytest.approx(0.3, rel=0.05)
    assert np.array_equal(clean.test_targets, noisy.test_targets)


@pytest.mark.parametrize("data", [circle(), circle(bias_feature=False), teacher(dim=7), digits()])
def test_inputs_have_unit_norm(data: Dataset) -> None:
    for inputs in (data.inputs, data.test_inputs):
        np.testing.assert_allclose(np.linalg.norm(inputs, axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("data", [line(), circle(), circle(bias_feature=False), teacher()])
def test_the_grid_runs_through_the_training_inputs(data: Dataset) -> None:
    assert data.grid is not None
    assert data.coordinates is not None
    assert data.grid.inputs.shape == (241, data.inputs.shape[1])
    assert np.all(np.diff(data.grid.coordinates) > 0)
    for position, x in zip(data.coordinates, data.inputs, strict=True):
        nearest = np.argmin(np.abs(data.grid.coordinates - position))
        assert np.linalg.norm(data.grid.inputs[nearest] - x) < 0.02


def test_line_follows_its_target() -> None:
    data = line(n=30, seed=2)
    x = data.inputs[:, 0] * np.sqrt(2)
    assert np.all(np.diff(x) > 0)
    assert np.abs(x).max() <= 1
    np.testing.assert_allclose(data.inputs[:, 1], np.sqrt(0.5), rtol=1e-15)
    np.testing.assert_allclose(data.targets, np.sin(3 * x), atol=1e-15)
    steps = line(n=30, seed=2, target="step").targets
    assert np.array_equal(steps, np.sign(x))
    assert line(n=30, seed=2, target="bump").targets.max() <= 1


def test_random_angles_reproduce_the_reference_inputs() -> None:
    reference = arrays("alpha_inputs")
    data = circle(n=10, seed=21, target="waves", angles="random")
    np.testing.assert_allclose(data.inputs, reference["X"], atol=1e-15)
    np.testing.assert_allclose(data.targets, reference["y"], atol=1e-14)


def test_equal_angles_are_a_regular_polygon() -> None:
    data = circle(n=8, bias_feature=False, target="sine3")
    np.testing.assert_allclose(data.inputs[0], [-1, 0], atol=1e-15)
    np.testing.assert_allclose(data.inputs.sum(axis=0), 0, atol=1e-14)
    t = np.arctan2(data.inputs[:, 1], data.inputs[:, 0])
    np.testing.assert_allclose(data.targets, np.sin(3 * t), atol=1e-14)


def test_the_teacher_explains_the_targets() -> None:
    data = teacher(n=15, n_test=20, dim=2, teachers=3, seed=6)
    truth = data.teacher
    assert truth is not None
    np.testing.assert_allclose(np.linalg.norm(truth.rows, axis=1), 1, rtol=1e-15)
    assert set(truth.signs) <= {-1.0, 1.0}
    by_hand = [
        sum(c * max(float(a @ x), 0.0) for a, c in zip(truth.rows, truth.signs, strict=True))
        for x in data.inputs
    ]
    np.testing.assert_allclose(data.targets, by_hand, atol=1e-15)


def test_the_teachers_network_is_the_papers() -> None:
    reference = arrays("fig1_inputs")
    truth = teacher().teacher
    assert truth is not None
    papers = type(truth)(reference["teacher_a"], reference["teacher_c"])
    np.testing.assert_allclose(papers.output(reference["X"]), reference["Y"], atol=1e-15)


def test_a_teacher_in_high_dimension_has_no_grid() -> None:
    assert teacher(dim=5).grid is None


@pytest.mark.parametrize(("n", "n_test", "digit"), [(200, 300, 3), (1000, 797, 8), (2, 1, 0)])
def test_digits_are_stratified_and_disjoint(n: int, n_test: int, digit: int) -> None:
    data = digits(n=n, n_test=n_test, digit=digit, seed=1)
    assert data.classification
    assert (len(data.targets), len(data.test_targets)) == (n, n_test)
    assert set(data.targets) == {-1.0, 1.0}
    assert np.mean(data.targets > 0) == pytest.approx(0.1, abs=max(0.02, 1 / n))
    assert np.mean(data.test_targets > 0) == pytest.approx(0.1, abs=max(0.02, 1 / n_test))
    rows = {row.tobytes() for row in data.inputs} | {row.tobytes() for row in data.test_inputs}
    assert len(rows) == n + n_test


def test_digits_are_the_published_ones() -> None:
    """The counts and the first image as the documentation of scikit-learn gives them."""
    images, labels = _digit_images()
    assert images.shape == (1797, 64)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    assert images[0, :16].tolist() == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    assert (images.min(), images.max()) == (0, 16)


def test_digits_are_the_images_centred_by_the_training_mean() -> None:
    images, labels = _digit_images()
    data = digits(n=1797, n_test=0, digit=5, seed=0)
    centred = images / 16 - images.mean(axis=0) / 16
    expected = centred / np.linalg.norm(centred, axis=1)[:, None]
    signs = np.where(labels == 5, 1.0, -1.0)
    order, shuffled = np.lexsort(expected.T), np.lexsort(data.inputs.T)
    np.testing.assert_allclose(data.inputs[shuffled], expected[order], atol=1e-14)
    assert np.array_equal(data.targets[shuffled], signs[order])


def test_digits_are_centred_without_the_test_images() -> None:
    data = digits(n=10, n_test=500)
    unseen = np.all(data.inputs == 0, axis=0)  # pixels that are white in every training image
    assert unseen.sum() > 8
    assert np.any(data.test_inputs[:, unseen] > 0)


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (line, {"target": "sin"}, "choose one of sine, step, bump"),
        (circle, {"target": "sine"}, "choose one of waves, sine3"),
        (circle, {"angles": "some"}, "choose one of equal, random"),
        (line, {"n": 0}, "n is 0"),
        (line, {"n_test": -1}, "n_test is -1"),
        (line, {"noise": -0.1}, "noise is -0.1"),
        (teacher, {"dim": 1}, "dim is 1"),
        (teacher, {"teachers": 0}, "teachers 0"),
        (digits, {"digit": 10}, "digit is 10"),
        (digits, {"n": 1797, "n_test": 1}, "at most 1797"),
        (digits, {"n": 1}, "at least 2"),
    ],
)
def test_bad_requests_say_what_to_do(
    make: Callable[..., Dataset], arguments: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make(**arguments)
