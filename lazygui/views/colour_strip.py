"""The colours of a scale along a strip: an image on the screen, vectors in a PDF."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from lazygui.views.markers import is_vector


def paint_strip(painter: QPainter, box: QRectF, image: QImage) -> None:
    """Fill a box with the colours of an image one pixel wide or high, smoothed on a screen."""
    if is_vector(painter):
        _paint_cells(painter, box, image)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(box, image)


def _paint_cells(painter: QPainter, box: QRectF, image: QImage) -> None:
    """Each cell reaches to the far end and is covered by the next: no hairline shows between."""
    upright = image.height() > 1
    count = image.height() if upright else image.width()
    length = box.height() if upright else box.width()
    for k in range(count):
        start = length * k / count
        cell = box.adjusted(0.0, start, 0.0, 0.0) if upright else box.adjusted(start, 0.0, 0.0, 0.0)
        painter.fillRect(cell, image.pixelColor(0, k) if upright else image.pixelColor(k, 0))
