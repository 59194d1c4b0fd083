"""The `check` command: runs the demos without a window and reads the claims they name."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazygui.claims.claim import Reading, Verdict
from lazygui.claims.judging import failed, judged
from lazygui.claims.registry import CLAIMS, claims_named
from lazygui.claims.report import CheckTable, Row, progress
from lazygui.export.atomic import ExportError, make_folder
from lazygui.headless import run
from lazygui.lanes import Failure, Listen, finished, in_order
from lazygui.panels.rich_text import plain
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entries, entry
from lazygui.scenarios.faults import ScenarioError
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History


@dataclass(frozen=True)
class Job:
    """One demo and the ids of its claims that are to be read."""

    demo: str
    claims: tuple[str, ...]
    full: bool = False
    work: Path | None = None


Work = Callable[[Job, Listen], list[Row]]


def unheard(share: float) -> None:
    """Hear how far a demo is and say nothing."""


def check_command(arguments: argparse.Namespace) -> int:
    """`lazygui check`: 0 when every claim holds, 1 when one does not, 2 for an unknown id."""
    try:
        if arguments.work is not None:
            make_folder(arguments.work)
        jobs, without_demo = planned(arguments.ids, full=not arguments.quick, work=arguments.work)
    except (ScenarioError, ExportError) as error:
        sys.stderr.write(f"lazygui: {error}\n")
        return 2
    if without_demo:
        sys.stderr.write(f"lazygui: no demo shows {', '.join(without_demo)}\n")
    try:
        rows = _run(jobs, arguments.json)
    except KeyboardInterrupt:
        sys.stderr.write("lazygui: interrupted; the claims after these were not checked\n")
        return 1
    return 0 if rows and all(row.verdict is Verdict.HOLDS for row in rows) else 1


def planned(
    ids: Sequence[str], *, full: bool, work: Path | None = None
) -> tuple[list[Job], list[str]]:
    """The runs that show the claims of these ids (none: all), and the claims no demo shows.

    Raises ScenarioError naming an unknown id, with a near miss.
    """
    wanted = [claim.id for claim in (claims_named(ids) if ids else CLAIMS.values())]
    jobs = []
    for item in entries():
        shown = _ids(item.claims)
        chosen = tuple(name for name in shown if not ids or name in wanted)
        if chosen:
            jobs.append(Job(item.id, chosen, full, work))
    covered = {name for job in jobs for name in job.claims}
    return jobs, [name for name in wanted if name not in covered]


def _ids(names: Sequence[str]) -> tuple[str, ...]:
    """The claims that a demo names; an unknown one stays, to fail when it is read."""
    found: list[str] = []
    for name in names:
        matching = [claim.id for claim in CLAIMS.values() if name in (claim.id, claim.demo)]
        found += [one for one in matching or [name] if one not in found]
    return tuple(found)


# One demo, in a process of its own


def check_demo(job: Job, listen: Listen = unheard) -> list[Row]:
    """Run a demo to its end and read its claims; an error is the reason they fail.

    `listen` hears the share done; what it raises, as KeyboardInterrupt, ends the run.
    """
    started = time.perf_counter()
    try:
        item = entry(job.demo)
        scenario = item.full if job.full and item.full is not None else item.scenario
        history = _finished(scenario, job.work, listen)
    except Exception as error:
        reason = f"the run failed: {type(error).__name__}: {error}"
        return refused(job, reason, time.perf_counter() - started)
    seconds = time.perf_counter() - started
    return [_read(name, job, history, seconds) for name in job.claims]


def _finished(scenario: Scenario, work: Path | None, listen: Listen) -> History:
    simulation = build_simulation(scenario)

    def hear(step: int, steps: int) -> None:
        listen(step / max(steps, 1))

    if work is not None:
        simulation.resume_in(work, keep=True)
    history, interrupted = run(simulation, hear)
    if interrupted:
        raise KeyboardInterrupt
    history.record_facts(simulation.diagnose())
    return history


def _read(name: str, job: Job, history: History, seconds: float) -> Row:
    started = time.perf_counter()
    claim = CLAIMS.get(name)
    reading = failed("there is no such claim") if claim is None else judged(claim, history)
    return _row(name, job, reading, seconds, 1e3 * (time.perf_counter() - started))


def refused(job: Job, reason: str, seconds: float) -> list[Row]:
    """Every claim of a demo that could not be run fails for that reason."""
    return [_row(name, job, failed(reason), seconds, 0.0) for name in job.claims]


def _row(name: str, job: Job, reading: Reading, seconds: float, read_ms: float) -> Row:
    return Row(
        id=name,
        demo=job.demo,
        statement=plain(CLAIMS[name].statement) if name in CLAIMS else "",
        predicted=reading.predicted,
        measured=reading.measured,
        tolerance=reading.tolerance,
        verdict=reading.verdict,
        value=float(reading.value),
        seconds=round(seconds, 3),
        read_ms=round(read_ms, 3),
    )


# Several demos at once, in the order of the lecture


def results(
    jobs: Sequence[Job], work: Work = check_demo, done: Callable[[], None] | None = None
) -> Iterator[list[Row]]:
    """The rows of each demo in order, as soon as it and those before it have finished.

    `done` is called whenever any of them has. A demo whose process dies twice fails its claims.
    """
    counted = _Counted(done) if done is not None else None
    for job, result in zip(jobs, in_order(finished(jobs, work, counted)), strict=True):
        yield refused(job, result.reason, 0.0) if isinstance(result, Failure) else result


class _Counted:
    """Tells of each demo that has finished once, from how many have, with fractions."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done, self._told = done, 0

    def __call__(self, count: float) -> None:
        while self._told < int(count):
            self._told += 1
            self._done()


# What the user sees


def _run(jobs: Sequence[Job], as_json: bool) -> list[Row]:
    return _to_json(jobs) if as_json else _to_table(jobs)


def _to_json(jobs: Sequence[Job]) -> list[Row]:
    from rich.console import Console

    with progress(Console(stderr=True), len(jobs)) as done:
        rows = [row for block in results(jobs, done=done) for row in block]
    sys.stdout.write(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    return rows


def _to_table(jobs: Sequence[Job]) -> list[Row]:
    started = time.perf_counter()
    table, rows = CheckTable(), []
    table.start()
    with progress(table.console, len(jobs)) as done:
        for block in results(jobs, done=done):
            rows += block
            table.add(block)
    table.finish(rows, time.perf_counter() - started)
    return rows
