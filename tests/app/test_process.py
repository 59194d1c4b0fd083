"""The program as a process: how it starts, ends, and what it loads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HARMLESS = "This plugin does not support propagateSizeHints()"
START_SECONDS = 2.5
LONGEST_START = 30.0
END_SECONDS = 2.0


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}


def hears_sigterm(program: subprocess.Popen[str]) -> bool:
    """Whether the program has begun to catch the signal; on a busy machine that takes a while."""
    status = Path(f"/proc/{program.pid}/status")
    if not status.exists():
        return True
    caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_sigterm_in_the_middle_of_a_run_ends_it_quietly():
    program = subprocess.Popen(
        [sys.executable, "-m", "lazygui"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(QT_QPA_PLATFORM="offscreen"),
    )
    try:
        last = time.monotonic() + LONGEST_START
        while not hears_sigterm(program) and time.monotonic() < last:
            time.sleep(0.1)
        time.sleep(START_SECONDS)
        assert program.poll() is None
        sent = time.monotonic()
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=15)
        lasted = time.monotonic() - sent
    finally:
        program.kill()
        program.wait()
    assert program.returncode == 0
    assert [line for line in errors.splitlines() if line != HARMLESS] == []
    assert lasted < END_SECONDS


# Elsewhere a window needs no display server.
if sys.platform.startswith("linux"):

    def test_without_a_display_there_is_a_sentence_and_status_2():
        without = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        kept = {name: value for name, value in os.environ.items() if name not in without}
        done = subprocess.run(
            [sys.executable, "-m", "lazygui"], capture_output=True, text=True, env=kept, timeout=20,
            check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.startswith("lazygui: ")
        assert "DISPLAY" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_window_loads_no_heavy_library_before_it_is_needed():
    code = (
        "import sys, lazygui.app.program;"
        "print(*sorted({'torch', 'numba', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.split() == []


FIGURE = """
import hashlib, sys, types

class Program:
    is_unfinished = False

    def __init__(self, arguments):
        from PySide6.QtWidgets import QApplication
        self.application = QApplication(arguments)

    def close(self):
        pass

    def run(self, scenario):
        from lazygui.style.themes import LIGHT
        from lazygui.views.figures import ALONE, FigureSpec, prepare, sources_of
        from tests.views.histories import descent
        sources = sources_of(["gap"], descent(), [ALONE], LIGHT)
        data = prepare(sources, FigureSpec("pdf", typeset=False)).finish()
        print(data.count(b"/FontFile2"), hashlib.sha256(data).hexdigest())
        return 0

sys.modules["lazygui.app.program"] = types.SimpleNamespace(Program=Program)
from lazygui.app.application import run_window
sys.exit(run_window())
"""


def test_a_figure_as_seen_has_the_same_bytes_in_every_session():
    kept = {name: value for name, value in os.environ.items() if name != "QT_HASH_SEED"}
    found = {
        subprocess.run(
            [sys.executable, "-c", FIGURE], capture_output=True, text=True, timeout=30, check=True,
            env={**kept, "QT_QPA_PLATFORM": "offscreen"},
        ).stdout
        for _ in range(3)
    }  # fmt: skip
    assert len(found) == 1
    assert int(found.pop().split()[0]) >= 2
