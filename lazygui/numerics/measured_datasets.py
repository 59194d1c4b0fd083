"""Measured data sets: handwritten digits and the user's own file."""

from __future__ import annotations

import difflib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lazygui.numerics.csv_table import DataError, Table, read_table
from lazygui.numerics.dataset_types import (
    GRID_POINTS,
    Array,
    Dataset,
    Grid,
    check_sizes,
    with_constant,
)
from lazygui.shipped import resource


def digits(n: int = 200, n_test: int = 200, digit: int = 0, seed: int = 0) -> Dataset:
    """Handwritten digits of 8 x 8 pixels, target +1 for ``digit`` and -1 for the others.

    Pixels are divided by 16, centred by the training mean and each image scaled to unit norm.
    Training and test images are disjoint and hold the digit in the same proportion as the whole.
    Raises ValueError for a digit outside 0..9 or sizes out of range.
    """
    check_sizes(n, n_test, 0.0)
    images, labels = _digit_images()
    if digit not in range(10):
        raise ValueError(f"digit is {digit!r}; it must be a whole number from 0 to 9.")
    if n < 2 or n + n_test > len(labels):
        raise ValueError(
            f"n is {n} and n_test {n_test}; n must be at least 2, their sum at most {len(labels)}."
        )
    signs = np.where(labels == digit, 1.0, -1.0)
    train, test = _stratified(signs, n, n_test, np.random.default_rng(seed))
    centred = images / 16 - np.mean(images[train] / 16, axis=0)
    inputs = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return Dataset(
        name="digits",
        inputs=inputs[train],
        targets=signs[train],
        test_inputs=inputs[test],
        test_targets=signs[test],
        grid=None,
        feature_names=tuple(f"pixel {i // 8},{i % 8}" for i in range(64)),
        description=f"{n} handwritten digits of 8 x 8 pixels: {digit} against the others.",
        classification=True,
    )


def csv(
    path: str | Path, target: str = "", n: int = 100, n_test: int = 100, seed: int = 0
) -> Dataset:
    """The user's own table: one column is the target, every other column a feature.

    ``target`` names the target column (empty: the last). ``n`` rows chosen by the seed train, up to
    ``n_test`` of the others test. Features are standardized by the training rows, then all divided
    by one number so that ||x||^2 averages 1; a single feature x becomes (x, 1)/sqrt 2, with a
    grid. Targets are centred and scaled to (1/n) sum y_i^2 = 1. Raises DataError for a file, a
    column or a number of rows that cannot be used.
    """
    table = read_table(path)
    column = _column(table.names, target or table.names[-1])
    train, test = _split(table, n, n_test, seed)
    targets, unit = _unit_targets(table, column, train)
    features = np.delete(table.numbers, column, axis=1)
    names = tuple(name for name in table.names if name != table.names[column])
    single = len(names) == 1
    inputs, grid = _embedded(features, train, names)
    return Dataset(
        name="csv",
        inputs=inputs[train],
        targets=targets[train],
        test_inputs=inputs[test],
        test_targets=targets[test],
        grid=grid,
        feature_names=(*names, "1") if single else names,
        description=f"{Path(path).name}: {len(train)} training and {len(test)} test rows; the "
        f"target {table.names[column]!r} is centred and divided by {unit:.6g}.",
        coordinates=features[train, 0] if single else None,
    )


def _digit_images() -> tuple[Array, NDArray[np.int64]]:
    """Images (1797, 64) with pixels 0..16, and which digit each shows."""
    table = np.loadtxt(resource("data/digits.csv.gz"), delimiter=",")
    return table[:, :64], table[:, 64].astype(np.int64)


def _stratified(
    signs: Array, n: int, n_test: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Disjoint training and test rows with the share of +1 of the whole, both in random order."""
    positive = rng.permutation(np.flatnonzero(signs > 0))
    negative = rng.permutation(np.flatnonzero(signs < 0))
    share = len(positive) / len(signs)
    n_positive = max(1, round(share * n))
    n_negative = n - n_positive
    room = len(positive) - n_positive
    k_positive = max(min(round(share * n_test), room), n_test - (len(negative) - n_negative))
    k_negative = n_test - k_positive
    train = np.concatenate((positive[:n_positive], negative[:n_negative]))
    test = np.concatenate((positive[n_positive:][:k_positive], negative[n_negative:][:k_negative]))
    return rng.permutation(train), rng.permutation(test)


def _column(names: tuple[str, ...], target: str) -> int:
    if target in names:
        return names.index(target)
    close = difflib.get_close_matches(target, names, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise DataError(f"There is no column {target!r}.{hint} Columns: {', '.join(names)}.")


def _split(
    table: Table, n: int, n_test: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = len(table.numbers)
    if n < 2 or n_test < 0:
        raise DataError(f"n is {n} and n_test {n_test}; give at least 2 and 0.")
    if n > rows:
        raise DataError(f"n is {n}, but the file has {rows} rows; choose n of at most {rows}.")
    order = np.random.default_rng(seed).permutation(rows)
    return order[:n], order[n : n + n_test]


def _unit_targets(table: Table, column: int, train: NDArray[np.int64]) -> tuple[Array, float]:
    """Targets of all rows, centred and scaled by the training rows, and the scale."""
    values = table.numbers[:, column]
    if np.ptp(values[train]) == 0:
        where = "is constant" if np.ptp(values) == 0 else "is constant in the training rows chosen"
        raise DataError(f"The target {table.names[column]!r} {where}; choose another column.")
    centred = values - np.mean(values[train])
    unit = float(np.sqrt(np.mean(np.square(centred[train]))))
    return centred / unit, unit


def _embedded(
    features: Array, train: NDArray[np.int64], names: tuple[str, ...]
) -> tuple[Array, Grid | None]:
    """Inputs of all rows, and the grid where there is a single feature."""
    center, spread = _location_and_spread(features[train], names)
    if len(names) > 1:
        standard = (features - center) / spread
        norm = np.sqrt(np.mean(np.sum(np.square(standard[train]), axis=1)))
        return standard / norm, None
    low, high = np.min(features), np.max(features)
    margin = (high - low) / 8
    axis = np.linspace(low - margin, high + margin, GRID_POINTS)
    inputs, drawn = (with_constant((x - center) / spread) for x in (features[:, 0], axis))
    return inputs, Grid(axis, drawn, names[0])


def _location_and_spread(features: Array, names: tuple[str, ...]) -> tuple[Array, Array]:
    """Mean and standard deviation of each column; the latter inf where the column is constant.

    Dividing by inf puts such a column at 0, in the training rows as in all others.
    """
    varying = np.ptp(features, axis=0) > 0
    if not varying.any():
        raise DataError(f"Every feature is constant in the training rows: {', '.join(names)}.")
    return np.mean(features, axis=0), np.where(varying, np.std(features, axis=0), np.inf)
