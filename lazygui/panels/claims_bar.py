"""Under the stage: what the lecture claims of the demo on show, and what the run says of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lazygui.claims.claim import Claim, Reading, Verdict
from lazygui.claims.judging import overall
from lazygui.panels.appearance import DEFAULT_THEME, describe, panel_sheet
from lazygui.panels.claim_row import UNREAD, ClaimRow
from lazygui.panels.column_scroll import ColumnScroll
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

ROWS = 3
# The plots come first: the rows in sight take at most this share of the window's height.
SHARE = 0.18
_LEFT, _RIGHT = 12, 8


class ClaimsBar(QFrame):
    """A row for each claim, at most three in sight; hidden while the run on show claims nothing.

    Signals: `opened(bool)` when the user folds or unfolds it; `revealed(bool)` when the user
    reveals or hides the verdicts: the audience predicts, then sees.
    """

    opened = Signal(bool)
    revealed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self.setObjectName("claims-bar")
        self.setAccessibleName(self.tr("Claims"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme = DEFAULT_THEME
        self._rows: list[ClaimRow] = []
        self._is_revealed = True
        self._window_height = 900
        self._fold = self._folding_button()
        self._summary = QLabel()
        self._summary.setObjectName("claims-summary")
        self._summary.setProperty("look", "small")
        self._captions = self._caption("predicted"), self._caption("measured")
        self._reveal = self._reveal_button()
        self._scroll = ColumnScroll("claims-scroll")
        self._body = self._new_body()
        self._lay_out()
        self.set_theme(theme)
        self.hide()

    def _folding_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(self.tr("Claims").upper())
        button.setCheckable(True)
        button.setChecked(True)
        button.setProperty("look", "section")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        describe(
            button, "claims-fold", self.tr("Show or hide the claims"),
            self.tr("Show or hide the claims (F4)"),
        )  # fmt: skip
        button.clicked.connect(self._on_fold)
        return button

    def _caption(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"claims-{name}")
        label.setProperty("look", "small")
        return label

    def _reveal_button(self) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        describe(
            button, "claims-reveal", self.tr("Hide or reveal the verdicts"),
            self.tr("Predict first: hide what the run measures, then reveal it (V)"),
        )  # fmt: skip
        button.clicked.connect(self.toggle_revealed)
        return button

    def _new_body(self) -> QWidget:
        body = QWidget()
        body.setObjectName("panel-body")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._scroll.setWidget(body)
        return body

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self._fold)
        head.addWidget(self._summary)
        head.addStretch(1)
        head.addWidget(self._reveal)
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, 2, _RIGHT, 4)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._scroll)

    # What is shown

    def set_claims(self, claims: Sequence[Claim]) -> None:
        """Show these claims, unread; none hides the bar."""
        self._body = self._new_body()
        self._rows = [ClaimRow(claim) for claim in claims]
        for row in self._rows:
            row.set_theme(self._theme)
            self._column.addWidget(row)
        self.setVisible(bool(claims))
        self.show_readings([UNREAD] * len(claims))
        self._fit()

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Show one reading for each claim, in their order."""
        for row, reading in zip(self._rows, readings, strict=True):
            row.show_reading(reading, hidden=not self._is_revealed)
        self._summarize()

    def readings(self) -> tuple[Reading, ...]:
        """What is shown, or would be if it were revealed."""
        return tuple(row.reading for row in self._rows)

    def row(self, claim_id: str) -> ClaimRow:
        """The row of a claim. Raises KeyError if it is not shown."""
        return {row.objectName(): row for row in self._rows}[f"claim-{claim_id}"]

    def _summarize(self) -> None:
        verdicts = [row.reading.verdict for row in self._rows]
        text = self._counts(verdicts) if self._is_revealed else self.tr("verdicts hidden (V)")
        if text != self._summary.text():
            self._summary.setText(text)
            self._summary.setAccessibleName(text)

    def _counts(self, verdicts: Sequence[Verdict]) -> str:
        total = len(verdicts)
        if overall(verdicts) is Verdict.HOLDS:
            return self.tr("all hold") if total > 1 else self.tr("holds")
        failing = verdicts.count(Verdict.FAILS)
        if failing:
            return self.tr("{count} of {total} fail").format(count=failing, total=total)
        holding = verdicts.count(Verdict.HOLDS)
        return self.tr("{count} of {total} hold so far").format(count=holding, total=total)

    # Predict, then reveal

    @property
    def is_revealed(self) -> bool:
        """Whether measured values and verdicts are shown."""
        return self._is_revealed

    @Slot()
    def toggle_revealed(self) -> None:
        """Put question marks in the place of the verdicts, or take them away."""
        self._is_revealed = not self._is_revealed
        self.show_readings(self.readings())
        self._dress_buttons()
        self.revealed.emit(self._is_revealed)

    # Folding

    @property
    def is_open(self) -> bool:
        """Whether the rows are unfolded."""
        return self._fold.isChecked()

    def set_open(self, open_: bool) -> None:
        """Fold away all but a line, or unfold."""
        self._fold.setChecked(open_)
        self._scroll.setVisible(open_)
        self._dress_buttons()
        self._fit()

    @Slot()
    def toggle_open(self) -> None:
        """Fold or unfold, as the user asks."""
        self.set_open(not self.is_open)
        self.opened.emit(self.is_open)

    @Slot(bool)
    def _on_fold(self, open_: bool) -> None:
        self.set_open(open_)
        self.opened.emit(open_)

    # Look

    def set_theme(self, theme: Theme) -> None:
        """Dress the bar anew."""
        self._theme = theme
        self.setStyleSheet(
            panel_sheet(theme) + f"QFrame#claims-bar {{ background: {theme.surface};"
            f" border: none; border-top: 1px solid {theme.border}; }}"
            "QScrollArea { border: 1px solid transparent; }"
            f"QScrollArea:focus {{ border: 1px solid {theme.accent}; }}"
        )
        for row in self._rows:
            row.set_theme(theme)
        self._dress_buttons()
        self._fit()

    def _dress_buttons(self) -> None:
        side = round(16 * self._theme.font_scale)
        for button in (self._fold, self._reveal):
            button.setIconSize(QSize(side, side))
        chevron = "expand" if self.is_open else "collapse"
        self._fold.setIcon(icon(chevron, self._theme, self._theme.muted))
        eye = "reveal" if self._is_revealed else "conceal"
        self._reveal.setChecked(not self._is_revealed)
        self._reveal.setIcon(icon(eye, self._theme, self._theme.muted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows may need another height in another width."""
        super().resizeEvent(event)
        self._fit()

    def fit_into(self, window_height: int) -> None:
        """Show as many rows as a window of this height has room for."""
        self._window_height = window_height
        self._fit()

    def _fit(self) -> None:
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        width = self.width() - _LEFT - _RIGHT - bar - 2
        heights = [row.height_for(width) for row in self._rows]
        for row, height in zip(self._rows, heights, strict=True):
            row.setFixedHeight(height)
        shown = self._rows_in_sight(heights)
        self._scroll.setFixedHeight(sum(heights[:shown]) + 2)
        scrolls = len(heights) > shown
        focus = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        self._scroll.setFocusPolicy(focus)
        self._place_captions(width)
        # Rows of new heights would otherwise lie on top of each other until the next event.
        self._column.invalidate()
        self._column.activate()

    def _place_captions(self, width: int) -> None:
        """Above the columns of numbers, in the line of the heading."""
        columns = self._rows[0].columns(width) if self._rows else None
        words = self.tr("predicted"), self.tr("measured")
        for number, (label, said) in enumerate(zip(self._captions, words, strict=True)):
            label.setVisible(columns is not None and self.is_open)
            if columns is None:
                continue
            label.setText(said)
            label.adjustSize()
            middle = self._fold.geometry().center().y() + 1
            label.move(_LEFT + 1 + columns[number], middle - label.height() // 2)

    def _rows_in_sight(self, heights: Sequence[int]) -> int:
        room = SHARE * self._window_height
        fitting = [count for count in range(1, ROWS + 1) if sum(heights[:count]) <= room]
        return max(fitting, default=1)
