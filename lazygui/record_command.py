"""The `record` command: films of a run or of a recorded session, drawn without a window."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from lazygui.export.atomic import ExportError
from lazygui.export.opening import is_session
from lazygui.offscreen import application, prepare_qt
from lazygui.scenarios.faults import ScenarioError
from lazygui.startup import StartupError

if TYPE_CHECKING:
    from lazygui.recording.film import Film
    from lazygui.recording.formats import Format
    from lazygui.recording.making import Made
    from lazygui.recording.player import Listen

CANCELLED = "cancelled: no film was written"


def record_command(arguments: argparse.Namespace) -> int:
    """`lazygui record`: 0 done, 1 cancelled or failed, 2 for what can't be filmed."""
    try:
        prepare_qt()
        return _recorded(arguments)
    except (ScenarioError, ValueError, StartupError) as error:
        return _told(str(error), 2)
    except ExportError as error:
        return _told(str(error), 1)
    except KeyboardInterrupt:
        return _told(CANCELLED, 1)
    except MemoryError:
        return _told("there is not enough memory for this film; choose a smaller size", 1)
    except (RuntimeError, ArithmeticError, OSError) as error:
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        return _told(f"the film failed: {first}", 1)


def _told(sentence: str, status: int) -> int:
    sys.stderr.write(f"lazygui: {' · '.join(sentence.splitlines())}\n")
    return status


def _recorded(arguments: argparse.Namespace) -> int:
    if arguments.background:
        _give_way()
    # Before Qt: its import hook reads sources that pydantic builds as it loads.
    import lazygui.scenarios.catalogue  # noqa: F401
    from lazygui.recording.formats import format_of

    kind = format_of(arguments.output)
    app = application()
    started = time.perf_counter()
    with _cancelled(arguments.progress) as cancel:
        made = _made(arguments, kind, cancel)
    seconds = time.perf_counter() - started
    if not arguments.quiet and not arguments.progress:
        files = ", ".join(str(file) for file in made.files)
        sys.stdout.write(f"{files}: {made.frames} frames in {seconds:.1f} s\n")
    del app
    return 0


def _made(arguments: argparse.Namespace, kind: Format, cancel: threading.Event) -> Made:
    """Make the film of a session's log, a demo or a scenario file, and report how far it is."""
    from lazygui.recording.making import entry_named, film_run, film_script
    from lazygui.recording.script import read_script
    from lazygui.scenarios.catalogue import named_scenario

    source = Path(arguments.scenario)
    with _listener(arguments, cancel) as listen:
        if is_session(source):
            script = read_script(source)
            film = film_asked(arguments, kind, script.duration, script.theme)
            return film_script(script, film, arguments.output, listen)
        scenario = named_scenario(arguments.scenario)
        film = film_asked(arguments, kind)
        entry = entry_named(arguments.demo or arguments.scenario)
        return film_run(scenario, entry, film, arguments.output, listen)


def film_asked(
    arguments: argparse.Namespace, kind: Format, seconds: float = 0.0, theme: str = ""
) -> Film:
    """The film that the options ask for; a session brings its own length and theme."""
    from lazygui.recording.film import Film

    film = Film(
        fps=kind.fps if arguments.fps is None else arguments.fps,
        views=tuple(arguments.view),
        theme=arguments.theme or theme or "light",
        title_card=not arguments.no_title,
        title=arguments.title,
        caption=arguments.caption,
        formula=not arguments.no_formula,
        ticker=not arguments.no_ticker,
        pace=arguments.pace,
        steps_per_frame=_positive(arguments.steps_per_frame, "--steps-per-frame"),
    )
    if arguments.size is not None:
        film = replace(film, width=arguments.size[0], height=arguments.size[1])
    asked = arguments.seconds if arguments.seconds is not None else seconds or film.seconds
    film = replace(film, seconds=asked)
    return film.with_format(kind).with_title_before() if seconds else film


def _positive(number: int | None, name: str) -> int:
    if number is not None and number < 1:
        raise ValueError(f"{name} {number}: choose 1 or more")
    return number or 0


@contextmanager
def _cancelled(follow_input: bool) -> Iterator[threading.Event]:
    """An event set by Ctrl-C and SIGTERM, and by the end of the input if `follow_input`."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return

    def note(number: int, frame: FrameType | None) -> None:
        event.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, note) for number in numbers]
    if follow_input:
        threading.Thread(target=_await_end, args=(event,), daemon=True).start()
    try:
        yield event
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler or signal.SIG_DFL)


def _await_end(event: threading.Event) -> None:
    """Set the event when whoever started this program closes its end, or has died."""
    while os.read(0, 1024):
        pass
    event.set()


@contextmanager
def _listener(arguments: argparse.Namespace, cancel: threading.Event) -> Iterator[Listen]:
    """Who hears of the progress: a bar, the program that asked for lines, or nobody."""
    show: Callable[[str, int, int], None] = _nothing
    if arguments.progress:
        show = _say
    elif not arguments.quiet and sys.stderr.isatty():
        with _bar() as show:
            yield _stopping(show, cancel)
        return
    yield _stopping(show, cancel)


def _stopping(show: Callable[[str, int, int], None], cancel: threading.Event) -> Listen:
    def listen(phase: str, done: int, total: int) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        show(phase, done, total)

    return listen


def _nothing(phase: str, done: int, total: int) -> None:
    pass


def _say(phase: str, done: int, total: int) -> None:
    sys.stdout.write(f"{phase} {done} {total}\n")
    sys.stdout.flush()


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:3], TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def show(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bar.add_task(phase, total=total)
            bar.update(tasks[phase], completed=done, total=total)

        yield show


def _give_way() -> None:
    """Leave the processor to whoever needs it more: the window that asked for the film."""
    import psutil

    lower = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 10
    psutil.Process().nice(lower)
