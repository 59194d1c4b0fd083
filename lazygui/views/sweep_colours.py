"""From values to colours of viridis, and the bar that explains them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QStaticText
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.claims.claim import number
from lazygui.style import fonts, pens
from lazygui.style.themes import Theme
from lazygui.views.axis import power_of_ten
from lazygui.views.colour_strip import paint_strip
from lazygui.views.ranges import Span, padded
from lazygui.views.sweep_names import plain
from lazygui.views.typesetting import typeset
from lazygui.views.window import Array, bounds, drawable

STEPS = 256
DECADES = 2.0  # above so many decades the colours are logarithmic


@lru_cache(maxsize=8)
def line_colours(theme: Theme) -> Array:
    """Colours (256, 4) in [0, 1] of viridis for lines and dots: what the ground hides is cut."""
    return np.array([shade.getRgbF() for shade in pens.sequence(theme, STEPS)])


@lru_cache(maxsize=1)
def area_colours() -> Array:
    """Colours (256, 4) in [0, 1] of viridis for areas: all of them."""
    return pens.viridis(np.linspace(0.0, 1.0, STEPS))


@dataclass(frozen=True)
class ColourScale:
    """Which values have colours: `span` in axis coordinates (log₁₀ when `log`)."""

    span: Span
    log: bool

    def indices(self, values: Array) -> np.ndarray:
        """Numbers 0 … 255 of the colours of `values`; −1 for what has none."""
        with np.errstate(all="ignore"):
            place = drawable(values, log=self.log)
        share = (place - self.span[0]) / (self.span[1] - self.span[0])
        index = np.clip(np.nan_to_num(share), 0.0, 1.0) * (STEPS - 1)
        return np.where(np.isfinite(place), index.round(), -1).astype(np.intp)


def scale_of(values: Array, *, log: bool | None = None) -> ColourScale:
    """The scale of these values; without `log`, logarithmic if positive over two decades."""
    known = np.ravel(values)[np.isfinite(np.ravel(values))]
    if log is None:
        ends = bounds(known, log=True) if len(known) and known.min() > 0.0 else None
        log = ends is not None and ends[1] - ends[0] > DECADES
    span = bounds(known, log=log) or (0.0, 1.0)
    return ColourScale(span if span[1] > span[0] else padded(*span), log)


class ColourBar(QWidget):
    """A label, the colours, and ticks below them, in one strip under the title."""

    BAR = 9.0
    LONGEST = 320.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colour-bar")
        self.setAccessibleName(self.tr("Colours"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._theme: Theme | None = None
        self.scale: ColourScale | None = None
        self.label = ""
        self._text = QStaticText()
        self.image = QImage()
        self.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        """Take over type and ink."""
        self._theme = theme
        self.setFont(fonts.font(theme, fonts.Size.SMALL))
        height = QFontMetricsF(self.font()).height()
        self.setFixedHeight(math.ceil(self.BAR * theme.font_scale + height + 6))
        self._prepare()

    def set_scale(self, label: str, scale: ColourScale, colours: Array) -> None:
        """Show these colours (256, 4) over this scale, named by rich text."""
        if (label, scale) == (self.label, self.scale) and self.image.width() == len(colours):
            return
        self.label, self.scale = label, scale
        block = np.ascontiguousarray((255 * colours).round().astype(np.uint8))
        kind = QImage.Format.Format_RGBA8888
        self.image = QImage(block.tobytes(), len(block), 1, 4 * len(block), kind).copy()
        low, high = (10.0**end if scale.log else end for end in scale.span)
        text = f"{plain(label)}: {number(low)} … {number(high)}"
        self.setAccessibleName(self.tr("Colours of {}").format(text))
        self.setToolTip(self.tr("Colours of {}").format(text))
        self._prepare()
        self.update()

    def _prepare(self) -> None:
        self._text = QStaticText(typeset(self.label))
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.prepare(font=self.font())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw label, colours, ticks."""
        if self._theme is None or self.scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.ink))
        label = self._text.size()
        bar = self._bar(label.width())
        painter.drawStaticText(QPointF(0, bar.center().y() - label.height() / 2), self._text)
        paint_strip(painter, bar, self.image)
        self._ticks(painter, bar, self._theme, self.scale)
        painter.end()

    def _bar(self, label: float) -> QRectF:
        font_scale = self._theme.font_scale if self._theme is not None else 1.0
        left = label + 16 * font_scale
        width = max(min(self.width() - left - 16 * font_scale, self.LONGEST * font_scale), 1.0)
        return QRectF(left, 4, width, self.BAR * font_scale)

    def _ticks(self, painter: QPainter, bar: QRectF, theme: Theme, scale: ColourScale) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setPen(QPen(QColor(theme.muted), theme.line_scale))
        room = 30 * theme.font_scale if scale.log else 46 * theme.font_scale
        for place, text in bar_ticks(scale, bar.width() / room):
            x = bar.left() + bar.width() * (place - scale.span[0]) / (scale.span[1] - scale.span[0])
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
            half = metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(x - half, bar.bottom() + 2 + metrics.ascent()), text)


def bar_ticks(scale: ColourScale, most: float) -> list[tuple[float, str]]:
    """Round values in the scale and their texts, about as many as there is room for."""
    low, high = scale.span
    if scale.log and high - low >= 0.7:
        factors = (1, 2, 5) if most > 3.5 * (high - low) and high - low < DECADES else (1,)
        if len(factors) > 1:
            places = [
                k + math.log10(f)
                for k in range(math.floor(low), math.ceil(high) + 1)
                for f in factors
            ]
            return [(p, number(10.0**p)) for p in places if low - 1e-9 <= p <= high + 1e-9]
        every = max(math.ceil((high - low) / max(most, 1.0)), 1)
        first, last = math.ceil(low / every - 1e-9), math.floor(high / every + 1e-9)
        return [(float(k * every), power_of_ten(k * every)) for k in range(first, last + 1)]
    if scale.log:
        ends = [(low, number(10.0**low)), (high, number(10.0**high))]
        return [(place, text) for place, text in ends] if most >= 2.0 else ends[:1]
    raw = (high - low) / max(min(most, 6.0), 1.0)
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(f for f in (1.0, 2.0, 5.0, 10.0) if f * power >= 0.999 * raw)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, number(k * step)) for k in range(first, min(last, first + 20) + 1)]
