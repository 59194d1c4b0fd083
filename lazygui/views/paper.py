"""From pens and pixels of the screen to strokes and points of paper.

It has the items of `export.drawing` as its own, and loads them with the first figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPen

from lazygui.views.window import Window

if TYPE_CHECKING:
    from lazygui.export.drawing import (  # noqa: F401 - of which some are only passed on
        Area,
        Arrows,
        ColourKey,
        Curve,
        Image,
        Item,
        Points,
        Rule,
        Segments,
        Span,
        Stroke,
        Text,
    )  # fmt: skip

POINTS = 0.75  # per pixel of the screen, which are 1/96 inch
COLUMNS = 3.0  # of a curve per pixel of the screen: enough for 300 dots per inch


def __getattr__(name: str) -> Any:
    from lazygui.export import drawing

    return getattr(drawing, name)


def stroke(pen: QPen) -> Stroke:
    """The same line on paper."""
    from lazygui.export.drawing import Stroke

    solid = pen.style() == Qt.PenStyle.SolidLine
    dashes = () if solid else tuple(float(part) for part in pen.dashPattern())
    colour = pen.color()
    return Stroke(colour.name(), max(pen.widthF(), 0.5) * POINTS, dashes, colour.alphaF())


def columns(window: Window) -> int:
    """The number of columns that a curve is thinned to."""
    return max(int(window.width * COLUMNS), 2)


def picture(image: QImage, x: Span, y: Span) -> Image:
    """An image of the screen with its first row the lowest; enlarged cells become one pixel each.

    Cells have sharp edges, everything else is smooth.
    """
    from lazygui.export.drawing import Image

    rgba = pixels(image)[::-1]
    tall, wide = _size_of_cells(rgba), _size_of_cells(rgba.swapaxes(0, 1))
    return Image(rgba[::tall, ::wide].copy(), x, y, smooth=max(tall, wide) == 1)


def _size_of_cells(rgba: NDArray[np.uint8]) -> int:
    """The largest number of rows that repeat themselves everywhere."""
    changes = np.flatnonzero((rgba[1:] != rgba[:-1]).any(axis=(1, 2))) + 1
    return int(np.gcd.reduce(np.append(changes, len(rgba))))


def pixels(image: QImage) -> NDArray[np.uint8]:
    """The colours (rows, columns, 4) of an image, first row at the top."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows, width = plain.height(), plain.width()
    data = np.frombuffer(plain.constBits(), dtype=np.uint8)
    return data.reshape(rows, plain.bytesPerLine())[:, : 4 * width].reshape(rows, width, 4).copy()
