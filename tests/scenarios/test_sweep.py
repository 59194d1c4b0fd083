"""Sweeps: the runs they are made of, what they refuse, how a panel and a file show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads
from lazygui.scenarios.kinds import build_scenario, checked_change, replaced
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.parameters import Effect
from lazygui.scenarios.sweep import RUNS_LIMIT, SweepScenario, duration
from tests.scenarios.strategies import scenarios

ALPHAS = {"name": "scale", "start": 1.0, "stop": 1e4, "count": 5, "spacing": "log"}
SEEDS = {"name": "seed", "start": 0, "stop": 2, "count": 3}
FILE = """\
format = 1
kind = "sweep"
metrics = ["kappa"]
[base]
kind = "lazy"
width = 50
[[axes]]
name = "scale"
values = [1, 10]
[[axes]]
name = "seed"
start = 0
stop = 3
count = 4
"""


def sweep(*axes: dict[str, Any], **base: Any) -> SweepScenario:
    made = build_scenario({"kind": "sweep", "base": {"kind": "lazy", **base}, "axes": list(axes)})
    assert isinstance(made, SweepScenario)
    return made


def refusal(*axes: dict[str, Any], base: Any = None, **values: Any) -> str:
    base = {"kind": "lazy"} if base is None else base
    with pytest.raises(ScenarioError) as caught:
        build_scenario({"kind": "sweep", "base": base, "axes": list(axes), **values})
    return str(caught.value)


def test_the_first_axis_moves_fastest():
    made = sweep(ALPHAS, SEEDS, width=8)
    assert made.steps == 15
    runs = [made.run(index) for index in range(15)]
    assert [run.scale for run in runs] == pytest.approx([1, 10, 100, 1e3, 1e4] * 3)  # type: ignore[attr-defined]
    assert [run.seed for run in runs] == [0] * 5 + [1] * 5 + [2] * 5
    assert {run.width for run in runs} == {8}  # type: ignore[attr-defined]
    for beyond in (-1, 15):
        with pytest.raises(IndexError):
            made.run(beyond)


def test_values_are_those_of_numpy():
    made = sweep(ALPHAS, {"name": "learning_rate", "start": 0.1, "stop": 0.5, "count": 7})
    np.testing.assert_array_equal(made.axes[0].values(), np.geomspace(1.0, 1e4, 5))
    np.testing.assert_array_equal(made.axes[1].values(), np.linspace(0.1, 0.5, 7))
    assert [axis.log for axis in made.axes] == [True, False]


def test_whole_numbers_are_rounded_to_what_the_base_takes_and_stand_once():
    widths = {"name": "width", "start": 1, "stop": 9, "count": 20}
    assert sweep(widths).axes[0].values().tolist() == [2, 4, 6, 8, 10]
    plain = sweep(widths, initialization="plain")
    assert plain.axes[0].values().tolist() == list(range(1, 10))
    assert plain.replace(initialization="doubled").steps == 5
    assert plain.steps == 9


def test_listed_values_keep_their_order_and_are_logarithmic_if_their_parameter_is():
    made = sweep({"name": "width", "values": [64, 16, 256]}, {"name": "noise", "values": [0, 1]})
    assert made.axes[0].values().tolist() == [64, 16, 256]
    assert [axis.log for axis in made.axes] == [True, False]


def test_linked_parameters_move_along():
    linked = {"learning_rate": [0.5, 0.25, 0.125], "steps": [10, 20, 30]}
    made = sweep({"name": "width", "values": [2, 3, 4], "linked": linked}, SEEDS)
    # Widths 3 and 4 are both 4 here: the first one counts, with what is linked to it.
    assert made.steps == 6
    runs = [made.run(index) for index in range(2)]
    assert [(r.width, r.learning_rate, r.steps) for r in runs] == [(2, 0.5, 10), (4, 0.25, 20)]  # type: ignore[attr-defined]
    assert made.swept == {"width", "learning_rate", "steps", "seed"}


def test_dense_recording_is_thinned_and_a_stride_of_the_base_kept():
    assert sweep(SEEDS, steps=10_000).run(0).record_every == 50
    assert sweep(SEEDS, steps=100).run(0).record_every == 1
    assert sweep(SEEDS, steps=10_000, record_every=3).run(0).record_every == 3


@pytest.mark.parametrize(
    ("axis", "sentence"),
    [
        ({"name": "widht", "values": [2]}, "no number 'widht' that could be swept; did you mean"),
        ({"name": "activation", "values": [2]}, "axes.0.name: the base has no number 'activation'"),
        ({"name": "threads", "values": [1, 2]}, "axes.0.name: the base has no number 'threads'"),
        ({"name": "digit", "values": [1]}, "'digit' means nothing for the base's other choices"),
        ({"name": "scale"}, "axes.0.values: give start, stop and count, or a list of values"),
        ({"name": "scale", "start": 1, "stop": 2}, "axes.0.values: give start, stop and count"),
        ({"name": "scale", "values": []}, "axes.0.values: the list is empty"),
        ({"name": "scale", "values": [1], "count": 2}, "give either values or count, not both"),
        ({**SEEDS, "start": 9}, "axes.0.start: 9 is above stop = 2: the range is empty"),
        ({**SEEDS, "count": 0}, "axes.0.count: 0 is not allowed: it must be at least 1"),
        ({**SEEDS, "count": 1}, "axes.0.count: 1 value cannot reach from start to stop"),
        ({**SEEDS, "stop": 0}, "axes.0.count: 3 values between 0 and 0: choose 1"),
        ({**ALPHAS, "start": 0}, "axes.0.start: 0 has no logarithm"),
        ({**ALPHAS, "start": -1}, "axes.0.start: -1 has no logarithm"),
        ({**ALPHAS, "spacing": "lgo"}, "axes.0.spacing: 'lgo' is not allowed: choose 'linear' or"),
        ({**ALPHAS, "stpo": 3}, "axes.0.stpo: there is no such parameter"),
        ({"name": "scale", "values": [1, -1]}, "axes.0: scale = -1: -1.0 is not allowed: it must"),
        (
            {"name": "scale", "values": [1], "linked": {"seed": [1, 2]}},
            "axes.0.linked.seed: 2 value(s) for 1 of the axis",
        ),
        ({"name": "scale", "values": [1], "linked": {"scale": [2]}}, "'scale' is swept twice"),
        ({"name": "scale", "values": [1], "linked": {"loss": [2]}}, "no number 'loss'"),
        ({**SEEDS, "stop": 1e9, "count": 10**9}, "axes: 1,000,000,000 runs would take about "),
    ],
)
def test_a_wrong_axis_gives_a_sentence(axis: dict[str, Any], sentence: str):
    assert sentence in refusal(axis)


def test_a_sweep_too_large_is_refused_with_its_size_and_its_time():
    many = {"name": "scale", "start": 1, "stop": 2, "count": RUNS_LIMIT // 3 + 1}
    told = refusal(many, SEEDS)
    assert told.startswith("axes: 20,001 runs would take about ")
    assert "a sweep has at most 20,000" in told
    assert sweep({**many, "count": 50}, SEEDS).steps == 150


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 seconds"), (40, "40 seconds"), (150, "2 minutes"), (9000, "2 hours"),
     (400_000, "5 days"), (1e9, "32 years")],
)  # fmt: skip
def test_times_are_told_in_units_that_suit(seconds: float, words: str):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"base": {"kind": "lazy", "widht": 3}}, "base.widht: there is no such parameter; did you"),
        ({"base": {"kind": "lasy"}}, "base.kind: 'lasy' is not known; did you mean 'lazy'?"),
        ({"base": {"kind": "sweep"}}, "base.kind: a sweep cannot be swept"),
        ({"base": 3}, "base: it must be a table"),
        ({"steps": 7}, "steps: it belongs to the runs; write it into the base"),
        ({"seed": 7}, "seed: it belongs to the runs; write it into the base"),
        ({"changes": [{"step": 1, "name": "learning_rate", "value": 1.0}]}, "changes: a sweep is"),
        ({"metrics": "loss"}, "metrics: 'loss' is not allowed: it must be a list in brackets"),
        ({"metric": ["loss"]}, "metric: there is no such parameter; did you mean 'metrics'?"),
    ],
)
def test_a_wrong_sweep_gives_a_sentence(values: dict[str, Any], sentence: str):
    assert refusal(SEEDS, **values).startswith(sentence)


def test_axes_are_one_to_four_and_different():
    assert refusal().startswith("axes: there must be one to four")
    assert refusal(*[SEEDS] * 5).startswith("axes: there must be one to four")
    assert "'seed' is swept twice" in refusal(SEEDS, ALPHAS, SEEDS)
    with pytest.raises(ScenarioError, match="axes: it is missing"):
        build_scenario({"kind": "sweep", "base": {"kind": "lazy"}})


def test_faults_of_a_file_have_their_lines():
    bad = FILE.replace("width = 50", "width = -1").replace("count = 4", "count = 0")
    with pytest.raises(ScenarioError) as caught:
        loads(bad)
    assert {fault.field: fault.sentence.rpartition("(")[2] for fault in caught.value.faults} == {
        "base.width": "line 6)",
        "axes.1.count": "line 14)",
    }


def test_a_panel_edits_the_base():
    made = sweep(ALPHAS, SEEDS)
    names = {item.name for item in made.active_parameters()}
    assert {"width", "learning_rate", "steps", "activation"} <= names
    assert not {"scale", "seed", "digit", "record"} & names
    offered = {item.name for item in made.offered_parameters()}
    assert "digit" in offered
    assert "scale" not in offered
    assert all(item.effect is Effect.RESTART for item in made.offered_parameters())
    assert made.parameter("learning_rate").effect is Effect.RESTART
    changed = made.replace(width=64, steps=77, learning_rate=0.3)
    assert isinstance(changed, SweepScenario)
    assert (changed.value_of("width"), changed.value_of("steps")) == (64, 77)
    assert changed.steps == made.steps == 15
    assert changed.run(3).learning_rate == 0.3
    assert made.value_of("width") == 100
    assert made.replace(width=7).value_of("width") == 8
    assert changed.without_changes() == changed


def test_a_panel_s_fault_is_told_under_the_name_of_its_row():
    with pytest.raises(ScenarioError, match=r"^width: 0 is not allowed: it must be at least 1"):
        replaced(sweep(SEEDS), width=0)
    with pytest.raises(ScenarioError, match="'dimension' means nothing"):
        replaced(sweep({"name": "dimension", "values": [2, 3]}, data="teacher"), data="circle")


def test_nothing_changes_during_a_sweep():
    with pytest.raises(ScenarioError, match="nothing can change on the way"):
        checked_change(sweep(SEEDS), 3, "learning_rate", 0.5)
    with pytest.raises(ValidationError):
        sweep(SEEDS).with_change(3, "learning_rate", 0.5)


def test_memory_is_that_of_the_largest_run_on_every_thread():
    made = sweep({"name": "width", "values": [2, 4096, 16]}, SEEDS)
    one = LazyScenario(width=4096).memory_bytes()
    assert made.memory_bytes() == made.threads * one
    assert 1 <= made.threads <= 4


@st.composite
def sweeps(draw: st.DrawFn) -> SweepScenario:
    base = draw(scenarios())
    rates = st.floats(1e-300, 1e12)
    axes: list[dict[str, Any]] = []
    if draw(st.booleans()):
        low, high = sorted(draw(st.lists(rates, min_size=2, max_size=2, unique=True)))
        spacing = draw(st.sampled_from(["log", "linear"]))
        count = draw(st.integers(2, 30))
        axes.append({"start": low, "stop": high, "count": count, "spacing": spacing})
    else:
        values = draw(st.lists(rates, min_size=1, max_size=5))
        steps = st.lists(st.integers(1, 10**9), min_size=len(values), max_size=len(values))
        axes.append({"values": values, "linked": {"steps": draw(steps)}})
    axes[0]["name"] = "learning_rate"
    if draw(st.booleans()):
        seeds = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=5)
        axes.append({"name": "seed", "values": draw(seeds)})
    names = st.lists(st.text(st.characters(codec="utf-8"), max_size=9), max_size=3)
    made = build_scenario(
        {"kind": "sweep", "base": base, "axes": axes, "metrics": draw(names), "abscissa": "loss"}
    )
    assert isinstance(made, SweepScenario)
    return made


@given(sweeps())
@settings(max_examples=60, deadline=None)
def test_a_file_gives_back_the_same_sweep_and_the_same_bytes(made: SweepScenario):
    text = dumps(made)
    again = loads(text)
    assert again == made
    assert dumps(again) == text
    assert isinstance(again, SweepScenario)
    assert [again.run(index) for index in range(min(3, made.steps))] == [
        made.run(index) for index in range(min(3, made.steps))
    ]
    assert type(made).model_validate(made.model_dump()) == made


def test_a_file_of_few_lines_takes_the_defaults():
    made = loads(FILE)
    assert isinstance(made, SweepScenario)
    assert made.steps == 8
    assert made.metrics == ("kappa",)
    assert made.base == LazyScenario(width=50)


@pytest.mark.parametrize("base", [LazyScenario(), DescentScenario()])
def test_metrics_default_to_what_the_base_records(base: Scenario):
    made = build_scenario({"kind": "sweep", "base": base, "axes": [SEEDS]})
    assert isinstance(made, SweepScenario)
    assert all(made.metrics)


def test_another_draw_of_a_sweep_takes_the_seeds_after_its_own():
    seeds = {"name": "seed", "values": [0, 1], "linked": {"data_seed": [100, 101]}}
    made = sweep(ALPHAS, seeds, data="teacher").redrawn()
    assert made.axes[1].values().tolist() == [2, 3]
    assert made.axes[1].linked == {"data_seed": (102, 103)}
    assert made.axes[0] == sweep(ALPHAS, seeds, data="teacher").axes[0]
    assert made.redrawn().axes[1].values().tolist() == [4, 5]


def test_after_the_largest_seeds_come_the_first():
    last = {"name": "seed", "start": 2**32 - 3, "stop": 2**32 - 1, "count": 3}
    assert sweep(ALPHAS, last).redrawn().axes[1].values().tolist() == [0, 1, 2]


def test_a_sweep_over_no_seed_draws_its_base_anew():
    made = sweep(ALPHAS)
    again = made.redrawn().redrawn()
    assert (again.base.seed, again.axes) == (made.base.seed + 2, made.axes)
