"""What stands above the views, and the title card that comes before them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.recording.formula import Formula, in_one_line
from lazygui.style import fonts
from lazygui.style.themes import Theme

TITLE, CLAIM = 1.5, 1.1  # times the size of the text
FORMULA, FORMULA_SHARE = 1.2, 0.45
CARD_TITLE, CARD_TEXT, CARD_FORMULA, CARD_SMALL = 3.4, 1.6, 2.4, 1.0


@dataclass(frozen=True)
class Texts:
    """The words of a film; `formula` is LaTeX, `footnote` says what made it."""

    title: str = ""
    caption: str = ""
    section: str = ""
    formula: str = ""
    footnote: str = ""


class Heading(QWidget):
    """Title and caption on the left, the formula on the right."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        # A heading is wide and low: the formula stands in one line where that leaves it larger.
        latex = dict.fromkeys((texts.formula, in_one_line(texts.formula)))
        self._formulas = [Formula(text, theme, FORMULA) for text in latex]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(bool(texts.title or texts.caption or texts.formula))

    def _type(self) -> tuple[QFont, QFont]:
        return _sized(self._theme, TITLE, bold=True), _sized(self._theme, CLAIM)

    def sizeHint(self) -> QSize:
        """As high as its lines, or as the formula where that is higher."""
        first, second = (QFontMetricsF(font).height() for font in self._type())
        height = first * bool(self._texts.title) + second * bool(self._texts.caption)
        return QSize(
            400, round(max(height, min(self._formulas[0].size().height(), 1.6 * first)) + 6)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines that are too long end in "…"."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        if not self._formulas[0].is_empty:
            bounds = FORMULA_SHARE * room.width(), room.height()
            formula = max(self._formulas, key=partial(_share, bounds))
            size = formula.fitted(*bounds)
            place = QRectF(
                room.right() - size.width(), room.center().y() - size.height() / 2,
                size.width(), size.height(),
            )  # fmt: skip
            formula.paint(painter, place)
            room.setRight(place.left() - 24)
        self._paint_lines(painter, room)

    def _paint_lines(self, painter: QPainter, room: QRectF) -> None:
        theme, texts = self._theme, self._texts
        lines = zip(
            self._type(), (texts.title, texts.caption), (theme.ink, theme.muted), strict=True
        )
        shown = [line for line in lines if line[1]]
        total = sum(QFontMetricsF(font).height() for font, _, _ in shown)
        y = room.top() + (room.height() - total) / 2
        for font, text, colour in shown:
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            line = QRectF(room.left(), y, room.width(), metrics.height())
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, text)
            y += metrics.height()


class TitleCard:
    """The picture before the run: section, title, caption, formula, and what made it."""

    def __init__(self, texts: Texts, theme: Theme) -> None:
        self._texts, self._theme = texts, theme
        self._formula = Formula(texts.formula, theme, CARD_FORMULA)

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Draw it into a rectangle, in the middle and from the left."""
        theme, texts = self._theme, self._texts
        painter.fillRect(room, QColor(theme.window))
        inside = room.adjusted(0.09 * room.width(), 0, -0.09 * room.width(), 0)
        blocks = [
            (texts.section.upper(), CARD_SMALL, True, theme.accent, 6.0),
            (texts.title, CARD_TITLE, True, theme.ink, 14.0),
            (texts.caption, CARD_TEXT, False, theme.muted, 34.0),
        ]
        shown = [block for block in blocks if block[0]]
        rooms = [self._text_room(block, inside) for block in shown]
        formula = self._formula.fitted(inside.width(), 0.3 * room.height())
        total = sum(r.height() + b[4] for r, b in zip(rooms, shown, strict=True))
        y = room.center().y() - (total + formula.height() * (not self._formula.is_empty)) / 2
        for block, place in zip(shown, rooms, strict=True):
            self._paint_text(painter, block, QRectF(inside.x(), y, inside.width(), place.height()))
            y += place.height() + block[4]
        if not self._formula.is_empty:
            place = QRectF(inside.x(), y, formula.width(), formula.height())
            self._formula.paint(painter, place)
        foot = QRectF(inside.x(), room.bottom() - 46, inside.width(), 24)
        self._paint_text(painter, (texts.footnote, 0.85, False, theme.muted, 0.0), foot)

    def _text_room(self, block: tuple[str, float, bool, str, float], room: QRectF) -> QRectF:
        metrics = QFontMetricsF(_sized(self._theme, block[1], bold=block[2]))
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), block[0])

    def _paint_text(
        self, painter: QPainter, block: tuple[str, float, bool, str, float], room: QRectF
    ) -> None:
        text, times, bold, colour, _ = block
        painter.setFont(_sized(self._theme, times, bold=bold))
        painter.setPen(QColor(colour))
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap), text)


def _share(bounds: tuple[float, float], formula: Formula) -> float:
    return formula.share(*bounds)


def _sized(theme: Theme, times: float, *, bold: bool = False) -> QFont:
    font = fonts.font(theme, bold=bold)
    font.setPointSizeF(times * fonts.points(theme))
    return font
