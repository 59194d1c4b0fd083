"""Theory marks under a slider: where their ticks and labels go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QStaticText

from lazygui.panels.value_scale import ValueScale

GAP = 6.0


@dataclass(frozen=True)
class PlacedMark:
    """A mark whose label has found its place; `x` is that of its tick."""

    value: float
    label: str
    text: QStaticText
    x: float
    rect: QRectF
    lane: int


def place_marks(
    marks: Sequence[tuple[float, str]],
    scale: ValueScale,
    groove: QRectF,
    top: float,
    font: QFont,
) -> list[PlacedMark]:
    """Labels centred under their ticks, in as few lanes as keep them apart.

    A mark beyond an end of the slider stands at that end with an arrow.
    """
    placed: list[PlacedMark] = []
    lane_ends: list[float] = []
    for value, label in sorted(marks):
        position = scale.position(value)
        x = groove.left() + min(max(position, 0.0), 1.0) * groove.width()
        text = _static_text(_with_arrow(label, position), font)
        size = text.size()
        left = min(max(x - size.width() / 2, 0.0), max(groove.right() + GAP - size.width(), 0.0))
        lane = next((i for i, end in enumerate(lane_ends) if left >= end), len(lane_ends))
        lane_ends[lane : lane + 1] = [left + size.width() + GAP]
        rect = QRectF(left, top + lane * size.height(), size.width(), size.height())
        placed.append(PlacedMark(value, label, text, x, rect, lane))
    return placed


def _with_arrow(label: str, position: float) -> str:
    if position < 0:
        return f"◂ {label}"
    return f"{label} ▸" if position > 1 else label


def _static_text(label: str, font: QFont) -> QStaticText:
    text = QStaticText(label)
    text.setTextFormat(Qt.TextFormat.RichText)
    text.prepare(font=font)
    return text


def draw_marks(
    painter: QPainter, placed: Sequence[PlacedMark], groove: QRectF, colour: QColor, font: QFont
) -> None:
    """Ticks through the groove and labels under it."""
    painter.setFont(font)
    for mark in placed:
        painter.setPen(QPen(colour, 2.0))
        painter.drawLine(int(mark.x), int(groove.top() - 4), int(mark.x), int(groove.bottom() + 5))
        painter.drawStaticText(mark.rect.topLeft(), mark.text)
