"""Settings and guards of every test."""

from __future__ import annotations

import os
import sys
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
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
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


ENDED_WITH: list[int] = []


def pytest_sessionfinish(exitstatus: int) -> None:
    ENDED_WITH.append(int(exitstatus))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave as the program does, without taking Qt apart.

    After the tests of figures, Qt and Python tear each other down in an order that ends in a
    segmentation fault; all reports are written by now.
    """
    if ENDED_WITH and "PySide6.QtWidgets" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ENDED_WITH[0])
