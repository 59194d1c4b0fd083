"""The guards themselves: each must catch what it is there for, and name the line."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QLocale, QObject, QSettings, QThread, QTimer, qWarning
from PySide6.QtWidgets import QLabel, QWidget

from tests import guards


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "GRACE_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
def test_a_stray_thread_is_named_by_the_line_that_started_it():
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="stray")
    with (
        pytest.raises(guards.StrayError, match=r"stray.*test_guards\.py:\d+ \(thread\.start"),
        guards.no_stray_threads(),
    ):
        thread.start()
    release.set()
    thread.join()


def test_a_joined_thread_passes():
    with guards.no_stray_threads():
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()


def test_a_running_qthread_is_named_and_stopped(qapp):
    thread = QThread()
    with (
        pytest.raises(guards.StrayError, match=r"QThreads.*\n.*test_guards\.py:\d+"),
        guards.no_stray_qthreads(),
    ):
        thread.start()
    assert thread.isFinished()


def test_a_finished_qthread_passes(qapp):
    with guards.no_stray_qthreads():
        thread = QThread()
        thread.start()
        thread.quit()
        assert thread.wait(1000)


def test_an_active_timer_is_named_and_stopped(qapp):
    timer = QTimer()
    with (
        pytest.raises(guards.StrayError, match=r"QTimers.*\n.*test_guards\.py:\d+"),
        guards.no_stray_timers(),
    ):
        timer.start(1000)
    assert not timer.isActive()


def test_a_timer_deleted_with_its_parent_passes(qapp):
    with guards.no_stray_timers():
        parent = QObject()
        QTimer(parent).start(1000)
        parent.deleteLater()


def test_a_window_left_open_is_named(qapp):
    kept: list[QLabel] = []
    with pytest.raises(guards.StrayError, match=r"QLabel.*forgotten"), guards.no_stray_windows():
        kept.append(QLabel("left", objectName="forgotten"))


def test_a_deleted_window_and_a_child_pass(qapp):
    with guards.no_stray_windows():
        window = QWidget()
        QLabel("child", window)
        window.deleteLater()


def test_settings_and_user_folders_are_private(tmp_path: Path):
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "LazyGUI", "test")
    assert Path(settings.fileName()).is_relative_to(tmp_path)
    if sys.platform.startswith("linux"):
        assert Path(platformdirs.user_config_dir("LazyGUI")).is_relative_to(tmp_path)
        assert Path(platformdirs.user_state_dir("LazyGUI")).is_relative_to(tmp_path)


def test_numbers_are_written_with_a_point():
    assert QLocale().toString(0.25) == "0.25"
    QLocale.setDefault(QLocale(QLocale.Language.French))
    with guards.c_locale():
        assert QLocale().toString(0.25) == "0.25"


def test_a_python_warning_is_an_error():
    with pytest.raises(UserWarning, match="loud"):
        warnings.warn("loud", stacklevel=1)


FAULTY = """
from PySide6.QtCore import QObject, QTimer, Signal, qWarning


def test_qt_warning(qapp):
    qWarning("something is wrong")


def test_timer(qapp):
    global timer
    timer = QTimer()
    timer.start(1000)


def test_innocent(qapp):
    pass


class Sender(QObject):
    sent = Signal()


def test_exception_in_slot(qapp):
    def slot():
        raise ValueError("in a slot")

    sender = Sender()
    sender.sent.connect(slot)
    sender.sent.emit()
"""


def test_the_configuration_fails_the_guilty_test_only(tmp_path: Path):
    """A whole run of pytest with the project's configuration, on faults planted on purpose."""
    root = Path(__file__).resolve().parent.parent
    (tmp_path / "test_faulty.py").write_text(FAULTY, encoding="utf-8")
    options = ["-q", "-rfEp", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    options += ["-c", str(root / "pyproject.toml"), f"--rootdir={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path / "test_faulty.py")],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    outcomes = set(re.findall(r"^(FAILED|ERROR|PASSED) \S*::(\w+)", done.stdout, re.MULTILINE))
    assert {
        ("FAILED", "test_qt_warning"),
        ("ERROR", "test_timer"),
        ("PASSED", "test_innocent"),
        ("FAILED", "test_exception_in_slot"),
    } <= outcomes, done.stdout
    assert not {("FAILED", "test_innocent"), ("ERROR", "test_innocent")} & outcomes


@pytest.mark.qt_log_level_fail("CRITICAL")
def test_qt_warnings_are_captured(qtlog):
    qWarning("heard")
    assert [record.message for record in qtlog.records] == ["heard"]
