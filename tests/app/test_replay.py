"""The log of a session, replayed in the window until the user takes over."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from lazygui.app.replay import Replay
from lazygui.engine.session import State
from lazygui.recording.reopening import OpenedSession, open_any
from lazygui.recording.script import Look, Pace, Run, Scene, Script, written
from lazygui.scenarios.catalogue import entry
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.app.conftest import Bench
from tests.simulation.records import record

FIRST = entry("lazy-scale").scenario.replace(steps=5000).with_change(40, "learning_rate", 0.3)
SECOND = FIRST.without_changes().replace(scale=7.0)
THIRD = entry("conditioning").scenario
SCRIPT = Script(
    duration=1.5,
    runs=(
        Run(0.0, FIRST, "lazy-scale"),
        Run(0.6, SECOND, "lazy-scale", 0),
        Run(1.0, THIRD, "conditioning"),
    ),
    paces=(
        (Pace(0.0, 10), Pace(0.5, 90)),
        (Pace(0.6, 0), Pace(0.9, 33)),
        (Pace(1.0, 0), Pace(1.4, 20)),
    ),
    scenes=(
        Scene(0.0, (Look("outputs"), Look("training_loss", False, False, "step"))),
        Scene(0.3, (Look("training_loss", True, False, "time", (0.1, 2.0, 0.2, 0.4)),)),
        Scene(1.0, (Look("gap"), Look("objective_2d"))),
    ),
)


def replay_of(bench: Bench) -> Replay:
    return bench.window.tools.recorder.replay


def log(folder: Path, script: Script = SCRIPT) -> Path:
    path = folder / "é talk.toml"
    path.write_text(written(script), encoding="utf-8")
    return path


def opened(bench: Bench, path: Path) -> History:
    """The first run of a session, opened as by File > Open."""
    bench.dialogs.opened = path
    return bench.awaited(bench.window.tools.desk.open_scenario)


def ended(bench: Bench, milliseconds: int = 20_000) -> None:
    bench.until(lambda: not replay_of(bench).is_active, milliseconds)


def made_by(scenario, step: int) -> History:
    """The same run without a window."""
    simulation = build_simulation(scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(step))
    return history


def test_a_session_is_replayed_run_by_run_to_the_byte(bench: Bench, tmp_path: Path):
    before = bench.choose("quadratic")
    opened(bench, log(tmp_path))
    ended(bench)
    runs = [history for history in bench.started if history is not before]
    assert [run.scenario for run in runs] == [FIRST, SECOND, THIRD]
    assert [run.last_step for run in runs] == [90, 33, 20]
    for run, scenario in zip(runs, (FIRST, SECOND, THIRD), strict=True):
        assert run["loss"].tobytes() == made_by(scenario, run.last_step)["loss"].tobytes()
    assert bench.window.director.entry == entry("conditioning")
    assert bench.message == "The replay of é talk.toml has ended."


def test_the_views_are_those_of_the_session_at_their_times(bench: Bench, tmp_path: Path):
    stage = bench.window.stage
    history = opened(bench, log(tmp_path))
    bench.until(lambda: replay_of(bench)._scene == SCRIPT.scenes[0].looks)
    assert stage.visible() == ["outputs", "training_loss"]
    assert "Replaying é talk.toml, 2 s: any change of yours takes over." in bench.message
    bench.until(lambda: replay_of(bench)._scene == SCRIPT.scenes[1].looks)
    view = stage.view("training_loss")
    assert stage.visible() == ["training_loss"]
    assert (view.log_x, view.log_y, view.abscissa) == (True, False, "time")
    assert view.plot.box.viewRange() == [pytest.approx([0.1, 2.0]), pytest.approx([0.2, 0.4])]
    assert view.header.reset.isVisible()
    assert view.history is history
    bench.until(lambda: replay_of(bench)._scene == SCRIPT.scenes[2].looks)
    assert stage.visible() == ["gap", "objective_2d"]


def test_the_controls_show_the_values_as_they_change(bench: Bench, tmp_path: Path):
    shown: list[float] = []
    bench.window.director.scenario_shown.connect(lambda s: shown.append(s.learning_rate))
    opened(bench, log(tmp_path))
    bench.until(lambda: bool(bench.history.scenario.changes))
    assert shown[-2:] == [FIRST.learning_rate, 0.3]


LONG = replace(
    SCRIPT,
    duration=60.0,
    runs=SCRIPT.runs[:1],
    paces=((Pace(0.0, 0), Pace(50.0, 5000)),),
    scenes=SCRIPT.scenes[:1],
)


def test_no_step_of_the_script_is_for_a_run_whose_start_was_not_told(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    history = opened(bench, log(tmp_path, LONG))
    bench.until(lambda: history.last_step > 5)
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    asked: list[int] = []
    monkeypatch.setattr(bench.session, "step", asked.append)
    replay = replay_of(bench)
    replay._in_flight = False
    replay._at += 20.0
    monkeypatch.setattr(bench.session, "history", copy(history))
    replay._tick()
    assert (asked, replay.is_active) == ([], True)
    monkeypatch.setattr(bench.session, "history", history)
    replay._tick()
    assert asked


@pytest.mark.parametrize("hand", ["play", "step", "value", "live", "views", "axis", "zoom"])
def test_whatever_the_user_does_ends_the_replay(bench: Bench, tmp_path: Path, hand: str):
    history = opened(bench, log(tmp_path, LONG))
    bench.until(lambda: history.last_step > 5 and len(replay_of(bench)._dressed) == 2)
    view = bench.window.stage.view("outputs")
    acts = {
        "play": lambda: bench.key(Qt.Key.Key_Space),
        "step": lambda: bench.key(Qt.Key.Key_Period),
        "value": lambda: bench.window.director.request("scale", 3.0),
        "live": lambda: bench.window.director.request("learning_rate", 0.11),
        "views": lambda: bench.window.stage.toggle("outputs"),
        "axis": lambda: bench.window.stage.view("training_loss").set_log_x(True),
        "zoom": lambda: view.plot._taken_over(),
    }
    acts[hand]()
    ended(bench, 3000)
    if hand in ("play", "value"):
        bench.until(lambda: bench.history.last_step > 100)
    else:
        bench.rest(200)  # for the steps that were under way
        step = bench.history.last_step
        bench.rest(200)
        assert bench.history.last_step == step
        assert bench.message == "The replay of é talk.toml ends here: the run is yours."
    if hand == "live":
        assert [change.value for change in bench.history.scenario.changes] == [0.11]


def test_a_session_that_begins_late_in_a_run_waits_for_it(bench: Bench, tmp_path: Path):
    scenario = entry("lazy-scale").scenario.replace(steps=100_000)
    script = Script(0.4, (Run(0.0, scenario),), ((Pace(0.0, 20_000), Pace(0.3, 20_010)),))
    history = opened(bench, log(tmp_path, script))
    ended(bench)
    assert history.last_step == 20_010


def test_the_runs_of_a_sweep_are_replayed(bench: Bench, tmp_path: Path):
    sweep = entry("kappa-width").scenario
    script = Script(0.5, (Run(0.0, sweep, "kappa-width"),), ((Pace(0.0, 0), Pace(0.4, 3)),))
    history = opened(bench, log(tmp_path, script))
    ended(bench, 60_000)
    assert history.last_step == 3
    assert history.scenario == sweep


def test_a_run_that_ends_by_itself_is_no_obstacle(bench: Bench, tmp_path: Path):
    scenario = entry("quadratic").scenario
    last = record(build_simulation(scenario), ()).last_step
    paces = (Pace(0.0, 0), Pace(0.2, last + 50))
    opened(bench, log(tmp_path, Script(0.3, (Run(0.0, scenario, "quadratic"),), (paces,))))
    ended(bench)
    assert bench.history.last_step == last


def test_what_was_recorded_in_the_window_is_replayed_in_it(bench: Bench, tmp_path: Path):
    recorder = bench.window.tools.recorder
    bench.choose("quadratic")
    recorder.toggle()
    bench.until(lambda: bench.history.last_step > 3)
    bench.window.director.request("learning_rate", 0.21)
    bench.until(lambda: bool(bench.history.scenario.changes))
    bench.rest(300)
    bench.session.pause()
    bench.rest(200)
    recorder.toggle()
    recorded = bench.history
    bench.dialogs.saved = tmp_path / "session.toml"
    recorder._save_log()
    recorder._close_dialog()
    again = opened(bench, tmp_path / "session.toml")
    ended(bench)
    assert again is not recorded
    assert again.scenario == recorded.scenario
    assert again["loss"].tobytes() == recorded["loss"].tobytes()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("duration = 1.5", "duration = -1.5", "is damaged (a duration of -1.5 s)"),
        ("[[runs]]", "[[runs]", "not a TOML file"),
        ("format = 1\nkind", "format = 9\nkind", "not the log of a session that this version"),
        ("scale = 7.0", "scale = -7.0", "scale"),
    ],
)
def test_a_damaged_log_is_one_sentence_and_the_run_goes_on(
    bench: Bench, tmp_path: Path, old: str, new: str, sentence: str
):
    history = bench.choose("lazy-scale")
    path = log(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    bench.window.tools.desk.open_files([path])
    assert sentence in bench.message
    assert "\n" not in bench.message
    assert not replay_of(bench).is_active
    before = history.last_step
    bench.until(lambda: history.last_step > before)
    assert bench.history is history


@pytest.mark.parametrize(
    "look",
    [
        Look("training_loss", True, True, "time", (0.0, 1e30, -1e30, 1e30)),
        Look("training_loss", False, False, "step", (-1e308, 1e308, -1e308, 1e308)),
        Look("training_loss", None, None, "noon", (5.0, -5.0, 1.0, 1.0)),
        Look("outputs", True, True, "time"),
        Look("no_such_view"),
    ],
)
def test_whatever_a_log_asks_of_a_view_the_window_stands(bench: Bench, tmp_path: Path, look: Look):
    script = Script(0.3, SCRIPT.runs[:1], ((Pace(0.0, 0), Pace(0.2, 60)),), (Scene(0.0, (look,)),))
    history = opened(bench, log(tmp_path, script))
    ended(bench)
    assert history.last_step == 60
    assert bench.message == "The replay of é talk.toml has ended."
    for name in bench.window.stage.visible():
        view = bench.window.stage.view(name)
        assert not (view.log_x and not view.can_log)
        for low, high in view.plot.box.viewRange():
            assert math.isfinite(high - low)
            assert low < high


def test_a_session_too_large_for_the_memory_is_refused_before_it_begins(
    bench: Bench, tmp_path: Path
):
    history = bench.choose("lazy-scale")
    huge = FIRST.replace(width=100_000, samples=100_000)
    script = replace(SCRIPT, runs=(SCRIPT.runs[0], replace(SCRIPT.runs[1], scenario=huge)))
    bench.window.tools.desk.open_files([log(tmp_path, replace(script, paces=SCRIPT.paces[:2]))])
    assert "memory" in bench.message
    bench.rest()
    assert bench.history is history


def test_another_file_takes_over_and_the_other_files_are_named(bench: Bench, tmp_path: Path):
    first = log(tmp_path, LONG)
    (tmp_path / "data.csv").write_text("x,y\n1,2\n")
    bench.awaited(lambda: bench.window.tools.desk.open_files([tmp_path / "data.csv", first]))
    assert "Replaying é talk.toml" in bench.message
    assert "data.csv does not say which run made it" in bench.message
    bench.choose("quadratic")
    assert not replay_of(bench).is_active


def test_closing_the_window_ends_it(bench: Bench, tmp_path: Path):
    opened(bench, log(tmp_path, LONG))
    bench.window.close()
    assert not replay_of(bench).is_active
    assert not replay_of(bench)._timer.isActive()


def test_a_session_is_told_from_all_else(tmp_path: Path):
    found = open_any(log(tmp_path))
    assert isinstance(found, OpenedSession)
    assert found.script == SCRIPT
    assert found.scenario == FIRST
    assert found.demo() is None


def test_other_commands_say_what_a_session_is_for(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "lazygui", "run", str(log(tmp_path)), "--out", str(tmp_path / "o")],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is the log of a session" in done.stderr


OPENED = """
import sys
from PySide6.QtCore import QTimer
from lazygui.app.program import Program

program = Program(["lazygui"])

def look() -> None:
    history = program.session.history
    replay = program.window.tools.recorder.replay
    if history is not None and (history.last_step > 5 or not replay.is_active):
        print(replay.is_active, program.window.workspace.messages.message())
        program.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(500)
sys.exit(program.run(sys.argv[1]))
"""


@pytest.mark.parametrize("damaged", [False, True])
def test_the_program_started_on_a_session_replays_it(tmp_path: Path, damaged: bool):
    path = log(tmp_path, LONG)
    if damaged:
        text = path.read_text(encoding="utf-8").replace("duration = ", "duration = -")
        path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(path)], capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    if damaged:
        assert done.stdout.startswith("False ")
        assert "is damaged (a duration of -60 s)" in done.stdout
    else:
        assert done.stdout == "True Replaying é talk.toml, 60 s: any change of yours takes over.\n"
