"""The history as long ("tidy") tables: one row per number, for what groups and facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lazygui.export.table import recorded
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array, Frame, History

# As many rows of frames as a table may have: 60 MB as text. The NPZ holds all frames.
FRAME_ROWS = 1_000_000
_KINDS: dict[str, type] = {
    "step": float, "quantity": str, "index": float, "component": float, "coordinate": float,
    "value": float,
}  # fmt: skip
_COORDINATES = {
    "grid_outputs": "grid",
    "grid_outputs_linearized": "grid",
    "outputs": "sample_coordinates",
    "outputs_linearized": "sample_coordinates",
    "line_loss": "line_position",
    "line_loss_linearized": "line_position",
}


def long_rows(history: History) -> dict[str, NDArray[Any]]:
    """Columns run, step, time, quantity, value: each recorded number in a row of its own.

    A single run is run 1. In a sweep `run` counts its runs, `step` is the number of steps each
    has made, and `time`, which it does not record, is nan.
    """
    columns = recorded(history)
    step, time = columns.pop("step"), columns.pop("time")
    run = np.ones(len(step), dtype=np.int64)
    if isinstance(history.scenario, SweepScenario):
        run, time = step, np.full(len(step), np.nan)
        step = columns.pop("steps_made").astype(np.int64)
    names = list(columns)
    values = np.stack(list(columns.values()), axis=1) if names else np.empty((len(step), 0))
    return {
        "run": np.repeat(run, len(names)),
        "step": np.repeat(step, len(names)),
        "time": np.repeat(time, len(names)),
        "quantity": np.tile(np.array(names, dtype=str), len(step)),
        "value": values.ravel(),
    }


def frame_rows(history: History, limit: int = FRAME_ROWS) -> tuple[dict[str, NDArray[Any]], int]:
    """Columns step, quantity, index, component, coordinate, value, and every how manieth frame.

    One row per number of a checkpoint: outputs at the samples and on the grid, neurons, kernel.
    `index` and `component` count from 1 (rows and columns of a matrix); `coordinate` is the place
    on the grid or the line, nan where there is none. Beyond `limit` rows only every third, ninth,
    … frame is taken, the newest always.
    """
    frames = all_frames(history)
    stride = 1
    while _count(chosen := _every(frames, stride)) > limit and stride < len(frames):
        stride *= 3
    named = [(frame, name) for frame in chosen for name in sorted(frame.arrays)]
    if not named:
        return {name: np.empty(0, dtype=kind) for name, kind in _KINDS.items()}, 1
    # All of one length: texts of several lengths are joined one by one, which holds up the window.
    longest = max(len(name) for _, name in named)
    parts = [_rows_of(frame, name, f"U{longest}", history.facts) for frame, name in named]
    table = {name: np.concatenate([part[i] for part in parts]) for i, name in enumerate(_KINDS)}
    return table, stride


def all_frames(history: History) -> list[Frame]:
    """The checkpoints of a history and the frame of its newest step."""
    frames = list(history.frames)
    if history.now is not None and (not frames or frames[-1].step < history.now.step):
        frames.append(history.now)
    return [frame for frame in frames if frame.arrays]


def _every(frames: Sequence[Frame], stride: int) -> list[Frame]:
    kept = list(frames[::stride])
    if frames and kept[-1] is not frames[-1]:
        kept.append(frames[-1])
    return kept


def _count(frames: Sequence[Frame]) -> int:
    return sum(array.size for frame in frames for array in frame.arrays.values())


def _coordinate(
    name: str, array: Array, arrays: Mapping[str, Array], facts: Mapping[str, Any]
) -> Array:
    """The place of each row of an array, where the run knows one."""
    source = _COORDINATES.get(name, "")
    places = arrays.get(source, facts.get(source))
    if isinstance(places, np.ndarray) and array.ndim and places.shape == array.shape[:1]:
        return places.astype(float)
    return np.full(array.shape[:1] or (1,), np.nan)


def _rows_of(
    frame: Frame, name: str, kind: str, facts: Mapping[str, Any]
) -> tuple[NDArray[Any], ...]:
    """The columns of one array of one frame, as many rows as it has numbers."""
    array = frame.arrays[name]
    places = _coordinate(name, array, frame.arrays, facts)
    flat = np.asarray(array, dtype=float).reshape(len(places), -1)
    count, width = flat.shape
    return (
        np.full(flat.size, frame.step, dtype=np.int64),
        np.full(flat.size, name, dtype=kind),
        np.repeat(np.arange(1, count + 1), width),
        np.tile(np.arange(1, width + 1), count),
        np.repeat(places, width),
        flat.ravel(),
    )
