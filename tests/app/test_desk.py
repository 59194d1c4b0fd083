"""Files in and out of the window."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lazygui.export.table import history_csv
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.files import dumps, load
from lazygui.simulation.outcome import Outcome
from tests.app.conftest import Bench

FOUR_FAULTS = """format = 1
kind = "lazy"
width = -3
scale = "large"
learnin_rate = 1.0
activation = "sine"
"""


def test_a_file_with_four_faults_names_all_and_keeps_the_run(bench: Bench, tmp_path: Path):
    history = bench.choose("lazy-scale")
    bench.dialogs.opened = tmp_path / "bad.toml"
    bench.dialogs.opened.write_text(FOUR_FAULTS)
    bench.window.tools.desk.open_scenario()
    for name in ("width", "scale", "learnin_rate", "activation"):
        assert name in bench.message
    bench.rest()
    assert bench.history is history


def test_a_good_file_runs(bench: Bench, tmp_path: Path):
    bench.choose("lazy-scale")
    scenario = entry("quadratic").scenario
    bench.dialogs.opened = tmp_path / "good.toml"
    bench.dialogs.opened.write_text(dumps(scenario), encoding="utf-8")
    history = bench.awaited(bench.window.tools.desk.open_scenario)
    assert history.scenario == scenario
    bench.until(lambda: history.last_step > 0)


def test_what_is_saved_can_be_read_again(bench: Bench, tmp_path: Path):
    history = bench.choose("quadratic")
    bench.session.set_speed(float("inf"))
    bench.until(lambda: bool(bench.ended))
    assert bench.ended[0][0] is not Outcome.FAILED
    bench.dialogs.saved = tmp_path / "run.toml"
    bench.window.tools.desk.save_scenario()
    bench.until(lambda: "run.toml" in bench.message)
    assert load(tmp_path / "run.toml") == history.scenario
    bench.dialogs.saved = tmp_path / "run.csv"
    bench.window.tools.desk.save_data()
    bench.until(lambda: str(tmp_path / "run.csv") in bench.message)
    assert (tmp_path / "run.csv").read_bytes() == history_csv(history).encode()


SAVES: dict[str, Callable[[Bench], None]] = {
    "scenario": lambda bench: bench.window.tools.desk.save_scenario(),
    "csv": lambda bench: bench.window.tools.desk.save_data(),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_a_place_that_cannot_be_written_is_said(
    bench: Bench, tmp_path: Path, save: Callable[[Bench], None]
):
    history = bench.choose("lazy-scale")
    wall = tmp_path / "wall"
    wall.write_text("a file, where a folder is needed")
    bench.dialogs.saved = wall / "result"
    save(bench)
    bench.until(lambda: str(wall) in bench.message)
    assert bench.window.workspace.messages._level == "error"
    assert wall.read_text() == "a file, where a folder is needed"
    before = history.last_step
    bench.until(lambda: history.last_step > before)
    assert bench.history is history


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_a_cancelled_dialog_changes_nothing(
    bench: Bench, tmp_path: Path, save: Callable[[Bench], None]
):
    history = bench.choose("lazy-scale")
    before = sorted(os.listdir(tmp_path))
    save(bench)
    bench.window.tools.desk.open_scenario()
    bench.rest()
    assert len(bench.dialogs.questions) == 2
    assert bench.message == ""
    assert bench.history is history
    assert sorted(os.listdir(tmp_path)) == before
