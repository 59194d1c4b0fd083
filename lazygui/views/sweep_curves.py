"""Quantities of a sweep against the swept parameter, with their slopes and what theory says."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QMenu

from lazygui.claims.claim import number
from lazygui.numerics.fits import Fit
from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.views.legend import Entry
from lazygui.views.menu import view_menu
from lazygui.views.ranges import union
from lazygui.views.sweep_colours import line_colours, scale_of
from lazygui.views.sweep_curve import Curve
from lazygui.views.sweep_fits import asymptotic, checked_fit, straight_fit, theory_slope
from lazygui.views.sweep_layers import TopCrosses
from lazygui.views.sweep_names import (
    axis_label,
    axis_symbol,
    metric_symbol,
    metric_title,
    slope_text,
    value_of,
)
from lazygui.views.sweep_pointer import Marks
from lazygui.views.sweep_reference import reference_of
from lazygui.views.sweep_runs import FEW, Index, SweepAxis, SweepTable, grouped
from lazygui.views.sweep_threshold import Threshold, drawn
from lazygui.views.sweep_view import SweepView
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.window import bounds

MOST_METRICS = 4
MOST_VALUES = 12  # curves of a family; of more values these are chosen evenly
NAMED_VALUES = 4  # curves of a family that the legend names; more have a colour bar
NARROW = 340.0  # pixels at font scale 1 below which the legend leaves out errors and theory
ROLES = ("network", "difference", "data", "good")
"""Colours of the quantities; none is orange, which everywhere is the linearization."""


class SweepCurves(SweepView):
    """Means over the other axes, bands over the seeds, slopes where theory has one.

    One curve per quantity, or, with a second axis of numbers, one per value of it. Means are
    geometric on a logarithmic axis. A straight line is fitted where theory has a slope, and to
    all curves when the user asks for it.
    """

    name = "sweep_curves"
    title = QT_TRANSLATE_NOOP("views", "Sweep curves")
    can_log = True
    main: SweepAxis
    family: SweepAxis | None = None
    fits_all = False

    def adopt(self, history: History) -> None:
        """Find the axis along x and the one that parts the curves."""
        super().adopt(history)
        wanted = getattr(history.scenario, "abscissa", "")
        self.main = next((axis for axis in self.axes if axis.name == wanted), self.axes[0])
        others = [a for a in self.axes if a is not self.main and not a.random]
        self.family = next((axis for axis in others if len(axis.values) > 1), None)

    def chooses(self) -> bool:
        """One quantity at a time only when the curves stand for the values of a second axis."""
        return self.family is not None

    def usual_log(self, history: History) -> tuple[bool, bool]:
        """As the axis is spaced, and as the quantities are usually drawn."""
        return self.main.log, all(history.column(name).log for name in self.metrics)

    @property
    def straight(self) -> bool:
        """Whether powers are straight lines."""
        return self.log_x and self.log_y

    def build(self, history: History) -> None:
        """Ghosts, bands, theory and fits below the curves, dots on top."""
        super().build(history)
        self.curves = (
            self._quantity_curves()
            if self.family is None
            else self._family_curves(history, self.family)
        )
        cross = pens.line(self.theme, QColor(self.theme.bad), 2.0)
        self.diverged = TopCrosses(cross, 8.0 * self.theme.line_scale)
        self.threshold = Threshold(self.theme)
        self.plot.add(self.threshold.rule)
        for part in ("ghost", "band", "theory_line", "fit_line", "line", "dots"):
            self.plot.add(*(getattr(curve, part) for curve in reversed(self.curves)))
        self.plot.add(self.diverged, self.selection)
        for curve in self.curves:
            curve.theory = theory_slope(history.scenario, curve.metric, self.main.name)
            curve.lower = asymptotic(self.main.name)
            # Seeds have no order: a line would join what does not belong together.
            curve.line.visible = not self.main.random
        self._draw_ghosts(history)

    def _quantity_curves(self) -> list[Curve]:
        self.bar.setVisible(False)
        colours = [QColor(getattr(self.theme, role)) for role in ROLES]
        chosen = drawn(self.metrics, self.main.name)[:MOST_METRICS]
        return [Curve(self.theme, name, None, colours[k], k) for k, name in enumerate(chosen)]

    def _family_curves(self, history: History, family: SweepAxis) -> list[Curve]:
        count = len(family.values)
        chosen = np.linspace(0, count - 1, min(count, MOST_VALUES)).round().astype(int)
        places = np.argsort(family.values, kind="stable")[np.unique(chosen)]
        scale, table = scale_of(family.values, log=family.log), line_colours(self.theme)
        self.bar.set_scale(axis_symbol(history, family), scale, table)
        self.bar.setVisible(len(places) > NAMED_VALUES)
        shades = [QColor.fromRgbF(*table[i]) for i in scale.indices(family.values[places])]
        return [
            Curve(self.theme, self.quantity, int(place), shades[k], k)
            for k, place in enumerate(places)
        ]

    def _draw_ghosts(self, history: History) -> None:
        self.reference = reference_of(history, self.ghost, self.main.name)
        if self.reference is None:
            return
        for curve in self.curves:
            value = None
            if self.family is not None and curve.place is not None:
                value = (self.family.name, float(self.family.values[curve.place]))
            means = self.reference.curve(self.main.name, curve.metric, value, log=self.log_y)
            curve.ghost.set_data(*means)

    def draw_table(self, history: History, table: SweepTable) -> Marks:
        """Gather the runs for each curve."""
        place = table.place(self.main)
        for curve in self.curves:
            values = np.where(table.diverged, np.nan, history[curve.metric][table.rows])
            if self.family is not None:
                values = np.where(table.place(self.family) == curve.place, values, np.nan)
            groups = grouped(values, place, log=self.log_y)
            curve.show(self.main.values[groups.group], groups)
            # One line of theory per curve of a family would be a thicket.
            theory = self.straight and curve in self.named()
            curve.show_slopes(self._fit(history, curve), theory=theory)
        self._make_room(history)
        return self._marks(table, place)

    def _fit(self, history: History, curve: Curve) -> Fit | None:
        if not self.straight or (curve.theory is None and not self.fits_all):
            return None
        if self.family is None and self.main is self.axes[0]:
            return checked_fit(history, curve.metric, curve.lower)
        return straight_fit(curve.dots.x, curve.dots.y, curve.lower)

    @Slot(bool)
    def set_fits_all(self, on: bool) -> None:
        """Fit a straight line to each curve, or only where theory has a slope."""
        self.fits_all = on
        self.redraw()

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> None:
        """The menu of every view, and whether lines are fitted."""
        menu = view_menu(self)
        fits = _checkable(menu, self.tr("Fit straight lines"), self.fits_all)
        fits.setEnabled(self.straight)
        fits.toggled.connect(self.set_fits_all)
        menu.popup(place)

    def _marks(self, table: SweepTable, place: Index) -> Marks:
        lost = np.flatnonzero(table.diverged)
        top, first = np.unique(place[lost], return_index=True)
        self.diverged.set_data(self.main.values[top])
        ys = [*(curve.groups.mean for curve in self.curves), np.ones(len(top))]
        columns = [*(curve.groups.group for curve in self.curves), top]
        rows = [*(curve.groups.nearest for curve in self.curves), lost[first]]
        row = np.repeat(np.arange(len(columns)), [len(part) for part in columns])
        column, y = np.concatenate(columns), np.concatenate(ys)
        key = row * len(self.main.values) + column
        run = table.run[np.concatenate(rows)]
        x = self.main.values[column]
        return Marks(x, y, key, run, row, column, pinned=row == len(self.curves))

    def _make_room(self, history: History) -> None:
        spans = [
            span
            for curve in self.curves
            for span in curve.spans(log_x=self.log_x, log_y=self.log_y)
        ]
        # All abscissas from the start, so that curves fill a plot that stands still.
        across = bounds(self.main.values, log=self.log_x)
        self.plot.include(across, union(spans))
        self.threshold.show(history, self.main.name, across, log=self.log_x)

    def put_ticks(self) -> None:
        """Ticks at the values of the swept parameter."""
        self.ticks_at(self.plot.bottom, self.main)

    def legend(self, history: History) -> tuple[Entry, ...]:
        """A sample of each curve with its slope, then fit, theory and what is drawn behind."""
        entries = [self._entry(history, curve) for curve in self.named()]
        fitted = next((curve for curve in self.curves if curve.fit is not None), None)
        if fitted is not None:
            thin = pens.line(self.theme, QColor(self.theme.muted), 0.9)
            entries.append(Entry(self._fitted(history, fitted.lower), thin))
        if any(len(curve.theory_line.x) for curve in self.curves):
            entries.append(Entry(self.tr("theory"), self.curves[0].theory_line.pen))
        entries += self.threshold.entries()
        if self.reference is not None and any(len(curve.ghost.x) for curve in self.curves):
            entries.append(Entry(self.reference.short(), self.curves[0].ghost.pen))
        return tuple(entries)

    def named(self) -> list[Curve]:
        """The curves that the legend names: all, or the ends of a large family."""
        many = len(self.curves) > NAMED_VALUES
        return [self.curves[0], self.curves[-1]] if many else self.curves

    def _fitted(self, history: History, lower: float) -> str:
        if lower <= 0.0:
            return self.tr("fit")
        symbol = axis_symbol(history, self.main)
        return self.tr("fit, {symbol} ≥ {lower}").format(symbol=symbol, lower=number(lower))

    def _entry(self, history: History, curve: Curve) -> Entry:
        if self.family is not None and curve.place is not None:
            name = value_of(history, self.family, curve.place)
        else:
            name = metric_symbol(history, curve.metric)
        pen = curve.pen if curve.line.visible else None
        return Entry(name + self._slope(curve), pen, curve.symbol, curve.colour)

    def _slope(self, curve: Curve) -> str:
        narrow = self.width() < NARROW * self.theme.font_scale
        if narrow:
            return f": {number(round(curve.fit.slope, 2))}" if curve.fit is not None else ""
        parts = [] if curve.fit is None else [self.tr("slope {}").format(slope_text(curve.fit))]
        if curve.theory is not None and len(curve.theory_line.x):
            parts.append(self.tr("theory {}").format(number(curve.theory)))
        return f": {', '.join(parts)}" if parts else ""

    def labels(self, history: History) -> tuple[str, str]:
        """The swept parameter; the quantity where there is only one."""
        names = {curve.metric for curve in self.curves}
        y = metric_symbol(history, names.pop()) if len(names) == 1 else ""
        return axis_label(history, self.main), y

    def subtitle(self, history: History) -> str:
        """The number of runs, and what the bands are."""
        text = super().subtitle(history)
        counts = [int(c.groups.count.max()) for c in self.curves if len(c.groups.count)]
        count = max(counts, default=1)
        if count <= 1:
            return text
        rest = [axis for axis in self.axes if axis not in (self.main, self.family)]
        kind = self.tr("seeds") if all(axis.random for axis in rest) else self.tr("runs")
        band = self.tr("10–90 %") if count > FEW else self.tr("min–max")
        return self.tr("{text}; band: {band} of {count} {kind}").format(
            text=text, band=band, count=count, kind=kind
        )

    def describe(self, history: History, mark: int) -> str:
        """A point's mean and band, and the run nearest to the mean, which a click opens."""
        marks = self.pointer.marks
        row, column, run = (int(p[mark]) for p in (marks.row, marks.column, marks.run))
        if row >= len(self.curves):
            return self.describe_run(history, run)
        curve = self.curves[row]
        where = int(np.searchsorted(curve.groups.group, column))
        if curve.groups.count[where] <= 1:
            return self.describe_run(history, run)
        heads = [value_of(history, self.main, column)]
        if self.family is not None and curve.place is not None:
            heads.append(value_of(history, self.family, curve.place))
        lines = [f"<b>{', '.join(heads)}</b>", *self._mean(history, curve, where)]
        return "<br>".join([*lines, self._opening(run)])

    def _mean(self, history: History, curve: Curve, where: int) -> tuple[str, str]:
        groups = curve.groups
        low, mean, high = (
            number(float(part[where])) for part in (groups.low, groups.mean, groups.high)
        )
        over = self.tr("mean of {} runs; the nearest to it:").format(int(groups.count[where]))
        return f"{metric_symbol(history, curve.metric)} = {mean} ({low} … {high})", over

    def sentence(self, history: History) -> str:
        """How many runs there are and the first curve's slope."""
        text = f"{self.translated(self.title)}: {super().subtitle(history)}"
        curve = self.curves[0]
        if curve.fit is None:
            return text
        slope = self.tr("slope {}").format(slope_text(curve.fit))
        return f"{text}; {metric_title(history, curve.metric)}: {slope}"


def _checkable(menu: QMenu, text: str, checked: bool) -> QAction:
    """A choice of the sweep's own, after those of the axes."""
    action = QAction(text, menu)
    action.setObjectName("view-menu-fits")
    action.setCheckable(True)
    action.setChecked(checked)
    names = [known.objectName() for known in menu.actions()]
    menu.insertAction(menu.actions()[names.index("view-menu-follow")], action)
    return action
