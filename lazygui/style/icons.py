"""Icons in the colour of the theme's text: Fusion's own stay black on a dark ground.

The drawings in resources/icons, one file each, are from Material Design Icons (Apache 2.0).
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from lazygui.shipped import resource
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme

FOLDER = "icons"
_DRAWN_IN = 'fill="#000"'
# How much of its box an icon fills.
_FILL = 0.875


def icon(name: str, theme: Theme, colour: str | None = None) -> QIcon:
    """The icon `name` in the theme's ink, or in `colour`; paler where it's disabled.

    Raises ValueError naming the icon when there is none of that name.
    """
    shade = QColor(colour or theme.ink)
    return QIcon(_Engine(name, shade.name(), blend(shade, theme.surface, 0.4).name()))


class _Engine(QIconEngine):
    """Draws at whatever size is asked for."""

    def __init__(self, name: str, colour: str, disabled: str) -> None:
        super().__init__()
        text = _text(name)
        self._enabled, self._disabled = (
            text.replace(_DRAWN_IN, f'fill="{shade}"').encode() for shade in (colour, disabled)
        )

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw in the middle of `rect`."""
        side = _FILL * min(rect.width(), rect.height())
        box = QRectF(0.0, 0.0, side, side)
        box.moveCenter(QRectF(rect).center())
        drawing = self._disabled if mode is QIcon.Mode.Disabled else self._enabled
        QSvgRenderer(drawing).render(painter, box)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon on nothing."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture


@cache
def _text(name: str) -> str:
    try:
        return resource(f"{FOLDER}/{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(names())
        raise ValueError(f"icon: there is none named '{name}'; use one of {known}") from None


def names() -> list[str]:
    """The names of all icons."""
    return sorted(file.stem for file in resource(FOLDER).glob("*.svg"))
