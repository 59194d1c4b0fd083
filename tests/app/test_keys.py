"""Single keys: they drive the run, and leave the fields alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from lazygui.engine.session import State
from lazygui.scenarios.catalogue import entries
from tests.app.conftest import Bench

Key = Qt.Key


def test_space_pauses_and_goes_on(bench: Bench):
    bench.choose("lazy-scale")
    bench.until(lambda: bench.session.state is State.RUNNING)
    bench.key(Key.Key_Space)
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    stopped = bench.history.last_step
    bench.rest()
    assert bench.history.last_step == stopped
    bench.key(Key.Key_Space)
    bench.until(lambda: bench.history.last_step > stopped)


def test_the_point_makes_one_step_and_pauses(bench: Bench):
    bench.choose("lazy-scale")
    bench.until(lambda: bench.session.state is State.RUNNING)
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    before = bench.history.last_step
    bench.key(Key.Key_Period)
    bench.until(lambda: bench.history.last_step == before + 1)
    bench.rest()
    assert bench.history.last_step == before + 1
    assert bench.session.state is State.PAUSED


def test_r_restarts_from_the_same_initialization(bench: Bench):
    first = bench.choose("lazy-scale")
    bench.until(lambda: first.last_step > 20)
    again = bench.awaited(lambda: bench.key(Key.Key_R))
    assert again is not first
    assert again["step"][0] == 0
    assert again["loss"][0] == first["loss"][0]
    assert again.scenario == first.scenario


def test_n_draws_anew_from_the_next_seed(bench: Bench):
    first = bench.choose("lazy-scale")
    again = bench.awaited(lambda: bench.key(Key.Key_N))
    assert again.scenario.seed == first.scenario.seed + 1
    assert again.facts["lambda_max"] != first.facts["lambda_max"]


def test_right_and_left_change_the_speed(bench: Bench):
    bench.choose("lazy-scale")
    bar = bench.window.workspace.transport
    before = bar.speed()
    bench.key(Key.Key_Right)
    faster = bar.speed()
    bench.key(Key.Key_Left)
    bench.key(Key.Key_Left)
    assert bar.speed() < before < faster


def test_down_and_up_choose_the_neighbours_and_stop_at_the_end(bench: Bench):
    ids = [item.id for item in entries()]
    bench.choose(ids[0])
    assert bench.awaited(lambda: bench.key(Key.Key_Down)).scenario == entries()[1].scenario
    assert bench.awaited(lambda: bench.key(Key.Key_Up)).scenario == entries()[0].scenario
    bench.awaited(lambda: bench.key(Key.Key_Up))
    assert bench.window.director.entry is entries()[0]


def test_escape_brings_all_views_back(bench: Bench):
    bench.choose("lazy-scale")
    stage = bench.window.stage
    first, second = stage.shown()[:2]
    stage.toggle_maximized(first)
    assert stage.view(first).isVisible()
    assert not stage.view(second).isVisible()
    bench.key(Key.Key_Escape)
    assert stage.view(second).isVisible()
    assert len(stage.shown()) >= 2


def test_letters_typed_in_a_field_do_not_drive_the_run(bench: Bench):
    history = bench.choose("lazy-scale")
    bench.until(lambda: bench.session.state is State.RUNNING)
    field = bench.window.findChild(QLineEdit, "parameter-learning_rate-field")
    field.selectAll()
    QTest.keyClicks(field, "r. n")
    bench.rest()
    assert field.text() == "r. n"
    assert bench.history is history
    assert bench.session.state is State.RUNNING
    assert len(bench.started) == 1
