"""The history as arrays: an NPZ that numpy opens without pickle, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lazygui.export.long_table import all_frames
from lazygui.export.provenance import provenance_of
from lazygui.simulation.history import Array, Frame, History

# numpy.savez stamps each member with this date too; with the present time no two files agree.
_STAMP = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def history_npz(history: History) -> bytes:
    """Everything a run recorded, as arrays for `numpy.load(file)`.

    The traces stand under the names of their columns, first axis the recorded steps; frames as
    `frames_step` (F) and `frames_NAME` (F, …), where an array that a frame lacks, or that is
    smaller there, is filled up with nan; facts that are numbers, texts or arrays as `fact_NAME`;
    and where it comes from as JSON in `provenance` (a text without dimensions).
    """
    arrays: dict[str, NDArray[Any]] = {c.name: history[c.name] for c in history.columns}
    arrays |= _stacked(all_frames(history))
    arrays |= {f"fact_{name}": value for name, value in _plain_facts(history.facts).items()}
    arrays["provenance"] = np.array(provenance_of(history).to_json())
    return _npz(arrays)


def _stacked(frames: Sequence[Frame]) -> dict[str, NDArray[Any]]:
    if not frames:
        return {}
    names = sorted({name for frame in frames for name in frame.arrays})
    stacked = {f"frames_{name}": _stack([f.arrays.get(name) for f in frames]) for name in names}
    return {"frames_step": np.array([frame.step for frame in frames]), **stacked}


def _stack(arrays: Sequence[Array | None]) -> NDArray[Any]:
    present = {index: array for index, array in enumerate(arrays) if array is not None}
    dimensions = max(array.ndim for array in present.values())
    # One axis more for the numbers without any, so that each has a place to be written to.
    boxes = {
        index: array.reshape(1, *array.shape, *(1,) * (dimensions - array.ndim))
        for index, array in present.items()
    }
    largest = np.max([box.shape for box in boxes.values()], axis=0).tolist()
    stacked = np.full((len(arrays), *largest[1:]), np.nan)
    for index, box in boxes.items():
        inner: list[slice] = [slice(0, length) for length in box.shape[1:]]
        stacked[(slice(index, index + 1), *inner)] = box
    return stacked


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The facts that an NPZ can hold without pickle."""
    found = {}
    for name, value in sorted(facts.items()):
        if isinstance(value, str | bool | int | float | np.generic | np.ndarray):
            array = np.asarray(value)
            if array.dtype.kind in "biufU":
                found[name] = array
    return found


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", _STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _READABLE
            with archive.open(member, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getvalue()
