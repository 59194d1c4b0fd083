"""A slider with a linear or logarithmic axis and theory marks under its groove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, frame_colour
from lazygui.panels.number_text import exact_text
from lazygui.panels.rich_text import plain, tooltip
from lazygui.panels.slider_marks import PlacedMark, draw_marks, place_marks
from lazygui.panels.value_scale import PAGE, ValueScale
from lazygui.style import fonts
from lazygui.style.themes import Theme

_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: PAGE,
    Qt.Key.Key_PageDown: -PAGE,
}


class ParameterSlider(QWidget):
    """Slides between the ends of a `ValueScale`; beyond them the handle turns into an arrow.

    Arrows and Page keys step, Home and End go to the ends, Ctrl with an arrow jumps to the next
    theory mark; a click on a mark takes exactly its value. Signals: `valueChanged(float)` at each
    change by the user, `editingFinished()` once after a drag, a click, a key or a wheel turn.
    """

    valueChanged = Signal(float)  # noqa: N815 - Qt's way of naming signals
    editingFinished = Signal()  # noqa: N815

    def __init__(self, scale: ValueScale, value: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._value = float(value)
        self._theme = DEFAULT_THEME
        self._marks: tuple[tuple[float, str], ...] = ()
        self._placed: list[PlacedMark] = []
        self._grip: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._describe_value()

    def value(self) -> float:
        """The value, which may lie beyond the ends."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value that came from elsewhere; ignored while the user drags."""
        if self._grip is None and value != self._value:
            self._value = float(value)
            self._describe_value()
            self.update()

    def is_dragging(self) -> bool:
        """Whether the user holds the handle."""
        return self._grip is not None

    def marks(self) -> tuple[tuple[float, str], ...]:
        """The theory marks: (value, label in rich text)."""
        return self._marks

    def set_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Replace the theory marks; those with no place on the axis are left out."""
        kept = tuple((float(v), t) for v, t in marks if not self._scale.log or v > 0)
        if kept != self._marks:
            self._marks = kept
            self._place_marks()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours and type size."""
        self._theme = theme
        self._place_marks()
        self.update()

    def mark_rect(self, index: int) -> QRectF:
        """Where the label of a mark stands, in the order of values."""
        return self._placed[index].rect

    def _place_marks(self) -> None:
        groove = self._groove()
        top = self._radius() * 2 + 4
        self._placed = place_marks(self._marks, self._scale, groove, top, self._small_font())
        self.updateGeometry()
        self.update()

    def _small_font(self) -> QFont:
        return fonts.font(self._theme, fonts.Size.SMALL)

    def _radius(self) -> float:
        return 8.0 * (1.0 + 0.5 * (self._theme.font_scale - 1.0))

    def _groove(self) -> QRectF:
        radius = self._radius()
        return QRectF(radius, radius - 1.0, max(self.width() - 2 * radius, 1.0), 4.0)

    def sizeHint(self) -> QSize:
        """Room for the handle, and for the lanes of labels."""
        bottom = max((mark.rect.bottom() for mark in self._placed), default=0.0)
        return QSize(180, int(max(bottom, 2 * self._radius() + 4)) + 1)

    def minimumSizeHint(self) -> QSize:
        """As high as the size hint; narrow enough for a small window."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the labels along."""
        self._place_marks()
        super().resizeEvent(event)

    def _position(self) -> float:
        return self._scale.position(self._value)

    def _handle_x(self) -> float:
        groove = self._groove()
        return groove.left() + min(max(self._position(), 0.0), 1.0) * groove.width()

    def _take(self, value: float) -> None:
        if value == self._value:
            return
        self._value = value
        self._describe_value()
        self.update()
        self.valueChanged.emit(value)

    def _describe_value(self) -> None:
        self.setAccessibleDescription(exact_text(self._value))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, self._value))

    def _take_and_finish(self, value: float) -> None:
        changed = value != self._value
        self._take(value)
        if changed:
            self.editingFinished.emit()

    def _mark_at(self, place: QPointF) -> PlacedMark | None:
        return next((m for m in self._placed if m.rect.adjusted(-2, 0, 2, 0).contains(place)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a mark's value, or start a drag; the handle comes to the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        mark = self._mark_at(event.position())
        if mark is not None:
            self._take_and_finish(mark.value)
            return
        offset = event.position().x() - self._handle_x()
        self._grip = offset if abs(offset) <= self._radius() else 0.0
        if self._grip == 0.0:
            self._drag_to(event.position().x())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag; or show that a mark can be clicked."""
        if self._grip is not None:
            self._drag_to(event.position().x() - self._grip)
            return
        over = self._mark_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def _drag_to(self, x: float) -> None:
        groove = self._groove()
        self._take(self._scale.value_at((x - groove.left()) / groove.width()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._grip = None
            self.update()
            self.editingFinished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, go to an end, or jump to a mark."""
        key = Qt.Key(event.key())
        steps = _STEPS.get(key)
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._jump(steps)
        elif steps is not None:
            self._take_and_finish(self._scale.stepped(self._value, steps))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._take_and_finish(self._scale.value_at(0.0 if key == Qt.Key.Key_Home else 1.0))
        else:
            super().keyPressEvent(event)

    def _jump(self, direction: int) -> None:
        values = sorted(value for value, _ in self._marks)
        beyond = [v for v in values if (v > self._value if direction > 0 else v < self._value)]
        if beyond:
            self._take_and_finish(beyond[0] if direction > 0 else beyond[-1])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step when focused; else let the panel scroll."""
        notches = event.angleDelta().y() / 120.0
        if not self.hasFocus() or abs(notches) < 0.5:
            event.ignore()
            return
        self._take_and_finish(self._scale.stepped(self._value, round(notches) or 1))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Name the mark under the mouse instead of the whole slider."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self._mark_at(QPointF(event.pos()))
            if mark is not None:
                text = self.tr("{label} = {value}: click to take this value")
                filled = text.format(label=mark.label, value=exact_text(mark.value))
                QToolTip.showText(event.globalPos(), tooltip(filled), self)
                return True
        return super().event(event)

    def marks_text(self) -> str:
        """The marks in plain characters, for the accessible description of a row."""
        return ", ".join(f"{plain(label)} = {exact_text(value)}" for value, label in self._marks)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Groove, filled part, marks, handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove, x = self._groove(), self._handle_x()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.border))
        # Drawn out to the edges of the handle at its ends, in line with the labels above.
        reach = self._radius() - 2.0
        painter.drawRoundedRect(groove.adjusted(-reach, 0, reach, 0), 2, 2)
        painter.setBrush(self._accent())
        left = groove.left() - reach
        painter.drawRoundedRect(QRectF(left, groove.top(), x - left, 4), 2, 2)
        draw_marks(painter, self._placed, groove, QColor(self._theme.warn), self._small_font())
        self._draw_handle(painter, QPointF(x, groove.center().y()))

    def _accent(self) -> QColor:
        return QColor(self._theme.accent) if self.isEnabled() else frame_colour(self._theme)

    def _draw_handle(self, painter: QPainter, centre: QPointF) -> None:
        radius = self._radius() - 2.0
        if self.hasFocus() or self._grip is not None:
            halo = QColor(self._theme.accent)
            halo.setAlphaF(0.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawEllipse(centre, radius + 2.0, radius + 2.0)
        painter.setPen(QPen(self._accent(), 2.0))
        painter.setBrush(QColor(self._theme.surface))
        position = self._position()
        if 0.0 <= position <= 1.0:
            painter.drawEllipse(centre, radius - 1.0, radius - 1.0)
        else:
            painter.drawPolygon(_arrow(centre, radius - 1.0, 1.0 if position > 1 else -1.0))


def _arrow(centre: QPointF, size: float, direction: float) -> QPolygonF:
    back = centre.x() - direction * size * 0.7
    return QPolygonF(
        [
            QPointF(back, centre.y() - size),
            QPointF(centre.x() + direction * size, centre.y()),
            QPointF(back, centre.y() + size),
        ]
    )
