"""One typeset formula, as wide as it needs and as the panel allows."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.style import fonts
from lazygui.style.formulas import Formulas, plain
from lazygui.style.themes import Theme


class FormulaView(QWidget):
    """Shows plain letters until the picture is there; shrinks a formula that is too wide."""

    def __init__(self, formulas: Formulas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formulas = formulas
        self._theme = DEFAULT_THEME
        self._latex, self._fallback = "", ""
        self._asked = 0
        self._picture: QSvgRenderer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("note-formula")
        formulas.ready.connect(self._take)
        formulas.failed.connect(self._fail)

    def set_formula(self, latex: str) -> None:
        """Ask for the picture of a formula; an empty one hides the view."""
        if latex != self._latex:
            self._picture = None
        self._latex, self._fallback = latex, plain(latex)
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
        return self._picture is not None

    def _ask(self) -> None:
        if self._latex:
            self._asked += 1
            size = 1.25 * fonts.points(self._theme)
            self._formulas.request(self._key(), self._latex, size, self._theme.ink)
        self._fit()

    def _key(self) -> str:
        return f"note-{id(self)}-{self._asked}"

    @Slot(str, bytes)
    def _take(self, key: str, svg: bytes) -> None:
        if key == self._key():
            picture = QSvgRenderer(QByteArray(svg))
            self._picture = picture if picture.isValid() else None
            self._fit()

    @Slot(str, str)
    def _fail(self, key: str, text: str) -> None:
        if key == self._key():
            self._picture, self._fallback = None, text
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(max(round(self._target().height()) + 8, 24))
        self.update()

    def _target(self) -> QRectF:
        if self._picture is None:
            return QRectF(0, 4, self.width(), 1.6 * fonts.points(self._theme))
        size = self._picture.defaultSize()
        # The SVG's unit is the point at 72 dpi; the screen has more.
        zoom = self.logicalDpiY() / 72.0
        zoom = min(zoom, max(self.width(), 40) / max(size.width(), 1))
        width, height = size.width() * zoom, size.height() * zoom
        return QRectF((self.width() - width) / 2, 4, width, height)

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
        if self._picture is not None:
            self._picture.render(painter, self._target())
            return
        painter.setPen(QColor(self._theme.ink))
        text = painter.fontMetrics().elidedText(
            self._fallback, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
