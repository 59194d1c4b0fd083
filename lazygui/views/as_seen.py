"""A view as it is on the screen, as PNG and as PDF, at any size."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPoint,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPaintEvent,
    QPdfWriter,
)
from PySide6.QtWidgets import QAbstractButton, QComboBox, QGraphicsView, QGridLayout, QWidget

from lazygui.export.atomic import ExportError
from lazygui.export.drawing import Place
from lazygui.export.provenance import Provenance, pdf_metadata, stamp_png, xmp
from lazygui.style import fonts
from lazygui.style.themes import Theme
from lazygui.views.handle import Handle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lazygui.views.view import View

LARGEST_SIDE = 16384


def image_of(widget: QWidget, scale: float) -> QImage:
    """A widget as a picture, `scale` pixels per pixel of the screen; no ground but its own.

    Raises ValueError when the picture would be empty or larger than 16384 pixels a side.
    """
    width, height = round(widget.width() * scale), round(widget.height() * scale)
    if not (1 <= width <= LARGEST_SIDE and 1 <= height <= LARGEST_SIDE):
        raise ValueError(
            f"image: {width} × {height} pixels can't be drawn; choose a scale that gives "
            f"1 to {LARGEST_SIDE} pixels a side"
        )
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    widget.render(picture)
    return picture


def png_bytes(image: QImage, dots_per_inch: float, provenance: Provenance | None) -> bytes:
    """A picture as PNG with its resolution and its run. Raises ExportError if it is empty."""
    per_metre = round(dots_per_inch / 0.0254)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise ExportError("The picture is empty or too large; choose a smaller size.")
    data = bytes(buffer.data().data())
    return data if provenance is None else stamp_png(data, provenance)


def pdf_bytes(widget: QWidget, provenance: Provenance | None) -> bytes:
    """A widget as a PDF of vectors, one pixel of the screen as large as the widget believes."""
    dots_per_inch = widget.logicalDpiX()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    if provenance is not None:
        said = pdf_metadata(provenance)
        writer.setTitle(str(said["Title"]))
        writer.setCreator(str(said["Creator"]))
        writer.setDocumentXmpMetadata(QByteArray(xmp(provenance)))
    # Axes are recorded in pixels of the screen: at another resolution their texts would go astray.
    writer.setResolution(dots_per_inch)
    points = QSizeF(widget.width() * 72 / dots_per_inch, widget.height() * 72 / dots_per_inch)
    page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter(writer)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget.render(painter, QPoint())
    painter.end()
    return reproducible(bytes(buffer.data().data()))


def reproducible(pdf: bytes) -> bytes:
    """The PDF with a time and an identity that a second export has too.

    Both stay as long as they were, since a PDF counts its bytes.
    """
    dated = re.sub(rb"\(D:\d{14}[^)]*\)", _same_length, pdf)
    without = re.sub(rb"(?<=/ID \[ <)([0-9a-f]+)> <[0-9a-f]+", _no_identity, dated)
    digest = (hashlib.sha256(without).hexdigest() * 4).encode("ascii")

    def identity(match: re.Match[bytes]) -> bytes:
        half = digest[: len(match[1])]
        return half + b"> <" + half

    return re.sub(rb"(?<=/ID \[ <)([0-9a-f]+)> <[0-9a-f]+", identity, dated)


def _no_identity(match: re.Match[bytes]) -> bytes:
    return b"0" * len(match[0])


def _same_length(match: re.Match[bytes]) -> bytes:
    """A time that every export has, as long as the one that was, since a PDF counts its bytes."""
    return b"(D:20000101000000" + match[0][17:-1].translate(_ZEROS) + b")"


_ZEROS = bytes.maketrans(b"123456789-", b"000000000+")


# Views that are never on the screen


def scaled(theme: Theme, font_size: float) -> Theme:
    """The theme with ticks of so many points, and lines that suit them."""
    ratio = font_size / fonts.Size.TICK.value
    lines = theme.line_scale / theme.font_scale
    return replace(theme, font_scale=ratio, line_scale=lines * ratio)


class Mount(QWidget):
    """Views laid out in a grid as if they were shown, which makes their sizes real.

    They are never on the screen. The one who made it calls `drop`.
    """

    def __init__(self, theme: Theme, *, spaced: bool) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._ground: QColor | None = QColor(theme.window) if spaced else None
        self.views: list[View] = []
        self._grid = QGridLayout(self)
        room = round(12 * theme.font_scale) if spaced else 0
        self._grid.setContentsMargins(room, room, room, room)
        self._grid.setSpacing(room)

    def put(self, view: View, place: Place) -> None:
        """Take a view over."""
        self.views.append(view)
        self._grid.addWidget(view, *place)
        for row in range(place[0], place[0] + place[2]):
            self._grid.setRowStretch(row, 1)
        for column in range(place[1], place[1] + place[3]):
            self._grid.setColumnStretch(column, 1)

    def settle(self, width: int, height: int) -> None:
        """Take this size in pixels, at once."""
        for view in self.views:
            view.setMinimumSize(1, 1)
        self.setFixedSize(width, height)
        self.show()
        self._grid.activate()
        self.lay_out()

    def lay_out(self) -> None:
        """Do at once what Qt would do when it comes to it."""
        for view in self.views:
            layouts: tuple[Any, ...] = (
                view.header.layout(), view.column, view.plot.centralWidget.layout(),
            )  # fmt: skip
            for layout in layouts:
                layout.invalidate()
                layout.activate()

    def hide_controls(self) -> None:
        """A figure has nothing to click or to drag."""
        for view in self.views:
            view.plot.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
            for kind in (QComboBox, QAbstractButton):
                for control in view.header.findChildren(kind):
                    control.hide()
            for item in view.plot.scene().items():
                if isinstance(item, Handle):
                    item.hide()

    def clear_ground(self) -> None:
        """Leave the paper out: of the cards, of the plots and between them."""
        self._ground = None
        for view in self.views:
            view.setStyleSheet(f"#{view.objectName()} {{ background: transparent; }}")
            view.plot.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))
            view.plot.viewport().setAutoFillBackground(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The window's ground behind several cards."""
        if self._ground is not None:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._ground)
            painter.end()

    def drop(self) -> None:
        """Away with it."""
        self.hide()
        self.deleteLater()


def mounted(sources: Sequence[tuple[View, Place]], theme: Theme, width: int, height: int) -> Mount:
    """Twins of views in a grid of this size in pixels, each showing what its source shows."""
    mount = Mount(theme, spaced=len(sources) > 1)
    try:
        for source, place in sources:
            mount.put(twin(source, theme, mount), place)
        mount.settle(width, height)
        # Twice, because the rows of the legend change the size of the plot.
        for _ in range(2):
            for made, (source, _) in zip(mount.views, sources, strict=True):
                show_as(made, source)
            mount.hide_controls()
            mount.lay_out()
    except BaseException:
        # Views that only a traceback holds would be deleted in an order of its own.
        mount.drop()
        raise
    return mount


def twin(view: View, theme: Theme, parent: QWidget | None = None) -> View:
    """Another view with the abscissa and the quantity that the user chose."""
    made = type(view)(theme, parent)
    made.abscissa = view.abscissa
    if isinstance(view, Chooses) and isinstance(made, Chooses):
        made.quantity = view.quantity
    return made


@runtime_checkable
class Chooses(Protocol):
    """A view with a choice of the quantity it draws."""

    quantity: str


def show_as(made: View, source: View) -> None:
    """Show the run, the axes and the range of `source`."""
    if source.history is None:
        return
    made.begin(source.history, source.ghost)
    if (made.log_x, made.log_y) != (source.log_x, source.log_y):
        made.set_log_x(source.log_x)
        made.set_log_y(source.log_y)
    if not source.plot.following:
        window = source.plot.canvas.shown()
        made.plot.box.setRange(xRange=window.x, yRange=window.y, padding=0)
