"""What the items of a drawing become on the axes of a figure, whose units are axis coordinates."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lazygui.export import drawing as d
from lazygui.export.drawing import Array, Drawing
from lazygui.export.ticks import number
from lazygui.export.typeset_images import repeated, smoothed, solid, strip
from lazygui.export.typeset_text import typeset
from lazygui.export.typeset_type import extent, face

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 1e300
FAR = 50.0  # spans beyond the range that a point may lie: viewers overflow farther out
RIM = 0.9  # points of the outline of a marker
MARKERS = {"o": "o", "s": "s", "x": "x"}
KEY = (0.045, 0.34)  # width and height of a key, as shares of the plot


@dataclass(frozen=True)
class Ground:
    """What a format can't do: `opaque` without see-through colours, `solid_images` only those."""

    colour: str
    opaque: bool = False
    solid_images: bool = False
    dots: float = 300.0


def put_items(axes: Axes, drawing: Drawing, ground: Ground, points: tuple[float, float]) -> None:
    """Draw every item, the first one lowest; `points` is the size of the plot in points."""
    for order, item in enumerate(drawing.items):
        _PUT[type(item)](_Place(axes, drawing, ground, points, 2.0 + 0.01 * order), item)


@dataclass(frozen=True)
class _Place:
    axes: Axes
    drawing: Drawing
    ground: Ground
    points: tuple[float, float]
    order: float

    def x(self, values: Array) -> Array:
        return _coordinates(values, self.drawing.x)

    def y(self, values: Array) -> Array:
        return _coordinates(values, self.drawing.y)

    @property
    def unit(self) -> Array:
        """Points per unit of either axis."""
        spans = (self.drawing.x.span, self.drawing.y.span)
        return np.array([p / (b - a) for p, (a, b) in zip(self.points, spans, strict=True)])


def _coordinates(values: Array, axis: d.AxisSpec) -> Array:
    """Axis coordinates, NaN where nothing can be drawn, never far from what is shown."""
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        good = np.abs(array) <= LARGEST
        kept = np.where(good & (array > 0.0) if axis.log else good, array, np.nan)
        places: Array = np.log10(kept) if axis.log else kept
    low, high = axis.span
    room = FAR * (high - low)
    return np.clip(places, low - room, high + room)


def line_style(stroke: d.Stroke, ground: Ground) -> dict[str, Any]:
    """Colour, width and dashes for a Line2D."""
    style: dict[str, Any] = {
        "color": shade(stroke.colour, stroke.alpha, ground),
        "linewidth": stroke.width,
        "solid_capstyle": "butt",
        "solid_joinstyle": "round",
        "dash_capstyle": "butt",
        "dash_joinstyle": "round",
    }
    if stroke.dashes:
        # matplotlib, like the screen, takes them in multiples of the width.
        style["linestyle"] = (0.0, stroke.dashes)
    return style


def shade(colour: str, alpha: float, ground: Ground) -> tuple[float, ...]:
    """A colour with its opacity, or what it gives over the ground where that can't be had."""
    rgb = _rgb(colour)
    if alpha >= 1.0 or not ground.opaque:
        return (*rgb, alpha)
    below = _rgb(ground.colour)
    return tuple(alpha * a + (1.0 - alpha) * b for a, b in zip(rgb, below, strict=True))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return red, green, blue


def _curve(place: _Place, item: d.Curve) -> None:
    x, y = place.x(item.x), place.y(item.y)
    if item.connect is not None:
        x, y = _broken(x, y, item.connect)
    elif np.all(np.diff(item.x) >= 0.0):
        # A function skips what can't be drawn, as on the screen.
        good = np.isfinite(x) & np.isfinite(y)
        x, y = x[good], y[good]
    style = line_style(item.stroke, place.ground)
    if len(x) == 1:
        place.axes.plot(x, y, "_", color=style["color"], zorder=place.order)
    elif len(x):
        place.axes.plot(x, y, zorder=place.order, **style)


def _broken(x: Array, y: Array, connect: np.ndarray) -> tuple[Array, Array]:
    """The polyline with a gap after each point that isn't joined to the next one."""
    after = np.flatnonzero(~connect[:-1]) + 1
    return np.insert(x, after, np.nan), np.insert(y, after, np.nan)


def _points(place: _Place, item: d.Points) -> None:
    x = place.x(item.x)
    if item.at_top:
        transform = place.axes.get_xaxis_transform()
        y = np.full(len(x), 1.0 - item.size / place.points[1])
        place.axes.plot(x, y, transform=transform, **marker(item, place), clip_on=False)
        return
    place.axes.plot(x, place.y(item.y), **marker(item, place))


def marker(item: d.Points, place: _Place) -> dict[str, Any]:
    """The style of a Line2D that is markers only."""
    outline, size = marker_shape(item.symbol, item.size)
    edge = item.edge or item.colour
    return {
        "linestyle": "none",
        "marker": outline,
        "markersize": size,
        "markerfacecolor": item.colour,
        "markeredgecolor": edge,
        "markeredgewidth": item.edge_width if item.symbol == "x" else RIM * item.size / 6.0,
        "zorder": place.order,
    }


def marker_shape(symbol: str, diameter: float) -> tuple[Any, float]:
    """A marker of matplotlib as large as that of the screen."""
    from matplotlib.path import Path

    if symbol in MARKERS:
        return MARKERS[symbol], diameter
    if symbol == "t":
        return Path.unit_regular_polygon(3), 1.3 * diameter
    return Path.unit_regular_star(5, innerCircle=0.45), 1.45 * diameter


def _area(place: _Place, item: d.Area) -> None:
    x, low, high = place.x(item.x), place.y(item.low), place.y(item.high)
    good = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    colour = shade(item.colour, item.alpha, place.ground)
    place.axes.fill_between(
        x[good], low[good], high[good], color=colour, linewidth=0.0, zorder=place.order
    )


def _image(place: _Place, item: d.Image) -> None:
    x, y = np.array(item.x), np.array(item.y)
    if not item.in_axis_coordinates:
        x, y = place.x(x), place.y(y)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return
    enlarge = smoothed if item.smooth else repeated
    rgba = enlarge(item.rgba, place.points, place.ground.dots)
    if place.ground.solid_images:
        rgba = solid(rgba, _rgb(place.ground.colour))
    place.axes.imshow(
        rgba,
        extent=(float(x[0]), float(x[1]), float(y[0]), float(y[1])),
        origin="lower",
        interpolation="none",
        aspect="auto",
        zorder=place.order,
    )


def _segments(place: _Place, item: d.Segments) -> None:
    ends = item.ends
    if not item.in_axis_coordinates:
        ends = np.stack(
            [
                place.x(ends[:, 0]),
                place.y(ends[:, 1]),
                place.x(ends[:, 2]),
                place.y(ends[:, 3]),
            ],
            axis=1,
        )
    ends = ends[np.isfinite(ends).all(axis=1)]
    gap = np.full(len(ends), np.nan)
    x = np.stack([ends[:, 0], ends[:, 2], gap], axis=1).ravel()
    y = np.stack([ends[:, 1], ends[:, 3], gap], axis=1).ravel()
    place.axes.plot(x, y, zorder=place.order, **line_style(item.stroke, place.ground))


def _rule(place: _Place, item: d.Rule) -> None:
    style = line_style(item.stroke, place.ground) | {"zorder": place.order}
    if item.kind == "diagonal":
        (x0, x1), (y0, y1) = place.drawing.x.span, place.drawing.y.span
        ends = [max(x0, y0), min(x1, y1)]
        place.axes.plot(ends, ends, **style)
        return
    level = item.kind == "horizontal"
    at = (place.y if level else place.x)(np.array([item.value]))[0]
    if math.isfinite(at):
        (place.axes.axhline if level else place.axes.axvline)(at, **style)


def _text(place: _Place, item: d.Text) -> None:
    x, y = place.x(np.array([item.x]))[0], place.y(np.array([item.y]))[0]
    shift = (4.0, 0.0) if item.beside else (0.0, 3.0)
    place.axes.annotate(
        typeset(item.text),
        (x, y),
        shift,
        textcoords="offset points",
        color=item.colour,
        fontsize=item.size,
        va="center_baseline" if item.beside else "baseline",
        annotation_clip=False,
        **face(typeset(item.text)),
        zorder=place.order,
    )


def _arrows(place: _Place, item: d.Arrows) -> None:
    from matplotlib.patches import Polygon

    tails = np.stack([place.x(item.tails[:, 0]), place.y(item.tails[:, 1])], axis=1)
    tips = np.stack([place.x(item.tips[:, 0]), place.y(item.tips[:, 1])], axis=1)
    style = line_style(item.stroke, place.ground)
    unit = place.unit
    for tail, tip in zip(tails * unit, tips * unit, strict=True):
        length = float(np.hypot(*(tip - tail)))
        if not (math.isfinite(length) and length > 1.5):
            continue
        head = min(item.head, 0.7 * length)
        along = (tip - tail) / length
        across = np.array([-along[1], along[0]]) * (0.45 * head)
        base = tip - head * along
        shaft = np.stack([tail, base + 0.1 * head * along]) / unit
        place.axes.plot(shaft[:, 0], shaft[:, 1], zorder=place.order, **style)
        corners = np.stack([tip, base + across, base - across]) / unit
        triangle = Polygon(corners, color=style["color"], linewidth=0.0, zorder=place.order)
        place.axes.add_patch(triangle)


def _key(place: _Place, item: d.ColourKey) -> None:
    """A strip in its corner with the values at its ends, on paper of its own."""
    from matplotlib.patches import Rectangle

    axes, (right, top) = place.axes, item.corner
    size = _key_font(axes)
    width, height = 0.7 * size / place.points[0], 5.5 * size / place.points[1]
    gap = 0.6 * size / place.points[0], 0.9 * size / place.points[1]
    letters = max(extent(number(text))[0] for text in item.ends) * size / place.points[0]
    left = 1.0 - gap[0] - width if right else 2.0 * gap[0] + letters
    low = 1.0 - gap[1] - height if top else gap[1]
    card = (left - letters - 1.1 * gap[0], low - 0.5 * gap[1])
    room = (width + letters + 1.6 * gap[0], height + gap[1])
    axes.add_patch(
        Rectangle(
            card,
            *room,
            transform=axes.transAxes,
            facecolor=shade(place.drawing.palette.ground, 0.85, place.ground),
            linewidth=0.0,
            zorder=place.order,
        )
    )
    strip(axes, item.rgba, (left, low, width, height), place.order + 0.001)
    ink = place.drawing.palette.ink
    for share, text, align in ((0.0, item.ends[0], "bottom"), (1.0, item.ends[1], "top")):
        axes.text(
            left - 0.6 * gap[0],
            low + share * height,
            number(text),
            transform=axes.transAxes,
            ha="right",
            va=align,
            fontsize=size,
            color=ink,
            zorder=place.order + 0.005,
            **face(number(text)),
        )


def _key_font(axes: Axes) -> float:
    from matplotlib import rcParams

    return 0.9 * float(rcParams["font.size"])


_PUT: dict[type, Callable[[_Place, Any], None]] = {
    d.Curve: _curve,
    d.Points: _points,
    d.Area: _area,
    d.Image: _image,
    d.Segments: _segments,
    d.Rule: _rule,
    d.Text: _text,
    d.Arrows: _arrows,
    d.ColourKey: _key,
}
