"""The claims about networks hold on their demos, fail on tampered runs, and wait when they must."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from lazygui import headless
from lazygui.claims.claim import Verdict
from lazygui.claims.networks import CLAIMS_OF_NETWORKS
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.landscape import LandscapeScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, Column, Frame, History
from tests.claims.smaller import smaller

CLAIMS = {claim.id: claim for claim in CLAIMS_OF_NETWORKS}
DEMOS = {
    "deep": ["D20.composition", "D20.gradient"],
    "permuted": ["D21.permutation", "D21.barrier", "D21.chord"],
    "landscape": ["D21.permutation", "D21.barrier", "D21.chord"],
    "two-layer": ["D22.motion"],
    "width": ["D22.relative", "D22.total", "D22.features", "D22.outputs", "D22.alike"],
}


def finished(scenario: Scenario) -> History:
    simulation = build_simulation(scenario)
    history, _ = headless.run(simulation)
    history.record_facts(simulation.diagnose())
    return history


@cache
def demo(name: str) -> History:
    return finished(smaller(name))


def tampered(history: History, arrays: dict | None = None, **changes) -> History:
    """A copy of a history in which some columns, or arrays of the newest frame, are others."""
    copy = History(history.scenario, history.columns, dict(history.facts))
    rows = {c.name: np.array(history[c.name]) for c in history.columns}
    for name, change in changes.items():
        rows[name] = change(rows[name])
    now = history.now
    if arrays is not None:
        assert now is not None
        now = Frame(now.step, {**now.arrays, **arrays})
    tail = {name: values[-1] for name, values in rows.items()}
    copy.append(Batch(0, history.last_step, rows, tail, (), now))
    return copy


def verdict(name: str, history: History) -> Verdict:
    return CLAIMS[name].read(history).verdict


def test_every_claim_has_a_demo_that_names_it():
    named = {part for names in DEMOS.values() for part in names}
    assert named == set(CLAIMS)
    for name, parts in DEMOS.items():
        asked = entry(name).claims
        assert {part for part in CLAIMS if part in asked or part[:3] in asked} == set(parts)


@pytest.mark.parametrize("part", CLAIMS)
def test_waits_before_a_run_has_rows(part):
    for name, parts in DEMOS.items():
        if part in parts:
            full = demo(name)
            assert verdict(part, History(full.scenario, full.columns)) is Verdict.PENDING


@pytest.mark.parametrize("part", CLAIMS)
def test_waits_on_a_run_of_another_kind(part):
    history = finished(LazyScenario(width=4, samples=4, steps=20))
    assert verdict(part, history) is Verdict.PENDING


class TestFeedforward:
    @pytest.mark.parametrize(
        ("part", "fact"),
        [("D20.composition", "composition_error"), ("D20.gradient", "gradient_error")],
    )
    @pytest.mark.parametrize("error", [1e-4, np.nan])
    def test_a_wrong_network_fails(self, part, fact, error):
        history = tampered(demo("deep"))
        history.record_facts({fact: error})
        assert verdict(part, history) is Verdict.FAILS

    @pytest.mark.parametrize("layers", [1, 6])
    def test_holds_at_any_depth_without_biases_too(self, layers):
        scenario = entry("deep").scenario
        changed = scenario.replace(hidden_layers=layers, bias=False, width=8, steps=60)
        history = finished(changed)
        assert verdict("D20.composition", history) is Verdict.HOLDS
        assert verdict("D20.gradient", history) is Verdict.HOLDS


class TestNonConvexity:
    def test_a_copy_with_another_loss_fails(self):
        history = tampered(demo("permuted"), permuted_loss=lambda v: v * (1 + 1e-9))
        assert verdict("D21.permutation", history) is Verdict.FAILS

    def test_one_wrong_row_is_enough(self):
        def spoilt(values):
            values[40] += 1e-8
            return values

        history = tampered(demo("permuted"), permuted_loss=spoilt)
        assert verdict("D21.permutation", history) is Verdict.FAILS

    def test_a_convex_loss_fails(self):
        history = tampered(demo("permuted"), midpoint_loss=np.zeros_like)
        assert verdict("D21.barrier", history) is Verdict.FAILS

    def test_a_loss_below_its_chord_fails(self):
        t = demo("permuted").now.arrays["line_position"]
        history = tampered(demo("permuted"), {"line_loss": 0.1 + (t - 0.5) ** 2})
        assert verdict("D21.chord", history) is Verdict.FAILS

    def test_a_linearization_above_its_chord_fails(self):
        t = demo("permuted").now.arrays["line_position"]
        history = tampered(demo("permuted"), {"line_loss_linearized": 2 - (t - 0.5) ** 2})
        assert verdict("D21.chord", history) is Verdict.FAILS

    def test_without_a_barrier_yet_it_waits(self):
        """At w₀ of the doubled initialization the outputs are 0, and the copies no minima."""
        scenario = entry("permuted").scenario
        simulation = build_simulation(scenario)
        history = History(scenario, simulation.columns, dict(simulation.facts))
        history.append(simulation.advance(0))
        assert verdict("D21.barrier", history) is Verdict.PENDING

    @pytest.mark.parametrize(
        "values",
        [
            {"width": 2},
            {"width": 100},
            {"activation": "relu", "learning_rate": 0.3},
            {"initialization": "plain", "seed": 3},
            {"scale": 30.0},
            {"plane": "random"},
            {"dtype": "float32"},
        ],
        ids=str,
    )
    def test_holds_for_other_networks(self, values):
        history = finished(entry("permuted").scenario.replace(**values))
        for part in DEMOS["permuted"]:
            reading = CLAIMS[part].read(history)
            assert reading.verdict is Verdict.HOLDS, (part, reading)

    def test_a_diverged_run_fails_nothing_by_mistake(self):
        history = finished(LandscapeScenario(width=6, learning_rate=60.0, steps=400))
        assert verdict("D21.permutation", history) is not Verdict.FAILS


class TestMotion:
    def test_a_network_that_moves_a_lot_fails(self):
        history = tampered(demo("two-layer"), relative_displacement=lambda v: 5 * v)
        assert verdict("D22.motion", history) is Verdict.FAILS

    def test_it_is_not_about_narrow_networks(self):
        history = finished(entry("two-layer").scenario.replace(width=20, steps=500))
        assert verdict("D22.motion", history) is Verdict.PENDING

    def test_the_mean_field_scaling_is_not_lazy(self):
        scenario = entry("two-layer").scenario.replace(
            parameterization="mean-field", learning_rate=300.0, width=500
        )
        assert verdict("D22.motion", finished(scenario)) is Verdict.FAILS


class TestWidths:
    @pytest.mark.parametrize(
        ("part", "column", "power"),
        [
            ("D22.relative", "max_relative_displacement", 0.2),
            ("D22.relative", "max_relative_displacement", -0.2),
            ("D22.total", "max_displacement", -0.5),
            ("D22.features", "max_feature_drift", 0.5),
            ("D22.outputs", "max_output_gap", 1.1),
        ],
    )
    def test_another_power_of_the_width_fails(self, part, column, power):
        history = demo("width")
        factor = history["width"] ** power
        assert verdict(part, tampered(history, **{column: lambda v: v * factor})) is Verdict.FAILS

    def test_a_spread_that_grows_fails(self):
        history = demo("width")
        grown = np.exp(np.log(history["loss"]) * history["width"] ** 0.5)
        assert verdict("D22.alike", tampered(history, loss=lambda v: grown)) is Verdict.FAILS

    @pytest.mark.parametrize("part", DEMOS["width"])
    def test_diverged_runs_are_left_out(self, part):
        history = demo("width")
        lost = history["seed"] == 3.0
        names = [c.name for c in history.columns if c.name.startswith(("max_", "min_"))]
        changes = {name: lambda v: np.where(lost, np.nan, v) for name in (*names, "loss")}
        changes["diverged"] = lambda v: np.where(lost, 1.0, v)
        assert verdict(part, tampered(history, **changes)) is Verdict.HOLDS

    @pytest.mark.parametrize("part", DEMOS["width"])
    def test_waits_for_all_runs(self, part):
        full = demo("width")
        history = History(full.scenario, full.columns, dict(full.facts))
        rows = {c.name: full[c.name][:30] for c in full.columns}
        history.append(Batch(0, 30, rows, {name: v[-1] for name, v in rows.items()}))
        assert verdict(part, history) is Verdict.PENDING

    def test_one_width_is_too_few(self):
        full = demo("width")
        columns = tuple(Column(c.name, c.symbol, c.title) for c in full.columns)
        history = History(full.scenario, columns, dict(full.facts))
        rows = {c.name: full[c.name][full["width"] == 64.0] for c in full.columns}
        tail = {name: v[-1] for name, v in rows.items()}
        history.append(Batch(0, full.last_step, rows, tail))
        for part in DEMOS["width"]:
            assert verdict(part, history) is Verdict.PENDING
