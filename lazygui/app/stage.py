"""The stage: one to six views in a grid, redrawn together at most sixty times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from lazygui.simulation.history import History
from lazygui.style.themes import Theme
from lazygui.views.arrangement import MOST_VIEWS, places
from lazygui.views.registry import suits, view_class, views_for
from lazygui.views.view import View

FRAME_MS = 16
# Of a frame, what drawing may take: on a slow machine the views take turns, and the window still
# answers at once. A view's time is its mean over about so many frames.
BUDGET_SECONDS, MEMORY = 0.007, 8
DEFAULT_VIEWS = 4


class Stage(QWidget):
    """Shows the views that suit the run on show.

    Signals: requested(str, object) and open_requested(int), a run of a sweep, from a view;
    export_requested(str) and copy_requested(str), a view's name; views_changed().
    """

    requested = Signal(str, object)
    open_requested = Signal(int)
    export_requested = Signal(str)
    copy_requested = Signal(str)
    views_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAccessibleName(self.tr("Stage"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._views: dict[str, View] = {}
        self._shown: list[str] = []
        self._maximized = ""
        self._drawn = -1
        self._due: list[str] = []
        self._seconds_per_view = BUDGET_SECONDS / MOST_VIEWS
        self._turn: Callable[[], AbstractContextManager[None]] = nullcontext
        self._history: History | None = None
        self._ghost: History | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 12, 12, 12)
        self._grid.setSpacing(12)
        self._frames = QTimer(self)
        self._frames.setObjectName("stage-frames")
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self.refresh)

    def take_turns(self, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Draw each frame inside a `turn`, while the engine waits."""
        self._turn = turn

    def start(self) -> None:
        """Begin to redraw."""
        self._frames.start(FRAME_MS)

    def stop(self) -> None:
        """Stop redrawing, before the window closes."""
        self._frames.stop()

    def prefer(self, names: Sequence[str]) -> None:
        """Show these views from the next run on, as far as they suit it."""
        self._shown = list(names)

    def begin(self, history: History, ghost: History | None) -> None:
        """Show a new run; the ghost is the one before."""
        self._history, self._ghost = history, ghost
        self._drawn = -1
        self._due.clear()
        wanted = [name for name in self._shown if suits(name, history)]
        self._shown = wanted or self.available()[:DEFAULT_VIEWS]
        if self._maximized not in self._shown:
            self._maximized = ""
        self._arrange()
        for name in self.visible():
            self._views[name].begin(history, ghost)

    def available(self) -> list[str]:
        """The names of the views that suit the run on show."""
        if self._history is None:
            return []
        return [view.name for view in views_for(self._history)]

    def shown(self) -> tuple[str, ...]:
        """The names of the views chosen, maximized or not."""
        return tuple(self._shown)

    def view(self, name: str) -> View:
        """A view, made when it is first asked for. Raises KeyError for an unknown name."""
        if name not in self._views:
            view = view_class(name)(self._theme, self)
            view.requested.connect(self.requested)
            view.open_requested.connect(self.open_requested)
            view.export_requested.connect(self.export_requested)
            view.copy_requested.connect(self.copy_requested)
            view.maximize_requested.connect(self.toggle_maximized)
            self._views[name] = view
        return self._views[name]

    def toggle(self, name: str) -> None:
        """Show a view or take it away; the last one stays, and a seventh replaces the sixth."""
        if name in self._shown:
            if len(self._shown) > 1:
                self._shown.remove(name)
        else:
            self._shown = [*self._shown[: MOST_VIEWS - 1], name]
        self._maximized = ""
        self._show_again()

    def choose(self, names: Sequence[str]) -> None:
        """Show these views at once, as far as they suit the run."""
        suiting = self.available()
        self._shown = [name for name in names if name in suiting] or self._shown
        self._maximized = ""
        self._show_again()

    @Slot(str)
    def toggle_maximized(self, name: str) -> None:
        """Let a view fill the stage, or bring the others back."""
        self._maximized = "" if self._maximized == name else name
        self._show_again()

    def restore_all(self) -> None:
        """Bring all views back when one fills the stage."""
        if self._maximized:
            self.toggle_maximized(self._maximized)

    def _show_again(self) -> None:
        self._arrange()
        if self._history is not None:
            for name in self.visible():
                view = self._views[name]
                if view.history is not self._history:
                    view.begin(self._history, self._ghost)
        self.views_changed.emit()

    def visible(self) -> list[str]:
        """The names of the views on show: the maximized one, or all that were chosen."""
        return [self._maximized] if self._maximized else self._shown

    def _arrange(self) -> None:
        names = self.visible()
        grid = places(len(names))
        if [self._grid.indexOf(self.view(name)) for name in names] == list(range(len(names))):
            same = [self._grid.getItemPosition(i) for i in range(self._grid.count())]
            if same == list(grid):
                return
        for view in self._views.values():
            self._grid.removeWidget(view)
            view.setVisible(view.name in names)
        for name, place in zip(names, grid, strict=True):
            self._grid.addWidget(self._views[name], *place)
        self._stretch(grid)

    def _stretch(self, grid: Sequence[tuple[int, int, int, int]]) -> None:
        used = 1 + max(column + span - 1 for _, column, _, span in grid)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < max(used, 1) else 0)
        for row in range(2):
            self._grid.setRowStretch(row, 1)

    @Slot()
    def refresh(self) -> None:
        """Redraw what has changed; the views that a frame has no time for come in the next one."""
        if self._history is None:
            return
        if not self._due and self._history.revision != self._drawn:
            self._drawn = self._history.revision
            self._due = list(self.visible())
        if self._due:
            self._draw_due()

    def _draw_due(self) -> None:
        fitting = max(1, int(BUDGET_SECONDS / self._seconds_per_view))
        names, self._due = self._due[:fitting], self._due[fitting:]
        # A view preferred for the next run may not have been made yet.
        views = [self._views[name] for name in names if name in self._views]
        if not views:
            return
        with self._turn():
            begun = time.monotonic()
            for view in views:
                view.refresh()
        # Painted now and not when the event loop comes to it, to know how long it takes; not in
        # the turn, since the engine multiplies matrices meanwhile.
        for view in views:
            QCoreApplication.sendPostedEvents(view.plot.scene(), QEvent.Type.MetaCall.value)
        QCoreApplication.sendPostedEvents(self.window(), QEvent.Type.UpdateRequest.value)
        seconds = (time.monotonic() - begun) / len(views)
        self._seconds_per_view += (max(seconds, 1e-6) - self._seconds_per_view) / MEMORY

    def set_theme(self, theme: Theme) -> None:
        """Dress every view anew."""
        self._theme = theme
        for view in self._views.values():
            view.set_theme(theme)
