"""A sentence in rich text on two lines at most."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.rich_text import plain, tooltip, whole_fractions
from lazygui.style import fonts
from lazygui.style.themes import Theme

LINES = 2


class ClaimStatement(QWidget):
    """Breaks the sentence for its width and cuts what does not fit; a tooltip has it all."""

    def __init__(self, name: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._html = html
        self._theme = DEFAULT_THEME
        self._document = QTextDocument(self)
        self.setAccessibleName(plain(html))
        self.setToolTip(tooltip(html))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's font and colour."""
        self._theme = theme
        self._break()

    def height_for(self, width: int) -> int:
        """The height that the sentence takes in this width."""
        return round(broken(self._html, self._theme, width).size().height())

    def text(self) -> str:
        """What is to be read, cut or not."""
        return self._document.toPlainText()

    def _break(self) -> None:
        self._document = broken(self._html, self._theme, self.width())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._break()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, in the middle of its height."""
        painter = QPainter(self)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor(self._theme.ink))
        spare = self.height() - self._document.size().height()
        painter.translate(0.0, max(spare, 0.0) / 2)
        self._document.documentLayout().draw(painter, context)


def broken(html: str, theme: Theme, width: int) -> QTextDocument:
    """The sentence in lines of this width; the longest beginning that fits, with an ellipsis."""
    whole = _laid_out(html, theme, width)
    if _lines(whole) <= LINES:
        return whole
    short, long = 0, whole.characterCount() - 1
    while long - short > 1:
        middle = (short + long) // 2
        cut = _laid_out(html, theme, width, middle)
        short, long = (middle, long) if _lines(cut) <= LINES else (short, middle)
    return _laid_out(html, theme, width, short)


def _laid_out(html: str, theme: Theme, width: int, length: int | None = None) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(fonts.font(theme))
    document.setDocumentMargin(0.0)
    document.setUndoRedoEnabled(False)
    document.setHtml(whole_fractions(html))
    if length is not None:
        cursor = QTextCursor(document)
        cursor.setPosition(length)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("…")
    option = document.defaultTextOption()
    option.setAlignment(Qt.AlignmentFlag.AlignLeft)
    document.setDefaultTextOption(option)
    document.setTextWidth(max(width, 40))
    return document


def _lines(document: QTextDocument) -> int:
    # The layout is lazy: asking for the size makes it.
    document.size()
    return sum(
        document.findBlockByNumber(number).layout().lineCount()
        for number in range(document.blockCount())
    )
