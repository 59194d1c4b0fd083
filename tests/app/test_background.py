"""Files are made behind the window, and whole ones, even if it closes meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lazygui.app import files
from lazygui.app.background import Background
from lazygui.export.atomic import ExportError
from lazygui.export.data import write_data
from lazygui.export.provenance import read_provenance
from lazygui.export.table import history_csv
from lazygui.simulation.history import History
from tests.app.conftest import Bench


class Gate:
    """A job that waits until it is let through."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.reached.set()
        assert self.opened.wait(10.0)
        return "through"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Data are written once this is opened."""
    made = Gate()

    def slowly(history: History, path: Path) -> None:
        made()
        write_data(history, path)

    monkeypatch.setattr(files, "write_data", slowly)
    yield made
    made.opened.set()


def test_the_window_goes_on_while_a_file_is_written(bench: Bench, gate: Gate, tmp_path: Path):
    history = bench.choose("lazy-scale")
    bench.until(lambda: history.last_step > 5)
    path = bench.dialogs.saved = tmp_path / "run.csv"
    expected = history_csv(history)
    bench.window.tools.desk.save_data()
    bench.until(gate.reached.is_set)
    before = history.last_step
    bench.until(lambda: history.last_step > before + 20)
    assert not path.exists()
    assert bench.message == ""
    gate.opened.set()
    bench.until(lambda: str(path) in bench.message)
    # The numbers of the moment in which they were asked for, though the run went on.
    assert path.read_text(encoding="utf-8") == expected
    assert os.listdir(tmp_path).count("run.csv") == 1


def test_a_window_that_closes_leaves_the_file_whole(bench: Bench, gate: Gate, tmp_path: Path):
    history = bench.choose("lazy-scale")
    bench.until(lambda: history.last_step > 5)
    folder = tmp_path / "results"
    folder.mkdir()
    path = bench.dialogs.saved = folder / "run.csv"
    path.write_bytes(b"the old numbers")
    bench.window.tools.desk.save_data()
    bench.until(gate.reached.is_set)
    threading.Timer(0.3, gate.opened.set).start()
    bench.window.close()
    assert os.listdir(folder) == ["run.csv"]
    assert read_provenance(path).steps > 5
    assert path.read_bytes().endswith(b"\n")


def test_a_fault_behind_the_window_is_a_sentence(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(history: History, path: Path) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(files, "write_data", fail)
    bench.choose("lazy-scale")
    bench.dialogs.saved = tmp_path / "run.csv"
    bench.window.tools.desk.save_data()
    bench.until(lambda: "ZeroDivisionError: by zero" in bench.message)
    assert not (tmp_path / "run.csv").exists()


class Told:
    """What a background said."""

    def __init__(self, background: Background) -> None:
        self.said: list[tuple[int, Any, str]] = []
        background.finished.connect(self.hear)

    def hear(self, number: int, result: Any, sentence: str) -> None:
        self.said.append((number, result, sentence))


def refuse() -> None:
    raise ExportError("The disk is full.")


def exhaust() -> None:
    raise MemoryError


def test_jobs_are_done_in_order_and_faults_told(qtbot: Any):
    background = Background("test")
    told = Told(background)
    gate = Gate()
    gate.opened.set()
    for number, job in enumerate((gate, refuse, gate, exhaust)):
        background.start(number, job)
    qtbot.waitUntil(lambda: len(told.said) == 4)
    assert told.said[:3] == [(0, "through", ""), (1, None, "The disk is full."), (2, "through", "")]
    assert "memory" in told.said[3][2]
    background.finish()


def test_closing_forgets_what_nobody_asked_to_keep(qtbot: Any):
    background = Background("test")
    gate, dropped, kept = Gate(), Gate(), Gate()
    for late in (dropped, kept):
        late.opened.set()
    background.start(1, gate)
    background.start(2, dropped)
    background.start(3, kept, keep=True)
    assert gate.reached.wait(5.0)
    threading.Timer(0.2, gate.opened.set).start()
    background.close()
    background.finish()
    assert kept.reached.is_set()
    assert not dropped.reached.is_set()
