"""The finished runs of a sweep in a file that grows, so that a sweep can be taken up again."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

from lazygui.scenarios.files import dumps
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.ledger_folder import hold
from lazygui.simulation.sweep_run import Row

SYNC_SECONDS = 1.0
_WHOLE = ("steps_made", "diverged")


class LedgerError(RuntimeError):
    """A ledger that cannot be used or written; the message is the sentence for the user."""


def ledger_name(sweep: SweepScenario) -> str:
    """A file name that belongs to this sweep alone, for a folder shared by many."""
    return f"sweep-{hashlib.sha256(dumps(sweep).encode()).hexdigest()[:24]}.csv"


class Ledger:
    """A CSV file with a header and a line per finished run, in the order of the runs.

    Before them stand `comments`, whole lines after '#', if any. Floats are written so that they
    read back to the last bit. What a crash left half-written at the end is dropped. Raises
    LedgerError for a file of another sweep or one that cannot be used.
    """

    def __init__(
        self, path: Path, sweep: SweepScenario, columns: Sequence[str], comments: str = ""
    ) -> None:
        self.path = path
        self._columns = tuple(columns)
        self._comments = comments
        whole = {axis.name for axis in sweep.axes if sweep.parameter(axis.name).kind is int}
        self._whole = {*_WHOLE, *whole}
        self._synced = 0.0
        try:
            self.rows = self._read()[: sweep.steps]
            self._keep(self.rows)
            self._file = path.open("ab")
            hold(self._file)
        except OSError as error:
            raise self._refusal(error) from None

    def _read(self) -> list[Row]:
        if not self.path.exists():
            return []
        lines = self.path.read_bytes().decode("utf-8", errors="replace").split("\n")[:-1]
        begun = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
        lines, said = lines[begun:], lines[:begun]
        if lines and lines[0] != self._header():
            raise LedgerError(
                f"{self.path} holds another sweep; choose another folder, or replace it"
            )
        if lines:
            # What the file says of itself stays what it was when the sweep began.
            self._comments = "".join(f"{line}\n" for line in said)
        rows: list[Row] = []
        for line in lines[1:]:
            row = self._parsed(line, len(rows))
            if row is None:
                break
            rows.append(row)
        return rows

    def _parsed(self, line: str, index: int) -> Row | None:
        cells = line.split(",")
        if len(cells) != len(self._columns) + 1 or cells[0] != str(index + 1):
            return None
        try:
            return dict(zip(self._columns, map(float, cells[1:]), strict=True))
        except ValueError:
            return None

    def _keep(self, rows: Sequence[Row]) -> None:
        """Cut the file behind the good lines, or begin it."""
        lines = [self._header(), *(self._line(i, row) for i, row in enumerate(rows))]
        content = (self._comments + "\n".join(lines) + "\n").encode()
        if self.path.exists() and self.path.read_bytes().startswith(content):
            os.truncate(self.path, len(content))
        else:
            self.path.write_bytes(content)

    def append(self, index: int, row: Row) -> None:
        """Add a finished run. Raises LedgerError when the disk does not take it."""
        try:
            self._file.write(f"{self._line(index, row)}\n".encode())
            self._file.flush()
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise self._refusal(error) from None

    def close(self) -> None:
        """Put everything on the disk. May be called twice."""
        if self._file.closed:
            return
        with self._file:
            os.fsync(self._file.fileno())

    def _header(self) -> str:
        return ",".join(("run", *self._columns))

    def _line(self, index: int, row: Row) -> str:
        cells = [str(index + 1)]
        for name in self._columns:
            value = row[name]
            cells.append(str(int(value)) if name in self._whole else repr(float(value)))
        return ",".join(cells)

    def _refusal(self, error: OSError) -> LedgerError:
        reason = error.strerror or str(error)
        return LedgerError(f"Cannot write {self.path}: {reason}. Choose another folder.")
