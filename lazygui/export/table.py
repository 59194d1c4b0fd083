"""The history as CSV: one row per recorded step, floats that read back to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lazygui.export.atomic import write_bytes
from lazygui.simulation.history import Array, Column, History


def history_csv(history: History) -> str:
    """The recorded rows under the names of the columns; vectors as name_1, name_2, …

    Numbers are the shortest that read back exactly, with a decimal point under every locale.
    """
    header = [name for column in history.columns for name in _names(column)]
    blocks = [_as_text(column, history[column.name]) for column in history.columns]
    lines = [",".join(header)]
    lines += [",".join(cells) for cells in _rows(blocks, len(history))]
    return "\n".join(lines) + "\n"


def write_history_csv(history: History, path: Path) -> None:
    """Write `history_csv` to a file. Raises ExportError."""
    write_bytes(path, history_csv(history).encode("utf-8"))


def _names(column: Column) -> list[str]:
    if not column.shape:
        return [column.name]
    return [f"{column.name}_{i + 1}" for i in range(int(np.prod(column.shape)))]


def _as_text(column: Column, values: Array) -> list[list[str]]:
    flat = values.reshape(len(values), -1)
    write = str if column.name != "step" else _whole
    return [[write(number) for number in row] for row in flat.tolist()]


def _whole(number: float) -> str:
    return str(int(number))


def _rows(blocks: list[list[list[str]]], count: int) -> Iterator[list[str]]:
    for index in range(count):
        yield [cell for block in blocks for cell in block[index]]
