"""Laziness, step size and the state of the run, as numbers."""

from __future__ import annotations

import html

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, narrowest, panel_sheet, set_look
from lazygui.panels.column_scroll import ColumnScroll
from lazygui.panels.laziness_gauge import LazinessGauge
from lazygui.panels.number_text import readable
from lazygui.panels.readout_card import ReadoutCard, show
from lazygui.panels.readout_lines import KAPPA_FACTORS, STEP_SIZE, is_sweep, lines_for
from lazygui.panels.rich_text import symbol_html
from lazygui.panels.stability import stability_remark
from lazygui.simulation.history import History
from lazygui.style.themes import Theme

INTERVAL_MS = 100
_KAPPA_HELP = (
    "κ(w<sub>0</sub>) = ‖αh(w<sub>0</sub>) − y‖ ‖D²h(w<sub>0</sub>)‖ / (α ‖Dh(w<sub>0</sub>)‖²): "
    "training is lazy when it is far below 1 (Chizat, Oyallon, Bach 2019, section 1)."
)


class ReadoutPanel(QWidget):
    """Reads a history ten times a second at most; cheap when nothing changed."""

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self.setObjectName("readout-panel")
        self.setAccessibleName(self.tr("Readout"))
        self._history: History | None = None
        self._seen = -1
        self._since = QElapsedTimer()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)
        self._make_laziness()
        self._make_step_size()
        self._now = ReadoutCard("now", self.tr("Now"))
        self._lay_out()
        self.set_theme(theme)

    def _make_laziness(self) -> None:
        self._laziness = ReadoutCard("laziness", self.tr("Laziness"))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        name = QLabel(symbol_html("κ(w<sub>0</sub>)"))
        name.setProperty("look", "title")
        self._kappa = QLabel()
        self._kappa.setObjectName("readout-kappa")
        self._kappa.setAccessibleName("κ(w₀)")
        self._kappa.setProperty("look", "number")
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(self._kappa)
        self._gauge = LazinessGauge()
        self._note = _wrapped("readout-kappa-note", "note")
        for widget in (line, self._gauge):
            self._laziness.add(widget)
        self._laziness.set_lines(KAPPA_FACTORS)
        self._laziness.add(self._note)

    def _make_step_size(self) -> None:
        self._step_size = ReadoutCard("step-size", self.tr("Step size"))
        self._step_size.set_lines(STEP_SIZE)
        self._remark = _wrapped("readout-remark", "")
        # Padding only comes with a box that is there when the style sheet first sees the label.
        self._remark.setProperty("box", "plain")
        self._step_size.add(self._remark)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("panel-body")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(16, 8, 12, 12)
        inside.setSpacing(14)
        for card in (self._laziness, self._step_size, self._now):
            inside.addWidget(card)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(ColumnScroll("readout-scroll", body))

    def begin(self, history: History) -> None:
        """A new run: which cards and lines it fills."""
        self._history = history
        self._seen = -1
        self._laziness.setVisible("output_gap" in history and not is_sweep(history))
        step_size, now = lines_for(history)
        self._step_size.setVisible(bool(step_size))
        self._step_size.set_lines(step_size)
        self._now.set_lines(now)
        self._read()

    def refresh(self) -> None:
        """Read again if anything changed; a call too early is made up for later."""
        if self._history is None or self._history.revision == self._seen:
            return
        waited = self._since.elapsed()
        if waited >= INTERVAL_MS:
            self._read()
        elif not self._later.isActive():
            self._later.start(INTERVAL_MS - waited)

    @Slot()
    def _read(self) -> None:
        history = self._history
        if history is None:
            return
        self._later.stop()
        self._since.start()
        self._seen = history.revision
        self._read_kappa(history)
        self._read_remark(history)
        for card in (self._laziness, self._step_size, self._now):
            card.refresh(history)

    def _read_kappa(self, history: History) -> None:
        kappa = history.facts.get("kappa")
        note = html.escape(str(history.facts.get("kappa_note") or ""))
        help_ = note if _has_no_kappa(history) else _KAPPA_HELP
        show(self._kappa, _kappa_text(history), help_, self.tr("being computed"))
        self._gauge.set_kappa(None if kappa is None else float(kappa))
        self._note.setVisible(bool(note))
        if self._note.text() != note:
            self._note.setText(note)

    def _read_remark(self, history: History) -> None:
        remark = stability_remark(history)
        self._remark.setVisible(remark is not None)
        if remark is not None and remark.text != self._remark.text():
            self._remark.setText(remark.text)
        if remark is not None:
            set_look(self._remark, "box", remark.level)
            set_look(self._remark, "look", remark.level)

    def set_theme(self, theme: Theme) -> None:
        """Dress the panel anew."""
        self.setMinimumWidth(narrowest(276, theme))
        self.setStyleSheet(panel_sheet(theme))
        self._gauge.set_theme(theme)


def _has_no_kappa(history: History) -> bool:
    """Known to have none, which is not the same as not known yet."""
    return "kappa" in history.facts and history.facts["kappa"] is None


def _kappa_text(history: History) -> str | None:
    if _has_no_kappa(history):
        return "—"
    kappa = history.facts.get("kappa")
    if kappa is None:
        return None
    about = "" if history.facts.get("kappa_exact", True) else "≈ "
    return about + readable(float(kappa))


def _wrapped(name: str, look: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.hide()
    return label
