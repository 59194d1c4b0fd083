"""Which step each frame shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lazygui.recording.film import Film
from lazygui.recording.script import Look, Script
from lazygui.scenarios.base import Scenario


@dataclass(frozen=True)
class Shot:
    """What a frame shows: `step` steps of run number `run`, under a title card.

    `card` is the share of the title card: 1 alone, 0 gone. `looks` empty means the views of the
    film.
    """

    run: int
    step: int
    card: float = 0.0
    looks: tuple[Look, ...] = ()


def shots_of_run(film: Film, steps: int) -> list[Shot]:
    """A run of `steps` steps at the film's pace, its last step held until the end."""
    title = film.title_frames
    cards = [Shot(0, 0, share) for share in _cards(film)]
    return cards + [Shot(0, film.step_of(k, steps)) for k in range(film.frames - title)]


def shots_of_script(film: Film, script: Script) -> list[Shot]:
    """A session, slower or faster where the film's length isn't the session's."""
    shown = max(film.frames - film.title_frames, 1)
    times = [script.duration * k / shown for k in range(shown)]
    shots = [Shot(script.run_at(at), script.step_at(at), 0.0, script.scene_at(at)) for at in times]
    first = shots[0]
    return [Shot(first.run, first.step, s, first.looks) for s in _cards(film)] + shots


def _cards(film: Film) -> list[float]:
    fade = film.fade_frames
    solid = [1.0] * (film.title_frames - fade)
    return solid + [1.0 - (k + 1) / (fade + 1) for k in range(fade)]


def stops(shots: Sequence[Shot], run: int) -> list[int]:
    """The steps at which a run is shown, in the order of the frames, no step twice in a row."""
    found: list[int] = []
    for shot in shots:
        if shot.run == run and (not found or found[-1] != shot.step):
            found.append(shot.step)
    return found


def last_run(shots: Sequence[Shot], scenarios: Sequence[Scenario]) -> tuple[Scenario, int]:
    """The run that the film ends with, and the step it ends at."""
    return scenarios[shots[-1].run], shots[-1].step
