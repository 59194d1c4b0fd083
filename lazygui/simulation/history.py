"""What happened: traces and frames of one run, bounded, thinned evenly, read-only.

*Traces* hold a row per recorded step; *frames* hold arrays at checkpoints. A full store keeps every
third row, the first and the newest: a third and not a half, because a sequence that alternates
(η = 2 on a quadratic) seen at even steps only would look like a constant.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lazygui.scenarios.base import Change, Scenario

Array = NDArray[np.float64]

TRACE_CAPACITY = 20_000
FRAME_CAPACITY = 600


@dataclass(frozen=True)
class Column:
    """One recorded quantity. `symbol` is rich text; `shape` is () for a scalar."""

    name: str
    symbol: str
    title: str
    unit: str = ""
    shape: tuple[int, ...] = ()
    log: bool = True


@dataclass(frozen=True)
class Frame:
    """Arrays at one step: outputs on the grid, neurons in the plane, …"""

    step: int
    arrays: Mapping[str, Array]


@dataclass(frozen=True)
class Batch:
    """What crosses the thread boundary: the rows and frames since the batch before.

    `rows` maps each column to the recorded values, first axis the rows; `tail` is the row and
    `now` the frame of the newest step, whether recorded for good or not. `tail` is None while
    there is no row yet, as before the first run of a sweep has ended.
    """

    first_step: int
    last_step: int
    rows: Mapping[str, Array]
    tail: Mapping[str, Array] | None
    frames: tuple[Frame, ...] = ()
    now: Frame | None = None


class Store:
    """Rows of named columns with bounded length: keeps row 0, s, 2s, … with s = 1, 3, 9, …"""

    def __init__(self, columns: tuple[Column, ...], capacity: int) -> None:
        self._capacity = capacity
        self._data = {c.name: np.empty((64, *c.shape)) for c in columns}
        self._stride = 1
        self._offered = 0
        self._kept = 0

    def __len__(self) -> int:
        return self._kept

    def extend(self, rows: Mapping[str, Array]) -> None:
        """Offer rows in order; which are kept depends on their number alone, not on batching."""
        count = len(next(iter(rows.values()))) if rows else 0
        taken = 0
        while taken < count:
            room = self._capacity - self._kept
            first = -(-self._offered // self._stride) * self._stride - self._offered + taken
            chosen = np.arange(first, count, self._stride)[:room]
            self._append(rows, chosen)
            reached = chosen[-1] + 1 if len(chosen) == room and room else count
            self._offered += int(reached) - taken
            taken = int(reached)
            if self._kept >= self._capacity:
                self._thin()

    def _append(self, rows: Mapping[str, Array], chosen: NDArray[np.intp]) -> None:
        end = self._kept + len(chosen)
        for name, values in self._data.items():
            if end > len(values):
                length = min(max(2 * len(values), end), self._capacity)
                grown = np.empty((length, *values.shape[1:]))
                grown[: self._kept] = values[: self._kept]
                self._data[name] = values = grown
            values[self._kept : end] = np.asarray(rows[name])[chosen]
        self._kept = end

    def _thin(self) -> None:
        for name, values in self._data.items():
            # Into new memory: who still holds a column from before must not see it change.
            thinned = np.empty_like(values)
            thinned[: -(-self._kept // 3)] = values[: self._kept : 3]
            self._data[name] = thinned
        self._kept = -(-self._kept // 3)
        self._stride *= 3

    def at_rest(self) -> Store:
        """The same as it is now. Rows to come are written behind it or into new memory."""
        still = copy.copy(self)
        still._data = dict(self._data)
        return still

    def column(self, name: str) -> Array:
        """The kept values of one column, read-only."""
        view = self._data[name][: self._kept]
        view.flags.writeable = False
        return view


@dataclass
class History:
    """The record of one run. `history["loss"]` is a read-only array, newest step last."""

    scenario: Scenario
    columns: tuple[Column, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    trace_capacity: int = TRACE_CAPACITY
    frame_capacity: int = FRAME_CAPACITY

    def __post_init__(self) -> None:
        self._store = Store(self.columns, self.trace_capacity)
        self._tail: Mapping[str, Array] | None = None
        self._frames: list[Frame] = []
        self._frame_stride = 1
        self._frames_offered = 0
        self._now: Frame | None = None
        self.last_step = 0
        self.revision = 0

    def append(self, batch: Batch) -> None:
        """Take over a batch; the tail of the batch before gives way."""
        self._store.extend(batch.rows)
        kept = self._store.column("step")
        newest_is_kept = len(kept) > 0 and kept[-1] == batch.last_step
        self._tail = None if newest_is_kept else batch.tail
        self.last_step = batch.last_step
        for frame in batch.frames:
            self._offer_frame(frame)
        if batch.now is not None:
            self._now = batch.now
        self.revision += 1

    def _offer_frame(self, frame: Frame) -> None:
        if self._frames_offered % self._frame_stride == 0:
            self._frames.append(frame)
            if len(self._frames) >= self.frame_capacity:
                self._frames = self._frames[::3]
                self._frame_stride *= 3
        self._frames_offered += 1

    def at_rest(self) -> History:
        """The same as it is now, for another thread: batches to come don't change it.

        It shares the recorded numbers, so that it costs nothing.
        """
        still = copy.copy(self)
        still.facts = dict(self.facts)
        still._store = self._store.at_rest()
        still._frames = list(self._frames)
        return still

    def record_facts(self, facts: Mapping[str, Any]) -> None:
        """Add what became known after the start (κ and its factors)."""
        self.facts.update(facts)
        self.revision += 1

    def record_change(self, change: Change) -> None:
        """Note that a live parameter changed, so that the scenario replays this run."""
        self.scenario = self.scenario.with_change(change.step, change.name, change.value)

    def __contains__(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> Array:
        rows = self._store.column(name)
        if self._tail is None:
            return rows
        values = np.concatenate([rows, np.asarray(self._tail[name])[None]])
        values.flags.writeable = False
        return values

    def __len__(self) -> int:
        return len(self._store) + (self._tail is not None)

    def column(self, name: str) -> Column:
        """The description of a column. Raises KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    def latest(self, name: str) -> Array:
        """The newest value of a column. Raises IndexError while nothing is recorded."""
        if self._tail is not None:
            return np.asarray(self._tail[name])
        return np.asarray(self._store.column(name)[-1])

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The kept checkpoints, oldest first."""
        return tuple(self._frames)

    @property
    def now(self) -> Frame | None:
        """The frame of the newest step."""
        return self._now

    @property
    def provides(self) -> frozenset[str]:
        """Names a view may require: columns, facts and the arrays of frames."""
        arrays = self._now.arrays if self._now is not None else {}
        return frozenset(c.name for c in self.columns) | set(self.facts) | set(arrays)

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The recorded rows in order, as name → value."""
        data = {column.name: self[column.name] for column in self.columns}
        for index in range(len(self)):
            yield {name: values[index] for name, values in data.items()}


def read_only(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping that cannot be changed by who receives it."""
    return MappingProxyType(dict(values))
