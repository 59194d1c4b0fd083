"""What takes long to find out holds up neither the run nor the next one nor the end."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from lazygui import headless
from lazygui.engine import worker
from lazygui.engine.session import State
from lazygui.numerics.interruption import Interrupted, checkpoint
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from tests.engine.conftest import Bench

LONG = LazyScenario(width=10, steps=1_000_000)


class Slow:
    """A finding that goes on until it is interrupted, and tells what became of it."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()
        self.thread = 0

    def __call__(self) -> dict[str, Any]:
        self.thread = threading.get_ident()
        self.begun.set()
        try:
            for _ in range(10_000):
                checkpoint()
                time.sleep(0.002)
        except Interrupted:
            self.ended.set()
            raise
        return {"slow": True}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """The first run has a finding that takes 20 s, and one after it."""
    finding, first = Slow(), [True]

    def build(scenario: Scenario) -> Any:
        simulation = build_simulation(scenario)
        if first.pop() if first else False:
            found = [finding, lambda: {"after": 1.0}]
            simulation.findings = lambda: found  # type: ignore[method-assign]
        return simulation

    monkeypatch.setattr(worker, "build_simulation", build)
    return finding


def test_the_run_trains_and_obeys_meanwhile(bench: Bench, slow: Slow):
    bench.started(LONG, play=True)
    bench.until(slow.begun.is_set)
    assert slow.thread != threading.get_ident()
    before = bench.step
    bench.until(lambda: bench.step > before + 1000)
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    bench.session.change("learning_rate", 0.05)
    bench.until(lambda: bool(bench.heard.all("changed")))
    assert not slow.ended.is_set()


def test_the_next_run_ends_it_and_is_diagnosed(bench: Bench, slow: Slow):
    bench.started(LONG)
    bench.until(slow.begun.is_set)
    bench.started(LONG.replace(seed=1))
    bench.until(slow.ended.is_set, 2000)
    bench.until(lambda: "kappa" in bench.session.history.facts)
    assert not {"slow", "after"} & set(bench.session.history.facts)


def test_closing_ends_it(bench: Bench, slow: Slow):
    bench.started(LONG)
    bench.until(slow.begun.is_set)
    started = time.monotonic()
    assert bench.session.close()
    assert time.monotonic() - started < 1.0
    assert slow.ended.is_set()


def test_a_load_that_is_superseded_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.started(LONG)
    slow, calls = Slow(), []

    def build(scenario: Scenario) -> Any:
        calls.append(scenario)
        if scenario.seed == 1:
            slow()
        return build_simulation(scenario)

    monkeypatch.setattr(worker, "build_simulation", build)
    bench.session.set_scenario(LONG.replace(seed=1))
    bench.until(slow.begun.is_set)
    assert bench.session.scenario == LONG
    bench.started(LONG.replace(seed=2))
    assert slow.ended.is_set()
    assert bench.session.scenario == LONG.replace(seed=2)
    assert not bench.heard.all("failed")


def test_what_supersedes_may_fail_and_the_run_before_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    bench.started(LONG)
    slow = Slow()

    def build(scenario: Scenario) -> Any:
        if scenario.seed == 1:
            slow()
        raise ValueError("no data")

    monkeypatch.setattr(worker, "build_simulation", build)
    bench.session.set_scenario(LONG.replace(seed=1))
    bench.until(slow.begun.is_set)
    bench.session.set_scenario(LONG.replace(seed=2))
    bench.until(lambda: bool(bench.heard.all("failed")))
    assert bench.heard.all("failed") == [("no data",)]
    assert bench.session.scenario == LONG
    bench.session.play()
    bench.until(lambda: bench.step > 100)


@pytest.mark.parametrize("method", ["_move", "_row", "_frame"])
@pytest.mark.parametrize("fails", [False, True])
def test_a_long_step_keeps_no_other_run_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, method: str, fails: bool
):
    slow = Slow()

    def build(scenario: Scenario) -> Any:
        if scenario.seed == 1:
            if fails:
                raise ValueError("no data")
            return build_simulation(scenario)
        simulation = build_simulation(scenario.replace(track_kernel=True))
        usual = getattr(simulation, method)

        def sometimes(*arguments: Any) -> Any:
            if simulation.step > 20 and not slow.begun.is_set():
                slow()
            return usual(*arguments)

        monkeypatch.setattr(simulation, method, sometimes)
        return simulation

    monkeypatch.setattr(worker, "build_simulation", build)
    bench.started(LONG, play=True)
    bench.until(slow.begun.is_set)
    bench.session.set_scenario(LONG.replace(seed=1))
    bench.until(slow.ended.is_set, 2000)
    if not fails:
        bench.until(lambda: bench.session.scenario == LONG.replace(seed=1))
        return
    bench.until(lambda: bench.heard.all("failed") == [("no data",)])
    # The run before goes on, and repeats itself to the last bit.
    bench.until(lambda: bench.step > 60)
    bench.session.pause()
    bench.until(lambda: bench.session.state is State.PAUSED)
    history = bench.session.history
    alone, _ = headless.run(build_simulation(history.scenario.replace(steps=bench.step)))
    shared = np.isin(alone["step"], history["step"])
    assert shared.sum() >= len(alone) - 1
    np.testing.assert_array_equal(alone["loss"][shared], history["loss"])


def test_closing_ends_a_load(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    slow = Slow()

    def build(scenario: Scenario) -> Any:
        slow()
        return build_simulation(scenario)

    monkeypatch.setattr(worker, "build_simulation", build)
    bench.session.set_scenario(LONG)
    bench.until(slow.begun.is_set)
    assert bench.session.close()
    assert slow.ended.is_set()
