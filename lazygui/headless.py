"""Runs without a window: the `list`, `run` and `sweep` commands.

No Qt; torch only where a run needs it.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from lazygui.export.atomic import ExportError, make_folder, write_bytes
from lazygui.export.opening import asked_scenario
from lazygui.export.provenance import provenance_for
from lazygui.export.summary import dumps as summary_dumps
from lazygui.export.summary import summary
from lazygui.export.sweep_table import sweep_summary
from lazygui.export.table import comments, write_history_csv
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entries
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps
from lazygui.scenarios.settings import refuse_swept, with_settings
from lazygui.scenarios.sweep import SweepScenario
from lazygui.scenarios.sweep_texts import swept
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.protocol import Simulation
from lazygui.simulation.sweep import SweepSimulation
from lazygui.simulation.sweep_ledger import LedgerError

SLICE_SECONDS = 0.1
SWEEP_FILES = ("sweep.csv", "scenario.toml", "summary.json")
Progress = Callable[[int, int], None]


def list_scenarios(out: TextIO) -> int:
    """Print every scenario of the catalogue under its section."""
    section = None
    width = max(len(entry.id) for entry in entries())
    for entry in entries():
        if entry.section != section:
            out.write(f"{'' if section is None else chr(10)}{entry.section}\n")
            section = entry.section
        out.write(f"  {entry.id:<{width}}  {entry.claim}\n")
    return 0


def run_command(arguments: argparse.Namespace) -> int:
    """`lazygui run`: every fault becomes a sentence on stderr."""
    return reported(_run_asked, arguments, "interrupted before there was anything to keep")


def sweep_command(arguments: argparse.Namespace) -> int:
    """`lazygui sweep`: every fault becomes a sentence on stderr."""
    return reported(_sweep_asked, arguments, "interrupted; the same command goes on from there")


def reported(
    work: Callable[[argparse.Namespace], int], arguments: argparse.Namespace, interrupted: str
) -> int:
    """Do the work; every fault becomes a sentence on stderr, and a status."""
    try:
        return work(arguments)
    except (ScenarioError, ExportError, LedgerError, ValueError) as error:
        return _told(str(error), 2)
    except KeyboardInterrupt:
        return _told(interrupted, 1)
    except MemoryError:
        return _told("there is not enough memory for this run; choose a smaller one", 1)
    except (RuntimeError, ArithmeticError, OSError) as error:
        # A device that fails tells pages: the first line says what happened.
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        return _told(first if " failed: " in first else f"the run failed: {first}", 1)


def _told(sentence: str, status: int) -> int:
    sys.stderr.write(f"lazygui: {sentence}\n")
    return status


def _run_asked(arguments: argparse.Namespace) -> int:
    scenario = _asked_scenario(arguments)
    with _watched("preparing the run", arguments.quiet):
        simulation = build_simulation(scenario)
    make_folder(arguments.out)
    return _run_into(simulation, arguments.out, arguments.quiet)


def _sweep_asked(arguments: argparse.Namespace) -> int:
    scenario = swept(_asked_scenario(arguments), arguments.over, arguments.metrics)
    refuse_swept(scenario, arguments.settings)
    simulation = build_simulation(scenario)
    assert isinstance(simulation, SweepSimulation)
    make_folder(arguments.out)
    with closing(simulation):
        return _sweep_into(simulation, arguments.out, arguments.quiet, arguments.force)


def _sweep_into(simulation: SweepSimulation, folder: Path, quiet: bool, force: bool) -> int:
    _claim_folder(simulation.sweep, folder, force)
    record = provenance_for(simulation.sweep, simulation.sweep.steps, simulation.facts)
    taken = simulation.open_ledger(folder / SWEEP_FILES[0], comments(record))
    if taken and not quiet:
        sys.stderr.write(f"lazygui: {taken} of {simulation.sweep.steps} runs are done already\n")
    started = time.perf_counter()
    history, interrupted = run_with_progress(simulation, quiet, "runs")
    seconds = time.perf_counter() - started
    outcome = Outcome.CANCELLED if interrupted else Outcome.STEP_LIMIT
    sentence = _sweep_sentence(history, simulation.sweep, folder, interrupted)
    told = sweep_summary(history, outcome, sentence, seconds, simulation.notices)
    write_bytes(folder / SWEEP_FILES[2], summary_dumps(told).encode("utf-8"))
    if interrupted:
        return _told(sentence, 1)
    if not quiet:
        sys.stdout.write(f"{sentence}\n{folder}: {', '.join(SWEEP_FILES)}\n")
    return 0


def _claim_folder(sweep: SweepScenario, folder: Path, force: bool) -> None:
    """Make the folder this sweep's own. Raises ExportError when it holds something else."""
    table, file = folder / SWEEP_FILES[0], folder / SWEEP_FILES[1]
    text = dumps(sweep).encode("utf-8")
    known = file.read_bytes() if file.is_file() else None
    if known == text and not force:
        return
    if (known is not None or table.exists()) and not force:
        raise ExportError(
            f"{folder} holds the results of another scenario; choose another folder, or replace "
            "them with --force"
        )
    table.unlink(missing_ok=True)
    write_bytes(file, text)


def _sweep_sentence(history: History, sweep: SweepScenario, folder: Path, interrupted: bool) -> str:
    if interrupted:
        return (
            f"Interrupted: {len(history)} of {sweep.steps} runs are kept in {folder}. The same "
            "command goes on from there."
        )
    diverged = int((history["diverged"] != 0.0).sum())
    rest = f" {diverged} of them diverged." if diverged else ""
    return f"Finished: all {sweep.steps} runs are made.{rest}"


def _asked_scenario(arguments: argparse.Namespace) -> Scenario:
    settings = list(arguments.settings)
    if arguments.steps is not None:
        settings.append(f"steps={arguments.steps}")
    scenario = with_settings(asked_scenario(arguments.scenario), settings)
    names = {item.name for item in scenario.offered_parameters()}
    if arguments.device is not None and "device" in names:
        scenario = with_settings(scenario, [f"device={arguments.device}"])
    return scenario


def _run_into(simulation: Simulation, folder: Path, quiet: bool) -> int:
    for notice in simulation.notices:
        sys.stderr.write(f"lazygui: {notice}\n")
    started = time.perf_counter()
    history, interrupted = run_with_progress(simulation, quiet)
    seconds = time.perf_counter() - started
    with _watched("finding κ", quiet):
        has_kappa = _find_kappa(simulation, history)
    outcome = Outcome.CANCELLED if interrupted else simulation.outcome
    assert outcome is not None
    sentence = outcome.value
    if outcome is Outcome.DIVERGED:
        sentence = simulation.diverged_sentence()
    write_history_csv(history, folder / "history.csv")
    write_bytes(folder / "scenario.toml", dumps(simulation.scenario).encode("utf-8"))
    record = summary(history, outcome, sentence, seconds, simulation.notices)
    write_bytes(folder / "summary.json", summary_dumps(record).encode("utf-8"))
    if not quiet:
        sys.stdout.write(f"{sentence}\n{folder}: history.csv, scenario.toml, summary.json\n")
    if not has_kappa:
        return _told("interrupted before κ was found; all else is kept", 1)
    return 1 if interrupted else 0


def _find_kappa(simulation: Simulation, history: History) -> bool:
    """Record the first finding, all that the summary holds of them; False if Ctrl-C came."""
    try:
        for find in simulation.findings()[:1]:
            history.record_facts(find())
    except KeyboardInterrupt:
        return False
    return True


@contextmanager
def _watched(doing: str, quiet: bool) -> Iterator[None]:
    """Say what is being done, where somebody watches, until it is."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def run_with_progress(
    simulation: Simulation, quiet: bool, unit: str = "steps"
) -> tuple[History, bool]:
    """Run to the end, with a progress bar where somebody watches."""
    if quiet or not sys.stderr.isatty():
        return run(simulation)
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TextColumn, TimeRemainingColumn

    digits = 0 if unit == "steps" else 1
    columns = (*Bar.get_default_columns()[:3], TextColumn("{task.fields[rate]}"))
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("training", total=simulation.scenario.steps, rate="")
        started = time.perf_counter()

        def report(step: int, steps: int) -> None:
            rate = step / max(time.perf_counter() - started, 1e-9)
            bar.update(task, completed=step, total=steps, rate=f"{rate:,.{digits}f} {unit}/s")

        return run(simulation, report)


def run(simulation: Simulation, progress: Progress | None = None) -> tuple[History, bool]:
    """Run a simulation to its end; True beside the history when Ctrl-C stopped it before."""
    scenario = simulation.scenario
    history = History(scenario, simulation.columns, dict(simulation.facts))
    chunk = 1
    with closing(simulation), _ctrl_c() as pressed:
        while simulation.outcome is None and not pressed.is_set():
            started = time.perf_counter()
            simulation.proceed(chunk)
            seconds = time.perf_counter() - started
            chunk = min(_next_chunk(chunk, seconds), scenario.steps)
            if progress is not None:
                progress(simulation.step, scenario.steps)
    history.append(simulation.collect())
    return history, simulation.outcome is None


@contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets: in the midst of a step the weights belong to no step.

    A second Ctrl-C is the usual KeyboardInterrupt.
    """
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def note(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _next_chunk(chunk: int, seconds: float) -> int:
    ideal = chunk * SLICE_SECONDS / max(seconds, 1e-6)
    return max(1, int(min(ideal, 8 * chunk)))
