"""The dialog of a film: what is filmed, how, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lazygui.app.film_choice import STAGE, FilmChoice
from lazygui.panels.appearance import describe
from lazygui.recording.film import duration_text, estimated, size_text
from lazygui.recording.formats import FORMATS
from lazygui.style.themes import THEMES

SIZES = ("1280x720", "1920x1080", "2560x1440", "3840x2160", "1080x1080")
RUN, SESSION = "run", "session"


class FilmDialog(QDialog):
    """Asks for a film, then shows how far it is. It may be closed meanwhile: the film goes on.

    Signals: asked(FilmChoice, str source), where the source is RUN or SESSION;
    log_asked() for the session as a file; cancel_asked().
    """

    asked = Signal(object, str)
    log_asked = Signal()
    cancel_asked = Signal()

    def __init__(
        self,
        choice: FilmChoice,
        views: Sequence[tuple[str, str]],
        session_seconds: float,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("film-dialog")
        self.setWindowTitle(self.tr("Film"))
        self.setAccessibleName(self.tr("Film"))
        self._session_seconds = session_seconds
        self._make_fields(views)
        self._make_words()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._form())
        self._pages.addWidget(self._progress_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.addWidget(self._pages)
        self._show_choice(choice)
        self._connect()
        self._refresh()

    # The form

    def _make_fields(self, views: Sequence[tuple[str, str]]) -> None:
        tr = self.tr
        self.source = self._combo("film-source", tr("Film of"), tr("What is filmed"))
        if self._session_seconds > 0:
            length = duration_text(self._session_seconds)
            self.source.addItem(tr("what I did, {length}").format(length=length), SESSION)
        self.source.addItem(tr("this run, from its start"), RUN)
        self.format = self._combo("film-format", tr("Format"), tr("The kind of file"))
        for kind in FORMATS.values():
            self.format.addItem(kind.title, kind.name)
        self.pixels = self._combo("film-size", tr("Size"), tr("Width x height in pixels"))
        self.pixels.setEditable(True)
        self.pixels.addItems(SIZES)
        self.view = self._combo("film-view", tr("Picture"), tr("The stage, or one of its views"))
        self.view.addItem(tr("the stage"), STAGE)
        for name, title in views:
            self.view.addItem(title, name)
        self.theme = self._combo("film-theme", tr("Theme"), tr("Colours and size of type"))
        for theme in THEMES.values():
            self.theme.addItem(theme.title, theme.name)
        self.pace = self._combo("film-pace", tr("Pace"), tr("Which steps the frames show"))
        self.pace.addItem(tr("equally many steps per frame"), "steps")
        self.pace.addItem(tr("evenly in log k"), "log")
        self.fps, self.seconds = QSpinBox(), QDoubleSpinBox()
        self.fps.setRange(1, 120)
        self.seconds.setRange(0.1, 86_400.0)
        self.seconds.setDecimals(1)
        describe(self.fps, "film-fps", tr("Frames per second"), tr("Frames per second"))
        describe(self.seconds, "film-seconds", tr("Seconds"), tr("Length of the film"))

    def _make_words(self) -> None:
        tr = self.tr
        self.caption = QLineEdit()
        self.caption.setPlaceholderText(tr("the claim of the demo"))
        describe(self.caption, "film-caption", tr("Caption"), tr("The line under the title"))
        self.title_card = self._box("film-title-card", tr("title card"), tr("Before the run"))
        self.formula = self._box("film-formula", tr("formula"), tr("Beside the title"))
        self.ticker = self._box("film-ticker", tr("ticker"), tr("Step, loss and parameters below"))
        self.estimate = QLabel()
        self.estimate.setObjectName("film-estimate")
        self.estimate.setWordWrap(True)
        self.make = _button("film-make", tr("Make the film…"), tr("Choose a file and begin"))
        self.make.setDefault(True)
        self.log = _button("film-log", tr("Save the log…"), tr("Save what I did as a file"))
        self.log.setVisible(self._session_seconds > 0)

    def _form(self) -> QWidget:
        tr = self.tr
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        rows = (
            (tr("Film of"), self.source), (tr("Format"), self.format), (tr("Picture"), self.view),
            (tr("Size"), self.pixels), (tr("Frames per second"), self.fps),
            (tr("Seconds"), self.seconds), (tr("Pace"), self.pace), (tr("Theme"), self.theme),
            (tr("Caption"), self.caption),
        )  # fmt: skip
        for name, widget in rows:
            form.addRow(name, widget)
        form.addRow(tr("With"), _line(self.title_card, self.formula, self.ticker))
        form.addRow(self.estimate)
        form.addRow(_line(self.log, None, self.make))
        return page

    def _combo(self, name: str, title: str, tip: str) -> QComboBox:
        combo = QComboBox()
        describe(combo, name, title, tip)
        return combo

    def _box(self, name: str, title: str, tip: str) -> QCheckBox:
        box = QCheckBox(title)
        describe(box, name, title, tip)
        return box

    def _show_choice(self, choice: FilmChoice) -> None:
        for combo, value in (
            (self.format, choice.format), (self.view, choice.view), (self.theme, choice.theme),
            (self.pace, choice.pace),
        ):  # fmt: skip
            combo.setCurrentIndex(max(combo.findData(value), 0))
        self.pixels.setCurrentText(choice.size)
        self.fps.setValue(choice.fps)
        self.seconds.setValue(self._session_seconds or choice.seconds)
        self.title_card.setChecked(choice.title_card)
        self.formula.setChecked(choice.formula)
        self.ticker.setChecked(choice.ticker)

    def _connect(self) -> None:
        for combo in (self.view, self.theme, self.pace):
            combo.currentIndexChanged.connect(self._refresh)
        self.source.currentIndexChanged.connect(self._follow_source)
        self.format.currentIndexChanged.connect(self._follow_format)
        self.pixels.currentTextChanged.connect(self._refresh)
        self.fps.valueChanged.connect(self._refresh)
        self.seconds.valueChanged.connect(self._refresh)
        self.title_card.toggled.connect(self._refresh)
        self.make.clicked.connect(self._ask)
        self.log.clicked.connect(self.log_asked)
        self.stop.clicked.connect(self.cancel_asked)
        self.hide_button.clicked.connect(self.close)

    def choice(self) -> FilmChoice:
        """What is chosen now."""
        return FilmChoice(
            str(self.format.currentData()), self.pixels.currentText().strip(), self.fps.value(),
            round(self.seconds.value(), 1), str(self.pace.currentData()),
            str(self.view.currentData()), str(self.theme.currentData()),
            self.title_card.isChecked(), self.formula.isChecked(), self.ticker.isChecked(),
            self.caption.text(),
        )  # fmt: skip

    @Slot()
    def _follow_source(self) -> None:
        if self.source.currentData() == SESSION:
            self.seconds.setValue(self._session_seconds)
        self._refresh()

    @Slot()
    def _follow_format(self) -> None:
        """The usual pace of this kind of file."""
        self.fps.setValue(FORMATS[str(self.format.currentData())].fps)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Frames, time and size of what is chosen, or what is wrong with it."""
        choice = self.choice()
        is_session = self.source.currentData() == SESSION
        self.pace.setEnabled(not is_session)
        self.title_card.setEnabled(choice.kind.moving)
        try:
            film = choice.film()
            film = (film.with_title_before() if is_session else film).check(choice.kind)
        except ValueError as error:
            self.estimate.setText(str(error))
            self.make.setEnabled(False)
            return
        guess = estimated(film, choice.kind)
        text = self.tr("{frames} frames, about {time} of work and {size}")
        self.estimate.setText(
            text.format(
                frames=guess.frames, time=duration_text(guess.seconds), size=size_text(guess.bytes)
            )
        )
        self.make.setEnabled(True)

    @Slot()
    def _ask(self) -> None:
        choice = self.choice()
        if self.source.currentData() == SESSION:
            choice = replace(choice, pace="steps")
        self.asked.emit(choice, str(self.source.currentData()))

    # How far it is

    def _progress_page(self) -> QWidget:
        tr = self.tr
        self.phase = QLabel(tr("Beginning…"))
        self.phase.setObjectName("film-phase")
        self.phase.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        describe(self.bar, "film-bar", tr("Progress"), tr("How far the film is"))
        self.hide_button = _button("film-hide", tr("Hide"), tr("The film goes on without this"))
        self.stop = _button("film-cancel", tr("Cancel"), tr("Stop; no file is left behind"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.phase)
        column.addWidget(self.bar)
        column.addStretch(1)
        column.addWidget(_line(None, self.hide_button, self.stop))
        return page

    def show_progress(self, text: str, share: float) -> None:
        """Show how far the film is."""
        self._pages.setCurrentIndex(1)
        self.phase.setText(text)
        self.bar.setValue(round(1000 * share))


def _button(name: str, title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    describe(button, name, title, tip)
    return button


def _line(*widgets: QWidget | None) -> QWidget:
    """Widgets beside each other; None is a stretch."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        if widget is None:
            line.addStretch(1)
        else:
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    return holder
