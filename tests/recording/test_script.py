"""The log of a session: written, read, and played at any pace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lazygui.export.opening import is_session
from lazygui.recording.film import Film
from lazygui.recording.formats import FilmError
from lazygui.recording.script import (
    Look,
    Pace,
    Run,
    Scene,
    Script,
    read_script,
    written,
)
from lazygui.recording.session_log import SessionLog
from lazygui.recording.timeline import shots_of_script
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.faults import ScenarioError
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History

FIRST = entry("quadratic").scenario.with_change(7, "learning_rate", 0.3)
SECOND = entry("conditioning").scenario
LOOKS = (
    Look("gap", log_x=False, log_y=True, abscissa="step", span=(0.1, 2.0, -3.5, 1e-3)),
    Look("objective_1d"),
)
SCRIPT = Script(
    duration=4.0,
    runs=(Run(0.0, FIRST, "quadratic"), Run(2.5, SECOND, 'an "odd" \\ name', 0)),
    paces=((Pace(0.0, 10), Pace(1.0, 10), Pace(2.0, 30)), (Pace(2.5, 0), Pace(4.0, 15))),
    scenes=(Scene(0.0, LOOKS[1:]), Scene(3.0, LOOKS)),
    theme="dark",
)


def test_what_is_written_reads_back_equal(tmp_path: Path):
    file = tmp_path / "session.toml"
    file.write_text(written(SCRIPT), encoding="utf-8")
    assert is_session(file)
    assert read_script(file) == SCRIPT


def test_the_log_of_a_sweep_reads_back(tmp_path: Path):
    script = replace(
        SCRIPT, runs=(Run(0.0, entry("kappa-width").scenario),), paces=SCRIPT.paces[:1]
    )
    file = tmp_path / "session.toml"
    file.write_text(written(script), encoding="utf-8")
    assert read_script(file) == script


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("duration = 4.0", "duration = -1.0"),
        ("duration = 4.0", "duration = nan"),
        ("[0.000000, 10]", "[9.000000, 10]"),
        ("[0.000000, 10]", "[0.000000, -10]"),
        ("ghost = 0", "ghost = 1"),
        ('name = "gap"', 'nome = "gap"'),
        ("span = [0.1, 2.0, -3.5, 0.001]", "span = [0.1, 2.0]"),
        ("span = [0.1, 2.0, -3.5, 0.001]", "span = [0.1, inf, 1, 2]"),
        ('  { name = "gap"', '  { name = "gap" },\n  { name = "gap"'),
        ("format = 1\nkind", "format = 9\nkind"),
        ("steps = [", "stops = ["),
    ],
)
def test_a_damaged_log_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str):
    text = written(SCRIPT)
    assert old in text
    file = tmp_path / "session.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((FilmError, ScenarioError)) as caught:
        read_script(file)
    assert str(file) in str(caught.value)


def test_a_scenario_is_no_session(tmp_path: Path):
    file = tmp_path / "x.toml"
    assert not is_session(file)
    file.write_text('format = 1\nkind = "descent"\n', encoding="utf-8")
    assert not is_session(file)


@pytest.mark.parametrize(
    ("at", "run", "step"),
    [(0.0, 0, 10), (0.5, 0, 10), (1.5, 0, 20), (2.2, 0, 30), (2.5, 1, 0), (3.25, 1, 8), (9, 1, 15)],
)
def test_between_two_events_steps_pass_pro_rata(at: float, run: int, step: int):
    assert (SCRIPT.run_at(at), SCRIPT.step_at(at)) == (run, step)


def test_a_session_is_filmed_frame_by_frame():
    film = Film(fps=2, seconds=4.0, title_card=False)
    shots = shots_of_script(film, SCRIPT)
    assert [(s.run, s.step) for s in shots] == [
        (0, 10), (0, 10), (0, 10), (0, 20), (0, 30), (1, 0), (1, 5), (1, 10)
    ]  # fmt: skip
    assert [len(s.looks) for s in shots] == [1, 1, 1, 1, 1, 1, 2, 2]
    slow = shots_of_script(replace(film, seconds=8.0), SCRIPT)
    assert [(s.run, s.step) for s in slow[::2]] == [(s.run, s.step) for s in shots]


def history_at(step: int) -> History:
    simulation = build_simulation(entry("quadratic").scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(step))
    return history


def test_the_log_keeps_where_a_run_stands_still_and_which_ghost_it_has():
    log = SessionLog("light")
    first, second = history_at(5), history_at(2)
    log.begin(0.0, first, None, "quadratic")
    for at in (0.1, 0.2, 0.3, 0.4):
        log.note(at, first)
    log.show(0.1, LOOKS)
    log.show(0.2, LOOKS)
    log.begin(0.5, second, first, "")
    log.note(0.6, first)  # a late word of a run that is gone
    script = log.finished(1.0)
    assert script.paces == ((Pace(0.0, 5), Pace(0.4, 5)), (Pace(0.5, 2),))
    assert [run.ghost for run in script.runs] == [-1, 0]
    assert script.scenes == (Scene(0.1, LOOKS),)
    assert script.duration == 1.0


def test_an_empty_log_makes_no_script():
    with pytest.raises(ValueError, match="nothing has run"):
        SessionLog("light").finished(1.0)
