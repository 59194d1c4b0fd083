"""The legend in a view's header: samples of the lines with their names, wrapped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.style import fonts
from lazygui.style.themes import Theme
from lazygui.views.layers import Strokes, cut
from lazygui.views.markers import outline
from lazygui.views.typesetting import typeset


@dataclass(frozen=True)
class Entry:
    """A line or a marker and its name in rich text."""

    text: str
    pen: QPen | None = None
    symbol: str = ""
    colour: QColor | None = None


class Legend(QWidget):
    """Paints entries from the left, in as many rows as they need, at most `most_rows`."""

    SAMPLE = 26.0
    MARKER = 11.0
    GAP = 6.0
    APART = 16.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.entries: tuple[Entry, ...] = ()
        self.most_rows = 3
        self._texts: list[QStaticText] = []
        self._places: list[QPointF] = []
        self._ink = QColor("black")
        self._scale = 1.0
        self._strokes = Strokes()

    def set_entries(self, entries: tuple[Entry, ...], theme: Theme) -> None:
        """Show these entries in a theme's type."""
        self.entries = entries
        self._ink = QColor(theme.muted)
        self._scale = theme.font_scale
        self.setFont(fonts.font(theme, fonts.Size.SMALL))
        self._texts = [self._static(entry.text) for entry in entries]
        plain = ", ".join(entry.text for entry in entries)
        self.setAccessibleName(self.tr("Legend"))
        self.setToolTip(plain)
        self._arrange()
        self.update()

    def allow_rows(self, most: int) -> None:
        """Wrap into at most so many rows; what doesn't fit is cut."""
        if most != self.most_rows:
            self.most_rows = most
            self._arrange()
            self.update()

    def _static(self, html: str) -> QStaticText:
        text = QStaticText(typeset(html))
        text.setTextFormat(Qt.TextFormat.RichText)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        text.setTextOption(option)
        text.prepare(font=self.font())
        return text

    def _arrange(self) -> None:
        row_height = self.fontMetrics().height() + 3
        x = y = 0.0
        self._places = []
        for entry, text in zip(self.entries, self._texts, strict=True):
            width = self._sample_width(entry) + self.GAP + text.size().width()
            if x > 0 and x + width > self.width() and y < (self.most_rows - 1) * row_height:
                x, y = 0.0, y + row_height
            self._places.append(QPointF(x, y))
            x += width + self.APART
        self.setFixedHeight(int(y + row_height) if self._texts else 0)

    def _sample_width(self, entry: Entry) -> float:
        if entry.pen is None:
            return self._scale * self.MARKER
        width, dashes = self._scale * self.SAMPLE, entry.pen.dashPattern()
        if not (entry.symbol and dashes):
            return width
        # The symbol hides the dash in the middle; one is seen on each side of it.
        return max(width, (2 * sum(dashes) + dashes[0]) * entry.pen.widthF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw samples and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        for entry, text, place in zip(self.entries, self._texts, self._places, strict=True):
            middle = QPointF(place.x(), place.y() + (self.fontMetrics().height() + 3) / 2)
            self._sample(painter, entry, middle)
            painter.setPen(self._ink)
            painter.drawStaticText(
                QPointF(
                    place.x() + self._sample_width(entry) + self.GAP,
                    middle.y() - text.size().height() / 2,
                ),
                text,
            )
        painter.end()

    def _sample(self, painter: QPainter, entry: Entry, left: QPointF) -> None:
        if entry.pen is not None:
            ends = np.array([left.x(), left.x() + self._sample_width(entry)])
            self._strokes.draw(painter, entry.pen, cut(ends, np.full(2, left.y()), entry.pen))
        if entry.symbol:
            painter.save()
            painter.translate(left.x() + self._sample_width(entry) / 2, left.y())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(entry.colour or self._ink)
            painter.drawPath(outline(entry.symbol, 4.0 * self._scale))
            painter.restore()
