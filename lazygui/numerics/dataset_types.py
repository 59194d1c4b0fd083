"""What a data set is, and the checks that its makers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Choice = TypeVar("Choice")

GRID_POINTS = 241


@dataclass(frozen=True, eq=False)
class Grid:
    """Inputs (g, d) along one coordinate (g,), where the outputs can be drawn as a curve."""

    coordinates: Array
    inputs: Array
    label: str


@dataclass(frozen=True, eq=False)
class Teacher:
    """The network x -> sum_j signs_j relu(rows_j . x) that made the targets: (m0, d) and (m0,)."""

    rows: Array
    signs: Array

    def output(self, inputs: Array) -> Array:
        """Targets without noise: (n, d) -> (n,)."""
        return np.asarray(np.maximum(inputs @ self.rows.T, 0) @ self.signs)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training inputs (n, d) and targets (n,), test inputs (k, d) and targets (k,).

    ``coordinates`` places the training samples on the grid's axis, where there is a grid.
    """

    name: str
    inputs: Array
    targets: Array
    test_inputs: Array
    test_targets: Array
    grid: Grid | None
    feature_names: tuple[str, ...]
    description: str
    classification: bool = False
    coordinates: Array | None = None
    teacher: Teacher | None = None


def chosen(what: str, name: str, known: Mapping[str, Choice]) -> Choice:
    """``known[name]``; ValueError with the known names when it is not there."""
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}; choose one of {', '.join(known)}.")
    return known[name]


def with_constant(x: Array) -> Array:
    """(x, 1)/sqrt 2: (n,) -> (n, 2). Bias-free networks need the constant feature."""
    return np.asarray(np.stack((x, np.ones_like(x)), axis=1) / np.sqrt(2))


def check_sizes(n: int, n_test: int, noise: float = 0.0) -> None:
    """ValueError unless n >= 1, n_test >= 0 and the noise is finite and not negative."""
    if n < 1:
        raise ValueError(f"n is {n}; at least 1 training sample is needed.")
    if n_test < 0:
        raise ValueError(f"n_test is {n_test}; it must be 0 or more.")
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise}; it must be a finite number of at least 0.")
