"""The claims of the paper's figures hold in their demos, and fail where something is false."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.paper import CLAIMS_OF_PAPER
from lazygui.scenarios.catalogue import entries, entry
from tests.claims.altered import altered, reading
from tests.claims.lazy_runs import demo, diagnosed

IDS = {claim.id for claim in CLAIMS_OF_PAPER}


def named(entry_claims):
    """Those of this module among an entry's claims."""
    return sorted(i for i in IDS if any(n in (i, i.partition(".")[0]) for n in entry_claims))


CHECKS = [(item.id, name) for item in entries() for name in named(item.claims)]


def verdict(name, history):
    return reading(CLAIMS_OF_PAPER, name, history).verdict


def times(factor):
    def function(values):
        return values * factor

    return function


def test_every_claim_has_a_demo():
    assert {name for _, name in CHECKS} == IDS


COLUMNS = [
    ("figure-1a", "P1a.displacement", "relative_displacement", 0.1),
    ("figure-1a", "P1a.gates", "gate_flips", 0.0),
    ("figure-1a", "P1a.balance", "balance_drift", 1000.0),
    ("figure-1b", "P1b.displacement", "relative_displacement", 10.0),
    ("figure-1b", "P1b.balance", "balance_drift", 100.0),
]


@pytest.mark.parametrize(("item", "name", "column", "factor"), COLUMNS)
def test_other_numbers_fail(item, name, column, factor):
    assert verdict(name, altered(demo(item), **{column: times(factor)})) is Verdict.FAILS


def ending(value):
    """A column that ends `value` above where it was."""

    def function(values):
        made = values.copy()
        made[-1] += value
        return made

    return function


@pytest.mark.parametrize(
    ("item", "name", "column"),
    [
        ("figure-1a", "P1a.test", "test_loss"),
        ("figure-1b", "P1b.loss", "loss"),
        ("figure-1b", "P1b.gates", "gate_flips"),
    ],
)
def test_another_end_fails(item, name, column):
    assert verdict(name, altered(demo(item), **{column: ending(0.05)})) is Verdict.FAILS


@pytest.mark.parametrize(
    ("item", "name", "column", "axis", "power"),
    [
        ("figure-1c", "P1c.plateau", "test_loss", "gain", 0.5),
        ("figure-1c", "P1c.worse", "test_loss", "gain", -0.8),
        ("figure-2a", "P2a.worse", "test_loss", "width", -0.6),
        ("figure-2a", "P2a.lazier", "relative_displacement", "width", 0.5),
        ("figure-2a-mean-field", "P2a.level", "test_loss", "width", 1.0),
        ("figure-2a-mean-field", "P2a.flat", "test_loss", "width", 0.5),
        ("figure-2a-mean-field", "P2a.moving", "relative_displacement", "width", -0.5),
        ("figure-2b", "P2b.plateau", "loss", "gain", 0.5),
        ("figure-2b", "P2b.worse", "loss", "gain", -1.0),
    ],
)
def test_another_trend_fails(item, name, column, axis, power):
    history = demo(item)
    bent = altered(history, **{column: times(history[axis] ** power)})
    assert verdict(name, bent) is Verdict.FAILS


def test_the_regimes_do_not_speak_of_each_other():
    for name in ("P1a.displacement", "P1a.gates", "P1a.test"):
        assert verdict(name, demo("figure-1b")) is Verdict.PENDING
    for name in ("P1b.displacement", "P1b.gates", "P1b.loss"):
        assert verdict(name, demo("figure-1a")) is Verdict.PENDING


def test_the_scalings_do_not_speak_of_each_other():
    assert verdict("P2a.worse", demo("figure-2a-mean-field")) is Verdict.PENDING
    assert verdict("P2a.flat", demo("figure-2a")) is Verdict.PENDING
    assert verdict("P2b.worse", demo("figure-1c")) is Verdict.PENDING
    assert verdict("P1c.worse", demo("figure-2b")) is Verdict.PENDING


def test_the_balance_drifts_in_proportion_to_the_step_size():
    """Gradient flow conserves |a|² − c²: at the same time t = ηk a tenth of η, a tenth of it."""
    run = entry("figure-1a").scenario
    coarse = diagnosed(run.replace(steps=1500))
    fine = diagnosed(run.replace(steps=15000, learning_rate=run.learning_rate / 10))
    ratio = float(coarse.latest("balance_drift") / fine.latest("balance_drift"))
    assert ratio == pytest.approx(10, rel=0.15)
    assert verdict("P1a.balance", coarse) is Verdict.HOLDS
    assert verdict("P1a.balance", fine) is Verdict.HOLDS


def test_the_full_sizes_are_those_of_the_paper():
    sizes = {name: entry(name).full for name in ("figure-1c", "figure-2a", "figure-2b")}
    for full in sizes.values():
        assert full is not None
        assert (full.base.dimension, full.base.teachers) == (100, 3)
    assert sizes["figure-1c"].base.samples == sizes["figure-2a"].base.samples == 1000
    assert sizes["figure-1c"].base.steps == 10_000
    assert sizes["figure-2a"].base.steps == 25_000
    assert (sizes["figure-2b"].base.samples, sizes["figure-2b"].base.steps) == (200, 20_000)
    plane = entry("figure-1a").full
    assert (plane.learning_rate, plane.steps) == (0.005, 100_000)


def test_no_demo_draws_student_and_teacher_from_the_same_numbers():
    """Both take their first Gaussians from their seed: equal seeds make parallel neurons."""
    for item in entries():
        base = getattr(item.scenario, "base", item.scenario)
        if getattr(base, "data", "") != "teacher":
            continue
        runs = [item.scenario]
        if item.scenario.kind == "sweep":
            runs = [item.scenario.run(index) for index in range(item.scenario.steps)]
        assert all(run.seed != run.data_seed for run in runs), item.id


def test_a_width_of_512_is_in_the_full_figure():
    for name in ("figure-2a", "figure-2a-mean-field"):
        full = entry(name).full
        assert np.max(full.axes[0].values()) == 512
