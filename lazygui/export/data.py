"""The numbers of a run as a file: the ending of its name chooses the table and the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lazygui.export.arrays import history_npz
from lazygui.export.atomic import ExportError, write_bytes
from lazygui.export.long_table import frame_rows, long_rows
from lazygui.export.parquet import rows_parquet
from lazygui.export.provenance import provenance_of
from lazygui.export.table import comments, history_csv, recorded, rows_csv
from lazygui.simulation.history import History


@dataclass(frozen=True)
class DataFormat:
    """One way of writing a run; `ending` is that of the file's name, dot included."""

    ending: str
    title: str
    content: Callable[[History], bytes]


def write_data(history: History, path: Path) -> None:
    """Write the recorded numbers in the format that the ending of the name asks for.

    Raises ExportError naming the endings when there is no such format, or why it cannot write.
    """
    write_bytes(path, data_format(path).content(history))


def data_format(path: Path) -> DataFormat:
    """The format of that ending, the longest that fits. Raises ExportError naming the known."""
    name = path.name.lower()
    for item in sorted(DATA_FORMATS, key=_ending_length, reverse=True):
        if name.endswith(item.ending):
            return item
    known = ", ".join(item.ending for item in DATA_FORMATS)
    raise ExportError(f"{path}: data are written as {known}; give the name one of these endings.")


def _ending_length(item: DataFormat) -> int:
    return len(item.ending)


def _wide_csv(history: History) -> bytes:
    return history_csv(history).encode("utf-8")


def _long_csv(history: History) -> bytes:
    return (comments(provenance_of(history)) + rows_csv(long_rows(history))).encode("utf-8")


def _frames_csv(history: History) -> bytes:
    rows, stride = frame_rows(_with_frames(history))
    said = "all" if stride == 1 else f"one in {stride}, for a table of this size; the NPZ has all"
    return (comments(provenance_of(history), f"frames: {said}") + rows_csv(rows)).encode("utf-8")


def _wide_parquet(history: History) -> bytes:
    return rows_parquet(recorded(history), provenance_of(history))


def _long_parquet(history: History) -> bytes:
    return rows_parquet(long_rows(history), provenance_of(history))


def _frames_parquet(history: History) -> bytes:
    return rows_parquet(frame_rows(_with_frames(history))[0], provenance_of(history))


def _with_frames(history: History) -> History:
    if history.now is None or not history.now.arrays:
        raise ExportError("This run has no frames: choose another kind of data.")
    return history


DATA_FORMATS = (
    DataFormat(".csv", "CSV, a row per step", _wide_csv),
    DataFormat(".long.csv", "CSV, a row per number", _long_csv),
    DataFormat(".frames.csv", "CSV of the frames", _frames_csv),
    DataFormat(".npz", "NumPy arrays, all of it", history_npz),
    DataFormat(".parquet", "Parquet, a row per step", _wide_parquet),
    DataFormat(".long.parquet", "Parquet, a row per number", _long_parquet),
    DataFormat(".frames.parquet", "Parquet of the frames", _frames_parquet),
)
