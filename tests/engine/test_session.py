"""The session as the window uses it: runs, commands in every order, failures."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from lazygui import headless
from lazygui.engine import session as session_module
from lazygui.engine import worker
from lazygui.engine.session import Session, State
from lazygui.export.table import history_csv
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from tests.engine.conftest import Bench
from tests.simulation.records import as_bytes, run

SHORT = LazyScenario(width=10, steps=2000, learning_rate=1.0)
LONG = LazyScenario(width=10, steps=1_000_000_000, learning_rate=0.1)
NO_FILE = LazyScenario(data="csv", data_file="/nowhere/data.csv")


@pytest.mark.parametrize(
    "scenario",
    [
        SHORT,
        DescentScenario(objective="rosenbrock", start=(-1.0, 1.5), learning_rate=1e-3, steps=30000),
        LeastSquaresScenario(steps=20000, condition=1e4),
        DescentScenario(learning_rate=2.5, steps=10000),
    ],
    ids=["lazy", "rosenbrock", "least-squares", "diverging"],
)
def test_a_live_run_gives_the_bytes_of_a_run_without_window(bench: Bench, scenario: Scenario):
    bench.finished(scenario)
    history, _ = headless.run(build_simulation(scenario))
    assert bench.session.history is not None
    assert history_csv(bench.session.history) == history_csv(history)
    assert as_bytes(bench.session.history) == as_bytes(history)


def test_a_run_goes_through_its_states_in_order(bench: Bench):
    bench.finished(SHORT)
    assert bench.heard.states == [State.LOADING, State.PAUSED, State.RUNNING, State.ENDED]
    assert len(bench.heard.all("run_started")) == 1
    ((outcome, sentence),) = bench.heard.all("run_finished")
    assert (outcome, sentence) == (Outcome.STEP_LIMIT, Outcome.STEP_LIMIT.value)
    assert bench.session.outcome is Outcome.STEP_LIMIT
    assert bench.session.scenario == SHORT == bench.session.asked


def test_a_diverged_run_says_why(bench: Bench):
    bench.finished(DescentScenario(learning_rate=2.5, steps=10_000))
    assert bench.session.outcome is Outcome.DIVERGED
    assert "η = 2.5 > 2/λmax = 2" in bench.session.sentence


def test_kappa_arrives_after_the_start_and_is_that_of_the_simulation(bench: Bench):
    bench.started(SHORT)
    found = [find() for find in build_simulation(SHORT).findings()]
    bench.until(lambda: len(bench.heard.all("diagnosed")) == sum(map(bool, found)))
    assert bench.session.history is not None
    facts = bench.session.history.facts
    for name, value in build_simulation(SHORT).diagnose().items():
        np.testing.assert_array_equal(facts[name], value)
    assert "kappa" in facts
    bench.session.step(10)
    bench.until(lambda: bench.step == 10)
    bench.rest()
    assert len(bench.heard.all("diagnosed")) == len([facts for facts in found if facts])


def test_play_and_pause_may_be_said_twice(bench: Bench):
    bench.started(LONG)
    bench.session.play()
    bench.session.play()
    bench.until(lambda: bench.session.state is State.RUNNING and bench.step > 10)
    bench.session.pause()
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    stopped = bench.step
    bench.rest()
    assert bench.step == stopped
    bench.session.play()
    bench.until(lambda: bench.step > stopped)
    assert bench.session.steps_per_second >= 0
    assert bench.heard.states[-3:] == [State.RUNNING, State.PAUSED, State.RUNNING]


def test_a_paused_run_makes_exactly_the_steps_asked_for(bench: Bench):
    bench.started(LONG)
    assert bench.step == 0
    for steps in (1, 1, 5):
        bench.session.step(steps)
    bench.until(lambda: bench.step == 7)
    assert bench.session.state is State.PAUSED
    assert bench.session.steps_per_second == 0
    bench.rest()
    assert bench.step == 7


def test_a_step_pauses_a_running_run(bench: Bench):
    bench.started(LONG, play=True)
    bench.until(lambda: bench.session.state is State.RUNNING)
    bench.session.step()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.rest()
    stopped = bench.step
    bench.rest()
    assert bench.step == stopped


def test_commands_before_any_run_do_nothing(bench: Bench):
    session = bench.session
    session.play()
    session.pause()
    session.step()
    session.change("learning_rate", 0.5)
    session.restart()
    session.set_speed(30.0)
    bench.rest()
    assert session.state is State.EMPTY
    assert bench.heard.said == []


def test_commands_after_the_end_do_nothing_but_play_starts_again(bench: Bench):
    bench.finished(SHORT)
    bench.session.step()
    bench.session.pause()
    bench.rest()
    assert (bench.session.state, bench.step) == (State.ENDED, 2000)
    bench.session.play()
    bench.until(lambda: len(bench.heard.all("run_finished")) == 2)
    assert bench.session.scenario == SHORT


@pytest.mark.parametrize("play", [True, False])
def test_of_many_scenarios_asked_for_at_once_the_last_is_shown(bench: Bench, play: bool):
    bench.started(LONG, play=True)
    bench.until(lambda: bench.step > 0)
    first_batches, before = len(bench.heard.all("advanced")), bench.session.history
    wanted = [SHORT.replace(seed=seed, width=2 * seed + 2) for seed in range(20)]
    for scenario in wanted:
        bench.session.set_scenario(scenario, play)
    assert bench.session.asked == wanted[-1]
    if play:
        bench.until(lambda: bool(bench.heard.all("run_finished")))
    else:
        bench.until(lambda: bench.session.scenario == wanted[-1])
        bench.until(lambda: len(bench.heard.all("run_started")) == 2)
    shown = [history.scenario for history, _ in bench.heard.all("run_started")]
    assert shown == [LONG, wanted[-1]]
    assert before is not None
    assert (np.diff(before["step"]) > 0).all(), "a run never shown left its rows in another"
    assert bench.session.history is not None
    if play:
        assert as_bytes(bench.session.history) == as_bytes(run(wanted[-1]))
    else:
        bench.rest()
        assert bench.session.state is State.PAUSED
        assert len(bench.heard.all("advanced")) <= first_batches + 3
        assert bench.session.history["step"].tolist() == [0]


def test_scenarios_that_keep_coming_end_with_the_last(bench: Bench):
    """As during the drag of a slider: each request meets the one before at another stage."""
    for seed in range(25):
        bench.session.set_scenario(SHORT.replace(seed=seed), play=seed % 3 > 0)
        bench.rest(0.003 * (seed % 4))
    last = SHORT.replace(seed=99)
    bench.session.set_scenario(last)
    # A run on the way may come to its end, too, while the last one is being built.
    bench.until(lambda: bench.session.scenario == last and bench.session.state is State.ENDED)
    assert bench.session.history is not None
    assert as_bytes(bench.session.history) == as_bytes(run(last))


def test_quick_runs_without_play_are_all_shown(bench: Bench):
    """A run that starts within a frame of the one before still hands over its first row."""
    for start in range(8):
        bench.started(DescentScenario(start=(float(start),)))
        assert bench.session.history is not None
        assert bench.session.history["iterate"].tolist() == [[float(start)]]


def test_a_scenario_that_cannot_be_built_leaves_the_running_run(bench: Bench):
    bench.started(LONG, play=True)
    bench.until(lambda: bench.session.state is State.RUNNING and bench.step > 0)
    history = bench.session.history
    bench.session.set_scenario(NO_FILE)
    bench.until(lambda: bool(bench.heard.all("failed")))
    ((sentence,),) = bench.heard.all("failed")
    assert "There is no file '/nowhere/data.csv'" in sentence
    assert bench.session.history is history
    assert bench.session.state is State.RUNNING
    assert bench.session.asked == LONG
    reached = bench.step
    bench.until(lambda: bench.step > reached)


@pytest.mark.parametrize("state", [State.EMPTY, State.PAUSED, State.ENDED])
def test_a_scenario_that_cannot_be_built_leaves_the_state(bench: Bench, state: State):
    if state is State.PAUSED:
        bench.started(SHORT)
    elif state is State.ENDED:
        bench.finished(SHORT)
    history = bench.session.history
    bench.session.set_scenario(NO_FILE)
    bench.until(lambda: bool(bench.heard.all("failed")))
    assert bench.session.state is state
    assert bench.session.history is history
    if state is State.PAUSED:
        bench.session.step(3)
        bench.until(lambda: bench.step == 3)


def test_a_good_scenario_after_a_bad_one_is_shown(bench: Bench):
    bench.session.set_scenario(NO_FILE)
    bench.session.set_scenario(SHORT)
    bench.until(lambda: bool(bench.heard.all("run_finished")))
    assert bench.session.scenario == SHORT
    assert bench.heard.all("failed") == []


def test_a_run_too_large_is_refused_at_once(bench: Bench):
    bench.started(SHORT)
    with pytest.raises(ScenarioError, match="GiB"):
        bench.session.set_scenario(LazyScenario(width=1_000_000_000))
    assert bench.session.state is State.PAUSED
    assert bench.session.asked == SHORT


def broken(error: BaseException) -> Any:
    """`build_simulation`, but the run fails on the way at step 50."""

    def build(scenario: Scenario) -> Any:
        simulation = build_simulation(scenario)
        move = simulation._move

        def failing(steps: int) -> None:
            if simulation.step >= 50:
                raise error
            move(steps)

        simulation._move = failing  # type: ignore[method-assign]
        return simulation

    return build


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: an illegal address"),
        ValueError("bad value"),
        FloatingPointError("underflow"),
        MemoryError("no room"),
        IndexError("a mistake in the program"),
        TypeError("another one"),
    ],
    ids=repr,
)
def test_a_failure_on_the_way_ends_the_run_and_keeps_its_history(
    bench: Bench, error: Exception, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(worker, "build_simulation", broken(error))
    bench.finished(SHORT)
    assert bench.session.outcome is Outcome.FAILED
    assert bench.session.state is State.ENDED
    assert bench.session.sentence.startswith(Outcome.FAILED.value)
    assert str(error) in bench.session.sentence
    assert bench.session.history is not None
    assert bench.session.history["step"].tolist() == list(range(51))
    monkeypatch.setattr(worker, "build_simulation", build_simulation)
    bench.session.play()
    bench.until(lambda: len(bench.heard.all("run_finished")) == 2)
    assert bench.session.outcome is Outcome.STEP_LIMIT


def test_a_failure_while_building_is_said_not_raised(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    def fail(scenario: Scenario) -> None:
        raise errors.pop()

    errors: list[Exception] = [MemoryError(), OSError("disk gone"), RuntimeError("no kernel")]
    monkeypatch.setattr(worker, "build_simulation", fail)
    for count in (1, 2, 3):
        bench.session.set_scenario(SHORT)
        bench.until(lambda n=count: len(bench.heard.all("failed")) == n)
        assert bench.session.state is State.EMPTY
    sentences = [sentence for (sentence,) in bench.heard.all("failed")]
    assert "no kernel" in sentences[0]
    assert "disk gone" in sentences[1]
    assert "not enough memory" in sentences[2]


def test_a_failing_diagnosis_does_not_end_the_run(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    def build(scenario: Scenario) -> Any:
        simulation = build_simulation(scenario)

        def fail() -> dict[str, Any]:
            raise ValueError("no spectrum")

        found = [fail, lambda: {"other": 1.0}, fail]
        simulation.findings = lambda: found  # type: ignore[method-assign]
        return simulation

    monkeypatch.setattr(worker, "build_simulation", build)
    bench.finished(SHORT)
    assert bench.session.outcome is Outcome.STEP_LIMIT
    assert bench.session.history is not None
    bench.until(lambda: "other" in bench.session.history.facts)
    assert bench.session.history.facts["kappa"] is None
    assert bench.session.history.facts["kappa_note"] == "no spectrum"


def test_changes_on_the_way_are_replayed_to_the_same_bytes(bench: Bench):
    """While running, paused, twice at one step, and back again."""
    scenario = LazyScenario(width=10, steps=4000, learning_rate=0.5)
    session = bench.session
    session.set_speed(6000.0)
    bench.started(scenario, play=True)
    for count, value in enumerate((0.7, 0.2, 0.9), start=1):
        reached = bench.step
        bench.until(lambda k=reached: bench.step > k + 150)
        session.change("learning_rate", value)
        # Two that wait together are made at the same step, where the later one replaces the other.
        bench.until(lambda n=count: len(bench.heard.all("changed")) == n)
    session.pause()
    bench.until(lambda: session.state is State.PAUSED)
    for value in (0.1, 0.3, 0.9):
        session.change("learning_rate", value)
    bench.until(lambda: len(bench.heard.all("changed")) == 6)
    session.set_speed(float("inf"))
    session.play()
    bench.until(lambda: bool(bench.heard.all("run_finished")))
    assert session.history is not None
    assert len(session.history.scenario.changes) >= 3
    assert [c.value for c in session.history.scenario.changes][:3] == [0.7, 0.2, 0.9]
    assert session.asked == session.history.scenario
    replayed = run(loads(dumps(session.history.scenario)))
    assert as_bytes(replayed) == as_bytes(session.history)
    session.restart(play=False)
    bench.until(lambda: len(bench.heard.all("run_started")) == 2)
    assert session.scenario == scenario.replace(learning_rate=0.9)


def test_a_change_out_of_bounds_is_refused_without_harm(bench: Bench):
    bench.started(SHORT)
    with pytest.raises(ScenarioError, match=r"learning_rate = -1 .* must be greater than 0"):
        bench.session.change("learning_rate", -1.0)
    with pytest.raises(ScenarioError, match="'width' cannot change during a run"):
        bench.session.change("width", 4.0)
    bench.session.step(3)
    bench.until(lambda: bench.step == 3)
    assert bench.heard.all("changed") == []
    assert bench.session.scenario == SHORT


def test_the_run_before_is_the_ghost_if_it_lasted_and_is_of_the_same_kind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    bench.finished(SHORT)
    first = bench.session.history
    monkeypatch.setattr(session_module, "GHOST_SECONDS", 0.0)
    bench.finished(SHORT.replace(seed=1))
    assert bench.session.ghost is first
    (_, ghost) = bench.heard.all("run_started")[-1]
    assert ghost is first
    monkeypatch.setattr(session_module, "GHOST_SECONDS", 60.0)
    bench.finished(SHORT.replace(seed=2))
    assert bench.session.ghost is first, "a run of a moment does not become the ghost"
    bench.finished(DescentScenario())
    assert bench.session.ghost is None
    monkeypatch.setattr(session_module, "GHOST_SECONDS", 0.0)
    bench.session.set_scenario(DescentScenario(seed=1), keep_ghost=False)
    bench.until(lambda: bench.session.scenario == DescentScenario(seed=1))
    assert bench.session.ghost is None


def test_a_notice_is_said_once(bench: Bench):
    imprecise = LazyScenario(width=4, steps=20, dtype="float32", scale=101.0)
    bench.finished(imprecise)
    bench.finished(imprecise)
    ((notice,),) = bench.heard.all("noticed")
    assert "float32" in notice
    bench.finished(imprecise.replace(scale=500.0))
    assert len(bench.heard.all("noticed")) == 2


@pytest.mark.parametrize("play", [True, False])
def test_closing_in_the_middle_of_a_run_is_quick(qtbot: Any, play: bool):
    bench = Bench(qtbot)
    bench.started(LazyScenario(width=2000, samples=200, steps=1_000_000), play=play)
    started = time.monotonic()
    assert bench.session.close()
    assert time.monotonic() - started < 2.0
    assert not bench.session.is_running_late


def test_closing_before_and_during_a_load_is_quick(qtbot: Any):
    assert Session().close()
    bench = Bench(qtbot)
    bench.session.set_scenario(LONG)
    assert bench.session.close()
    assert bench.session.close()
