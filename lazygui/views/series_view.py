"""Views of recorded scalars against time or step, declared by a table of series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from lazygui.simulation.history import Array, History
from lazygui.style import pens
from lazygui.style.pens import Role
from lazygui.style.themes import Theme
from lazygui.views.layers import Trace
from lazygui.views.legend import Entry
from lazygui.views.phrases import trend, value_text
from lazygui.views.ranges import union
from lazygui.views.view import View

LOWEST = -36.0  # log₁₀ below which a range doesn't follow: rounding only


@dataclass(frozen=True)
class Series:
    """A column, who it is about, its name in the legend, and how it differs from its role."""

    column: str
    role: Role
    label: str
    width: float | None = None
    dotted: bool = False

    def pen(self, theme: Theme, *, ghost: bool = False) -> QPen:
        """The pen of this series, or of the same one in the previous run."""
        role = pens.ghost_of(self.role) if ghost else self.role
        width = None if self.width is None else self.width * (0.8 if ghost else 1.0)
        pen = pens.pen(theme, role, width)
        return pens.dashed(pen, pens.DOTTED) if self.dotted else pen


class SeriesView(View):
    """One trace per declared series that the history has; ghosts of the series in `ghosted`."""

    series: ClassVar[tuple[Series, ...]] = ()
    ghosted: ClassVar[frozenset[str]] = frozenset()
    y_label: ClassVar[str] = ""
    start_log: ClassVar[tuple[bool, bool]] = (False, True)
    start_abscissa: ClassVar[str] = "step"
    lowest: ClassVar[float] = LOWEST
    can_log = True
    has_time = True

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        self.traces: dict[str, Trace] = {}
        self.ghosts: dict[str, Trace] = {}
        super().__init__(theme, parent)
        self.log_x, self.log_y = self.start_log
        self.abscissa = self.start_abscissa
        self.plot.set_log(x=self.log_x, y=self.log_y)

    def present(self, history: History) -> list[Series]:
        """The declared series that the history has."""
        return [item for item in self.series if item.column in history]

    def build(self, history: History) -> None:
        """Ghosts below, then the series in reverse, so that the first one is on top."""
        self.ghosts = self._ghost_traces()
        self.traces = {s.column: Trace(s.pen(self.theme)) for s in self.present(history)}
        self.plot.add(*self.ghosts.values(), *reversed(self.traces.values()))

    def _ghost_traces(self) -> dict[str, Trace]:
        ghost = self.ghost
        traces: dict[str, Trace] = {}
        if ghost is None or len(ghost) == 0:
            return traces
        for item in self.present(ghost):
            if item.column in self.ghosted:
                traces[item.column] = Trace(item.pen(self.theme, ghost=True))
                values = self._above_rounding(ghost[item.column])
                traces[item.column].set_data(ghost[self.abscissa], values)
        return traces

    def draw(self, history: History) -> None:
        """Hand over the columns."""
        x = history[self.abscissa]
        for column, trace in self.traces.items():
            trace.set_data(x, self._above_rounding(history[column]))
        self.make_room()

    def _above_rounding(self, values: Array) -> Array:
        """Values that a log axis may show: what is rounding only would stretch it for nothing."""
        if not self.log_y or self.lowest <= LOWEST:
            return values
        return np.where(values > 10.0**self.lowest, values, np.nan)

    def make_room(self) -> None:
        """Let the ranges include every trace; a longer ghost doesn't stretch the time axis."""
        spans = [t.bounds(log_x=self.log_x, log_y=self.log_y) for t in self.traces.values()]
        ghosts = [t.bounds(log_x=self.log_x, log_y=self.log_y) for t in self.ghosts.values()]
        x = union([span[0] for span in spans])
        y = union([span[1] for span in (*spans, *ghosts)])
        if y is not None and self.log_y:
            y = (max(y[0], self.lowest), y[1]) if y[1] > self.lowest else None
        self.plot.include(x, y)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """A sample of each line, the previous run last."""
        entries = [
            Entry(self.translated(item.label), item.pen(self.theme))
            for item in self.present(history)
        ]
        if self.ghosts:
            first = next(item for item in self.series if item.column in self.ghosts)
            entries.append(Entry(self.tr("previous run"), first.pen(self.theme, ghost=True)))
        return tuple(entries) if len(entries) > 1 else ()

    def labels(self, history: History) -> tuple[str, str]:
        """Time or step, and the view's quantity."""
        time = self.tr("time <i>t</i> = <i>ηk</i>")
        x = time if self.abscissa == "time" else self.tr("step <i>k</i>")
        return x, self.translated(self.y_label)

    def sentence(self, history: History) -> str:
        """The first series' newest value, and where it is going."""
        present = self.present(history)
        if not present:
            return self.translated(self.title)
        values = history[present[0].column]
        return self.tr("{title}: {value} at step {step}, {trend}").format(
            title=self.translated(self.title),
            value=value_text(values[-1]),
            step=history.last_step,
            trend=trend(values),
        )
