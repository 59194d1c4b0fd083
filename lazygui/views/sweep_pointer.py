"""Pointing at runs: by mouse, by arrow keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from lazygui.views.plot import Plot
from lazygui.views.sweep_layers import TOP
from lazygui.views.sweep_runs import Index
from lazygui.views.window import Array, Window

REACH = 14.0  # pixels between the mouse and a point that is still meant

_ARROWS = {
    Qt.Key.Key_Right: (0, 1.0),
    Qt.Key.Key_Left: (0, -1.0),
    Qt.Key.Key_Up: (1, -1.0),
    Qt.Key.Key_Down: (1, 1.0),
}


def _nowhere() -> Index:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Marks:
    """What can be pointed at: data coordinates, a key that stays, the run each opens.

    Left and right move among the marks of one `row`, up and down among those of one `column`.
    `pinned` marks stand at the upper edge; `half` (k, 4) are the edges of cells in axis
    coordinates: left, right, lower, upper.
    """

    x: Array = field(default_factory=lambda: np.empty(0))
    y: Array = field(default_factory=lambda: np.empty(0))
    key: Index = field(default_factory=_nowhere)
    run: Index = field(default_factory=_nowhere)
    row: Index = field(default_factory=_nowhere)
    column: Index = field(default_factory=_nowhere)
    pinned: np.ndarray | None = None
    edges: Array | None = None

    def places(self, window: Window) -> tuple[Array, Array]:
        """The marks in pixels; NaN where they can't be drawn."""
        px, py = window.pixels(self.x, np.where(self._top(), 1.0, self.y))
        return px, np.where(self._top(), TOP, py)

    def _top(self) -> np.ndarray:
        return np.zeros(len(self.x), dtype=bool) if self.pinned is None else self.pinned

    def box(self, k: int, window: Window) -> QRectF:
        """The rectangle of a mark in pixels; empty for a point."""
        if self.edges is None:
            px, py = self.places(window)
            return QRectF(px[k], py[k], 0.0, 0.0)
        left, right, low, high = self.edges[k]
        dx, dy = window.lengths(left - window.x[0], high - window.y[1])
        wide, down = window.lengths(right - left, low - high)
        return QRectF(dx, dy, wide, down)

    def at(self, spot: QPointF, window: Window) -> int:
        """The mark at a pixel, −1 for none."""
        if len(self.x) == 0:
            return -1
        if self.edges is not None:
            x, y = window.axis_point(spot.x(), spot.y())
            e = self.edges
            found = np.flatnonzero((e[:, 0] <= x) & (x < e[:, 1]) & (e[:, 2] <= y) & (y < e[:, 3]))
            return int(found[0]) if len(found) else -1
        px, py = self.places(window)
        away = np.nan_to_num(np.hypot(px - spot.x(), py - spot.y()), nan=np.inf)
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= REACH else -1

    def beside(self, k: int, along: int, sign: float, window: Window) -> int:
        """The next mark from `k` to the right or left (`along` 0), or below or above (1)."""
        place = sign * self.places(window)[along]
        group = self.row if along == 0 else self.column
        further = np.flatnonzero((group == group[k]) & (place > place[k] + 1e-6))
        return int(further[np.argmin(place[further])]) if len(further) else k

    def first(self, window: Window) -> int:
        """The mark furthest to the left, −1 for none."""
        px = self.places(window)[0]
        return int(np.nanargmin(px)) if np.isfinite(px).any() else -1


class Pointer(QObject):
    """Follows the mouse over a plot and the arrow keys.

    Signals: `pointed(k, by_keys)`, which mark is meant now, −1 for none; `opened(run)`.
    """

    pointed = Signal(int, bool)
    opened = Signal(int)

    def __init__(self, plot: Plot, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self.marks = Marks()
        self.current = -1
        plot.scene().sigMouseMoved.connect(self._moved)
        plot.scene().sigMouseClicked.connect(self._clicked)

    @property
    def window(self) -> Window:
        """What the plot shows."""
        return self._plot.canvas.shown()

    def set_marks(self, marks: Marks) -> None:
        """Take over new marks; the one that was meant stays meant if it's still there."""
        old, k = self.marks, self.current
        self.marks = marks
        if k < 0:
            return
        same = np.flatnonzero(marks.key == old.key[k])
        self.current = int(same[0]) if len(same) else -1

    def point(self, k: int, by_keys: bool = False) -> None:
        """Mean this mark."""
        if k != self.current:
            self.current = k
            self.pointed.emit(k, by_keys)

    def _at(self, scene_place: QPointF) -> int:
        canvas = self._plot.canvas
        spot = canvas.mapFromScene(scene_place)
        return self.marks.at(spot, self.window) if canvas.contains(spot) else -1

    @Slot(object)
    def _moved(self, scene_place: Any) -> None:
        self.point(self._at(QPointF(scene_place)))

    @Slot(object)
    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            k = self._at(QPointF(event.scenePos()))
            if k >= 0:
                event.accept()
                self.opened.emit(int(self.marks.run[k]))

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the runs: arrows choose one, Enter opens it."""
        key, k = Qt.Key(event.key()), self.current
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and k >= 0:
            self.opened.emit(int(self.marks.run[k]))
            return True
        if key not in _ARROWS or len(self.marks.x) == 0:
            return False
        window = self.window
        chosen = self.marks.beside(k, *_ARROWS[key], window) if k >= 0 else self.marks.first(window)
        self.point(chosen, True)
        return True

    def spot(self, k: int) -> QPoint:
        """Where a mark is on the screen."""
        middle = self.marks.box(k, self.window).center()
        scene = self._plot.canvas.mapToScene(middle)
        return self._plot.viewport().mapToGlobal(self._plot.mapFromScene(scene))
