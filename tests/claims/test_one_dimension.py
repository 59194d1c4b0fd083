"""Claims of the examples on the line: they hold, wait when they must, and can fail."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.one_dimension import CLAIMS_OF_ONE_DIMENSION as CLAIMS
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.descent import DescentScenario
from tests.claims.altered import Change, altered, demo, finished, nudged, reading

DEMOS = {
    "D06.factor": "quadratic",
    "D06.converges": "quadratic",
    "D07.steps": "absolute-value",
    "D07.band": "absolute-value",
    "D07.gap": "absolute-value",
    "D08.steps": "accuracy",
    "D08.accuracy": "accuracy",
    "D08.slip": "accuracy-slide",
    "D09.outside": "huber-inside",
    "D09.inside": "huber",
    "D09.bounded": "huber",
    "D09.cycle": "huber",
}


def verdict(name: str, history) -> Verdict:
    return reading(CLAIMS, name, history).verdict


@pytest.mark.parametrize(("name", "where"), DEMOS.items())
def test_it_holds_in_its_demo(name: str, where: str):
    assert verdict(name, demo(where)) is Verdict.HOLDS
    named = entry(where).claims
    assert name in named or name.partition(".")[0] in named


def later(values: np.ndarray) -> np.ndarray:
    """The path with ten rows at the start made one, so that everything comes ten steps sooner."""
    return np.concatenate([values[10:], np.repeat(values[-1:], 10, axis=0)])


FALSIFIED: dict[str, Change] = {
    "D06.factor": lambda h: altered(h, scenario={"learning_rate": 1.79}),
    "D06.converges": lambda h: altered(h, scenario={"learning_rate": 2.2}),
    "D07.steps": lambda h: altered(h, iterate=nudged(0.01)),
    "D07.band": lambda h: altered(h, scenario={"learning_rate": 0.08}),
    "D07.gap": lambda h: altered(h, gap=lambda gap: np.maximum(gap, 0.41)),
    "D08.steps": lambda h: altered(h, gap=later),
    "D08.accuracy": lambda h: altered(h, gap=lambda gap: gap + 0.06),
    "D08.slip": lambda h: altered(h, gap=lambda gap: np.where(gap < 6, 0.09, gap)),
    "D09.outside": lambda h: altered(h, scenario={"learning_rate": 0.31}),
    "D09.inside": lambda h: altered(h, scenario={"learning_rate": 2.6}),
    "D09.bounded": lambda h: altered(h, iterate=lambda w: 1.2 * w),
    "D09.cycle": lambda h: altered(h, iterate=nudged(0.01, first=20)),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_it_fails_when_the_run_is_falsified(claim):
    history = FALSIFIED[claim.id](demo(DEMOS[claim.id]))
    assert verdict(claim.id, history) is Verdict.FAILS


@pytest.mark.parametrize("rate", [0.05, 0.5, 1.0, 1.5, 2.0, 2.1, 3.0])
def test_the_parabola_at_every_step_size(rate: float):
    history = finished(DescentScenario(learning_rate=rate, steps=400))
    factor = reading(CLAIMS, "D06.factor", history)
    assert factor.verdict is Verdict.HOLDS
    assert factor.value == pytest.approx(1 - rate, abs=1e-6)
    assert verdict("D06.converges", history) is Verdict.HOLDS


def test_a_change_on_the_way_is_taken_into_account():
    history = finished(
        DescentScenario(learning_rate=0.3, steps=60).with_change(30, "learning_rate", 1.4)
    )
    assert reading(CLAIMS, "D06.factor", history).value == pytest.approx(-0.4, abs=1e-6)
    assert verdict("D06.factor", history) is Verdict.HOLDS
    forgotten = altered(history, scenario={"changes": ()})
    assert verdict("D06.factor", forgotten) is Verdict.FAILS


@pytest.mark.parametrize("rate", [0.01, 0.3, 1.7])
@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_the_kink_at_other_slopes(rate: float, slope: float):
    scenario = DescentScenario(
        objective="absolute", start=(3.03,), slope=slope, learning_rate=rate, steps=1200
    )
    history = finished(scenario)
    for name in ("D07.steps", "D07.band", "D07.gap", "D08.accuracy"):
        assert verdict(name, history) is Verdict.HOLDS, name
    assert verdict("D08.steps", history) is not Verdict.FAILS


def test_the_steps_to_the_slides_accuracy():
    history = demo("accuracy")
    assert reading(CLAIMS, "D08.steps", history).value == pytest.approx(52, abs=1)
    assert reading(CLAIMS, "D08.slip", demo("accuracy-slide")).value == pytest.approx(5.2)


@pytest.mark.parametrize("rate", [0.4, 1.6, 2.0, 2.2, 2.5, 7.0])
@pytest.mark.parametrize("start", [0.13, 5.37])
def test_hubers_loss_at_every_step_size(rate: float, start: float):
    scenario = DescentScenario(
        objective="huber", start=(start,), minimizer=(0.0,), learning_rate=rate, steps=300
    )
    history = finished(scenario)
    for name in ("D09.outside", "D09.inside", "D09.bounded", "D09.cycle"):
        assert verdict(name, history) is not Verdict.FAILS, name
    assert verdict("D09.bounded", history) is Verdict.HOLDS
    assert (verdict("D09.cycle", history) is Verdict.HOLDS) == (rate > 2)


def test_they_wait_for_the_run_and_for_their_objective():
    fresh = finished(DescentScenario(steps=1))
    other = finished(
        DescentScenario(objective="saddle", start=(1.0, 1.0), minimizer=(0.0, 1.0), steps=9)
    )
    for claim in CLAIMS:
        assert verdict(claim.id, other) is Verdict.PENDING
        if claim.demo != "D06":
            assert verdict(claim.id, fresh) is Verdict.PENDING
