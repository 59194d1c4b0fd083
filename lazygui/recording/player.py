"""Plays a run again and yields its pictures, frame by frame; the same ones on every machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QImage, QPainter

from lazygui.recording.composer import Composer, Ranges
from lazygui.recording.film import Film
from lazygui.recording.formats import FilmError
from lazygui.recording.heading import Texts
from lazygui.recording.script import Look
from lazygui.recording.take import Take
from lazygui.recording.ticker import fields_of
from lazygui.recording.timeline import Shot, stops
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import did_you_mean
from lazygui.simulation.history import History
from lazygui.views.ranges import Span, union
from lazygui.views.registry import views_for

DEFAULT_VIEWS = 4
MOST_VIEWS = 6
REHEARSED = 240
MARK_SECONDS = 1.5
# A view whose data end on less of its range than this zooms on its way, and has to.
SHRUNK = 0.25

Listen = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Frame:
    """One frame: its number in the film, the step it shows, and ways to draw it."""

    index: int
    shot: Shot
    step: int
    version: int
    composer: Composer

    def image(self) -> QImage:
        """The frame in pixels."""
        return self.composer.image(self.shot.card)

    def paint(self, painter: QPainter) -> None:
        """The frame in logical pixels, with any painter."""
        self.composer.paint(painter, self.shot.card)


class Player:
    """Drives the runs of a film. `listen(phase, done, total)` hears of the progress; what it
    raises ends the film.

    Raises FilmError for a view that there isn't or that doesn't suit the run.
    """

    def __init__(
        self,
        film: Film,
        texts: Texts,
        scenarios: Sequence[Scenario],
        ghosts: Sequence[int],
        preferred: Sequence[str],
        listen: Listen,
    ) -> None:
        self.film, self._listen = film, listen
        self._scenarios, self._ghosts, self._preferred = scenarios, ghosts, preferred
        self._texts = texts
        self._run = -1
        self._takes: dict[int, Take] = {}
        self._seen: dict[int, History] = {}
        self._before: dict[str, str] = {}
        self._values: dict[str, str] | None = None
        self._marked_until = 0
        self._drawing: tuple[str, int, int] | None = None
        self._composer: Composer | None = None

    def rehearse(self, shots: Sequence[Shot]) -> tuple[int, bool]:
        """Make the run of a film of one run, see what ranges it needs, and say where it ends.

        Returns the last step, and whether the run ended there by itself.
        """
        composer = self._made()
        self._forget()
        take = self._take(0, shots)
        take.begin()
        goals = stops(shots, 0)
        stride = max(1, math.ceil(len(goals) / REHEARSED))
        found: list[Ranges] = []
        for index, step in enumerate(goals):
            self._advance(take, step)
            history = self._history(take)
            if index == 0:
                composer.ranges = {}
                composer.begin(history, None, self._looks(history, ()))
            if index % stride == 0 or index == len(goals) - 1 or take.ended_at >= 0:
                composer.fit_next()
                composer.refresh()
                found.append(composer.shown_ranges())
        composer.ranges = settled(found)
        return self._history(take).last_step, take.ended_at >= 0

    def frames(self, shots: Sequence[Shot]) -> Iterator[Frame]:
        """The frames of these shots in order."""
        composer = self._made()
        self._run = -1
        shown: Shot | None = None
        for index, shot in enumerate(shots):
            self._drawing = "drawing", index, len(shots)
            if shown is None or (shot.run, shot.step) != (shown.run, shown.step):
                self._move(index, shot, shots)
            composer.show_looks(self._looks(self._history(self._takes[shot.run]), shot.looks))
            if 0 < self._marked_until <= index:
                self._before, self._marked_until = {}, 0
                composer.refresh()
            step = self._history(self._takes[shot.run]).last_step
            yield Frame(index, shot, step, composer.version, composer)
            self._listen("drawing", index + 1, len(shots))
            shown = shot

    def _forget(self) -> None:
        for take in self._takes.values():
            take.close()
        self._takes.clear()

    def close(self) -> None:
        """End what still computes, and let go of the widgets."""
        self._forget()
        if self._composer is not None:
            self._composer.close()
            self._composer.deleteLater()
            self._composer = None

    def _made(self) -> Composer:
        if self._composer is None:
            self._composer = Composer(self.film, self._texts)
        return self._composer

    def _move(self, index: int, shot: Shot, shots: Sequence[Shot]) -> None:
        composer = self._made()
        take = self._take(shot.run, shots)
        history = take.history
        if shot.run != self._run or history is None or shot.step < history.last_step:
            self._start(index, shot, take)
        else:
            self._advance(take, shot.step)
        self._mark_changes(index)
        composer.refresh(self._before)

    def _start(self, index: int, shot: Shot, take: Take) -> None:
        """Put a run on show at its step: the ghost behind it is the run before."""
        if self._run >= 0 and shot.run != self._run:
            if self._run in self._ghosts:
                self._seen[self._run] = self._history(self._takes[self._run])
            self._takes.pop(self._run).close()
        take.begin()
        self._advance(take, shot.step)
        history = self._history(take)
        ghost = self._seen.get(self._ghosts[shot.run]) if self._run != shot.run else None
        self._run = shot.run
        self._made().begin(history, ghost, self._looks(history, shot.looks))

    def _mark_changes(self, index: int) -> None:
        """Mark for a moment what has another value than the frame before."""
        history = self._history(self._takes[self._run])
        values = {one.label: one.value for one in fields_of(history) if not one.widest}
        known = self._values or values
        if any(known.get(label, value) != value for label, value in values.items()):
            self._before = known
            self._marked_until = index + round(MARK_SECONDS * self.film.fps)
        self._values = values

    def _take(self, run: int, shots: Sequence[Shot]) -> Take:
        if run not in self._takes:
            self._takes[run] = Take(self._scenarios[run], stops(shots, run))
        return self._takes[run]

    def _advance(self, take: Take, step: int) -> None:
        steps = take.scenario.steps

        def hear(made: int) -> None:
            self._listen(*(self._drawing or ("running", made, steps)))

        take.advance_to(step, hear)

    @staticmethod
    def _history(take: Take) -> History:
        assert take.history is not None
        return take.history

    def _looks(self, history: History, asked: tuple[Look, ...]) -> tuple[Look, ...]:
        """The views to show: those asked for, of the film, of the demo, or the first that suit."""
        suiting = [view.name for view in views_for(history)]
        if self.film.views:
            return tuple(Look(view_named(name, suiting)) for name in self.film.views)
        chosen = tuple(look for look in asked if look.name in suiting)
        if chosen:
            return chosen[:MOST_VIEWS]
        names = [name for name in self._preferred if name in suiting] or suiting[:DEFAULT_VIEWS]
        return tuple(Look(name) for name in names[:MOST_VIEWS])


def settled(found: Sequence[Ranges]) -> Ranges:
    """For each view the ranges that hold all of these, but for views that zoom in on their way."""
    result: Ranges = {}
    for name, last in found[-1].items():
        whole: dict[str, Span] = {}
        for axis in ("x", "y"):
            span = union([ranges.get(name, {}).get(axis) for ranges in found])
            if span is not None and not _zooms(last.get(axis, span), span):
                whole[axis] = span
        if len(whole) == 2:
            result[name] = whole
    return result


def _zooms(last: Span, whole: Span) -> bool:
    return last[1] - last[0] < SHRUNK * (whole[1] - whole[0])


def view_named(text: str, suiting: Sequence[str]) -> str:
    """The view of that name, or the first whose name contains it: "loss" finds "training_loss".

    Raises FilmError naming the views that suit.
    """
    name = text.replace("-", "_")
    if name in suiting:
        return name
    for known in suiting:
        if name and name in known:
            return known
    hint = did_you_mean(name, suiting) or "."
    raise FilmError(f"this run has no view '{text}'{hint} It has {', '.join(suiting)}.")
