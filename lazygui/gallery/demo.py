"""One demo of a gallery: a run, and from its history the figures, the answers and the data."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lazygui.claims.judging import failed, judged
from lazygui.claims.registry import CLAIMS
from lazygui.export.atomic import ExportError, make_folder, write_bytes
from lazygui.export.data import write_data
from lazygui.export.provenance import provenance_of
from lazygui.export.sizes import PRESETS, FigureSize, several, size_of
from lazygui.gallery.record import (
    DATA,
    FILM,
    RECORD,
    SCENARIO,
    STAGE,
    TONES,
    Answer,
    Job,
    Picture,
    Record,
    Wish,
    read_record,
)
from lazygui.headless import run
from lazygui.offscreen import application
from lazygui.scenarios.catalogue import Entry, entry
from lazygui.scenarios.files import dumps
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History

if TYPE_CHECKING:
    from lazygui.recording.film import Film
    from lazygui.views.figures import FigureSpec, Source

VIEWS = 4
VIEW = "column"
"""The preset of a view's figure: its type can be read in a thumbnail, too."""
STAGE_WIDTH = 190.0  # mm
VIEW_PIXELS, STAGE_PIXELS = 800, 1600
"""Longer sides of the thumbnails: twice what the page gives them, for fine screens."""
RUN, FIGURES = 0.35, 0.55
"""The shares of the time at which the run and the figures are done, where a film follows."""

Listen = Callable[[float], None]


def make_demo(job: Job, listen: Listen) -> Record:
    """Make the files of a demo and its record; a fault is the reason why it failed.

    `listen` hears which share is done; what it raises, as KeyboardInterrupt, ends the work, and
    the demo isn't done. No file is ever half written.
    """
    key = ""
    try:
        make_folder(job.folder)
        item = entry(job.demo)
        key = job.wish.key(item.scenario)
        before = read_record(job.folder)
        # Whatever interrupts the work from here on: the demo counts as not made.
        (job.folder / RECORD).unlink(missing_ok=True)
        record = _drawn(job, item, key, listen)
        _forget(job.folder, before, record)
        record.write(job.folder)
        return record
    except Exception as error:
        return failure(job, key, reason_of(error))


def failure(job: Job, key: str, reason: str) -> Record:
    """The record of a demo that failed, kept in its folder where that can be written to."""
    record = Record(job.demo, key, reason=reason)
    with contextlib.suppress(ExportError):
        record.write(job.folder)
    return record


def reason_of(error: Exception) -> str:
    """What went wrong, in a line."""
    first = str(error).strip().partition("\n")[0]
    if isinstance(error, ExportError) and first:
        return first
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _forget(folder: Path, before: Record | None, record: Record) -> None:
    """Remove the files of an earlier gallery that this one would have left without a link."""
    for name in set(before.files if before else ()) - set(record.files):
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def _drawn(job: Job, item: Entry, key: str, listen: Listen) -> Record:
    app = application()
    try:
        return _made(job, item, key, listen)
    finally:
        _clear_away()
        del app


def _made(job: Job, item: Entry, key: str, listen: Listen) -> Record:
    has_film = job.wish.seconds > 0
    run_share, figure_share = (RUN, FIGURES) if has_film else (RUN / FIGURES, 1.0)
    history, outcome = _finished(item, listen, run_share)
    answers = tuple(_answer(name, history) for name in claims_of(item))
    pictures = []
    for share, picture in _pictures(job, item, history):
        pictures.append(picture)
        listen(run_share + share * (figure_share - run_share))
    write_bytes(job.folder / SCENARIO, dumps(history.scenario).encode("utf-8"))
    write_data(history, job.folder / DATA)
    said = provenance_of(history).summary()
    if has_film:
        _film(job, item, listen)
    return Record(job.demo, key, "", outcome, said, tuple(pictures), answers, has_film)


def _finished(item: Entry, listen: Listen, most: float) -> tuple[History, str]:
    """The history of a whole run, and the sentence that ends it."""
    simulation = build_simulation(item.scenario)

    def hear(step: int, steps: int) -> None:
        listen(most * step / max(steps, 1))

    with closing(simulation):
        history, interrupted = run(simulation, hear)
        if interrupted:
            raise KeyboardInterrupt
        history.record_facts(simulation.diagnose())
        assert simulation.outcome is not None
        return history, simulation.outcome.value


# Claims


def claims_of(item: Entry) -> tuple[str, ...]:
    """The ids of the claims that a demo shows, each once; "D06" stands for all its parts."""
    found: list[str] = []
    for name in item.claims:
        found += [one.id for one in CLAIMS.values() if name in (one.id, one.demo)] or [name]
    return tuple(dict.fromkeys(found))


def _answer(name: str, history: History) -> Answer:
    claim = CLAIMS.get(name)
    reading = failed("there is no such claim") if claim is None else judged(claim, history)
    statement = name if claim is None else claim.statement
    return Answer(
        name, statement, reading.predicted, reading.measured, reading.tolerance, reading.verdict
    )


# Figures


def _pictures(job: Job, item: Entry, history: History) -> Iterator[tuple[float, Picture]]:
    """Make the stage and each of its views; yields the share done with each picture."""
    from lazygui.style.themes import THEMES
    from lazygui.views.arrangement import places
    from lazygui.views.figures import ALONE, sources_of

    names = stage_of(item, history)
    if not names:
        return
    grid = [ALONE] if len(names) == 1 else places(len(names))
    sources = sources_of(names, history, grid, THEMES[job.wish.theme])
    try:
        total = len(sources) + 1
        size = stage_size(job.wish, len(sources))
        yield 1 / total, _picture(job, STAGE, "The stage", sources, size, STAGE_PIXELS)
        for index, (view, _) in enumerate(sources):
            title, size = view.translated(view.title), PRESETS[VIEW].size
            made = _picture(job, view.name, title, [(view, ALONE)], size, VIEW_PIXELS)
            yield (index + 2) / total, made
    finally:
        for view, _ in sources:
            view.deleteLater()


def _clear_away() -> None:
    """Do at once what deleteLater() leaves to an event loop, which there isn't."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def stage_of(item: Entry, history: History) -> list[str]:
    """The views that the window shows first, of those that suit the run."""
    from lazygui.views.registry import views_for

    suiting = [view.name for view in views_for(history)]
    return [name for name in item.views if name in suiting] or suiting[:VIEWS]


def stage_size(wish: Wish, views: int) -> FigureSize:
    """The size of the stage's figure: a page wide, in the proportions of the film."""
    size = size_of(STAGE_WIDTH, STAGE_WIDTH * wish.height / wish.width, "mm")
    return replace(size, font=several(size.font)) if views > 1 else size


def _picture(
    job: Job, name: str, title: str, sources: Sequence[Source], size: FigureSize, pixels: int
) -> Picture:
    """Write a figure in every form asked for, and its thumbnails in light and in dark."""
    from lazygui.views.figures import FigureSpec, prepare, preview_of

    theme = job.wish.theme
    ground = "dark" if theme == "dark" else "light"
    spec = FigureSpec(size=size, background=ground, theme=theme)
    prepared = prepare(sources, spec)
    for form in job.wish.forms:
        write_bytes(job.folder / f"{name}.{form}", prepared.finish(form))
    made = Picture(name, title, *preview_of(spec, pixels).size.pixels, job.wish.forms)
    for tone in TONES:
        toned = prepared if tone == ground else prepare(sources, _toned(spec, tone))
        small = replace(toned, spec=preview_of(toned.spec, pixels))
        write_bytes(job.folder / made.thumbnail(tone), small.finish())
    return made


def _toned(spec: FigureSpec, tone: str) -> FigureSpec:
    return replace(spec, background=tone, theme=tone)


# The film


def _film(job: Job, item: Entry, listen: Listen) -> None:
    from lazygui.recording.making import film_run

    def hear(phase: str, done: int, total: int) -> None:
        start, end = (0.6, 1.0) if phase == "drawing" else (FIGURES, 0.6)
        listen(start + (end - start) * done / max(total, 1))

    film_run(item.scenario, item, film_of(job.wish), job.folder / FILM, hear)


def film_of(wish: Wish) -> Film:
    """The film asked for. Raises FilmError for one that can't be made."""
    from lazygui.recording.film import Film
    from lazygui.recording.formats import FORMATS

    film = Film(wish.width, wish.height, wish.fps, wish.seconds, theme=wish.theme)
    return film.check(FORMATS["mp4"])
