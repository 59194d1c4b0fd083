"""The history as CSV: one row per recorded step, floats that read back to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lazygui.export.atomic import write_bytes
from lazygui.export.provenance import Provenance, provenance_of
from lazygui.simulation.history import Column, History

Columns = Mapping[str, NDArray[Any]]
# So few that the interpreter goes on to another thread, the window's, every few milliseconds.
ROWS_AT_A_TIME = 2_000
# A cell that begins like this is a formula to a spreadsheet, which runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = (",", '"', "\n", "\r")


def history_csv(history: History) -> str:
    """The file `history.csv`: where it comes from in seven lines after '# ', then the rows.

    The rows stand under the names of the columns; vectors as name_1, name_2, …
    `numpy.genfromtxt(file, delimiter=",", names=True, skip_header=7)` and
    `pandas.read_csv(file, comment="#")` give every number back to the last bit.
    """
    return comments(provenance_of(history)) + rows_csv(recorded(history))


def write_history_csv(history: History, path: Path) -> None:
    """Write `history_csv` to a file. Raises ExportError."""
    write_bytes(path, history_csv(history).encode("utf-8"))


def comments(provenance: Provenance, *more: str) -> str:
    """The lines before a table that say where it comes from."""
    return "".join(f"# {line}\n" for line in (*more, *provenance.comment_lines()))


def recorded(history: History) -> dict[str, NDArray[Any]]:
    """The recorded rows as columns of numbers, the step as whole numbers."""
    found: dict[str, NDArray[Any]] = {}
    for column in history.columns:
        names = _names(column)
        flat = history[column.name].reshape(len(history), len(names))
        for index, name in enumerate(names):
            found[name] = flat[:, index]
    return found | {"step": found["step"].astype(np.int64)}


def rows_csv(columns: Columns) -> str:
    """A table as CSV, its names in the first line and its line ends plain.

    Numbers are the shortest that read back exactly, as 17 significant digits would, with a
    decimal point under every locale. A text that a spreadsheet would take for a formula gets an
    apostrophe before it.
    """
    blocks = [",".join(safe_text(name) for name in columns)]
    count = len(next(iter(columns.values())))
    for start in range(0, count, ROWS_AT_A_TIME):
        part = [_cells(values[start : start + ROWS_AT_A_TIME]) for values in columns.values()]
        blocks.append("\n".join([",".join(cells) for cells in zip(*part, strict=True)]))
    return "\n".join(blocks) + "\n"


def safe_text(text: str) -> str:
    """A text as a cell: no formula to a spreadsheet, quoted where CSV needs it."""
    if text.startswith(_FORMULA) and not _is_number(text):
        text = f"'{text}"
    if any(sign in text for sign in _QUOTED):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cells(values: NDArray[Any]) -> list[str]:
    if values.dtype.kind == "U":
        cells = {text: safe_text(text) for text in np.unique(values).tolist()}
        return [cells[text] for text in values.tolist()]
    return list(map(str, values.tolist()))


def _names(column: Column) -> list[str]:
    if not column.shape:
        return [column.name]
    return [f"{column.name}_{i + 1}" for i in range(int(np.prod(column.shape)))]
