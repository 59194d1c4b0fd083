"""One quantity of a sweep over two swept parameters, as a map."""

from __future__ import annotations

import numpy as np

from lazygui.claims.claim import number
from lazygui.simulation.history import History
from lazygui.views.sweep_colours import area_colours, scale_of
from lazygui.views.sweep_layers import Cells
from lazygui.views.sweep_names import axis_label, metric_symbol, metric_title, value_of
from lazygui.views.sweep_pointer import Marks
from lazygui.views.sweep_runs import SweepAxis, SweepTable, grouped, sweep_axes
from lazygui.views.sweep_view import SweepView
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import Array


class SweepMap(SweepView):
    """A cell per pair of values in viridis, the mean over the other axes; crossed if diverged."""

    name = "sweep_map"
    title = QT_TRANSLATE_NOOP("views", "Sweep map")
    ring = 0.0

    @classmethod
    def suits(cls, history: History) -> bool:
        """Whether two axes are numbers with several values each."""
        return super().suits(history) and len(_plane(sweep_axes(history))) == 2

    def usual_log(self, history: History) -> tuple[bool, bool]:
        """As the values of the two parameters are spaced."""
        first, second = _plane(self.axes)
        return first.log, second.log

    def build(self, history: History) -> None:
        """The cells, all of them still empty."""
        super().build(history)
        self.cells = Cells(self.theme)
        first, second = _plane(self.axes)
        self.x_order, self.y_order = (np.argsort(a.values, kind="stable") for a in (first, second))
        self.x_edges = cell_edges(first.values[self.x_order], log=self.log_x)
        self.y_edges = cell_edges(second.values[self.y_order], log=self.log_y)
        self.cells.set_edges(self.x_edges, self.y_edges)
        self.means: Array = np.full(len(second.values) * len(first.values), np.nan)
        self.plot.add(self.cells, self.selection)
        self.bar.setVisible(True)

    def draw_table(self, history: History, table: SweepTable) -> Marks:
        """Colour the cells of the finished runs."""
        first, second = _plane(self.axes)
        column = np.argsort(self.x_order)[table.place(first)]
        row = np.argsort(self.y_order)[table.place(second)]
        cell = row * len(first.values) + column
        values = np.where(table.diverged, np.nan, history[self.quantity][table.rows])
        groups = grouped(values, cell, log=self._geometric(history, values))
        self.means = np.full(len(first.values) * len(second.values), np.nan)
        self.means[groups.group] = groups.mean
        self._colour(history, np.bincount(cell[table.diverged], minlength=len(self.means)) > 0)
        self._show_all()
        return self._marks(table, cell, groups.group, groups.nearest)

    def _geometric(self, history: History, values: Array) -> bool:
        known = values[np.isfinite(values)]
        return history.column(self.quantity).log and bool((known > 0.0).all())

    def _colour(self, history: History, struck: np.ndarray) -> None:
        scale, shades = scale_of(self.means), area_colours()
        index = scale.indices(self.means)
        rgba = np.where((index < 0)[:, None], 0.0, shades[np.maximum(index, 0)])
        shape = (len(self.y_edges) - 1, len(self.x_edges) - 1)
        crossed = struck & (index < 0)
        self.cells.set_data(rgba.reshape(*shape, 4), crossed.reshape(shape), struck.reshape(shape))
        self.bar.set_scale(metric_symbol(history, self.quantity), scale, shades)

    def _show_all(self) -> None:
        spans = [(float(edges[0]), float(edges[-1])) for edges in (self.x_edges, self.y_edges)]
        self.plot.show_range(spans[0], spans[1])

    def _marks(
        self, table: SweepTable, cell: np.ndarray, group: np.ndarray, nearest: np.ndarray
    ) -> Marks:
        cells, first = np.unique(cell, return_index=True)
        chosen = first.astype(np.intp)
        chosen[np.searchsorted(cells, group)] = nearest
        row, column = np.divmod(cells, len(self.x_edges) - 1)
        edges = np.stack(
            [
                self.x_edges[column],
                self.x_edges[column + 1],
                self.y_edges[row],
                self.y_edges[row + 1],
            ],
            axis=1,
        )
        x, y = (edges[:, 0] + edges[:, 1]) / 2, (edges[:, 2] + edges[:, 3]) / 2
        x, y = (10.0**p if log else p for p, log in ((x, self.log_x), (y, self.log_y)))
        return Marks(x, y, cells, table.run[chosen], row, column, edges=edges)

    def put_ticks(self) -> None:
        """Ticks at the values of both parameters."""
        for axis, swept in zip((self.plot.bottom, self.plot.left), _plane(self.axes), strict=True):
            self.ticks_at(axis, swept)

    def labels(self, history: History) -> tuple[str, str]:
        """The two parameters."""
        first, second = _plane(self.axes)
        return axis_label(history, first), axis_label(history, second)

    def describe(self, history: History, mark: int) -> str:
        """A cell's parameters and its value."""
        marks, (first, second) = self.pointer.marks, _plane(self.axes)
        heads = [
            value_of(history, first, int(self.x_order[marks.column[mark]])),
            value_of(history, second, int(self.y_order[marks.row[mark]])),
        ]
        value = float(self.means[marks.key[mark]])
        text = (
            f"{metric_symbol(history, self.quantity)} = {number(value)}"
            if np.isfinite(value)
            else self.tr("diverged")
        )
        run = int(marks.run[mark])
        return "<br>".join([f"<b>{', '.join(heads)}</b>", text, self._opening(run)])

    def sentence(self, history: History) -> str:
        """The quantity, how many runs, the smallest and the largest value."""
        known = self.means[np.isfinite(self.means)]
        text = f"{metric_title(history, self.quantity)}: {self.subtitle(history)}"
        if len(known) == 0:
            return text
        return self.tr("{text}; from {low} to {high}").format(
            text=text, low=number(float(known.min())), high=number(float(known.max()))
        )


def _plane(axes: tuple[SweepAxis, ...]) -> tuple[SweepAxis, ...]:
    """The first two axes that are numbers with several values."""
    return tuple(axis for axis in axes if not axis.random and len(axis.values) > 1)[:2]


def cell_edges(values: Array, *, log: bool) -> Array:
    """Edges half way between increasing values, in axis coordinates; one more than values."""
    places = np.log10(values) if log else values
    middles = (places[1:] + places[:-1]) / 2
    return np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])
