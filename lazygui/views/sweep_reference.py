"""Results from elsewhere that a sweep is drawn upon: computed before, or the sweep before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication

from lazygui.simulation.history import History
from lazygui.views.sweep_runs import grouped
from lazygui.views.window import Array

LONGEST = 44  # letters of a note that the legend has room for


@dataclass(frozen=True)
class Reference:
    """Columns of results with a row per run or per mean, and where they come from."""

    columns: Mapping[str, Array]
    note: str

    def short(self) -> str:
        """The note as far as a legend has room for it."""
        if len(self.note) <= LONGEST:
            return self.note
        return self.note[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"

    def curve(
        self, abscissa: str, metric: str, value: tuple[str, float] | None, *, log: bool
    ) -> tuple[Array, Array]:
        """The means of a quantity over an axis, at one value of another; empty if not there."""
        if metric not in self.columns:
            return np.empty(0), np.empty(0)
        x = np.asarray(self.columns[abscissa], dtype=float)
        y = np.asarray(self.columns[metric], dtype=float)
        if "diverged" in self.columns:
            y = np.where(np.asarray(self.columns["diverged"]) != 0.0, np.nan, y)
        if value is not None and value[0] in self.columns:
            y = np.where(np.isclose(self.columns[value[0]], value[1], rtol=1e-6), y, np.nan)
        places, where = np.unique(x, return_inverse=True)
        groups = grouped(y, where, log=log)
        return places[groups.group], groups.mean


def reference_of(history: History, ghost: History | None, abscissa: str) -> Reference | None:
    """What to draw behind a sweep over `abscissa`: its reference, else the sweep before."""
    words = QCoreApplication.translate
    columns = history.facts.get("reference")
    if columns is not None and abscissa in columns:
        note = history.facts.get("reference_note") or words("views", "computed before")
        return Reference(columns, str(note))
    if ghost is not None and len(ghost) and abscissa in ghost:
        names = [column.name for column in ghost.columns if column.shape == ()]
        return Reference({name: ghost[name] for name in names}, words("views", "previous sweep"))
    return None
