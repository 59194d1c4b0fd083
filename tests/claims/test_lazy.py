"""The claims of lazy training hold in their demos, and fail where something is false."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lazygui.claims import widths
from lazygui.claims.benefits import CLAIMS_OF_BENEFITS
from lazygui.claims.claim import Verdict
from lazygui.claims.lazy import CLAIMS_OF_LAZY as NEAR_START
from lazygui.claims.scaling import CLAIMS_OF_SCALING
from lazygui.claims.start import start_of
from lazygui.claims.widths import CLAIMS_OF_WIDTHS
from lazygui.scenarios.base import Change
from lazygui.scenarios.catalogue import entries
from tests.claims.altered import altered, reading
from tests.claims.lazy_runs import demo, diagnosed, lazy, made_up, sweep_of

CLAIMS_OF_LAZY = (*NEAR_START, *CLAIMS_OF_SCALING, *CLAIMS_OF_WIDTHS, *CLAIMS_OF_BENEFITS)
IDS = {claim.id for claim in CLAIMS_OF_LAZY}
SCALES = {"name": "scale", "start": 1.0, "stop": 1e4, "count": 9, "spacing": "log"}
WIDTHS = {"name": "width", "values": [16, 32, 64, 128, 256, 512]}
SEEDS = {"name": "seed", "start": 0, "stop": 3, "count": 4}


def named(entry_claims):
    """Those of this module among an entry's claims."""
    return sorted(i for i in IDS if any(n in (i, i.partition(".")[0]) for n in entry_claims))


CHECKS = [(item.id, name) for item in entries() for name in named(item.claims)]


def verdict(name, history):
    return reading(CLAIMS_OF_LAZY, name, history).verdict


def test_every_claim_has_a_demo():
    assert {name for _, name in CHECKS} == IDS


@pytest.mark.parametrize(
    "name", ["D24.outputs", "D27.product", "D27.differential", "D27.travel", "D29.inverse"]
)
def test_what_needs_kappa_waits_for_it(name):
    history = diagnosed(lazy(steps=1))
    history.facts.clear()
    assert verdict(name, history) is Verdict.PENDING


def test_claims_about_a_single_run_say_nothing_of_a_sweep_and_the_other_way_round():
    sweep, single = demo("kappa-scale"), demo("centred")
    singles = {"D24.linear", "D27.differential", "D29.inverse", "D31.limit", "D33.function"}
    for name in IDS:
        history = sweep if name in singles else single
        if name in singles or name.startswith(("D28", "D29.c", "D30", "D32.n", "D34.g", "D35.s")):
            assert verdict(name, history) is Verdict.PENDING


def times(factor):
    def function(values):
        return values * factor

    return function


def bent(metric, power):
    """A column whose slope in the first axis is off by `power`."""

    def change(history):
        axis = history[history.scenario.axes[0].name]
        return altered(history, **{metric: times(axis**power)})

    return change


SLOPES = [
    ("theorem-centred", "D30.displacement", "max_displacement", 0.1),
    ("theorem-centred", "D30.weights", "max_weight_gap", 0.15),
    ("theorem-centred", "D30.outputs", "max_output_gap", -0.5),
    ("theorem-centred", "D30.kernel", "max_kernel_drift", 0.1),
    ("theorem-doubled", "D30.outputs", "max_output_gap", 1.0),
    ("theorem-uncentred", "D31.displacement", "max_displacement", -0.2),
    ("theorem-uncentred", "D31.weights", "max_weight_gap", -0.2),
    ("theorem-uncentred", "D31.outputs", "max_output_gap", -1.0),
    ("kappa-scale", "D29.constant", "kappa", 1e-6),
    ("kappa-width", "D32.ntk", "kappa", 0.2),
    ("kappa-width-signs", "D32.rademacher", "kappa", 0.1),
    ("kappa-width-standard", "D32.standard", "kappa", 0.5),
    ("kappa-width-mean-field", "D32.mean-field", "kappa", -0.5),
    ("teacher-student", "D35.sweep", "test_loss", -0.2),
]


@pytest.mark.parametrize(("item", "name", "metric", "power"), SLOPES)
def test_another_slope_fails(item, name, metric, power):
    assert verdict(name, demo(item)) is Verdict.HOLDS
    assert verdict(name, bent(metric, power)(demo(item))) is Verdict.FAILS


FACTS = [
    ("lazy-scale", "D27.product", {"kappa": 0.2}),
    ("lazy-scale", "D27.differential", {"differential_norm": 0.71}),
    ("lazy-scale", "D29.inverse", {"kappa": 0.3}),
    ("zero-output", "D31.limit", {"kappa": 0.01}),
    ("le-cun", "D33.kernel", {"lambda_max": 1.0}),
]


@pytest.mark.parametrize(("item", "name", "facts"), FACTS)
def test_other_facts_fail(item, name, facts):
    assert verdict(name, demo(item)) is Verdict.HOLDS
    assert verdict(name, altered(demo(item), facts=facts)) is Verdict.FAILS


COLUMNS = [
    ("centred", "D24.outputs", "output_gap", 100.0),
    ("not-lazy", "D27.travel", "relative_displacement", 0.1),
    ("mean-field", "D32.motion", "relative_displacement", 0.01),
    ("kernel-regression", "D34.closest", "displacement", 1.2),
    ("generalization", "D35.gap", "test_loss", 1e-4),
]


@pytest.mark.parametrize(("item", "name", "column", "factor"), COLUMNS)
def test_other_numbers_fail(item, name, column, factor):
    assert verdict(name, demo(item)) is Verdict.HOLDS
    assert verdict(name, altered(demo(item), **{column: times(factor)})) is Verdict.FAILS


def test_a_linearization_of_another_step_size_fails():
    early = diagnosed(lazy(initialization="centred", scale=30.0, learning_rate=2.0, steps=40))
    assert verdict("D24.linear", early) is Verdict.HOLDS
    other = altered(early, scenario={"learning_rate": 1.9})
    assert verdict("D24.linear", other) is Verdict.FAILS


def test_the_linear_model_follows_a_step_size_changed_on_the_way():
    changes = (Change(step=10, name="learning_rate", value=0.5),)
    changed = diagnosed(lazy(learning_rate=2.0, steps=30, changes=changes))
    assert verdict("D24.linear", changed) is Verdict.HOLDS
    assert verdict("D24.linear", altered(changed, scenario={"changes": ()})) is Verdict.FAILS


@pytest.mark.parametrize("scale", [10.0, 100.0, 1000.0])
@pytest.mark.parametrize("initialization", ["centred", "doubled"])
def test_what_holds_for_one_scale_holds_for_others(scale, initialization):
    history = diagnosed(
        lazy(scale=scale, initialization=initialization, learning_rate=2.0, steps=300)
    )
    for name in ("D24.linear", "D24.outputs", "D27.product", "D27.differential", "D29.inverse"):
        assert verdict(name, history) is Verdict.HOLDS


def test_a_large_kappa_promises_nothing():
    assert verdict("D24.outputs", demo("not-lazy")) is Verdict.PENDING
    assert verdict("D27.travel", demo("centred")) is Verdict.PENDING
    assert verdict("D29.inverse", demo("zero-output")) is Verdict.PENDING
    assert verdict("D31.limit", demo("centred")) is Verdict.PENDING


def test_the_theorem_is_silent_without_zero_output_and_the_other_way_round():
    assert verdict("D30.weights", demo("theorem-uncentred")) is Verdict.PENDING
    assert verdict("D31.weights", demo("theorem-centred")) is Verdict.PENDING


def test_a_slope_waits_for_every_run():
    sweep = sweep_of({}, [SCALES, SEEDS])
    half = made_up(sweep, rows=20, max_displacement=lambda run: 1 / run.scale)
    assert verdict("D30.displacement", half) is Verdict.PENDING
    whole = made_up(sweep, max_displacement=lambda run: 1 / run.scale)
    assert verdict("D30.displacement", whole) is Verdict.HOLDS


def test_a_slope_needs_scales_in_the_asymptotic_regime():
    sweep = sweep_of({}, [{"name": "scale", "values": [1.0, 3.0, 10.0, 30.0, 100.0]}])
    history = made_up(sweep, max_displacement=lambda run: 1 / run.scale)
    assert verdict("D30.displacement", history) is Verdict.PENDING


def test_a_correlation_of_nothing_fails():
    rng = np.random.default_rng(0)
    sweep = sweep_of({}, [SCALES, SEEDS], abscissa="scale")
    random = made_up(sweep, kappa=lambda _: rng.random(), output_gap=lambda _: rng.random())
    assert verdict("D28", random) is Verdict.FAILS
    sure = made_up(sweep, kappa=lambda run: 1 / run.scale, output_gap=lambda run: run.scale**-2)
    assert reading(CLAIMS_OF_LAZY, "D28", sure).value == pytest.approx(1)


def test_the_rank_correlation_is_that_of_scipy():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    kappas, gaps = rng.integers(0, 6, 36).astype(float), rng.random(36)
    sweep = sweep_of({}, [SCALES, SEEDS])
    history = made_up(
        sweep,
        kappa=lambda run: kappas[int(run.seed) * 9 + round(np.log10(run.scale) * 2)],
        output_gap=lambda run: gaps[int(run.seed) * 9 + round(np.log10(run.scale) * 2)],
    )
    expected = spearmanr(kappas, gaps).statistic
    assert reading(CLAIMS_OF_LAZY, "D28", history).value == pytest.approx(expected, abs=1e-12)


def test_one_seed_that_stays_up_fails():
    def stuck(values):
        return np.where(np.arange(len(values)) == 5, 1e-3, values)

    assert verdict("D34.global", altered(demo("global-minimum"), loss=stuck)) is Verdict.FAILS

    def lost(values):
        return np.where(np.arange(len(values)) == 5, np.nan, values)

    assert verdict("D34.global", altered(demo("global-minimum"), loss=lost)) is Verdict.FAILS


def test_a_network_that_was_not_lazy_ended_elsewhere():
    lazy_run = demo("kernel-regression")
    other = diagnosed(lazy_run.scenario.replace(scale=1.0))
    assert verdict("D34.regression", other) is Verdict.PENDING
    taken = altered(other, scenario={"scale": 30.0}, facts={"kappa": lazy_run.facts["kappa"]})
    assert verdict("D34.regression", taken) is Verdict.FAILS
    assert verdict("D34.closest", taken) is Verdict.FAILS


def test_the_function_of_another_draw_is_not_the_same(monkeypatch):
    history = demo("le-cun")
    start = start_of(history)
    assert start is not None
    ntk = widths._as_ntk(start)
    other = dataclasses.replace(ntk, w0=ntk.w0 * 1.001)
    monkeypatch.setattr(widths, "_as_ntk", {start: other}.__getitem__)
    assert verdict("D33.function", history) is Verdict.FAILS


def test_the_training_of_the_other_parameterization_fails():
    other = diagnosed(demo("le-cun").scenario.replace(parameterization="ntk", learning_rate=0.9))
    taken = altered(other, scenario={"parameterization": "standard", "learning_rate": 0.01})
    assert verdict("D33.training", taken) is Verdict.FAILS
    assert verdict("D33.kernel", taken) is Verdict.FAILS


def test_the_start_made_again_is_that_of_the_run():
    for item in ("lazy-scale", "centred", "zero-output", "le-cun"):
        history = demo(item)
        start = start_of(history)
        assert start is not None
        np.testing.assert_array_equal(start.inputs, history.facts["inputs"])
        first = history.frames[0].arrays["outputs"]
        np.testing.assert_allclose(start.scale * start.outputs, first, atol=1e-12)
        spectrum = np.sort(history.facts["eigenvalues"])
        np.testing.assert_allclose(start.modes[0], spectrum, atol=1e-12 * spectrum[-1])
