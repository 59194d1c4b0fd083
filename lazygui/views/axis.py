"""An axis in the theme's type, with few ticks and powers of ten typeset as such."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from lazygui.style import fonts
from lazygui.style.themes import Theme
from lazygui.views.typesetting import typeset

_MINOR = (2, 3, 4, 5, 6, 7, 8, 9)
# How far a label may stick out at either end of its axis, and how small it may get to fit.
_OVERHANG = {"bottom": 20, "left": 10}
SMALLEST_LABEL = 0.5
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def power_of_ten(exponent: int) -> str:
    """10 with a raised exponent; 0.1, 1 and 10 as they are.

    >>> power_of_ten(-3)
    '10⁻³'
    """
    plain = {-1: "0.1", 0: "1", 1: "10"}
    return plain.get(exponent, "10" + str(exponent).translate(_SUPERSCRIPTS))


class Axis(pg.AxisItem):
    """A left or bottom axis. Its thickness is fixed, so that new ticks never move the plot."""

    def __init__(self, orientation: str) -> None:
        self._typeset, self._is_dressing = "", False
        super().__init__(orientation, maxTickLength=-4)
        self.enableAutoSIPrefix(False)
        self._label = ""
        self._theme: Theme | None = None

    def set_label(self, html: str) -> None:
        """Show rich text beside the axis; nothing for an empty text."""
        self._label = html
        if self._theme is not None:
            self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and type sizes, and make room for them."""
        self._theme, self._is_dressing = theme, True
        tick = fonts.font(theme, fonts.Size.TICK)
        self.setStyle(
            tickFont=tick,
            autoExpandTextSpace=False,
            autoReduceTextSpace=False,
            tickTextOffset=round(4 * theme.font_scale),
            maxTextLevel=0,
            hideOverlappingLabels=False,
        )
        self.setPen(
            QPen(QColor(theme.border).darker(120 if not theme.dark else 70), theme.line_scale)
        )
        self.setTextPen(QColor(theme.muted))
        style = {
            "color": theme.ink,
            "font-size": f"{fonts.points(theme, fonts.Size.LABEL):.1f}pt",
            "font-family": fonts.family(),
        }
        self._is_dressing = False
        self.setLabel(typeset(self._label), **style)
        self.showLabel(bool(self._label))
        self._make_room(QFontMetricsF(tick), theme)

    def _make_room(self, metrics: QFontMetricsF, theme: Theme) -> None:
        label = 1.45 * metrics.height() if self._label else 0.0
        if self.orientation == "bottom":
            self.setHeight(round(metrics.height() + label + 6))
            self.setStyle(tickTextHeight=round(metrics.height()))
        else:
            room = metrics.horizontalAdvance("−0.00")
            self.setStyle(tickTextWidth=round(room))
            self.setWidth(round(room + label + 10 * theme.font_scale))

    def _updateLabel(self) -> None:
        """Typeset the label only if it changed: pyqtgraph asks for it at every pen."""
        if self._is_dressing:
            return
        html = self.labelString()
        if html != self._typeset:
            self._typeset = html
            super()._updateLabel()
        else:
            self.picture = None
            self.update()

    def resizeEvent(self, event: Any = None) -> None:
        """Keep the label at the outer edge and in the middle of the axis, and as long at most."""
        box, size, flat = self.label.boundingRect(), self.size(), self.orientation == "bottom"
        room = (size.width() if flat else size.height()) + 2 * _OVERHANG[self.orientation]
        scale = min(max(room / max(box.width(), 1.0), SMALLEST_LABEL), 1.0)
        self.label.setScale(scale)
        long, thick = scale * box.width(), scale * box.height()
        if flat:
            self.label.setPos((size.width() - long) / 2, size.height() - thick + 4)
        else:
            self.label.setPos(-3, (size.height() + long) / 2)
        self.picture = None

    def boundingRect(self) -> QRectF:
        """The axis and room for a label that sticks out at its ends, nothing of the canvas."""
        room = self.mapRectFromParent(self.geometry())
        over = _OVERHANG[self.orientation]
        if self.orientation == "bottom":
            return room.adjusted(-over, 0, over, 0)
        return room.adjusted(0, -over, 0, over)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:
        """Tick positions: on a log axis whole powers of ten, at most one per 34 px of height."""
        low, high = sorted((minVal, maxVal))
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low or size <= 1:
            return []
        if self.logMode and high - low >= 0.7:
            return self._log_ticks(low, high, size)
        wanted = size / ((78 if self.orientation == "bottom" else 46) * self._scale())
        step = _round_step(0.75 * (high - low) / max(wanted, 1.0))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [(step, [k * step for k in range(first, min(last, first + 50) + 1)])]

    def _log_ticks(self, low: float, high: float, size: float) -> list[Any]:
        if high - low < 1.7:
            return [(1.0, _multiples(low, high, (1, 2, 5))), (0.1, _multiples(low, high, _MINOR))]
        decades = self._decades(low, high, size)
        crowded = high - low > size / (26 * self._scale())
        return [(1.0, decades), (0.1, [] if crowded else _multiples(low, high, _MINOR))]

    def _decades(self, low: float, high: float, size: float) -> list[float]:
        room = (58 if self.orientation == "bottom" else 34) * self._scale()
        every = max(math.ceil((high - low) * room / size), 1)
        every = next((n for n in (1, 2, 3, 5, 10, 20, 50, 100) if n >= every), every)
        first = math.ceil(low / every - 1e-9)
        return [float(k * every) for k in range(first, math.floor(high / every + 1e-9) + 1)]

    def _scale(self) -> float:
        return self._theme.font_scale if self._theme is not None else 1.0

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The text of each tick."""
        if not self.logMode:
            return [_number(value, spacing) for value in values]
        if spacing >= 1.0:
            return [_log_text(value) for value in values]
        return [f"{10.0**value:.3g}" for value in values]


def _log_text(value: float) -> str:
    """10ⁿ for a whole n; 2·10ⁿ or the plain number between."""
    exponent = round(value)
    if abs(value - exponent) < 1e-6:
        return power_of_ten(exponent)
    exponent = math.floor(value)
    if -3 <= exponent <= 3:
        return f"{10.0**value:.{max(-exponent, 0)}f}"
    return f"{round(10.0 ** (value - exponent))}·{power_of_ten(exponent)}"


def _multiples(low: float, high: float, factors: tuple[int, ...]) -> list[float]:
    """log₁₀ of these multiples of powers of ten, between `low` and `high`."""
    exponents = range(math.floor(low), math.ceil(high) + 1)
    places = [n + math.log10(factor) for n in exponents for factor in factors]
    return [place for place in places if low - 1e-9 <= place <= high + 1e-9]


def _round_step(raw: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `raw`."""
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next(factor for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= raw * 0.999)


def _number(value: float, spacing: float) -> str:
    """A tick of a linear axis with as many decimals as the spacing needs."""
    if abs(value) < spacing * 1e-6:
        return "0"
    if abs(value) >= 1e5 or spacing < 1e-4:
        mantissa, exponent = f"{value:.1e}".split("e")
        mantissa = mantissa.removesuffix(".0").replace("-", "−")
        return f"{mantissa}·{power_of_ten(int(exponent))}"
    decimals = max(-math.floor(math.log10(spacing) + 1e-9), 0)
    return f"{value:,.{decimals}f}".replace(",", "\u2009").replace("-", "−")
