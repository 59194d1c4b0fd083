"""From a scenario or a session to a film in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lazygui.export.provenance import provenance_for
from lazygui.recording.film import Film
from lazygui.recording.formats import format_of
from lazygui.recording.heading import Texts
from lazygui.recording.player import Listen, Player
from lazygui.recording.script import Script
from lazygui.recording.sinks import Sink, open_sink
from lazygui.recording.timeline import Shot, last_run, shots_of_run, shots_of_script
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import Entry, entries
from lazygui.simulation.build import check_memory

# A run that ends by itself before this share of the film is filmed at a slower pace.
EARLY = 0.8


@dataclass(frozen=True)
class Made:
    """What a film came to: the files, its frames, and the steps that the first run shows."""

    files: tuple[Path, ...]
    frames: int
    last_step: int


def film_run(
    scenario: Scenario, entry: Entry | None, film: Film, path: Path, listen: Listen
) -> Made:
    """Film a run from its start to its end.

    Raises FilmError, ScenarioError or ExportError, and what `listen` raises; the file is then as
    it was before.
    """
    kind = format_of(path)
    film = film.with_format(kind).check(kind)
    check_memory(scenario)
    shots = shots_of_run(film, scenario.steps)
    views = entry.views if entry is not None else ()
    player = Player(film, texts_of(film, entry, scenario), [scenario], [-1], views, listen)
    try:
        last, ended = player.rehearse(shots)
        if ended and not film.steps_per_frame and 0 < last < EARLY * scenario.steps:
            shots = shots_of_run(film, last)
            player.rehearse(shots)
        provenance = provenance_for(scenario, last, {})
        return _write(player, shots, open_sink(path, film, kind, provenance), last)
    finally:
        player.close()


def film_script(script: Script, film: Film, path: Path, listen: Listen) -> Made:
    """Film a session as it was recorded. Raises as `film_run` does."""
    kind = format_of(path)
    film = film.with_format(kind).check(kind)
    scenarios = [run.scenario for run in script.runs]
    for scenario in scenarios:
        check_memory(scenario)
    shots = shots_of_script(film, script)
    entry = entry_named(script.runs[0].demo)
    ghosts = [run.ghost for run in script.runs]
    views = entry.views if entry is not None else ()
    texts = texts_of(film, entry, scenarios[0])
    player = Player(film, texts, scenarios, ghosts, views, listen)
    try:
        provenance = provenance_for(*last_run(shots, scenarios), {})
        return _write(player, shots, open_sink(path, film, kind, provenance), shots[-1].step)
    finally:
        player.close()


def _write(player: Player, shots: Sequence[Shot], sink: Sink, last: int) -> Made:
    try:
        for frame in player.frames(shots):
            sink.put(frame)
        return Made(sink.finish(), len(shots), last)
    finally:
        sink.discard()


def entry_named(name: str) -> Entry | None:
    """The demo of that id, if it is one."""
    return next((item for item in entries() if item.id == name), None)


def texts_of(film: Film, entry: Entry | None, scenario: Scenario) -> Texts:
    """The words of the demo, or those of the film in their place."""
    title, caption, section, formula = "", "", "", ""
    if entry is not None:
        title, caption = entry.title, entry.claim
        section, formula = entry.section, entry.formula
    footnote = f"{provenance_for(scenario, 0, {}).program} · seed {seed_of(scenario)}"
    return Texts(
        title if film.title is None else film.title,
        caption if film.caption is None else film.caption,
        section,
        formula if film.formula else "",
        footnote,
    )


def seed_of(scenario: Scenario) -> int:
    """The seed of a run, or of the runs of a sweep."""
    return int(getattr(scenario, "base", scenario).seed)
