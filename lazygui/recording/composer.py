"""The picture of a frame: heading, views, ticker, laid out in logical pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from lazygui.recording.film import Film
from lazygui.recording.heading import Heading, Texts, TitleCard
from lazygui.recording.looks import dress
from lazygui.recording.script import Look
from lazygui.recording.ticker import Ticker, fields_of, marked
from lazygui.simulation.history import History
from lazygui.style import fonts
from lazygui.style.themes import THEMES, palette, stylesheet
from lazygui.views.arrangement import places
from lazygui.views.ranges import Span
from lazygui.views.registry import view_class
from lazygui.views.view import View

MARGIN, SPACING = 12, 10
Ranges = dict[str, dict[str, Span]]
"""For each view the ranges of "x" and "y"."""


class Composer(QWidget):
    """A stage of its own, never on a screen. Feed it a history, then ask for the picture."""

    def __init__(self, film: Film, texts: Texts) -> None:
        super().__init__()
        self.film, self._theme = film, THEMES[film.theme]
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setStyleSheet(stylesheet(self._theme))
        self.setPalette(palette(self._theme))
        self.setFont(fonts.font(self._theme))
        self.history: History | None = None
        self.version = 0  # counts what may have changed the picture
        self._ghost: History | None = None
        self.ranges: Ranges = {}
        self._views: dict[str, View] = {}
        self._shown: tuple[Look, ...] = ()
        self._card = TitleCard(texts, self._theme)
        self._heading = Heading(texts if film.formula else _without_formula(texts), self._theme)
        self._ticker = Ticker(self._theme)
        self._grid = QGridLayout()
        self._lay_out()
        self.resize(*film.logical_size)
        self.show()

    def _lay_out(self) -> None:
        self._grid.setSpacing(SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(SPACING)
        column.addWidget(self._heading)
        column.addLayout(self._grid, 1)
        column.addWidget(self._ticker)
        self._ticker.setVisible(self.film.ticker)

    def begin(self, history: History, ghost: History | None, looks: Sequence[Look]) -> None:
        """Show a new run in these views."""
        self.history, self._ghost = history, ghost
        self._arrange(tuple(looks))
        for look in self._shown:
            self._views[look.name].begin(history, ghost)
            self._dress(look)
        self._settle()

    def show_looks(self, looks: tuple[Look, ...]) -> None:
        """Show other views of the same run, or the same ones otherwise."""
        if looks == self._shown or not looks or self.history is None:
            return
        before = {look.name: look for look in self._shown}
        self._arrange(looks)
        for look in looks:
            view = self._views[look.name]
            if view.history is not self.history:
                view.begin(self.history, self._ghost)
            if before.get(look.name) != look:
                self._dress(look)
        self._settle()

    def _arrange(self, looks: tuple[Look, ...]) -> None:
        if [look.name for look in looks] != [look.name for look in self._shown]:
            for view in self._views.values():
                self._grid.removeWidget(view)
                view.hide()
            for look, place in zip(looks, places(len(looks)), strict=True):
                self._grid.addWidget(self._view(look.name), *place)
                self._views[look.name].show()
            self._stretch(len(looks))
        self._shown = looks

    def _view(self, name: str) -> View:
        if name not in self._views:
            view = view_class(name)(self._theme, self)
            # A background kept as pixels would end up in each page of a PDF.
            view.plot.setCacheMode(view.plot.CacheModeFlag.CacheNone)
            self._views[name] = view
        return self._views[name]

    def _stretch(self, count: int) -> None:
        used = max(column + span for _, column, _, span in places(count))
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < used else 0)
        for row in range(2):
            self._grid.setRowStretch(row, 1)

    def _dress(self, look: Look) -> None:
        """Axes and ranges: those the user chose, else those that the whole run needs."""
        dress(self._views[look.name], look, self.ranges.get(look.name))

    def refresh(self, before: dict[str, str] | None = None) -> None:
        """Draw what is new in the history; values that differ from `before` are marked."""
        history = self.history
        assert history is not None
        for look in self._shown:
            self._views[look.name].refresh()
        fields = marked(fields_of(history), before or {})
        self._ticker.show_fields(fields, history.last_step / max(history.scenario.steps, 1))
        self._settle()

    def _settle(self) -> None:
        """Let layouts and what waits for a timer happen now: no event loop turns here."""
        self.version += 1
        for timer in self.findChildren(QTimer):
            if timer.isActive() and timer.isSingleShot():
                timer.stop()
                timer.timeout.emit()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.sendPostedEvents()

    def shown_ranges(self) -> Ranges:
        """The ranges of the views, as far as their data gave them one since `fit_next`."""
        return {look.name: self._views[look.name].plot.fitted for look in self._shown}

    def fit_next(self) -> None:
        """Let the next refresh fit the ranges to the data, however far they had grown."""
        for look in self._shown:
            self._views[look.name].plot.settle()

    def paint(self, painter: QPainter, card: float = 0.0) -> None:
        """Draw the frame in logical pixels, with a share `card` of the title card over it."""
        room = QRectF(0, 0, *self.film.logical_size)
        if card < 1.0:
            painter.fillRect(room, QColor(self._theme.window))
            self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        if card > 0.0:
            painter.save()
            painter.setOpacity(card)
            self._card.paint(painter, room)
            painter.restore()

    def image(self, card: float = 0.0) -> QImage:
        """The frame as a picture of the film's size."""
        film = self.film
        picture = QImage(film.width, film.height, QImage.Format.Format_RGB32)
        picture.fill(QColor(self._theme.window))
        picture.setDevicePixelRatio(film.scale)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, card)
        painter.end()
        # Whoever writes the film counts pixels.
        picture.setDevicePixelRatio(1.0)
        return picture


def _without_formula(texts: Texts) -> Texts:
    return Texts(texts.title, texts.caption, texts.section, "", texts.footnote)
