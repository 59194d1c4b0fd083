"""Claims of the linear model: they hold, wait when they must, and can fail."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.eigenmodes import CLAIMS_OF_EIGENMODES
from lazygui.claims.least_squares import CLAIMS_OF_LEAST_SQUARES
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from tests.claims.altered import Change, altered, demo, finished, nudged, reading

CLAIMS = (*CLAIMS_OF_LEAST_SQUARES, *CLAIMS_OF_EIGENMODES)
DEMOS = {
    "D14": "underparameterized",
    "D15.projection": "underparameterized",
    "D15.unique": "underparameterized",
    "D15.prediction": "rank-deficient",
    "D16.loss": "overparameterized",
    "D16.family": "overparameterized",
    "D17.modes": "eigenmodes",
    "D17.still": "eigenmodes",
    "D17.threshold": "eigenmodes",
    "D18.image": "overparameterized",
    "D18.limit": "overparameterized",
    "D18.norm": "minimum-norm",
    "D19.rate": "slowest-mode",
    "D19.loss": "slowest-mode",
}


def verdict(name: str, history) -> Verdict:
    return reading(CLAIMS, name, history).verdict


def moved(history):
    """The same history with other weights."""
    return altered(history, arrays=lambda arrays: {"weights": arrays["weights"] + 1e-3})


@pytest.mark.parametrize(("name", "where"), DEMOS.items())
def test_it_holds_in_its_demo(name: str, where: str):
    assert verdict(name, demo(where)) is Verdict.HOLDS
    named = entry(where).claims
    assert name in named or name.partition(".")[0] in named


FALSIFIED: dict[str, Change] = {
    "D14": lambda h: altered(h, loss=lambda loss: loss * 1.001),
    "D15.projection": moved,
    "D15.unique": lambda h: altered(h, facts={"flattest_rise": 0.0}),
    "D15.prediction": lambda h: altered(h, facts={"limit": h.facts["limit"] + 1e-3}),
    "D16.loss": lambda h: altered(h, loss=lambda loss: loss + 1e-10),
    "D16.family": lambda h: altered(h, facts={"flattest_rise": 0.01}),
    "D17.modes": lambda h: altered(h, modes=nudged(1e-3)),
    "D17.still": lambda h: altered(h, off_image=lambda off: off + 1e-9),
    "D17.threshold": lambda h: altered(h, scenario={"learning_rate": 2.1}),
    "D18.image": lambda h: altered(h, off_image=lambda off: off + 1e-9),
    "D18.limit": moved,
    "D18.norm": lambda h: altered(h, minimum_norm_distance=lambda d: d + 1e-6),
    "D19.rate": lambda h: altered(h, scenario={"learning_rate": 1.03}),
    "D19.loss": lambda h: altered(h, distance=lambda d: np.append(d[0], 1.01 * d[1:])),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_it_fails_when_the_run_is_falsified(claim):
    history = FALSIFIED[claim.id](demo(DEMOS[claim.id]))
    assert verdict(claim.id, history) is Verdict.FAILS


SHAPES = [
    (12, 3, 0), (3, 12, 0), (5, 5, 0), (1, 4, 0), (4, 1, 0), (40, 60, 0), (12, 8, 5), (6, 9, 1)
]  # fmt: skip


@pytest.mark.parametrize(("n", "p", "rank"), SHAPES)
@pytest.mark.parametrize("start", ["zero", "random"])
@pytest.mark.parametrize("rate", [0.7, 1.9, 2.1])
def test_every_shape_start_and_step_size(n: int, p: int, rank: int, start: str, rate: float):
    scenario = LeastSquaresScenario(
        samples=n, features=p, rank=rank, start=start, learning_rate=rate, condition=8.0, steps=300
    )
    history = finished(scenario)
    said = {claim.id: verdict(claim.id, history) for claim in CLAIMS}
    assert Verdict.FAILS not in said.values()
    expected = {"D14", "D15.unique", "D17.modes", "D17.threshold", "D18.image"}
    # Forty modes lie so close together that the slowest takes longer to stand out.
    expected |= {"D19.rate"} if n < 40 else set()
    if rate < 2:
        expected |= {"D15.projection", "D18.limit", "D18.norm"}
        expected |= {"D16.loss"} if n <= p and not rank else set()
    expected |= {"D17.still"} if p > n or rank else set()
    expected |= {"D16.family"} if p > n and not rank else set()
    expected |= {"D15.prediction"} if start == "random" and (p > n or rank) else set()
    assert {name for name in expected if said[name] is not Verdict.HOLDS} == set()


def test_from_elsewhere_the_least_norm_stays_as_far_as_the_start_sticks_out():
    history = demo("overparameterized")
    norm = reading(CLAIMS, "D18.norm", history)
    problem, start = history.facts["problem"], history.facts["initial_weights"]
    outside = start - problem.X @ np.linalg.lstsq(problem.X, start, rcond=None)[0]
    assert norm.verdict is Verdict.HOLDS
    assert norm.value == pytest.approx(np.linalg.norm(outside), rel=1e-6)


def test_the_rate_is_that_of_the_smallest_eigenvalue_of_x_xt():
    history = demo("slowest-mode")
    X = history.facts["problem"].X
    eigenvalues = np.linalg.eigvalsh(X @ X.T)
    smallest = eigenvalues[eigenvalues > 1e-10].min()
    rate = reading(CLAIMS, "D19.rate", history)
    assert rate.value == pytest.approx(1 - history.scenario.learning_rate * smallest, rel=1e-3)


def test_beyond_the_best_step_the_steepest_mode_is_the_slow_one():
    scenario = entry("slowest-mode").scenario.replace(learning_rate=1.99, steps=3000)
    rate = reading(CLAIMS, "D19.rate", finished(scenario))
    assert rate.verdict is Verdict.HOLDS
    assert rate.value == pytest.approx(0.99, rel=1e-3)


def test_a_change_on_the_way_is_taken_into_account():
    scenario = entry("eigenmodes").scenario.with_change(40, "learning_rate", 0.6)
    history = finished(scenario)
    assert verdict("D17.modes", history) is Verdict.HOLDS
    assert verdict("D17.modes", altered(history, scenario={"changes": ()})) is Verdict.FAILS


def test_they_wait_for_the_run_and_for_least_squares():
    short = finished(LeastSquaresScenario(steps=1))
    other = finished(DescentScenario(steps=5))
    at_once = {"D14", "D15.unique", "D15.prediction", "D16.family"}
    for claim in CLAIMS:
        assert verdict(claim.id, other) is Verdict.PENDING
        if claim.id not in at_once:
            assert verdict(claim.id, short) is Verdict.PENDING, claim.id
