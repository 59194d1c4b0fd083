"""Play, pause, step, restart, new seed, speed, and how far the run is."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, describe, panel_sheet
from lazygui.panels.number_text import grouped, readable
from lazygui.panels.progress_line import ProgressLine
from lazygui.panels.quiet_combo import QuietComboBox
from lazygui.panels.readout_lines import is_sweep
from lazygui.panels.state_chip import StateChip
from lazygui.simulation.history import History
from lazygui.style.icons import icon
from lazygui.style.themes import Theme

SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, math.inf)
RUNNING = "running"
_BETWEEN = 16


class TransportBar(QFrame):
    """The bar under the stage. It shows the state it is told and asks for another.

    Signals: `play_requested`, `pause_requested`, `step_requested`, `restart_requested` (same
    initialization), `new_seed_requested`, `speed_changed(float)` in steps per second (inf: as
    fast as it goes). The same request twice means the same as once.
    """

    play_requested = Signal()
    pause_requested = Signal()
    step_requested = Signal()
    restart_requested = Signal()
    new_seed_requested = Signal()
    speed_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self.setObjectName("transport-bar")
        self.setAccessibleName(self.tr("Run"))
        self._theme = DEFAULT_THEME
        self._running = False
        self._make_buttons()
        self._speed = self._make_speed()
        self._progress = ProgressLine()
        self._steps, self._time, self._rate = QLabel(), QLabel(), QLabel()
        self._chip = StateChip()
        self._name_labels()
        self._lay_out()
        self.set_theme(theme)
        self.set_progress(0, 0, 0.0, 0.0)

    def _make_buttons(self) -> None:
        self._restart = _button(
            "transport-restart", self.tr("Restart"), self.tr("Restart from the same weights")
        )
        self._play = _button("transport-play", self.tr("Play"), self.tr("Play or pause (Space)"))
        self._step = _button("transport-step", self.tr("Step"), self.tr("One gradient step"))
        self._seed = _button(
            "transport-seed", self.tr("New seed"), self.tr("Restart from a new random seed")
        )
        self._restart.clicked.connect(self.restart_requested)
        self._play.clicked.connect(self._toggle)
        self._step.clicked.connect(self.step_requested)
        self._seed.clicked.connect(self.new_seed_requested)

    def _make_speed(self) -> QuietComboBox:
        combo = QuietComboBox()
        for speed in SPEEDS:
            combo.addItem(self._speed_text(speed), speed)
        describe(combo, "transport-speed", self.tr("Speed"), self.tr("Gradient steps per second"))
        combo.setCurrentIndex(SPEEDS.index(math.inf))
        combo.activated.connect(self._choose_speed)
        return combo

    def _speed_text(self, speed: float) -> str:
        if math.isinf(speed):
            return self.tr("as fast as it goes")
        if speed == 1:
            return self.tr("1 step/s")
        return self.tr("{speed} steps/s").format(speed=grouped(int(speed)))

    def _name_labels(self) -> None:
        tip = self.tr("Gradient steps done, and asked for")
        describe(self._steps, "transport-steps", self.tr("Steps"), tip)
        tip = self.tr("t: the sum of the learning rates so far")
        describe(self._time, "transport-time", self.tr("Time"), tip)
        tip = self.tr("Gradient steps per second, measured")
        describe(self._rate, "transport-rate", self.tr("Rate"), tip)
        self._rate.setProperty("look", "small")
        # What they say may grow while the window may not.
        for label in (self._time, self._rate):
            label.setMinimumWidth(1)
        self._time.setTextFormat(Qt.TextFormat.RichText)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 16, 8)
        line.setSpacing(8)
        for button in (self._restart, self._play, self._step, self._seed):
            line.addWidget(button)
        line.addSpacing(8)
        line.addWidget(self._speed)
        line.addSpacing(8)
        line.addLayout(self._progress_column(), 1)
        line.addSpacing(8)
        line.addWidget(self._chip)

    def _progress_column(self) -> QVBoxLayout:
        texts = QHBoxLayout()
        texts.setSpacing(_BETWEEN)
        texts.addWidget(self._steps)
        texts.addWidget(self._time)
        texts.addStretch(1)
        texts.addWidget(self._rate)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addStretch(1)
        column.addLayout(texts)
        column.addWidget(self._progress)
        column.addStretch(1)
        return column

    def set_state(self, state: str, message: str = "") -> None:
        """Show a state ("running", "paused", "converged", "diverged", …) and its sentence."""
        self._running = state == RUNNING
        self._chip.set_state(state, message)
        self._show_play()

    def show_run(self, history: History, rate: float) -> None:
        """Show how far a run is, or how many runs of a sweep have ended."""
        if is_sweep(history):
            self._set_runs(history.last_step, history.scenario.steps)
        elif len(history):
            time = float(history.latest("time"))
            self.set_progress(history.last_step, history.scenario.steps, time, rate)

    def set_progress(self, step: int, steps: int, time: float, rate: float) -> None:
        """Show step k of K, t = Σ η, and the measured steps per second (0 hides it)."""
        self._progress.set_fraction(step / steps if steps > 0 else 0.0)
        _show(self._steps, self.tr("step {k} / {n}").format(k=grouped(step), n=grouped(steps)))
        _show(self._time, f"<i>t</i> = {readable(time)}")
        text = self.tr("{rate} steps/s").format(rate=_rate_text(rate)) if rate > 0 else ""
        _show(self._rate, text)
        self._fit()

    def _set_runs(self, run: int, runs: int) -> None:
        self._progress.set_fraction(run / runs if runs > 0 else 0.0)
        _show(self._steps, self.tr("run {k} / {n}").format(k=grouped(run), n=grouped(runs)))
        for label in (self._time, self._rate):
            _show(label, "")
        self._fit()

    def _fit(self) -> None:
        """Without room for all, first the rate is left out, then the time."""
        used = self._steps.sizeHint().width()
        for label in (self._time, self._rate):
            used += _BETWEEN + label.sizeHint().width()
            label.setVisible(used <= self._progress.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._fit()

    def set_speed(self, speed: float) -> None:
        """Show a speed that came from elsewhere; the nearest of the list."""
        distances = [_distance(speed, known) for known in SPEEDS]
        self._speed.setCurrentIndex(distances.index(min(distances)))

    def change_speed(self, offset: int) -> None:
        """The next faster (+1) or slower (−1) speed of the list, as if chosen by hand."""
        index = min(max(self._speed.currentIndex() + offset, 0), self._speed.count() - 1)
        if index != self._speed.currentIndex():
            self._speed.setCurrentIndex(index)
            self.speed_changed.emit(self.speed())

    def speed(self) -> float:
        """The speed chosen, in steps per second."""
        return float(self._speed.currentData())

    def set_theme(self, theme: Theme) -> None:
        """Dress the bar anew."""
        self._theme = theme
        side = round(40 * (1 + 0.6 * (theme.font_scale - 1)))
        self.setStyleSheet(panel_sheet(theme) + _bar_sheet(theme, side))
        names = ((self._restart, "restart"), (self._step, "step"), (self._seed, "seed"))
        for button, name in names:
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(side // 2, side // 2))
            button.setFixedSize(side - 6, side - 6)
        self._play.setFixedSize(side, side)
        self._play.setIconSize(QSize(side * 6 // 10, side * 6 // 10))
        self._speed.setFixedWidth(round(150 * theme.font_scale))
        self._progress.set_theme(theme)
        self._chip.set_theme(theme)
        self._show_play()

    def _show_play(self) -> None:
        name, text = ("pause", self.tr("Pause")) if self._running else ("play", self.tr("Play"))
        self._play.setIcon(icon(name, self._theme, self._theme.surface))
        self._play.setAccessibleName(text)
        self._play.setToolTip(self.tr("{action} (Space)").format(action=text))

    @Slot()
    def _toggle(self) -> None:
        signal = self.pause_requested if self._running else self.play_requested
        signal.emit()

    @Slot(int)
    def _choose_speed(self, index: int) -> None:
        self.speed_changed.emit(SPEEDS[index])


def _button(object_name: str, accessible_name: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    describe(button, object_name, accessible_name, tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _show(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)


def _rate_text(rate: float) -> str:
    if rate >= 100:
        return grouped(int(float(f"{min(rate, 1e15):.3g}")))
    return readable(rate)


def _distance(speed: float, known: float) -> float:
    if math.isinf(speed) or math.isinf(known):
        return 0.0 if speed == known else math.inf
    return abs(math.log(max(speed, 1e-9) / known))


def _bar_sheet(theme: Theme, side: int) -> str:
    return f"""
    QFrame#transport-bar {{ background: {theme.surface}; border: none;
      border-top: 1px solid {theme.border}; }}
    QToolButton {{ border: 1px solid {theme.border}; border-radius: {(side - 6) // 2}px;
      padding: 0; background: {theme.surface}; }}
    QToolButton:focus {{ border: 2px solid {theme.accent}; }}
    QToolButton#transport-play {{ background: {theme.accent}; border: 2px solid {theme.accent};
      border-radius: {side // 2}px; }}
    QToolButton#transport-play:hover {{ border: 2px solid {theme.network}; }}
    QToolButton#transport-play:focus {{ border: 2px solid {theme.ink}; }}
    """
