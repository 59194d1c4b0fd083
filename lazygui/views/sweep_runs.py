"""The finished runs of a sweep: which run belongs where, means and bands over the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lazygui.simulation.history import History
from lazygui.views.window import LARGEST, Array

Index = NDArray[np.intp]

FEW = 10  # runs up to which a band reaches from the smallest to the largest


@dataclass(frozen=True)
class SweepAxis:
    """One swept parameter and its values."""

    name: str
    values: Array
    log: bool

    @property
    def random(self) -> bool:
        """Whether its values are seeds: they have no order, one averages over them."""
        return self.name.endswith("seed")


def sweep_axes(history: History) -> tuple[SweepAxis, ...]:
    """The axes of a sweep, fastest first."""
    return tuple(
        SweepAxis(str(name), np.asarray(values, dtype=float), bool(log))
        for name, values, log in history.facts["axes"]
    )


@dataclass(frozen=True)
class SweepTable:
    """The finished runs: `run` (k,) their numbers from 0, `places` (axes, k) where each stands."""

    axes: tuple[SweepAxis, ...]
    run: Index
    places: Index
    diverged: NDArray[np.bool_]
    rows: Index

    def place(self, axis: SweepAxis) -> Index:
        """Which value of `axis` each run has."""
        return np.asarray(self.places[self.axes.index(axis)], dtype=np.intp)


def sweep_table(history: History) -> SweepTable:
    """The runs finished so far. Step k is the end of run k − 1; the last axis is the slowest."""
    axes = sweep_axes(history)
    shape = tuple(len(axis.values) for axis in axes)
    run = history["step"].astype(np.intp) - 1
    rows = np.flatnonzero((run >= 0) & (run < int(np.prod(shape))))
    places = np.array(np.unravel_index(run[rows], shape, order="F"), dtype=np.intp)
    return SweepTable(axes, run[rows], places, history["diverged"][rows] != 0.0, rows)


@dataclass(frozen=True)
class Groups:
    """Runs that share a place: mean, band and the run nearest to the mean, one entry a group.

    `group` numbers the places that have at least one number; `low` and `high` are the extremes of
    up to ten runs, the 10 % and 90 % quantiles of more.
    """

    group: Index
    mean: Array
    low: Array
    high: Array
    count: Index
    nearest: Index


def grouped(values: Array, group: Index, *, log: bool) -> Groups:
    """Gather `values` (k,) by `group` (k,); the geometric mean with `log`.

    What can't be drawn (NaN, infinite, not positive on a log axis) is left out.
    """
    with np.errstate(invalid="ignore"):
        good = (np.abs(values) <= LARGEST) & (values > (0.0 if log else -np.inf))
    kept = np.flatnonzero(good)
    size = np.log(values[kept]) if log else values[kept]
    order = np.lexsort((size, group[kept]))
    kept, size = kept[order], size[order]
    names, first, count = np.unique(group[kept], return_index=True, return_counts=True)
    if len(names) == 0:
        nothing, nowhere = np.empty(0), np.empty(0, dtype=np.intp)
        return Groups(nowhere, nothing, nothing, nothing, nowhere, nowhere)
    mean = np.add.reduceat(size / np.repeat(count, count), first)
    low, high = _band(size, first, count)
    distance = np.abs(size - np.repeat(mean, count))
    nearest = kept[np.lexsort((distance, np.repeat(names, count)))[first]]
    if log:
        mean, low, high = np.exp(mean), np.exp(low), np.exp(high)
    return Groups(names, mean, low, high, count, nearest)


def _band(size: Array, first: Index, count: Index) -> tuple[Array, Array]:
    wide = count > FEW
    low = _quantile(size, first, count, np.where(wide, 0.1, 0.0))
    return low, _quantile(size, first, count, np.where(wide, 0.9, 1.0))


def _quantile(size: Array, first: Index, count: Index, share: Array) -> Array:
    place = share * (count - 1)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, count - 1)
    rest = place - below
    return np.asarray((1.0 - rest) * size[first + below] + rest * size[first + above])


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's ρ: the correlation of the ranks, ties sharing their mean rank.

    NaN for fewer than three pairs or where one side is constant.
    """
    good = np.isfinite(x) & np.isfinite(y)
    if good.sum() < 3:
        return float("nan")
    first, second = _ranks(x[good]), _ranks(y[good])
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0.0 else float("nan")


def _ranks(values: Array) -> Array:
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[where])
