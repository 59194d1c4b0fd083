"""A typeset formula as a picture that any painter can draw."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer

from lazygui.style import fonts
from lazygui.style.formulas import FormulaError, plain, svg
from lazygui.style.themes import Theme

# The unit of the SVG is the point at 72 dpi; the layout has 96.
ZOOM = 96.0 / 72.0


class Formula:
    """The formula at `times` the size of the text, in plain letters where it can't be typeset."""

    def __init__(self, latex: str, theme: Theme, times: float) -> None:
        self._theme, self._points = theme, times * fonts.points(theme)
        self._plain = plain(latex)
        self._picture: QSvgRenderer | None = None
        if latex:
            try:
                picture = QSvgRenderer(QByteArray(svg(latex, self._points, theme.ink)))
            except FormulaError:
                return
            self._picture = picture if picture.isValid() else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._plain

    def size(self) -> QSizeF:
        """The size it would like to have."""
        if self._picture is None:
            return QSizeF(0.6 * self._points * ZOOM * len(self._plain), 1.6 * self._points * ZOOM)
        return QSizeF(self._picture.defaultSize()) * ZOOM

    def fitted(self, width: float, height: float) -> QSizeF:
        """The size within these bounds."""
        return self.size() * self.share(width, height)

    def share(self, width: float, height: float) -> float:
        """How much smaller than it would like to be it is within these bounds; 1 at most."""
        size = self.size()
        return min(1.0, width / max(size.width(), 1), height / max(size.height(), 1))

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Draw it into a rectangle made by `fitted`."""
        if self._picture is not None:
            self._picture.render(painter, room)
            return
        font = fonts.font(self._theme)
        font.setPointSizeF(self._points)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(room, self._plain)


def in_one_line(latex: str) -> str:
    """The formula without the line breaks that a narrow column needs."""
    if r"\begin" in latex:
        return latex
    line, *rest = (part.strip() for part in latex.split(r"\\"))
    for part in rest:
        is_whole = line.endswith((",", ";")) and line.count("(") == line.count(")")
        line += (r"\quad " if is_whole else r"\ ") + part.removeprefix(r"\quad").lstrip()
    return line
