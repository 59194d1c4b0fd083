"""The line under the views: the step, the time, the parameters, the loss."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazygui.panels.number_text import grouped, readable
from lazygui.panels.readout_lines import is_sweep
from lazygui.panels.rich_text import plain
from lazygui.simulation.history import History
from lazygui.style import fonts
from lazygui.style.contrast import blend
from lazygui.style.themes import Theme

SHOWN = ("learning_rate", "scale", "width", "samples", "features", "activation")
WIDEST = "0.00 × 10⁻⁰⁰"
GAP, PAD, LINE = 26.0, 7.0, 3.0


@dataclass(frozen=True)
class Field:
    """One value; `widest` keeps its room, so that running numbers don't push each other."""

    label: str
    value: str
    widest: str = ""
    is_new: bool = field(default=False, compare=False)


def fields_of(history: History) -> tuple[Field, ...]:
    """What the ticker shows of a run at its newest step."""
    steps, step = history.scenario.steps, history.last_step
    if is_sweep(history):
        whole = f"{grouped(steps)} / {grouped(steps)}"
        return (Field(_text("run"), f"{grouped(step)} / {grouped(steps)}", whole),)
    found = [Field(_text("step"), grouped(step), grouped(steps))]
    if "time" in history and len(history):
        found.append(Field("t", readable(float(history.latest("time"))), WIDEST))
    if "loss" in history and len(history):
        found.append(Field(_text("loss"), readable(float(history.latest("loss"))), WIDEST))
    scenario = history.scenario
    for item in scenario.active_parameters():
        if item.name in SHOWN:
            value: Any = getattr(scenario, item.name)
            if item.name in scenario.live:
                value = scenario.value_at(item.name, step)
            found.append(Field(plain(item.symbol), _value(value)))
    return tuple(found)


def marked(fields: tuple[Field, ...], before: dict[str, str]) -> tuple[Field, ...]:
    """The fields, those new whose value isn't the one of `before`."""
    return tuple(
        replace(one, is_new=not one.widest and before.get(one.label, one.value) != one.value)
        for one in fields
    )


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _text(text: str) -> str:
    return QCoreApplication.translate("recording", text)


class Ticker(QWidget):
    """Paints fields from the left and, along its lower edge, how far the run is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: tuple[Field, ...] = ()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its type."""
        return QSize(400, round(2.6 * fonts.points(self._theme) * 96 / 72))

    def show_fields(self, fields: tuple[Field, ...], share: float) -> None:
        """Show these values, and a line as long as `share` of the width."""
        self._fields, self._share = fields, share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Labels muted, values in ink, new values on a ground of their own."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        x = 0.0
        for one in self._fields:
            width = self._width(one)
            if x + width > self.width():
                break
            self._paint_field(painter, one, x, width)
            x += width + GAP * self._theme.font_scale

    def _paint_line(self, painter: QPainter) -> None:
        theme = self._theme
        y = self.height() - LINE
        painter.fillRect(QRectF(0, y, self.width(), LINE), QColor(theme.border))
        painter.fillRect(QRectF(0, y, self._share * self.width(), LINE), QColor(theme.accent))

    def _fonts(self) -> tuple[Any, Any]:
        theme = self._theme
        return fonts.font(theme, fonts.Size.LABEL), fonts.font(theme, fonts.Size.TITLE, bold=True)

    def _width(self, one: Field) -> float:
        small, large = (QFontMetricsF(font) for font in self._fonts())
        value = max(large.horizontalAdvance(text) for text in (one.value, one.widest))
        return self._label_width(small, one) + value

    @staticmethod
    def _label_width(metrics: QFontMetricsF, one: Field) -> float:
        return metrics.horizontalAdvance(one.label) + PAD if one.label else 0.0

    def _paint_field(self, painter: QPainter, one: Field, x: float, width: float) -> None:
        theme = self._theme
        small, large = self._fonts()
        room = QRectF(x, 0, width, self.height() - LINE)
        if one.is_new:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(theme.accent, theme.window, 0.25))
            painter.drawRoundedRect(room.adjusted(-PAD, 4, PAD, -4), 5, 5)
        baseline = room.height() / 2 + 0.36 * QFontMetricsF(large).height() * 0.9
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(room.x(), round(baseline)), one.label)
        painter.setFont(large)
        painter.setPen(QColor(theme.ink))
        start = x + self._label_width(QFontMetricsF(small), one)
        painter.drawText(QPointF(start, round(baseline)), one.value)
