"""What a plot shows, as plain values: no Qt, no matplotlib, nothing that changes later.

Data stay in data coordinates; lengths are points (1/72 inch) on paper; colours are "#rrggbb"; texts
are the rich text of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Span = tuple[float, float]
NOTHING: Array = np.empty(0)


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn; `dashes` are dash and gap lengths in multiples of the width."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    alpha: float = 1.0


@dataclass(frozen=True)
class Curve:
    """A polyline; `connect[i]` tells whether point i is joined to the next one."""

    x: Array
    y: Array
    stroke: Stroke
    connect: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Points:
    """Markers: "o" disc, "s" square, "t" triangle, "star", "x" cross; `size` is the diameter.

    With `at_top` they stand at the upper edge of the plot and `y` isn't looked at.
    """

    x: Array
    y: Array
    colour: str
    size: float
    symbol: str = "o"
    edge: str = ""
    edge_width: float = 0.9
    at_top: bool = False


@dataclass(frozen=True)
class Area:
    """Filling between two curves over the same abscissas."""

    x: Array
    low: Array
    high: Array
    colour: str
    alpha: float = 1.0


@dataclass(frozen=True)
class Image:
    """Colours (rows, columns, 4) in bytes over a rectangle, first row at the smallest y.

    The rectangle is in data coordinates, or with `in_axis_coordinates` in log₁₀ on log axes.
    """

    rgba: NDArray[np.uint8]
    x: Span
    y: Span
    smooth: bool = True
    in_axis_coordinates: bool = False


@dataclass(frozen=True)
class Segments:
    """Straight strokes from (x₀, y₀) to (x₁, y₁), rows of `ends` (k, 4).

    With `in_axis_coordinates` a log axis takes them as log₁₀.
    """

    ends: Array
    stroke: Stroke
    in_axis_coordinates: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across the plot: "horizontal" y = value, "vertical" x = value, "diagonal" y = x."""

    kind: str
    value: float
    stroke: Stroke


@dataclass(frozen=True)
class Text:
    """Text at a point: above it and to the right, or with `beside` to the right of it."""

    x: float
    y: float
    text: str
    colour: str
    size: float
    beside: bool = False


@dataclass(frozen=True)
class Arrows:
    """Arrows from `tails` (k, 2) to `tips` (k, 2) with heads of a fixed length."""

    tails: Array
    tips: Array
    stroke: Stroke
    head: float


@dataclass(frozen=True)
class ColourKey:
    """A strip of colours (k, 4) in bytes, lowest first, in a corner; right and top are 1."""

    rgba: NDArray[np.uint8]
    ends: tuple[str, str]
    corner: tuple[int, int]


Item = Curve | Points | Area | Image | Segments | Rule | Text | Arrows | ColourKey


@dataclass(frozen=True)
class ColourBar:
    """What colours (k, 4) in bytes mean: a scale beside the plot; log₁₀ values when `log`."""

    label: str
    span: Span
    log: bool
    rgba: NDArray[np.uint8]


@dataclass(frozen=True)
class AxisSpec:
    """An axis: its label, what it shows (log₁₀ when `log`), ticks of its own if it has any.

    `core` is the part that must be seen where the shape of the plot decides about the rest.
    """

    label: str = ""
    span: Span = (0.0, 1.0)
    core: Span | None = None
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    visible: bool = True


@dataclass(frozen=True)
class LegendEntry:
    """A sample of a line or a marker, and its name."""

    text: str
    stroke: Stroke | None = None
    symbol: str = ""
    colour: str = "#000000"


@dataclass(frozen=True)
class Palette:
    """The colours of paper and ink."""

    ground: str = "#ffffff"
    ink: str = "#1b2430"
    muted: str = "#5a6572"


@dataclass(frozen=True)
class Drawing:
    """One plot. With `equal` a unit is as long on either axis."""

    title: str
    x: AxisSpec
    y: AxisSpec
    items: tuple[Item, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    caption: str = ""
    bar: ColourBar | None = None
    equal: bool = False
    palette: Palette = field(default_factory=Palette)


Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """Several plots in a grid, each with its row, column, row span and column span."""

    panels: tuple[tuple[Drawing, Place], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        places = [place for _, place in self.panels]
        return max(p[0] + p[2] for p in places), max(p[1] + p[3] for p in places)


def sheet_of(picture: Drawing | Sheet) -> Sheet:
    """A single plot as a sheet of one."""
    return picture if isinstance(picture, Sheet) else Sheet(((picture, (0, 0, 1, 1)),))
