"""One typeset formula, as wide as it needs and as the panel allows."""

from __future__ import annotations

import re

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.style import fonts
from lazygui.style.formulas import Formulas, plain
from lazygui.style.themes import Theme

GAP = 6.0  # pixels between lines


class FormulaView(QWidget):
    """Shows plain letters until the picture is there; shrinks a line that is too wide.

    A formula may have several lines, parted by `\\\\` as in LaTeX.
    """

    def __init__(self, formulas: Formulas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formulas = formulas
        self._theme = DEFAULT_THEME
        self._latex, self._fallback = "", ""
        self._asked = 0
        self._lines: list[str] = []
        self._pictures: dict[int, QSvgRenderer] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("note-formula")
        formulas.ready.connect(self._take)
        formulas.failed.connect(self._fail)

    def set_formula(self, latex: str) -> None:
        """Ask for the picture of a formula; an empty one hides the view."""
        if latex != self._latex:
            self._pictures = {}
        self._latex, self._fallback = latex, plain(latex)
        self._lines = lines_of(latex)
        self.setAccessibleName(self._fallback)
        self.setToolTip(self._fallback)
        self.setVisible(bool(latex))
        self._ask()

    def set_theme(self, theme: Theme) -> None:
        """Typeset again in the theme's ink and size."""
        self._theme = theme
        self._ask()

    def is_typeset(self) -> bool:
        """Whether the picture is shown rather than plain letters."""
        return bool(self._lines) and len(self._pictures) == len(self._lines)

    def _ask(self) -> None:
        self._asked += 1
        size = 1.25 * fonts.points(self._theme)
        for number, line in enumerate(self._lines):
            self._formulas.request(self._key(number), line, size, self._theme.ink)
        self._fit()

    def _key(self, number: int) -> str:
        return f"note-{id(self)}-{self._asked}-{number}"

    def _number(self, key: str) -> int | None:
        keys = [self._key(number) for number in range(len(self._lines))]
        return keys.index(key) if key in keys else None

    @Slot(str, bytes)
    def _take(self, key: str, svg: bytes) -> None:
        number, picture = self._number(key), QSvgRenderer(QByteArray(svg))
        if number is not None and picture.isValid():
            self._pictures[number] = picture
            self._fit()

    @Slot(str, str)
    def _fail(self, key: str, text: str) -> None:
        if self._number(key) is not None:
            self._pictures = {}
            self._fit()

    def _fit(self) -> None:
        targets = self._targets()
        bottom = targets[-1].bottom() if targets else 4 + 1.6 * fonts.points(self._theme)
        self.setFixedHeight(max(round(bottom + 4), 24))
        self.update()

    def _targets(self) -> list[QRectF]:
        """Where each line is drawn; nothing while one is missing."""
        if not self.is_typeset():
            return []
        places, top = [], 4.0
        for number in range(len(self._lines)):
            size = self._pictures[number].defaultSize()
            # The SVG's unit is the point at 72 dpi; the screen has more.
            zoom = min(self.logicalDpiY() / 72.0, max(self.width(), 40) / max(size.width(), 1))
            width, height = size.width() * zoom, size.height() * zoom
            places.append(QRectF((self.width() - width) / 2, top, width, height))
            top += height + GAP
        return places

    def sizeHint(self) -> QSize:
        """The height is fixed by the formula."""
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shrink or grow with the panel."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, or plain letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        targets = self._targets()
        for number, target in enumerate(targets):
            self._pictures[number].render(painter, target)
        if targets:
            return
        painter.setPen(QColor(self._theme.ink))
        text = painter.fontMetrics().elidedText(
            self._fallback, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)


def lines_of(latex: str) -> list[str]:
    r"""A formula's lines: parted by \\ outside of environments, which have rows of their own.

    >>> lines_of(r"a=b \\ c=d")
    ['a=b', 'c=d']
    """
    lines, inside = [""], 0
    for part in re.split(r"(\\begin\b|\\end\b|\\\\)", latex):
        inside += (part == r"\begin") - (part == r"\end")
        if part == r"\\" and inside == 0:
            lines.append("")
        else:
            lines[-1] += part
    return [line.strip() for line in lines if line.strip()]
