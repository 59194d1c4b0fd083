"""What the views of sweeps share: choice of the quantity, colour bar, pointing at runs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QToolTip, QWidget

from lazygui.claims.claim import number
from lazygui.simulation.history import History
from lazygui.style import fonts
from lazygui.style.themes import Theme
from lazygui.views.axis import Axis
from lazygui.views.legend import Entry
from lazygui.views.sweep_colours import ColourBar
from lazygui.views.sweep_layers import Selection
from lazygui.views.sweep_names import (
    metric_symbol,
    metric_title,
    metrics_of,
    plain,
    value_of,
    value_ticks,
)
from lazygui.views.sweep_pointer import Marks, Pointer
from lazygui.views.sweep_runs import SweepAxis, SweepTable, sweep_axes, sweep_table
from lazygui.views.typesetting import typeset
from lazygui.views.view import View

NARROWEST = 230.0  # pixels at font scale 1 below which the choice gives way to the title


class SweepView(View):
    """Draws a sweep, whose history has one row per finished run.

    Subclasses set `marks` and say what a mark is; `open_requested(run)` follows from that.
    """

    requires = frozenset({"axes", "runs", "diverged"})
    ring = 8.0  # the radius of the selection; 0 for a frame

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        self.axes: tuple[SweepAxis, ...] = ()
        self.metrics: tuple[str, ...] = ()
        self.quantity = ""
        self._shape: tuple[object, ...] = ()
        self._ticks: dict[str, list[tuple[float, str]]] = {}
        super().__init__(theme, parent)
        self.pointer = Pointer(self.plot, self)
        self.pointer.pointed.connect(self._pointed)
        self.pointer.opened.connect(self.open_requested)

    def _lay_out(self) -> None:
        super()._lay_out()
        self.bar = ColourBar(self)
        self.bar.setObjectName(f"view-{self.name}-colours")
        self.column.insertWidget(1, self.bar)
        self.choice = QComboBox(self)
        self.choice.setObjectName(f"view-{self.name}-quantity")
        self.choice.setAccessibleName(self.tr("Quantity"))
        self.choice.setToolTip(self.tr("The quantity that is drawn"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.setMinimumWidth(56)
        self.choice.setVisible(False)
        self.choice.activated.connect(self._choose)
        grid = self.header.layout()
        assert isinstance(grid, QGridLayout)
        grid.addWidget(self.choice, 0, 3)
        grid.addWidget(self.header.legend, 1, 0, 1, 4)

    @classmethod
    def suits(cls, history: History) -> bool:
        """Whether this is a sweep with a quantity to draw."""
        return super().suits(history) and bool(metrics_of(history))

    def chooses(self) -> bool:
        """Whether the view draws one quantity at a time."""
        return True

    def begin(self, history: History, ghost: History | None = None) -> None:
        """Start with a new sweep; what the user chose for the same axes stays."""
        self.adopt(history)
        self.pointer.marks, self.pointer.current = Marks(), -1
        shape = (tuple((axis.name, axis.log) for axis in self.axes), self.metrics)
        self.history = None
        if shape != self._shape:
            self._shape = shape
            self.log_x, self.log_y = self.usual_log(history)
            self.plot.set_log(x=self.log_x, y=self.log_y)
        self._offer(history)
        super().begin(history, ghost)

    def adopt(self, history: History) -> None:
        """Take over axes and quantities of a new sweep."""
        self.axes, self.metrics = sweep_axes(history), metrics_of(history)
        self.quantity = self.quantity if self.quantity in self.metrics else self.metrics[0]

    def usual_log(self, history: History) -> tuple[bool, bool]:
        """Which axes are logarithmic at first."""
        return self.axes[0].log, all(history.column(name).log for name in self.metrics)

    def _offer(self, history: History) -> None:
        self.choice.clear()
        for k, name in enumerate(self.metrics):
            self.choice.addItem(plain(metric_symbol(history, name)), name)
            title = metric_title(history, name)
            self.choice.setItemData(k, title, Qt.ItemDataRole.ToolTipRole)
            self.choice.setItemData(k, title, Qt.ItemDataRole.AccessibleTextRole)
        self.choice.setCurrentIndex(self.metrics.index(self.quantity))
        self._fit_header()

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.quantity = str(self.choice.itemData(index))
        self._rebuild()
        self.follow()

    def set_theme(self, theme: Theme) -> None:
        """Take over another theme, for the bar and the choice too."""
        self.bar.set_theme(theme)
        self.choice.setFont(fonts.font(theme, fonts.Size.SMALL))
        super().set_theme(theme)
        self._fit_header()

    def build(self, history: History) -> None:
        """The selection; subclasses put their own layers below it."""
        self.selection = Selection(self.theme, self.ring * self.theme.line_scale)

    def draw(self, history: History) -> None:
        """Draw the finished runs, and keep pointing at the same one."""
        self.pointer.set_marks(self.draw_table(history, sweep_table(history)))
        self._show_selection()
        self._refresh_legend(history)
        self.put_ticks()

    def _refresh_legend(self, history: History) -> None:
        entries = self.legend(history)
        if entries != self.header.legend.entries:
            self.header.legend.set_entries(entries, self.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A legend as long as there is room for, ticks that stay apart."""
        super().resizeEvent(event)
        self._fit_header()
        if self.history is not None and self._drawn_revision >= 0:
            self._refresh_legend(self.history)
            self.put_ticks()

    def _fit_header(self) -> None:
        scale = self.theme.font_scale
        self.header.legend.allow_rows(min(max(int(self.height() / (56.0 * scale)), 1), 5))
        wanted = self.chooses() and len(self.metrics) > 1
        self.choice.setVisible(wanted and self.width() >= NARROWEST * scale)

    def put_ticks(self) -> None:
        """Put ticks where they help most; by default where every plot has them."""

    def ticks_at(self, axis: Axis, swept: SweepAxis) -> None:
        """Put ticks at the values of a swept parameter if they are few and round."""
        level = axis.orientation == "bottom"
        log = self.log_x if level else self.log_y
        length = float(axis.size().width() if level else axis.size().height())
        ticks = value_ticks(swept, length / self.theme.font_scale, level=level, log=log)
        if ticks != self._ticks.get(axis.orientation):
            self._ticks[axis.orientation] = ticks
            axis.setTicks([ticks] if ticks else None)

    def draw_table(self, history: History, table: SweepTable) -> Marks:
        """Hand the runs to the layers; what can be pointed at."""
        raise NotImplementedError

    def _show_selection(self) -> None:
        k = self.pointer.current
        self.selection.visible = k >= 0
        if k >= 0:
            self.selection.put(self.pointer.marks.box(k, self.pointer.window))

    def legend(self, history: History) -> tuple[Entry, ...]:
        """Nothing but the colour bar unless a subclass says more."""
        return ()

    def subtitle(self, history: History) -> str:
        """How many runs are finished, how many of them diverged."""
        table, runs = sweep_table(history), int(history.facts["runs"])
        done = len(table.run)
        parts = [
            self.tr("{} runs").format(runs)
            if done == runs
            else self.tr("{done} of {runs} runs").format(done=done, runs=runs)
        ]
        if table.diverged.any():
            parts.append(self.tr("{} diverged (×)").format(int(table.diverged.sum())))
        return ", ".join(parts)

    # Pointing

    def describe(self, history: History, mark: int) -> str:
        """What a mark stands for, in rich text."""
        return self.describe_run(history, int(self.pointer.marks.run[mark]))

    def describe_run(self, history: History, run: int) -> str:
        """A run's parameters and quantities, in rich text."""
        table = sweep_table(history)
        where = int(np.flatnonzero(table.run == run)[0])
        values = [
            value_of(history, axis, int(table.places[i, where])) for i, axis in enumerate(self.axes)
        ]
        lines = [f"<b>{', '.join(values)}</b>"]
        if table.diverged[where]:
            return "<br>".join([*lines, self.tr("diverged"), self._opening(run)])
        for name in self.listed():
            value = float(history[name][table.rows[where]])
            lines.append(f"{metric_symbol(history, name)} = {number(value)}")
        return "<br>".join([*lines, self._opening(run)])

    def listed(self) -> tuple[str, ...]:
        """The quantities told of a run."""
        return self.metrics

    def _opening(self, run: int) -> str:
        return self.tr("click or Enter: open run {}").format(run + 1)

    @Slot(int, bool)
    def _pointed(self, k: int, by_keys: bool) -> None:
        history = self.history
        self._show_selection()
        self.plot.canvas.update()
        shape = Qt.CursorShape.PointingHandCursor if k >= 0 else Qt.CursorShape.ArrowCursor
        self.plot.viewport().setCursor(shape)
        if history is None or k < 0:
            QToolTip.hideText()
            return
        text = self.describe(history, k)
        QToolTip.showText(self.pointer.spot(k), typeset(text), self.plot.viewport())
        if by_keys:
            self.setAccessibleDescription(plain(text.replace("<br>", "; ")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a run, Enter opens it; other keys go on to the window."""
        plainly = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plainly and self.history is not None and self.pointer.take_key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is meant any more."""
        super().leaveEvent(event)
        self.pointer.point(-1)
