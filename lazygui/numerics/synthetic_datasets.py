"""Synthetic data sets: a curve on the line or the circle, and a teacher network.

Test targets carry no noise: the test loss is then the distance to the target function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from lazygui.numerics.dataset_types import (
    GRID_POINTS,
    Array,
    Dataset,
    Grid,
    Teacher,
    check_sizes,
    chosen,
    with_constant,
)

Curve: TypeAlias = Callable[[Array], Array]


def _sine3(x: Array) -> Array:
    return np.asarray(np.sin(3 * x))


def _step(x: Array) -> Array:
    return np.where(x < 0, -1.0, 1.0)


def _bump(x: Array) -> Array:
    return np.asarray(np.exp(-12 * x * x))


def _waves(t: Array) -> Array:
    return np.asarray(np.sin(2 * t) + 0.5 * np.cos(3 * t))


LINE_TARGETS: Mapping[str, Curve] = MappingProxyType({"sine": _sine3, "step": _step, "bump": _bump})
CIRCLE_TARGETS: Mapping[str, Curve] = MappingProxyType({"waves": _waves, "sine3": _sine3})
TEACHER_STREAM = 1
CIRCLE_ANGLES = ("equal", "random")


def line(
    n: int = 20, n_test: int = 100, noise: float = 0.0, seed: int = 0, target: str = "sine"
) -> Dataset:
    """y = f(x) + noise, x uniform in [-1, 1] and sorted, inputs (x, 1)/sqrt 2.

    f is sin 3x ("sine"), the sign of x ("step") or exp(-12 x^2) ("bump"). The constant feature lets
    bias-free networks fit functions that are neither odd nor even. Raises ValueError for an
    unknown target, n below 1, n_test below 0 or a negative noise.
    """
    curve = chosen("target", target, LINE_TARGETS)
    check_sizes(n, n_test, noise)
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, n))
    targets = curve(x) + noise * rng.standard_normal(n)
    x_test = np.sort(rng.uniform(-1, 1, n_test))
    axis = np.linspace(-1.25, 1.25, GRID_POINTS)
    return Dataset(
        name="line",
        inputs=with_constant(x),
        targets=targets,
        test_inputs=with_constant(x_test),
        test_targets=curve(x_test),
        grid=Grid(axis, with_constant(axis), "x"),
        feature_names=("x", "1"),
        description=f"{n} points of the {target} curve on [-1, 1], noise {noise:g}.",
        coordinates=x,
    )


def circle(
    n: int = 10,
    n_test: int = 100,
    noise: float = 0.0,
    seed: int = 0,
    target: str = "waves",
    bias_feature: bool = True,
    angles: str = "equal",
) -> Dataset:
    """y = f(t) + noise, inputs (cos t, sin t, 1)/sqrt 2, or (cos t, sin t) with no bias feature.

    f is sin 2t + cos(3t)/2 ("waves") or sin 3t ("sine3"). The angles are equally spaced from -pi
    (-pi itself included, pi not), or "random": uniform in [0, 2 pi), sorted, then read in
    [-pi, pi). Raises ValueError for an unknown target or angles, or sizes out of range.
    """
    curve = chosen("target", target, CIRCLE_TARGETS)
    chosen("angles", angles, dict.fromkeys(CIRCLE_ANGLES))
    check_sizes(n, n_test, noise)
    rng = np.random.default_rng(seed)
    t = _turn(n, rng) if angles == "random" else -np.pi + 2 * np.pi * np.arange(n) / n
    targets = curve(t) + noise * rng.standard_normal(n)
    t_test = _turn(n_test, rng)
    axis = np.linspace(-np.pi, np.pi, GRID_POINTS)
    return Dataset(
        name="circle",
        inputs=_on_circle(t, bias_feature),
        targets=targets,
        test_inputs=_on_circle(t_test, bias_feature),
        test_targets=curve(t_test),
        grid=Grid(axis, _on_circle(axis, bias_feature), "t"),
        feature_names=("cos t", "sin t", "1") if bias_feature else ("cos t", "sin t"),
        description=f"{n} points of the {target} curve on the circle, noise {noise:g}.",
        coordinates=_principal(t),
    )


def teacher(
    n: int = 15,
    n_test: int = 200,
    dim: int = 2,
    teachers: int = 3,
    noise: float = 0.0,
    seed: int = 0,
) -> Dataset:
    """y = sum_j c_j relu(a_j.x) + noise: a two-layer ReLU network as the target.

    The ``teachers`` rows a_j are uniform on the unit sphere of R^dim, the signs c_j are +1 or -1,
    the inputs are uniform on the unit sphere. Source: Chizat, Oyallon, Bach 2019, figure 1.
    Raises ValueError for sizes out of range.
    """
    check_sizes(n, n_test, noise)
    if dim < 2 or teachers < 1:
        raise ValueError(f"dim is {dim}, teachers {teachers}; give at least 2 and 1.")
    # A stream of its own: a student drawn from the same seed must not start on the teacher's rows.
    rng = np.random.default_rng((seed, TEACHER_STREAM))
    truth = Teacher(_on_sphere(teachers, dim, rng), rng.choice(np.array([-1.0, 1.0]), teachers))
    inputs = _on_sphere(n, dim, rng)
    targets = truth.output(inputs) + noise * rng.standard_normal(n)
    test_inputs = _on_sphere(n_test, dim, rng)
    axis = np.linspace(-np.pi, np.pi, GRID_POINTS)
    return Dataset(
        name="teacher",
        inputs=inputs,
        targets=targets,
        test_inputs=test_inputs,
        test_targets=truth.output(test_inputs),
        grid=Grid(axis, _on_circle(axis, False), "t") if dim == 2 else None,
        feature_names=tuple(f"x{i}" for i in range(1, dim + 1)),
        description=f"{n} points on the unit sphere of dimension {dim}, targets of a ReLU network "
        f"with {teachers} neurons, noise {noise:g}.",
        coordinates=np.arctan2(inputs[:, 1], inputs[:, 0]) if dim == 2 else None,
        teacher=truth,
    )


def _on_circle(t: Array, bias_feature: bool) -> Array:
    """(cos t, sin t, 1)/sqrt 2, or (cos t, sin t): of norm 1 either way."""
    if not bias_feature:
        return np.stack((np.cos(t), np.sin(t)), axis=1)
    return np.asarray(np.stack((np.cos(t), np.sin(t), np.ones_like(t)), axis=1) / np.sqrt(2))


def _turn(count: int, rng: np.random.Generator) -> Array:
    """Sorted angles, uniform in [0, 2 pi)."""
    return np.sort(rng.uniform(0, 2 * np.pi, count))


def _principal(t: Array) -> Array:
    """The same angles in [-pi, pi), to rounding at its ends."""
    return np.asarray((t + np.pi) % (2 * np.pi) - np.pi)


def _on_sphere(count: int, dim: int, rng: np.random.Generator) -> Array:
    """Uniform points on the unit sphere of R^dim: (count, dim)."""
    gaussian = rng.standard_normal((count, dim))
    return np.asarray(gaussian / np.linalg.norm(gaussian, axis=1, keepdims=True))
