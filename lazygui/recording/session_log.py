"""Writes the script of a session while it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import ReferenceType, ref

from lazygui.recording.script import Look, Pace, Run, Scene, Script
from lazygui.scenarios.base import Scenario
from lazygui.simulation.history import History

SHORTEST = 0.1


@dataclass
class _Running:
    """A run on show: what it is, and the steps it made when."""

    at: float
    demo: str
    ghost: int
    scenario: Scenario
    history: ReferenceType[History]
    paces: list[Pace] = field(default_factory=list)


class SessionLog:
    """Told what is on show and when, in seconds since the beginning."""

    def __init__(self, theme: str) -> None:
        self._theme = theme
        self._runs: list[_Running] = []
        self._scenes: list[Scene] = []

    @property
    def is_empty(self) -> bool:
        """Whether there was no run."""
        return not self._runs

    def begin(self, at: float, history: History, ghost: History | None, demo: str) -> None:
        """A run comes on show, before a ghost that may have been on show itself."""
        numbers = [
            number
            for number, run in enumerate(self._runs)
            if ghost is not None and run.history() is ghost
        ]
        behind = numbers[-1] if numbers else -1
        self._runs.append(_Running(at, demo, behind, history.scenario, ref(history)))
        self.note(at, history)

    def note(self, at: float, history: History) -> None:
        """How far the run is, with the changes made on the way."""
        run = self._runs[-1]
        if run.history() is not history:
            return
        run.scenario = history.scenario
        step, paces = history.last_step, run.paces
        if len(paces) > 1 and paces[-1].step == paces[-2].step == step:
            paces.pop()  # standing still: where it began and where it ended
        paces.append(Pace(at, step))

    def show(self, at: float, looks: tuple[Look, ...]) -> None:
        """These views fill the stage."""
        if looks and (not self._scenes or self._scenes[-1].looks != looks):
            self._scenes.append(Scene(at, looks))

    def finished(self, duration: float) -> Script:
        """The script. Raises ValueError when there was no run."""
        if not self._runs:
            raise ValueError("nothing has run since the recording began")
        return Script(
            max(duration, SHORTEST),
            tuple(Run(run.at, run.scenario, run.demo, run.ghost) for run in self._runs),
            tuple(tuple(run.paces) for run in self._runs),
            tuple(self._scenes),
            self._theme,
        )
