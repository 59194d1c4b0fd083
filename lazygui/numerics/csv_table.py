"""Reading a table of numbers from a CSV file, with every fault named by column and row.

The only numerics module that opens a file.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 50_000_000
DELIMITERS = (",", ";", "\t")
FAULTS_NAMED = 3
LARGEST = 1e150  # squares of larger numbers overflow

Row: TypeAlias = tuple[int, list[str]]  # its number in the file, the header being row 1


class DataError(ValueError):
    """A data file that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, eq=False)
class Table:
    """Column names and the numbers below them, (rows, columns)."""

    names: tuple[str, ...]
    numbers: NDArray[np.float64]


def read_table(path: str | Path) -> Table:
    """The table of a UTF-8 file with a header and comma, semicolon or tab between cells.

    A comma inside a number is a decimal comma, unless commas separate the cells. Raises DataError
    for a file that is missing, too large, not text, without header, with rows of unequal length,
    or with cells that are empty, not finite or not numbers.
    """
    path = Path(path)
    text = _text(path)
    delimiter = _delimiter(text)
    rows = _rows(path, text, delimiter)
    if not rows:
        raise DataError(f"{path.name} is empty; it must start with a row of column names.")
    (_, header), body = rows[0], rows[1:]
    names = _header(path, header)
    if len(body) < 2:
        raise DataError(f"{path.name} has {len(body)} row(s) of data; at least 2 are needed.")
    _check_lengths(path, len(names), body)
    return Table(names, _numbers(names, body, decimal_comma=delimiter != ","))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 1_000_000
            raise DataError(f"{path.name} has {size / 1e6:.0f} MB; the limit is {limit} MB.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no file {str(path)!r}; check the path.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name} is not UTF-8 text; save it as CSV in UTF-8.") from None
    except OSError as error:
        raise DataError(f"{str(path)!r} cannot be read: {error.strerror}.") from None


def _delimiter(text: str) -> str:
    """The delimiter most frequent in the header outside quotes; a comma when there is none."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    return max(DELIMITERS, key=header.count)


def _rows(path: Path, text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        numbered = list(enumerate(reader, start=1))
    except csv.Error as error:
        raise DataError(f"{path.name}, line {reader.line_num}: {error}.") from None
    return [(number, cells) for number, cells in numbered if any(map(str.strip, cells))]


def _header(path: Path, cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if all(_parsed(name, decimal_comma=True) is not None for name in names):
        raise DataError(f"{path.name} has no header; add a first row with the column names.")
    if len(names) < 2:
        raise DataError(
            f"{path.name} has one column, {names[0]!r}; it needs a feature and a target, "
            "separated by commas, semicolons or tabs."
        )
    if "" in names:
        raise DataError(f"{path.name}: column {names.index('') + 1} has no name; give it one.")
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{path.name} has two columns named {name!r}; rename one.")
    return names


def _check_lengths(path: Path, width: int, body: list[Row]) -> None:
    ragged = [(number, len(cells)) for number, cells in body if len(cells) != width]
    if ragged:
        number, cells = ragged[0]
        others = f" {len(ragged)} rows have this fault." if len(ragged) > 1 else ""
        raise DataError(
            f"{path.name}, row {number} has {cells} cell(s), the header {width}; make them equal."
            + others
        )


def _numbers(names: tuple[str, ...], body: list[Row], decimal_comma: bool) -> NDArray[np.float64]:
    parsed = [[_parsed(cell, decimal_comma) for cell in cells] for _, cells in body]
    numbers = np.array(parsed, dtype=np.float64)  # None becomes nan
    faults = np.argwhere(~(np.abs(numbers) < LARGEST))
    if len(faults):
        named = [
            f"column {names[column]!r}, row {body[row][0]}: "
            + _complaint(body[row][1][column], parsed[row][column])
            for row, column in faults[:FAULTS_NAMED]
        ]
        more = f"; {len(faults)} such cells in all" if len(faults) > FAULTS_NAMED else ""
        raise DataError("; ".join(named) + more + ". Correct the cells or drop their rows.")
    return numbers


def _complaint(cell: str, parsed: float | None) -> str:
    if not cell.strip():
        return "the cell is empty"
    shown = cell if len(cell) <= 40 else cell[:37] + "..."
    wanted = "number" if parsed is None else f"finite number below {LARGEST:g}"
    return f"{shown!r} is not a {wanted}"


def _parsed(cell: str, decimal_comma: bool) -> float | None:
    """The cell's number, or None. Python's own underscores in numbers are not accepted."""
    if decimal_comma and "." not in cell:
        cell = cell.replace(",", ".")
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
