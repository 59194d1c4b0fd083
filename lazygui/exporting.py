"""The `export` command: figures and data of a run, made without a window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lazygui.export.atomic import make_folder, write_bytes
from lazygui.export.data import data_format, write_data
from lazygui.export.opening import asked_scenario, open_run
from lazygui.export.provenance import provenance_for
from lazygui.export.sizes import FigureSize, checked_font, parse_size, several
from lazygui.export.table import comments
from lazygui.export.typeset import FORMATS
from lazygui.headless import SWEEP_FILES, reported, run_with_progress
from lazygui.offscreen import application, prepare_qt
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import Entry, entries
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.simulation.sweep import SweepSimulation
from lazygui.startup import StartupError

if TYPE_CHECKING:
    from lazygui.views.figures import FigureSpec, Source

STAGE = "stage"
STAGE_VIEWS = 4
Write = Callable[[History], None]


@dataclass(frozen=True)
class Target:
    """A file, and the view or views that it shows."""

    path: Path
    views: tuple[str, ...]
    spec: FigureSpec


def export_command(arguments: argparse.Namespace) -> int:
    """`lazygui export`: 0 done, 1 failed or interrupted, 2 wrong input."""
    return reported(_export, arguments, "interrupted: no further file was written")


def _export(arguments: argparse.Namespace) -> int:
    _check(arguments)
    if arguments.output is not None or arguments.all is not None:
        _prepare_to_draw()
    scenario = scenario_at(arguments.scenario)
    if arguments.data is not None:
        data_format(arguments.data)
    history = _history(scenario, arguments.quiet, Path(arguments.scenario))
    if arguments.data is not None:
        write_data(history, arguments.data)
        _say(arguments, f"{arguments.data}: data of {history.last_step} steps")
    if arguments.output is not None or arguments.all is not None:
        _make_figures(arguments, history, scenario)
    return 0


def _prepare_to_draw() -> None:
    """Raise ValueError where Qt can't be loaded, before anything is run."""
    try:
        prepare_qt()
    except StartupError as error:
        raise ValueError(str(error)) from None


def _check(arguments: argparse.Namespace) -> None:
    """Raise ValueError for options that don't go together, before anything is run."""
    if arguments.output is None and arguments.all is None and arguments.data is None:
        raise ValueError("say what to write: -o FIGURE, --data FILE or --all DIR")
    if arguments.output is not None and arguments.all is not None:
        raise ValueError("-o writes one figure and --all one of each view; choose one of them")
    parse_size(arguments.size)
    if arguments.font is not None:
        checked_font(arguments.font)
    for form in _forms(arguments):
        _known(form, as_seen=arguments.as_seen)


def _forms(arguments: argparse.Namespace) -> Sequence[str]:
    if arguments.all is not None:
        return [form.lower().lstrip(".") for form in arguments.formats]
    return [] if arguments.output is None else [arguments.output.suffix.lower().lstrip(".")]


def _known(form: str, *, as_seen: bool) -> None:
    known = ("pdf", "png") if as_seen else FORMATS
    if form not in known:
        kind = "A figure as seen" if as_seen else "A figure"
        said = f"'.{form}'" if form else "a name without an ending"
        raise ValueError(f"{kind} is written as {', '.join(known)}, not as {said}")


def scenario_at(name: str) -> Scenario:
    """The scenario of a demo, of a file, or of a folder of results. Raises ScenarioError, …"""
    folder = Path(name)
    if (folder / "scenario.toml").is_file():
        return open_run(folder).scenario
    return asked_scenario(name)


def _history(scenario: Scenario, quiet: bool, folder: Path) -> History:
    simulation = build_simulation(scenario)
    for notice in simulation.notices:
        sys.stderr.write(f"lazygui: {notice}\n")
    unit = "steps"
    with closing(simulation):
        if isinstance(simulation, SweepSimulation):
            unit = "runs"
            _take_up(simulation, folder / SWEEP_FILES[0])
        history, interrupted = run_with_progress(simulation, quiet, unit)
        if interrupted:
            raise KeyboardInterrupt
        history.record_facts(simulation.diagnose())
    return history


def _take_up(simulation: SweepSimulation, table: Path) -> None:
    """Don't make again what a folder of results holds already."""
    if table.is_file():
        record = provenance_for(simulation.sweep, simulation.sweep.steps, simulation.facts)
        simulation.open_ledger(table, comments(record))


# Figures


def _make_figures(arguments: argparse.Namespace, history: History, scenario: Scenario) -> None:
    app = application()
    targets = _targets(arguments, history, scenario)
    if arguments.all is not None:
        make_folder(arguments.all)
    for target in _with_progress(targets, arguments.quiet):
        write_bytes(target.path, _figure(target, history))
        if arguments.all is None:
            _say(arguments, f"{target.path}: {', '.join(target.views)}")
    if arguments.all is not None:
        _say(arguments, f"{arguments.all}: {len(targets)} figures")
    del app


def _targets(
    arguments: argparse.Namespace, history: History, scenario: Scenario
) -> tuple[Target, ...]:
    from lazygui.recording.player import view_named
    from lazygui.views.registry import views_for

    suiting = [view.name for view in views_for(history)]
    if not suiting:
        raise ValueError("this run has nothing that a view could show")
    spec = _spec(arguments)
    if arguments.all is not None:
        return tuple(
            Target(arguments.all / f"{name}.{form}", (name,), replace(spec, form=form).check())
            for name in suiting
            for form in _forms(arguments)
        )
    names = [
        name
        for text in arguments.view or [STAGE]
        for name in (_stage(scenario, suiting) if text == STAGE else [view_named(text, suiting)])
    ]
    spec = replace(spec, form=_forms(arguments)[0])
    if len(names) > 1 and arguments.font is None:
        spec = replace(spec, size=replace(spec.size, font=several(spec.size.font)))
    return (Target(arguments.output, tuple(dict.fromkeys(names)), spec.check()),)


def _stage(scenario: Scenario, suiting: Sequence[str]) -> list[str]:
    """The views that the window would show."""
    demo = next((item for item in entries() if _is_of(item, scenario)), None)
    preferred = [name for name in (demo.views if demo is not None else ()) if name in suiting]
    return preferred or list(suiting[:STAGE_VIEWS])


def _is_of(item: Entry, scenario: Scenario) -> bool:
    return scenario in (item.scenario, item.full)


def _spec(arguments: argparse.Namespace) -> FigureSpec:
    from lazygui.views.figures import FigureSpec

    size: FigureSize = parse_size(arguments.size)
    if arguments.font is not None:
        size = replace(size, font=checked_font(arguments.font))
    background = arguments.background or ("dark" if arguments.theme == "dark" else "light")
    return FigureSpec("pdf", size, background, not arguments.as_seen, arguments.theme or "")


def _figure(target: Target, history: History) -> bytes:
    from lazygui.views.figures import prepare

    return prepare(_sources(target, history), target.spec).finish()


def _sources(target: Target, history: History) -> list[Source]:
    from lazygui.views.arrangement import MOST_VIEWS, places
    from lazygui.views.figures import ALONE, sources_of

    names = target.views
    if len(names) > MOST_VIEWS:
        raise ValueError(f"a figure shows at most {MOST_VIEWS} views; {len(names)} were asked for")
    grid = [ALONE] if len(names) == 1 else places(len(names))
    return sources_of(names, history, grid, target.spec.colours)


# What the user sees


def _say(arguments: argparse.Namespace, text: str) -> None:
    if not arguments.quiet:
        sys.stdout.write(text + "\n")


def _with_progress(targets: Sequence[Target], quiet: bool) -> Iterator[Target]:
    if quiet or len(targets) < 3 or not sys.stderr.isatty():
        yield from targets
        return
    with _bar(len(targets)) as advance:
        for target in targets:
            yield target
            advance()


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:3], TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("figures", total=total)

        def advance() -> None:
            bar.advance(task)

        yield advance
