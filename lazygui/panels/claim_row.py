"""One claim: its sentence, what theory predicts, what the run measured, and the verdict."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from lazygui.claims.claim import Claim, Reading, Verdict
from lazygui.panels.appearance import DEFAULT_THEME
from lazygui.panels.claim_statement import ClaimStatement
from lazygui.panels.rich_text import plain, tooltip
from lazygui.panels.verdict_chip import HIDDEN, VerdictChip
from lazygui.style import fonts
from lazygui.style.themes import Theme

UNREAD = Reading("…", "…", "", Verdict.PENDING)
# At font scale 1: below this width the numbers stand under the sentence.
ONE_LINE = 760
_GAP, _EDGE, _PADDING = 12, 4, 3
_RIGHT = Qt.TextElideMode.ElideRight


class ClaimRow(QFrame):
    """On a wide stage one line of columns, whose captions the bar shows; on a narrow one two."""

    def __init__(self, claim: Claim, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"claim-{claim.id}")
        self._theme = DEFAULT_THEME
        self._claim = claim
        self._is_hidden = False
        self.reading = UNREAD
        said = QCoreApplication.translate("claims", claim.statement)
        self._statement = ClaimStatement(f"claim-{claim.id}-statement", said, self)
        self._predicted = ClaimNumber(f"claim-{claim.id}-predicted", self.tr("predicted"), self)
        self._measured = ClaimNumber(f"claim-{claim.id}-measured", self.tr("measured"), self)
        self._measured.is_bold = True
        self._chip = VerdictChip(f"claim-{claim.id}-verdict", self)
        self._sentence = said
        self._show()

    def show_reading(self, reading: Reading, *, hidden: bool) -> None:
        """Show what was read; `hidden` keeps what was measured and the verdict back."""
        if (reading, hidden) != (self.reading, self._is_hidden):
            self.reading, self._is_hidden = reading, hidden
            self._show()

    def _show(self) -> None:
        reading = self.reading
        self._predicted.set_value(reading.predicted or "—")
        # A bound "≤ 5" is no tolerance of its own, and a verdict on words has none.
        has_own = reading.tolerance.startswith("±") and not self._is_hidden
        self._measured.set_value(
            HIDDEN if self._is_hidden else reading.measured, reading.tolerance if has_own else ""
        )
        self._chip.set_verdict(reading.verdict, hidden=self._is_hidden)
        self.setAccessibleName(f"{plain(self._sentence)} {', '.join(self.texts()[1:])}")
        self._statement.setToolTip(self._full_text())
        self._place()

    def _full_text(self) -> str:
        lines = [self._sentence]
        if not self._is_hidden:
            lines += [
                f"{self.tr('predicted')}: {html.escape(self.reading.predicted)}",
                f"{self.tr('measured')}: {html.escape(self.reading.measured)}",
            ]
            if self.reading.tolerance:
                lines.append(f"{self.tr('tolerance')}: {html.escape(self.reading.tolerance)}")
        if self._claim.source:
            lines.append(f"<i>{html.escape(self._claim.source)}</i>")
        return tooltip(*lines)

    def texts(self) -> tuple[str, ...]:
        """What is read in the row, from left to right."""
        numbers = self._predicted.said(), self._measured.said()
        return (plain(self._sentence), *numbers, self._chip.text())

    def set_theme(self, theme: Theme) -> None:
        """Dress every part anew."""
        self._theme = theme
        for part in (self._statement, self._predicted, self._measured, self._chip):
            part.set_theme(theme)
        self._place()

    def _is_one_line(self, width: int) -> bool:
        return width >= ONE_LINE * self._theme.font_scale

    def height_for(self, width: int) -> int:
        """The height that the row takes in this width."""
        line = self._chip.sizeHint().height()
        room = self._statement_width(width)
        above = self._statement.height_for(room)
        content = max(line, above) if self._is_one_line(width) else above + 2 + line
        return content + 2 * _PADDING

    def _numbers(self, width: int) -> tuple[int, int]:
        """The widths of what is predicted and what is measured."""
        if self._is_one_line(width):
            return round(0.15 * width), round(0.22 * width)
        room = width - 2 * _EDGE - self._chip.sizeHint().width() - 2 * _GAP
        first = min(max(self._predicted.needed(), round(0.36 * room)), round(0.55 * room))
        return first, room - first

    def columns(self, width: int) -> tuple[int, int] | None:
        """Where the numbers begin in a row of this width; None where they have their captions."""
        if not self._is_one_line(width):
            return None
        left = _EDGE + self._statement_width(width) + _GAP
        return left, left + self._numbers(width)[0] + _GAP

    def _statement_width(self, width: int) -> int:
        room = width - 2 * _EDGE
        if self._is_one_line(width):
            room -= sum(self._numbers(width)) + self._chip.sizeHint().width() + 3 * _GAP
        return room

    def _place(self) -> None:
        width, line = self.width(), self._chip.sizeHint().height()
        room = self._statement_width(width)
        inside = self.height() - 2 * _PADDING
        one_line = self._is_one_line(width)
        above = inside if one_line else inside - line - 2
        self._statement.setGeometry(_EDGE, _PADDING, room, above)
        left = _EDGE + room + _GAP if one_line else _EDGE
        top = _PADDING + ((inside - line) // 2 if one_line else above + 2)
        for label, wide in zip(
            (self._predicted, self._measured), self._numbers(width), strict=True
        ):
            label.set_captioned(not one_line)
            label.setGeometry(QRect(left, top, wide, line))
            left += wide + _GAP
        self._chip.move(width - _EDGE - self._chip.width(), top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything to its place."""
        super().resizeEvent(event)
        self._place()


class ClaimNumber(QLabel):
    """A value and its tolerance after a small caption, or below one that stands elsewhere.

    Cut where they do not fit; a tooltip has all.
    """

    def __init__(self, name: str, caption: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.is_bold = False
        self._is_captioned = True
        self._caption, self._value, self._tolerance = caption, "", ""
        self._theme = DEFAULT_THEME

    def set_value(self, value: str, tolerance: str = "") -> None:
        """Show another value (plain text)."""
        if (value, tolerance) != (self._value, self._tolerance):
            self._value, self._tolerance = value, tolerance
            self._write()

    def set_captioned(self, captioned: bool) -> None:
        """Whether the caption is written before the value."""
        if captioned != self._is_captioned:
            self._is_captioned = captioned
            self._write()

    def needed(self) -> int:
        """The width that caption and value take, without the tolerance."""
        small = fonts.font(self._theme, fonts.Size.SMALL)
        value = fonts.font(self._theme, bold=self.is_bold)
        caption = QFontMetrics(small).horizontalAdvance(self._caption + 2 * "\N{NO-BREAK SPACE}")
        return caption + QFontMetrics(value).horizontalAdvance(self._value) + 6

    def said(self) -> str:
        """All of it, for who reads it aloud."""
        return " ".join(part for part in (self._caption, self._value, self._tolerance) if part)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's letters and colours."""
        self._theme = theme
        self.setFont(fonts.font(theme))
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the value to the new width."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        small = fonts.font(self._theme, fonts.Size.SMALL)
        bold = fonts.font(self._theme, bold=self.is_bold)
        caption = f"{self._caption}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"
        caption = caption if self._is_captioned else ""
        room = self.width() - QFontMetrics(small).horizontalAdvance(caption) - 4
        value = QFontMetrics(bold).elidedText(self._value, _RIGHT, max(room, 0))
        room -= QFontMetrics(bold).horizontalAdvance(f"{value}\N{NO-BREAK SPACE}")
        rest = QFontMetrics(small).elidedText(self._tolerance, _RIGHT, max(room, 0))
        weight = 600 if self.is_bold else 400
        self.setText(
            f"{self._small(caption)}"
            f'<span style="font-weight:{weight}">{html.escape(value)}</span>'
            f"{self._small(chr(160) + rest)}"
        )
        self.setToolTip(tooltip(html.escape(self.said())))
        self.setAccessibleName(self.said())

    def _small(self, text: str) -> str:
        size = fonts.points(self._theme, fonts.Size.SMALL)
        style = f"color:{self._theme.muted}; font-size:{size:.1f}pt"
        return f'<span style="{style}">{html.escape(text)}</span>'
