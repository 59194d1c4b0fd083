"""Guards around every test: what a test starts, it must also stop.

A thread, timer or window that outlives its test makes a later, innocent test crash. Each guard
records the line that started the thing, and fails the guilty test with that line. Qt is looked at
only if the test has loaded it.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

GRACE_SECONDS = 2.0


class StrayError(AssertionError):
    """Something that a test started is still there at its end."""


def qt(module: str) -> ModuleType | None:
    """Return PySide6's `module` if it is loaded; never load it."""
    return sys.modules.get(f"PySide6.{module}")


def caller() -> str:
    """Return "file:line" of the innermost call outside this file and the standard library."""
    outside = [
        frame
        for frame in traceback.extract_stack()
        if frame.filename not in (__file__, threading.__file__)
    ]
    return f"{Path(outside[-1].filename).name}:{outside[-1].lineno} ({outside[-1].line})"


def wait_until(condition: Callable[[], bool]) -> bool:
    """Whether `condition` comes true within the time of grace."""
    end = time.monotonic() + GRACE_SECONDS
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def recorded(owner: Any, method: str) -> Iterator[list[tuple[Any, str]]]:
    """Record each (object, line) on which `owner.method` is called."""
    calls: list[tuple[Any, str]] = []
    original = getattr(owner, method)

    def record(self: Any, *arguments: Any, **keywords: Any) -> Any:
        calls.append((self, caller()))
        return original(self, *arguments, **keywords)

    setattr(owner, method, record)
    try:
        yield calls
    finally:
        setattr(owner, method, original)


def refuse(kind: str, remedy: str, strays: list[tuple[Any, str]]) -> None:
    """Raise StrayError naming each stray object and the line that started it."""
    if strays:
        lines = "\n".join(f"  {thing!r}, started at {line}" for thing, line in strays)
        raise StrayError(f"{kind} left by the test; {remedy}:\n{lines}")


@contextmanager
def no_stray_threads() -> Iterator[None]:
    """Fail if a Python thread outlives the test."""
    with recorded(threading.Thread, "start") as started:
        yield
    strays = [
        (thread, line)
        for thread, line in started
        if not wait_until(lambda: not thread.is_alive())  # noqa: B023
    ]
    refuse("Threads", "stop and join them", strays)


@contextmanager
def no_stray_qthreads() -> Iterator[None]:
    """Fail if a QThread still runs after the test; it is then stopped, to spare later tests."""
    core = qt("QtCore")
    if core is None:
        yield
        return
    with recorded(core.QThread, "start") as started:
        yield
    strays = [(thread, line) for thread, line in started if _runs(thread)]
    for thread, _ in strays:
        thread.requestInterruption()
        thread.quit()
        thread.wait(int(1000 * GRACE_SECONDS))
    refuse("QThreads", "end them by quit() and wait()", strays)
    if not core.QThreadPool.globalInstance().waitForDone(int(1000 * GRACE_SECONDS)):
        raise StrayError("The global QThreadPool still works after the test.")


@contextmanager
def no_stray_timers() -> Iterator[None]:
    """Fail if a QTimer is still active after the test; it is then stopped."""
    core = qt("QtCore")
    if core is None:
        yield
        return
    with recorded(core.QTimer, "start") as started:
        yield
    deliver_deletions()
    strays = [(timer, line) for timer, line in started if _is_active(timer)]
    for timer, _ in strays:
        timer.stop()
    refuse("Active QTimers", "stop them, or give them a parent that is deleted", strays)


@contextmanager
def no_stray_windows() -> Iterator[None]:
    """Fail if a top-level widget outlives the test; it is then deleted."""
    before = set(top_level_widgets())
    yield
    deliver_deletions()
    strays = [widget for widget in top_level_widgets() if widget not in before]
    lines = "\n".join(f"  {w!r} ({w.objectName() or 'no object name'})" for w in strays)
    for widget in strays:
        widget.close()
        widget.deleteLater()
    deliver_deletions()
    if strays:
        raise StrayError(f"Windows left by the test; use qtbot.addWidget or delete them:\n{lines}")


def top_level_widgets() -> list[Any]:
    """Return the windows of the running application, without those that Qt keeps for itself."""
    widgets = qt("QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    # Pop-ups of combo boxes and tool tips are top-level too, but belong to their parents.
    return [w for w in widgets.QApplication.topLevelWidgets() if w.parent() is None]


def deliver_deletions() -> None:
    """Carry out every deleteLater(), which otherwise waits for the event loop."""
    core = qt("QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)


def _alive(thing: Any) -> bool:
    return bool(sys.modules["shiboken6"].isValid(thing))


def _runs(thread: Any) -> bool:
    return _alive(thread) and thread.isRunning() and not thread.wait(200)


def _is_active(timer: Any) -> bool:
    return _alive(timer) and timer.isActive()


@contextmanager
def c_locale() -> Iterator[None]:
    """Let numbers be typed and written with a point, as the program does, and put this back."""
    core = qt("QtCore")
    if core is not None:
        core.QLocale.setDefault(core.QLocale.c())
    yield
    core = qt("QtCore")
    if core is not None:
        core.QLocale.setDefault(core.QLocale.c())


@contextmanager
def light_theme() -> Iterator[None]:
    """Undress the application of the theme that a test gave it: its type widens later panels."""
    yield
    widgets = qt("QtWidgets")
    themes = sys.modules.get("lazygui.style.themes")
    app = widgets.QApplication.instance() if widgets is not None else None
    if app is not None and themes is not None and app.property("lazygui-colours"):
        themes.apply(app, themes.LIGHT)


@contextmanager
def all_guards() -> Iterator[None]:
    """Put every guard around a test: windows are closed before their timers are judged."""
    with ExitStack() as stack:
        for guard in (
            c_locale,
            light_theme,
            no_stray_threads,
            no_stray_qthreads,
            no_stray_timers,
            no_stray_windows,
        ):
            stack.enter_context(guard())
        yield
