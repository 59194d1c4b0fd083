"""Draws the catalogue: headings in small capitals, claims on three lines at most, badges."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lazygui.claims.claim import Verdict
from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.rich_text import whole_fractions
from lazygui.panels.verdict import badge
from lazygui.style import fonts
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

Index = QModelIndex | QPersistentModelIndex

LINES = 3
_BAR, _GAP = 3, 8


class Part(IntEnum):
    """What an item of the list carries."""

    ID = Qt.ItemDataRole.UserRole
    IS_HEADING = Qt.ItemDataRole.UserRole + 1
    VERDICT = Qt.ItemDataRole.UserRole + 2
    IS_CHOSEN = Qt.ItemDataRole.UserRole + 3


class CatalogueDelegate(QStyledItemDelegate):
    """Sizes and draws the items of a catalogue `width` pixels wide."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DEFAULT_THEME
        self.width = 240
        # A list asks for the sizes of all items whenever anything about it changes.
        self._sizes: dict[tuple[str, bool, bool, int], QSize] = {}

    @property
    def theme(self) -> Theme:
        """How the items are dressed."""
        return self._theme

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._theme = theme
        self._sizes.clear()

    def _font(self, index: Index) -> QFont:
        if index.data(Part.IS_HEADING):
            font = fonts.font(self.theme, fonts.Size.SMALL, bold=True)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
            return font
        return fonts.font(self.theme, bold=bool(index.data(Part.IS_CHOSEN)))

    def _badge_side(self) -> int:
        return round(16 * self.theme.font_scale)

    def _text_left(self) -> int:
        return 16 + self._badge_side() + _GAP

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As many lines as the text needs, three at most."""
        heading, chosen = bool(index.data(Part.IS_HEADING)), bool(index.data(Part.IS_CHOSEN))
        key = index.data(), heading, chosen, self.width
        if key not in self._sizes:
            self._sizes[key] = self._size(index, heading)
        return self._sizes[key]

    def _size(self, index: Index, heading: bool) -> QSize:
        font = self._font(index)
        if heading:
            return QSize(self.width, QFontMetrics(font).height() + 20)
        room = self.width - self._text_left() - 12
        count = min(len(break_lines(index.data(), font, room)), LINES)
        return QSize(self.width, count * QFontMetrics(font).lineSpacing() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One heading or one claim."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font(index))
        if index.data(Part.IS_HEADING):
            self._paint_heading(painter, option.rect, index)
        else:
            self._paint_entry(painter, option, index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.setPen(QColor(self.theme.muted))
        box = rect.adjusted(16, 0, -8, -4)
        text = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, theme = option.rect, self.theme
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if index.data(Part.IS_CHOSEN):
            painter.fillRect(rect, QColor(theme.accent_soft))
            painter.fillRect(
                QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(theme.accent)
            )
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(theme.window))
        if current and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(rect).adjusted(4.5, 1.5, -4.5, -1.5), 4, 4)
        self._paint_badge(painter, rect, index)
        self._paint_claim(painter, rect, index)

    def _paint_badge(self, painter: QPainter, rect: QRect, index: Index) -> None:
        side = self._badge_side()
        verdict = index.data(Part.VERDICT)
        name, colour = badge(verdict, self.theme)
        line = painter.fontMetrics().lineSpacing()
        box = QRect(14, rect.top() + 6 + (line - side) // 2, side, side)
        icon(name, self.theme, colour).paint(painter, box)
        if verdict is Verdict.PENDING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QRectF(box).center(), side / 6, side / 6)

    def _paint_claim(self, painter: QPainter, rect: QRect, index: Index) -> None:
        font, left = self._font(index), self._text_left()
        room = self.width - left - 12
        painter.setPen(QColor(self.theme.ink))
        lines = break_lines(index.data(), font, room)
        if len(lines) > LINES:
            rest = "".join(lines[LINES - 1 :])
            cut = painter.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, room)
            lines = [*lines[: LINES - 1], cut]
        metrics = painter.fontMetrics()
        for number, text in enumerate(lines):
            baseline = rect.top() + 6 + metrics.ascent() + number * metrics.lineSpacing()
            painter.drawText(QPointF(left, baseline), text.rstrip())


def break_lines(text: str, font: QFont, width: float) -> list[str]:
    """The text in lines no wider than `width`, broken between words where possible."""
    text = whole_fractions(text)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 20.0))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return lines or [""]
