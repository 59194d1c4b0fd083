"""The `gallery` command: every demo's figures, data and film in a folder with an index."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lazygui.claims.claim import Verdict
from lazygui.export.atomic import make_folder, write_bytes
from lazygui.export.typeset import FORMATS
from lazygui.gallery.demo import failure, film_of, make_demo, stage_size
from lazygui.gallery.record import Job, Record, Wish, read_record
from lazygui.headless import reported
from lazygui.lanes import Failure, finished
from lazygui.offscreen import prepare_qt
from lazygui.scenarios.catalogue import entries, entry
from lazygui.startup import StartupError

INDEX = "index.html"
INTERRUPTED = "interrupted; the same command goes on with the demos that are not made yet"


def gallery_command(arguments: argparse.Namespace) -> int:
    """`lazygui gallery`: 0 done, 1 a demo failed or interrupted, 2 wrong input."""
    return reported(_gallery, arguments, INTERRUPTED)


def _gallery(arguments: argparse.Namespace) -> int:
    wish = _wish(arguments)
    names = [entry(name).id for name in arguments.demo] or [item.id for item in entries()]
    make_folder(arguments.out)
    jobs = [Job(name, arguments.out / name, wish) for name in dict.fromkeys(names)]
    wanted = jobs if arguments.force else [job for job in jobs if not is_made(job)]
    if len(wanted) < len(jobs) and not arguments.quiet:
        sys.stderr.write(f"lazygui: {len(jobs) - len(wanted)} of {len(jobs)} demos are made\n")
    records: list[Record] = []
    try:
        for record in _with_progress(wanted, arguments.quiet):
            records.append(record)
            if record.reason:
                sys.stderr.write(f"lazygui: {record.demo}: {record.reason}\n")
    finally:
        write_index(arguments.out, records)
    if not arguments.quiet:
        sys.stdout.write(f"{arguments.out / INDEX}: {_told(_records(arguments.out, records))}\n")
    return 1 if any(record.reason for record in records) else 0


def _wish(arguments: argparse.Namespace) -> Wish:
    """How the files are made. Raises ValueError for what can't be, before anything is run."""
    try:
        prepare_qt()
    except StartupError as error:
        raise ValueError(str(error)) from None
    forms = tuple(dict.fromkeys(form.lower().lstrip(".") for form in arguments.formats))
    for form in forms:
        if form not in FORMATS:
            raise ValueError(f"Figures are written as {', '.join(FORMATS)}, not as '.{form}'")
    width, height = arguments.size
    wish = Wish(forms, arguments.theme, arguments.seconds, width, height, arguments.fps)
    if arguments.no_films:
        wish = replace(wish, seconds=0.0, fps=0)
    else:
        film_of(wish)
    if min(width, height) < 1:
        raise ValueError(f"{width}x{height} is too small; choose for example 1280x720")
    stage_size(wish, 1)
    return wish


def is_made(job: Job) -> bool:
    """Whether the folder of a demo holds what this job would make."""
    record = read_record(job.folder)
    return (
        record is not None
        and not record.reason
        and record.key == job.wish.key(entry(job.demo).scenario)
    )


# The index


def write_index(folder: Path, records: Sequence[Record]) -> None:
    """Write the page of all that the folder holds, these records among it."""
    from lazygui.gallery.page import page

    write_bytes(folder / INDEX, page(_records(folder, records)).encode("utf-8"))


def _records(folder: Path, records: Iterable[Record]) -> list[Record]:
    """The demos made or failed, in the order of the lecture."""
    new = {record.demo: record for record in records}
    known = [new.get(item.id) or read_record(folder / item.id) for item in entries()]
    return [record for record in known if record is not None]


def _told(records: Sequence[Record]) -> str:
    answers = [answer.verdict for record in records for answer in record.answers]
    failures = sum(bool(record.reason) for record in records)
    demos = f"{len(records)} demo{'' if len(records) == 1 else 's'}"
    said = f"{demos}, {answers.count(Verdict.HOLDS)} of {len(answers)} claims hold"
    return said + (f", {failures} failed" if failures else "")


def made(jobs: Sequence[Job], tick: Callable[[float], None]) -> Iterator[Record]:
    """The records of the demos as they finish; `tick` hears how many are done, with fractions.

    An exception, as KeyboardInterrupt, ends the demos under way: they are not made.
    """
    for index, result in finished(jobs, make_demo, tick):
        if isinstance(result, Failure):
            yield failure(jobs[index], "", result.reason)
        else:
            yield result


# What the user sees


def _with_progress(jobs: Sequence[Job], quiet: bool) -> Iterator[Record]:
    if quiet or not jobs or not sys.stderr.isatty():
        yield from made(jobs, _nothing)
        return
    with _bar(len(jobs)) as tick:
        yield from made(jobs, tick)


def _nothing(done: float) -> None:
    pass


@contextmanager
def _bar(total: int) -> Iterator[Callable[[float], None]]:
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:3], TextColumn("{task.fields[demos]}"))
    # Demos differ much in length: the time left is judged by the last ten minutes.
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), speed_estimate_period=600
    ) as bar:
        task = bar.add_task("gallery", total=total, demos="")

        def tick(done: float) -> None:
            bar.update(task, completed=done, demos=f"{int(done)} of {total} demos")

        yield tick
