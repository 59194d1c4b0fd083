"""Settings and guards of every test."""

from __future__ import annotations

import gc
import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path

# Before any test module loads Qt or numpy, which read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The test problems are small: more threads only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from tests import guards


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's settings, autosaves and logs out of the tests' reach."""
    for name in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        variable = f"XDG_{name}"
        monkeypatch.setenv(variable, str(tmp_path / "home" / variable.lower()))
    for variable in ("WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home" / variable.lower()))
    core = guards.qt("QtCore")
    if core is not None:
        settings = core.QSettings
        for kind in (settings.Format.NativeFormat, settings.Format.IniFormat):
            settings.setPath(kind, settings.Scope.UserScope, str(tmp_path / "home" / "qsettings"))


@pytest.fixture(autouse=True)
def _guards() -> Iterator[None]:
    """Fail a test that leaves a thread, a timer or a window behind."""
    with guards.all_guards():
        yield


# Python's own collection runs in whatever thread is at work, and frees widgets there; in the
# program `GarbageCollector` stands in for it.
gc.disable()
FULL_COLLECTION_EVERY = 200
_tests = itertools.count(1)


def pytest_runtest_logfinish() -> None:
    """Collect between the tests, in the main thread."""
    gc.disable()
    gc.collect(1 if next(_tests) % FULL_COLLECTION_EVERY else 2)


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests behind it has them ignore Ctrl-C, and their children with them.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionfinish() -> None:
    """Take back what tests of figures have copied.

    The clipboard of Qt's offscreen platform outlives Python, and frees there what Python made;
    that of a real window system goes with the application.
    """
    gui = guards.qt("QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()
