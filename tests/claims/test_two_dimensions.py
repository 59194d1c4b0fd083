"""Claims of the examples in the plane: they hold, wait when they must, and can fail."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.exercises import CLAIMS_OF_EXERCISES
from lazygui.claims.regimes import CLAIMS_OF_REGIMES
from lazygui.claims.two_dimensions import CLAIMS_OF_TWO_DIMENSIONS
from lazygui.numerics.objectives import OBJECTIVES
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.descent import DescentScenario
from tests.claims.altered import Change, altered, demo, finished, nudged, reading

CLAIMS = (*CLAIMS_OF_TWO_DIMENSIONS, *CLAIMS_OF_REGIMES, *CLAIMS_OF_EXERCISES)
DEMOS = {
    "D02.steepest": "steepest-descent",
    "D02.level": "steepest-descent",
    "D05.slow": "three-regimes",
    "D05.converges": "three-regimes",
    "D05.diverges": "three-regimes",
    "D10.rate": "conditioning",
    "D10.best": "best-step",
    "D10.threshold": "conditioning",
    "D11.still": "exercise-a",
    "D11.loss": "exercise-a",
    "D11.distance": "exercise-a",
    "D12.loss": "exercise-b",
    "D12.distance": "exercise-b",
    "D12.half": "exercise-b",
    "D13.x": "exercise-c",
    "D13.band": "exercise-c",
    "D13.floor": "exercise-c",
    "D13.decreasing": "exercise-c-decreasing",
}


def verdict(name: str, history) -> Verdict:
    return reading(CLAIMS, name, history).verdict


def aslant(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A frame whose gradient is turned by two degrees."""
    cosine, sine = math.cos(math.radians(2)), math.sin(math.radians(2))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return {**arrays, "gradient": turn @ arrays["gradient"]}


@pytest.mark.parametrize(("name", "where"), DEMOS.items())
def test_it_holds_in_its_demo(name: str, where: str):
    assert verdict(name, demo(where)) is Verdict.HOLDS
    named = entry(where).claims
    assert name in named or name.partition(".")[0] in named


FALSIFIED: dict[str, Change] = {
    "D02.steepest": lambda h: altered(h, arrays=aslant),
    "D02.level": lambda h: altered(h, arrays=aslant),
    "D05.slow": lambda h: altered(h, gap=lambda gap: 1e-3 * gap),
    "D05.converges": lambda h: altered(h, gap=lambda gap: 10.0 * gap),
    "D05.diverges": lambda h: altered(h, gap=lambda gap: 0.1 * gap),
    "D10.rate": lambda h: altered(h, scenario={"learning_rate": 1.86}),
    "D10.best": lambda h: altered(h, iterate=lambda w: w * 0.999 ** np.arange(len(w))[:, None]),
    "D10.threshold": lambda h: altered(h, scenario={"learning_rate": 2.1}),
    "D11.still": lambda h: altered(h, iterate=nudged(1e-12)),
    "D11.loss": lambda h: altered(h, gap=nudged(1e-4)),
    "D11.distance": lambda h: altered(h, scenario={"learning_rate": 0.11}),
    "D12.loss": lambda h: altered(h, gap=lambda gap: 1.01 * gap),
    "D12.distance": lambda h: altered(h, distance=lambda d: 0.99 * d),
    "D12.half": lambda h: altered(h, scenario={"learning_rate": 0.101}),
    "D13.x": lambda h: altered(h, scenario={"learning_rate": 0.101}),
    "D13.band": lambda h: altered(h, iterate=lambda w: 2.0 * w),
    "D13.floor": lambda h: altered(h, gap=lambda gap: 1.05 * gap),
    "D13.decreasing": lambda h: altered(h, gap=lambda gap: gap + 0.001),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_it_fails_when_the_run_is_falsified(claim):
    history = FALSIFIED[claim.id](demo(DEMOS[claim.id]))
    assert verdict(claim.id, history) is Verdict.FAILS


@pytest.mark.parametrize("name", [n for n, f in OBJECTIVES.items() if f.dim == 2])
def test_the_direction_on_every_objective_of_the_plane(name: str):
    rate = 1e-3 if name == "rosenbrock" else 0.1
    start = OBJECTIVES[name].build().default_start
    scenario = DescentScenario(
        objective=name, start=start, minimizer=(0.0, 0.0), learning_rate=rate, steps=50
    )
    history = finished(scenario)
    expected = Verdict.PENDING if name == "exercise_c" else Verdict.HOLDS
    assert verdict("D02.steepest", history) is expected
    assert verdict("D02.level", history) is expected


@pytest.mark.parametrize("condition", [1.0, 10.0, 100.0, 1000.0])
@pytest.mark.parametrize("rate", [0.5, 1.85, 2.05])
def test_the_rate_at_every_conditioning(condition: float, rate: float):
    scenario = DescentScenario(
        objective="quadratic_2d", start=(2.6, 1.0), minimizer=(0.3, 0.0), condition=condition,
        learning_rate=rate, steps=400,
    )  # fmt: skip
    history = finished(scenario)
    measured = reading(CLAIMS, "D10.rate", history)
    expected = max(abs(1 - rate), abs(1 - rate / condition))
    assert measured.verdict is Verdict.HOLDS
    assert measured.value == pytest.approx(expected, rel=2e-3)
    # The flat direction of a large conditioning has not told by then.
    said = verdict("D10.threshold", history)
    assert said is Verdict.HOLDS or (said is Verdict.PENDING and condition == 1000.0 and rate < 2)


@pytest.mark.parametrize(("condition", "rate"), [(10.0, 0.818), (100.0, 0.9802), (1000.0, 0.998)])
def test_the_best_rates_of_the_reference(condition: float, rate: float):
    scenario = entry("best-step").scenario.replace(
        condition=condition, learning_rate=2 / (1 + 1 / condition)
    )
    best = reading(CLAIMS, "D10.best", finished(scenario))
    assert best.verdict is Verdict.HOLDS
    assert best.value == pytest.approx(rate, abs=5e-4)


def test_another_step_than_the_best_has_nothing_to_say_about_it():
    history = finished(entry("best-step").scenario.replace(learning_rate=1.9))
    assert verdict("D10.best", history) is Verdict.PENDING


def test_the_half_life_of_exercise_b():
    half = reading(CLAIMS, "D12.half", demo("exercise-b"))
    assert half.value == pytest.approx(math.log(2) / 1e-6, rel=1e-3)


@pytest.mark.parametrize("rate", [0.03, 0.4, 1.3])
def test_the_exercises_at_other_step_sizes(rate: float):
    for name in ("exercise-a", "exercise-b", "exercise-c"):
        scenario = entry(name).scenario.replace(learning_rate=rate, steps=2000)
        history = finished(scenario)
        for claim in CLAIMS:
            if DEMOS[claim.id] == name:
                assert verdict(claim.id, history) is Verdict.HOLDS, (name, claim.id)


def test_the_floor_of_exercise_c_is_half_the_step():
    for rate in (0.1, 0.05):
        history = finished(entry("exercise-c").scenario.replace(learning_rate=rate, steps=600))
        floor = reading(CLAIMS, "D13.floor", history)
        assert floor.value == pytest.approx(rate / 2, rel=1e-3)


def test_without_a_decreasing_step_there_is_nothing_to_check():
    assert verdict("D13.decreasing", demo("exercise-c")) is Verdict.PENDING


@pytest.mark.parametrize("changes", [{"condition": 100.0}, {"start": (0.3, -2.0)}, {"steps": 90}])
def test_the_three_regimes_from_other_starts(changes):
    history = finished(entry("three-regimes").scenario.replace(**changes))
    for name in ("D05.slow", "D05.converges", "D05.diverges"):
        assert verdict(name, history) is Verdict.HOLDS, name


def test_they_wait_for_the_run_and_for_their_objective():
    fresh = finished(DescentScenario(steps=1))
    for claim in CLAIMS:
        assert verdict(claim.id, fresh) is Verdict.PENDING
