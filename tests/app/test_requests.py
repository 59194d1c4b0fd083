"""What the controls ask for: live changes, restarts, and refusals that keep the run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from lazygui import headless
from lazygui.engine.session import State
from lazygui.export.table import history_csv
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.files import load
from lazygui.scenarios.kinds import replaced
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from tests.app.conftest import Bench


def choose_data(bench: Bench, name: str) -> None:
    """Choose an item of the list of data as the mouse does."""
    combo = bench.window.findChild(QComboBox, "parameter-data-combo")
    index = combo.findData(name)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def test_a_width_beyond_memory_is_refused_in_gib_and_the_run_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lazygui.simulation.build.memory_limit", lambda: 2**30)
    history = bench.choose("lazy-scale")
    bench.type("width", str(10**9))
    assert "GiB" in bench.fault("width")
    bench.rest()
    assert bench.history is history
    assert bench.session.asked.width == history.scenario.width
    bench.awaited(lambda: bench.type("width", "64"))
    assert bench.fault("width") == ""


def test_a_width_beyond_its_bound_is_refused_and_the_run_kept(bench: Bench):
    history = bench.choose("lazy-scale")
    bench.type("width", str(10**12))
    assert bench.fault("width")
    bench.window.director.request("width", 0)
    assert bench.fault("width")
    bench.rest()
    assert bench.history is history


def test_an_odd_width_of_a_doubled_net_becomes_even(bench: Bench):
    bench.show(replaced(entry("lazy-scale").scenario, initialization="doubled"))
    history = bench.awaited(lambda: bench.type("width", "101"))
    assert history.scenario.width == 102
    assert bench.window.sides.parameters.controls.row("width").editor.field.value() == 102


def test_a_live_change_is_recorded_and_replays_to_the_byte(bench: Bench, tmp_path: Path):
    bench.session.set_speed(300.0)
    history = bench.show(replaced(entry("lazy-scale").scenario, steps=400))
    bench.until(lambda: history.last_step > 10)
    bench.type("learning_rate", "0.5")
    bench.until(lambda: bool(history.scenario.changes))
    bench.until(lambda: bool(bench.ended))
    (change,) = history.scenario.changes
    assert (change.name, change.value) == ("learning_rate", 0.5)
    assert bench.history is history
    bench.dialogs.saved = tmp_path / "run.toml"
    bench.window.tools.desk.save_scenario()
    bench.dialogs.saved = tmp_path / "run.csv"
    bench.window.tools.desk.save_data()
    bench.until(lambda: "run.csv" in bench.message)
    replay, _ = headless.run(build_simulation(load(tmp_path / "run.toml")))
    assert (tmp_path / "run.csv").read_bytes() == history_csv(replay).encode()
    etas = np.diff(replay["time"]) / np.diff(replay["step"])
    assert etas[0] == pytest.approx(1.0)
    assert etas[-1] == pytest.approx(0.5)


def test_another_scale_restarts_from_the_same_seed_before_a_ghost(bench: Bench):
    first = bench.choose("lazy-scale")
    bench.until(lambda: first.last_step > 0)
    bench.rest(800)
    again = bench.awaited(lambda: bench.type("scale", "4"))
    assert again.scenario.scale == 4.0
    assert again.scenario.seed == first.scenario.seed
    assert again["step"][0] == 0
    assert bench.session.ghost is first


def test_a_step_above_the_limit_diverges_and_says_so(bench: Bench):
    scenario = entry("quadratic").scenario
    bench.session.set_speed(float("inf"))
    bench.show(replaced(scenario, learning_rate=2.5, steps=100_000))
    bench.until(lambda: bool(bench.ended))
    assert bench.ended[0][0] is Outcome.DIVERGED
    assert "η" in bench.message
    assert "2.5" in bench.message
    assert "2/λ" in bench.message
    assert bench.session.state is State.ENDED


@pytest.fixture
def table(tmp_path: Path) -> Path:
    points = np.linspace(-1.0, 1.0, 20)
    rows = "".join(f"{x},{x * x},{np.sin(3 * x)}\n" for x in points)
    path = tmp_path / "data.csv"
    path.write_text("a,b,y\n" + rows)
    return path


def test_csv_data_ask_for_their_file_and_run(bench: Bench, table: Path):
    bench.choose("lazy-scale")
    bench.dialogs.opened = table
    history = bench.awaited(lambda: choose_data(bench, "csv"))
    assert (history.scenario.data, history.scenario.data_file) == ("csv", str(table))
    assert len(bench.dialogs.questions) == 1
    assert bench.window.sides.parameters.controls.row("data_file").isVisibleTo(bench.window)


def test_csv_data_without_a_file_leave_the_run_and_say_what_to_do(bench: Bench):
    history = bench.choose("lazy-scale")
    choose_data(bench, "csv")
    bench.rest()
    assert len(bench.dialogs.questions) == 1
    assert "choose a CSV file" in bench.window.sides.parameters.controls.general_fault()
    assert bench.history is history
    assert bench.session.asked.data == "line"
    combo = bench.window.findChild(QComboBox, "parameter-data-combo")
    assert combo.currentData() == "line"


def test_an_unreadable_csv_file_leaves_the_run_and_its_cells_are_named(
    bench: Bench, tmp_path: Path
):
    history = bench.choose("lazy-scale")
    bench.dialogs.opened = tmp_path / "words.csv"
    bench.dialogs.opened.write_text("a,y\none,two\nthree,four\n")
    choose_data(bench, "csv")
    bench.until(lambda: bench.message != "")
    assert "'one' is not a number" in bench.message
    assert bench.history is history
    assert bench.session.asked.data == "line"
