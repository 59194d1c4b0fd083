"""The card that every view is: a header, a plot, and when to draw."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, cast

from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QImage, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from lazygui.simulation.history import History
from lazygui.style.themes import THEMES, Theme
from lazygui.views.caption import caption
from lazygui.views.header import Header
from lazygui.views.legend import Entry
from lazygui.views.menu import view_menu
from lazygui.views.plot import Plot

if TYPE_CHECKING:
    from lazygui.export.drawing import Drawing

RUNS = "axes"  # what only the history of a sweep has
SUMMARY_EVERY = 2.0  # seconds; a screen reader would otherwise be told sixty times a second


class View(QFrame):
    """Draws a history and never writes it. Subclasses build layers and feed them.

    Signals: `requested(parameter, value)`, what the user asks for by dragging; `export_requested`,
    `copy_requested` and `maximize_requested(name)`; `open_requested(run)`, one of a sweep.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    requires: ClassVar[frozenset[str]] = frozenset()
    can_log: ClassVar[bool] = False
    has_time: ClassVar[bool] = False

    requested = Signal(str, object)
    export_requested = Signal(str)
    copy_requested = Signal(str)
    maximize_requested = Signal(str)
    open_requested = Signal(int)

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme or THEMES["light"]
        self.history = self.ghost = cast("History | None", None)
        self.log_x = self.log_y = False
        self.abscissa = "step"
        self._drawn_revision = -1
        self._summarized = -SUMMARY_EVERY
        self.header = Header(self.translated(self.title), self)
        self.plot = Plot(self)
        self._name_everything()
        self._lay_out()
        self.set_theme(self.theme)

    def _name_everything(self) -> None:
        self.setObjectName(f"view-{self.name}")
        self.setAccessibleName(self.translated(self.title))
        self.setProperty("card", True)
        self.plot.setObjectName(f"view-{self.name}-plot")
        self.plot.setAccessibleName(self.tr("Plot: {}").format(self.translated(self.title)))
        self.plot.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _lay_out(self) -> None:
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 8, 8)
        column.setSpacing(2)
        column.addWidget(self.header)
        column.addWidget(self.plot, 1)
        self.header.maximize_requested.connect(self._ask_maximize)
        self.header.reset_requested.connect(self.follow)
        self.plot.menu_requested.connect(self.show_menu)
        self.plot.following_changed.connect(self._following_changed)

    @staticmethod
    def translated(text: str) -> str:
        """A text of the views in the user's language."""
        return QCoreApplication.translate("views", text)

    @classmethod
    def suits(cls, history: History) -> bool:
        """Whether this history has what the view draws; a sweep's rows are runs and not steps."""
        known = history.provides
        return cls.requires <= known and (RUNS not in known or RUNS in cls.requires)

    def sizeHint(self) -> QSize:
        """A quarter of a usual stage."""
        return QSize(440, 320)

    def minimumSizeHint(self) -> QSize:
        """Any size is survived; below this one nothing can be read."""
        return QSize(120, 90)

    def begin(self, history: History, ghost: History | None = None) -> None:
        """Start a new run; `ghost` is the previous one, drawn faded."""
        self.history = history
        self.ghost = ghost if ghost is not None and self.suits(ghost) else None
        self._drawn_revision = -1
        self._rebuild()
        self.plot.follow()
        self.refresh()

    def refresh(self) -> None:
        """Draw what is new. Cheap enough for sixty calls a second; free when nothing is."""
        history = self.history
        if history is None or not self.isVisible() or self._drawn_revision == history.revision:
            return
        self._draw_now(history)

    def _draw_now(self, history: History) -> None:
        self._drawn_revision = history.revision
        if len(history) == 0:
            return
        if history.last_step >= history.scenario.steps:
            # At the end the ranges fit the data instead of leaving room for more.
            self.plot.settle()
        self.draw(history)
        self.plot.canvas.update()
        self.header.subtitle.set_text(self.subtitle(history))
        now = time.monotonic()
        if now - self._summarized >= SUMMARY_EVERY:
            self._summarized = now
            self.setAccessibleDescription(self.summary())

    def build(self, history: History) -> None:
        """Make the layers of a run in the colours of `self.theme`, from bottom to top."""
        raise NotImplementedError

    def draw(self, history: History) -> None:
        """Hand the newest data to the layers and make room for them."""
        raise NotImplementedError

    def legend(self, history: History) -> tuple[Entry, ...]:
        """The entries of the header's legend."""
        return ()

    def labels(self, history: History) -> tuple[str, str]:
        """The labels of the x and the y axis in rich text."""
        return "", ""

    def subtitle(self, history: History) -> str:
        """What stands beside the title: which run this is."""
        return caption(history)

    def sentence(self, history: History) -> str:
        """What the view shows now, in one sentence."""
        return self.translated(self.title)

    def summary(self) -> str:
        """One sentence for screen readers."""
        if self.history is None or len(self.history) == 0:
            return self.tr("{}: no run yet").format(self.translated(self.title))
        return self.sentence(self.history)

    def _rebuild(self) -> None:
        history = self.history
        if history is None:
            return
        self.plot.clear_layers()
        self.build(history)
        entries = self.legend(history)
        self.header.legend.set_entries(entries, self.theme)
        x, y = self.labels(history)
        self.plot.bottom.set_label(x)
        self.plot.left.set_label(y)

    def redraw(self) -> None:
        """Draw the same data anew, after a change of axes or colours."""
        self._drawn_revision = -1
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Take over another theme, at any time."""
        self.theme = theme
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {theme.surface};"
            f" border: 1px solid {theme.border}; border-radius: 8px; }}"
        )
        self.header.set_theme(theme)
        self.plot.set_theme(theme)
        self._rebuild()
        self.redraw()

    @Slot(bool)
    def set_log_x(self, on: bool) -> None:
        """Make the x axis logarithmic or linear."""
        self.log_x = on
        self._apply_log()

    @Slot(bool)
    def set_log_y(self, on: bool) -> None:
        """Make the y axis logarithmic or linear."""
        self.log_y = on
        self._apply_log()

    def _apply_log(self) -> None:
        self.plot.set_log(x=self.log_x, y=self.log_y)
        self.redraw()

    @Slot(bool)
    def set_time(self, on: bool) -> None:
        """Draw against the time t = ηk, or against the step k."""
        self.abscissa = "time" if on else "step"
        self._rebuild()
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Show all data and follow them."""
        self.plot.follow()
        self.redraw()

    @Slot(bool)
    def _following_changed(self, following: bool) -> None:
        self.header.reset.setVisible(not following)
        if following:
            self.redraw()

    @Slot()
    def _ask_maximize(self) -> None:
        self.maximize_requested.emit(self.name)

    @Slot()
    def ask_export(self) -> None:
        """Ask the application to save this view as a file."""
        self.export_requested.emit(self.name)

    @Slot()
    def ask_copy(self) -> None:
        """Ask the application to put this view on the clipboard."""
        self.copy_requested.emit(self.name)

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> None:
        """Show the context menu at a place of the screen."""
        view_menu(self).popup(place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key, and right clicks beside the plot."""
        event.accept()
        self.show_menu(event.globalPos())

    def image(self, scale: float = 2.0) -> QImage:
        """The card as a picture, `scale` pixels per pixel of the screen.

        Raises ValueError when the picture would be empty or larger than 16384 pixels a side.
        """
        from lazygui.views.as_seen import image_of

        self.catch_up()
        return image_of(self, scale)

    def drawing(self) -> Drawing:
        """What the view shows, for a figure on paper."""
        from lazygui.views.drawing import drawing_of

        self.catch_up()
        return drawing_of(self)

    def catch_up(self) -> None:
        """Draw a view that is hidden as if it were shown."""
        if self.history is not None and not self.isVisible():
            self.ensurePolished()
            self.column.activate()
            self._draw_now(self.history)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the view was hidden."""
        super().showEvent(event)
        self.refresh()
