"""The layout of a typeset figure: plots in a grid, aligned, with room for what stands around them.

All lengths are points, from the lower left corner of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lazygui.export.drawing import (
    AxisSpec,
    ColourBar,
    Drawing,
    Image,
    LegendEntry,
    Place,
    Sheet,
    Span,
)
from lazygui.export.ticks import Tick, number, ticks, ticks_of
from lazygui.export.typeset_text import typeset
from lazygui.export.typeset_type import Type

# In multiples of the size of the type.
SAMPLE, SPOT, NEAR, APART, ROW = 2.3, 0.8, 0.5, 1.3, 1.45
TICK, BARE_TICK, TICK_GAP, LABEL_GAP = 0.36, 0.2, 0.3, 0.45
# A row of ticks is laid out as high as letters are that none of them has.
ROW_GAP = 0.25
# A symbol hides the middle of a sample: dashes are seen beside it.
DASHES_BESIDE = 1.2
BAR, BAR_GAP = 0.85, 1.0
EDGE, BETWEEN, TITLE = 0.3, 1.4, 1.7
NARROWEST = 3.0


class TooSmallError(ValueError):
    """A figure that has no room for its plots."""


@dataclass(frozen=True)
class Margins:
    """Room that a plot needs on its four sides."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Box:
    """A rectangle of the page."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height


@dataclass
class Panel:
    """One plot with its place in the grid, and what has been settled of it."""

    source: Drawing
    drawing: Drawing
    place: Place
    title: str
    type: Type
    x_ticks: tuple[list[Tick], list[float]] = ([], [])
    y_ticks: tuple[list[Tick], list[float]] = ([], [])
    rows: list[list[tuple[LegendEntry, float]]] = field(default_factory=list)
    box: Box = field(default_factory=lambda: Box(0, 0, 1, 1))
    head: float = 0.0

    def settle(self, width: float, height: float) -> Margins:
        """Choose ticks and rows of the legend for a plot of this size; what room they take."""
        em = self.type.size
        self.x_ticks = self._chosen(self.drawing.x, width, level=True)
        self.y_ticks = self._chosen(self.drawing.y, height, level=False)
        self.rows = legend_rows(self.drawing.legend, width + self.right(), self.type)
        top = (ROW * len(self.rows) + 0.35 if self.rows else 0.0) * em
        if self.title:
            top += TITLE * em
        top = max(top, 0.6 * em)
        return Margins(self.left(), self.right(), self.bottom(), top)

    def _chosen(
        self, axis: AxisSpec, length: float, *, level: bool
    ) -> tuple[list[Tick], list[float]]:
        if not axis.visible:
            return [], []
        em = self.type.size
        room = (3.2 if axis.log else 4.6) * em if level else (1.9 if axis.log else 2.6) * em
        chosen = ticks_of(axis, length, room)
        if level and chosen[0] and not axis.ticks:
            widest = max(self.type.width(text) for _, text in chosen[0])
            if widest + 0.9 * em > room:
                chosen = ticks_of(axis, length, widest + 0.9 * em)
        return chosen

    def left(self) -> float:
        """Room for the texts on the left."""
        if not self.drawing.y.visible:
            return 0.0
        em = self.type.size
        widest = max((self.type.width(text) for _, text in self.y_ticks[0]), default=0.0)
        label = self._label_height(self.drawing.y.label)
        return widest + (TICK + TICK_GAP) * em + (LABEL_GAP * em + label if label else 0.0)

    def right(self) -> float:
        """Room for a scale of colours, or for half the last tick's text."""
        em = self.type.size
        bar = self.drawing.bar
        if bar is not None:
            widest = max((self.type.width(text) for _, text in bar_ticks(bar, 6.0)), default=0.0)
            label = self._label_height(bar.label)
            return (BAR_GAP + BAR + 2 * TICK_GAP + LABEL_GAP) * em + widest + label
        last = self.x_ticks[0][-1:]
        return max(0.5 * em, *(0.5 * self.type.width(text) for _, text in last), 0.0)

    def bottom(self) -> float:
        """Room for the texts below."""
        if not self.drawing.x.visible:
            return 0.0
        em = self.type.size
        tallest = max((self.type.height(text) for _, text in self.x_ticks[0]), default=0.0)
        label = self._label_height(self.drawing.x.label)
        below = (LABEL_GAP + ROW_GAP) * em + label if label else 0.0
        return tallest + (TICK + TICK_GAP) * em + below

    def _label_height(self, rich: str) -> float:
        return self.type.height(typeset(rich)) if rich else 0.0


def bar_ticks(bar: ColourBar, most: float) -> list[Tick]:
    """Labelled places of a scale of colours; its ends where nothing round lies between."""
    named, _ = ticks(bar.span, bar.log, most)
    if len(named) >= 2:
        return named
    ends = [(10.0**end if bar.log else end) for end in bar.span]
    return [(end, number(f"{v:.3g}")) for end, v in zip(bar.span, ends, strict=True)]


def legend_rows(
    entries: Sequence[LegendEntry], width: float, type_: Type
) -> list[list[tuple[LegendEntry, float]]]:
    """Entries with their left edges, in as many rows as a width makes necessary."""
    rows: list[list[tuple[LegendEntry, float]]] = []
    x = 0.0
    for entry in entries:
        size = (sample(entry) + NEAR) * type_.size + type_.width(typeset(entry.text))
        if not rows or (x > 0.0 and x + size > width):
            rows.append([])
            x = 0.0
        rows[-1].append((entry, x))
        x += size + APART * type_.size
    return rows


def sample(entry: LegendEntry) -> float:
    """Width of the sample of a line or a marker, in multiples of the size of the type."""
    if entry.stroke is None:
        return SPOT
    return SAMPLE + (DASHES_BESIDE if entry.symbol and entry.stroke.dashes else 0.0)


# Arranging


def arranged(sheet: Sheet, page: tuple[float, float], type_: Type) -> list[Panel]:
    """The panels with their boxes settled. Raises TooSmallError where a plot has no room."""
    several = len(sheet.panels) > 1
    panels = [
        Panel(drawing, drawing, place, drawing.title if several else "", type_)
        for drawing, place in sheet.panels
    ]
    cells = [_cell(panel.place, sheet.shape, page, type_.size) for panel in panels]
    sizes = [(cell.width - 4 * type_.size, cell.height - 4 * type_.size) for cell in cells]
    # Ticks depend on the size of the plot, which depends on the ticks: twice is enough.
    for _ in range(3):
        margins = [panel.settle(*size) for panel, size in zip(panels, sizes, strict=True)]
        margins = _aligned(panels, margins)
        boxes = [_inner(cell, m, type_.size) for cell, m in zip(cells, margins, strict=True)]
        for panel, box, cell in zip(panels, boxes, cells, strict=True):
            panel.head = cell.top
            panel.drawing, panel.box = _fitted(panel.source, box)
        sizes = [(panel.box.width, panel.box.height) for panel in panels]
    return panels


def _cell(place: Place, shape: tuple[int, int], page: tuple[float, float], em: float) -> Box:
    row, column, tall, wide = place
    edge, gap = EDGE * em, BETWEEN * em
    width = (page[0] - 2 * edge - (shape[1] - 1) * gap) / shape[1]
    height = (page[1] - 2 * edge - (shape[0] - 1) * gap) / shape[0]
    left = edge + column * (width + gap)
    top = page[1] - edge - row * (height + gap)
    span_x, span_y = wide * width + (wide - 1) * gap, tall * height + (tall - 1) * gap
    return Box(left, top - span_y, span_x, span_y)


def _aligned(panels: list[Panel], margins: list[Margins]) -> list[Margins]:
    """The same margins for plots that begin or end in the same row or column."""

    def most(name: str, key: int, size: int, k: int) -> float:
        def side(place: Place) -> int:
            return place[key] + (place[size] if size else 0)

        mine = side(panels[k].place)
        return max(
            float(getattr(m, name))
            for panel, m in zip(panels, margins, strict=True)
            if side(panel.place) == mine
        )

    return [
        Margins(most("left", 1, 0, k), most("right", 1, 3, k),
                most("bottom", 0, 2, k), most("top", 0, 0, k))
        for k in range(len(panels))
    ]  # fmt: skip


def _inner(cell: Box, margins: Margins, em: float) -> Box:
    width = cell.width - margins.left - margins.right
    height = cell.height - margins.bottom - margins.top
    if min(width, height) < NARROWEST * em:
        raise TooSmallError(
            f"the figure is too small for type of {em:g} points; choose a larger size or smaller "
            "type"
        )
    return Box(cell.left + margins.left, cell.bottom + margins.bottom, width, height)


def _fitted(drawing: Drawing, box: Box) -> tuple[Drawing, Box]:
    """The drawing with units of equal length if it asks for them, and its box.

    What is shown grows from the core until it fills the box; an image, which ends with what the
    screen shows, stops it, and then the box shrinks.
    """
    if not drawing.equal:
        return drawing, box
    x, y = (axis.core or axis.span for axis in (drawing.x, drawing.y))
    if not 1e-6 < (y[1] - y[0]) / (x[1] - x[0]) < 1e6:
        return drawing, box
    unit = min(box.width / (x[1] - x[0]), box.height / (y[1] - y[0]))
    x, y = _grown(x, box.width / unit), _grown(y, box.height / unit)
    if any(isinstance(item, Image) for item in drawing.items):
        x, y = _within(x, drawing.x.span), _within(y, drawing.y.span)
    unit = min(box.width / (x[1] - x[0]), box.height / (y[1] - y[0]))
    width, height = unit * (x[1] - x[0]), unit * (y[1] - y[0])
    smaller = Box(box.left + (box.width - width) / 2, box.top - height, width, height)
    shown = replace(drawing, x=replace(drawing.x, span=x), y=replace(drawing.y, span=y))
    return shown, smaller


def _grown(span: Span, size: float) -> Span:
    middle = (span[0] + span[1]) / 2
    return middle - size / 2, middle + size / 2


def _within(span: Span, limits: Span) -> Span:
    return max(span[0], limits[0]), min(span[1], limits[1])
