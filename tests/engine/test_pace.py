"""How fast a run goes, and that it never floods the window."""

from __future__ import annotations

import math
import threading
import time

import pytest
from PySide6.QtCore import Qt

from lazygui.engine import pace
from lazygui.engine.pace import LONG_SLICE_SECONDS, SLICE_SECONDS, Pace
from lazygui.engine.session import State
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from tests.engine.conftest import Bench

LONG = LazyScenario(width=10, steps=1_000_000_000, learning_rate=0.1)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


def steps_in(made: Pace, clock: Clock, seconds: float, seconds_per_step: float = 0.0) -> int:
    """Steps made in a span of time, slice by slice."""
    total, end = 0, clock.now + seconds
    while clock.now < end:
        steps = made.steps_due()
        total += steps
        clock.now += steps * seconds_per_step
        made.measured(steps, max(steps * seconds_per_step, 1e-7))
        clock.now += max(made.interval_ms() / 1000, 0.001)
    return total


@pytest.mark.parametrize("speed", [0.5, 1.0, 7.0, 60.0, 1000.0, 33333.0])
def test_a_fixed_speed_is_kept(speed: float, clock: Clock):
    made = Pace(speed)
    made.begin()
    assert steps_in(made, clock, 100.0) == pytest.approx(100 * speed, rel=0.02, abs=2)


def test_the_first_step_comes_at_once(clock: Clock):
    made = Pace(0.1)
    made.begin()
    assert made.steps_due() == 1
    clock.now += 1.0
    assert made.steps_due() == 0


def test_a_pause_is_not_made_up_for(clock: Clock):
    made = Pace(100.0)
    made.begin()
    steps_in(made, clock, 1.0)
    clock.now += 3600.0
    made.begin()
    assert steps_in(made, clock, 1.0) < 130


def test_a_slow_machine_drops_its_backlog(clock: Clock):
    """Asked for 1000 steps a second where 100 are possible, it does not catch up later."""
    made = Pace(1000.0)
    made.begin()
    steps_in(made, clock, 10.0, seconds_per_step=0.01)
    assert steps_in(made, clock, 1.0) <= 1000 + 1000 * 0.25 + 20


def test_as_fast_as_possible_fills_its_slices(clock: Clock):
    made = Pace()
    steps_in(made, clock, 2.0, seconds_per_step=1e-4)
    assert made.interval_ms() == 0
    assert made.steps_due() == pytest.approx(SLICE_SECONDS / 1e-4, rel=0.05)
    steps_in(made, clock, 2.0, seconds_per_step=1.0)
    assert made.steps_due() == 1


def test_steps_that_leave_the_interpreter_alone_come_in_longer_slices(clock: Clock):
    made = Pace()
    made.slice_seconds = LONG_SLICE_SECONDS
    steps_in(made, clock, 2.0, seconds_per_step=1e-4)
    assert made.steps_due() == pytest.approx(LONG_SLICE_SECONDS / 1e-4, rel=0.05)


@pytest.mark.parametrize("speed", [40.0, 500.0])
def test_a_run_keeps_the_speed_asked_for(bench: Bench, speed: float):
    bench.session.set_speed(speed)
    bench.started(LONG, play=True)
    bench.rest(0.2)
    first, begun = bench.step, time.monotonic()
    bench.rest(1.2)
    measured = (bench.step - first) / (time.monotonic() - begun)
    assert measured == pytest.approx(speed, rel=0.2)
    assert bench.session.steps_per_second == pytest.approx(speed, rel=0.25)


def test_the_speed_may_change_on_the_way(bench: Bench):
    bench.session.set_speed(5.0)
    bench.started(LONG, play=True)
    bench.rest(0.3)
    assert bench.step <= 4
    bench.session.set_speed(math.inf)
    bench.until(lambda: bench.step > 200, 3000)
    assert bench.session.state is State.RUNNING


def test_a_slow_window_is_never_flooded(bench: Bench):
    """Of the batches handed over, at most one waits; none is lost."""
    handed_over = threading.Semaphore(0)
    waiting: list[int] = []
    counted = [0, 0]

    def note_sent(run: int, batch: object) -> None:
        counted[0] += 1
        handed_over.release()

    def dawdle() -> None:
        counted[1] += 1
        waiting.append(counted[0] - counted[1])
        time.sleep(0.04)

    sender = bench.session._worker
    sender.batch_ready.connect(note_sent, Qt.ConnectionType.DirectConnection)
    bench.session.advanced.connect(dawdle)
    bench.started(DescentScenario(learning_rate=1e-4, steps=10**9), play=True)
    bench.until(lambda: counted[1] >= 15)
    assert max(waiting) <= 1
    reached = bench.step
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    assert counted[0] == counted[1]
    assert bench.step >= reached
    steps = bench.session.history["step"]  # type: ignore[index]
    assert steps[:768].tolist() == list(range(768))


def test_the_window_hears_of_a_run_at_most_at_the_rate_of_a_screen(bench: Bench):
    bench.started(LONG, play=True)
    bench.rest(0.2)
    before, begun = len(bench.heard.all("advanced")), time.monotonic()
    bench.rest(0.8)
    rate = (len(bench.heard.all("advanced")) - before) / (time.monotonic() - begun)
    assert 15 < rate < 70
