"""Frozen scenarios: replacing values, live changes, companions that follow."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from lazygui.scenarios.base import Change
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.kinds import build_scenario, replaced
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValidationError, match="frozen"):
        LazyScenario().width = 8  # type: ignore[misc]


def test_replace_validates_and_leaves_the_original():
    first = LazyScenario()
    assert first.replace(width=8).width == 8
    assert first.width == 100
    with pytest.raises(ScenarioError, match="width: 0 is not allowed: it must be at least 1"):
        replaced(first, width=0)


def test_doubling_rounds_an_odd_width_up():
    assert LazyScenario().replace(width=7).width == 8
    assert LazyScenario(initialization="plain").replace(width=7).width == 7
    assert LazyScenario(network="mlp").replace(width=7).width == 7
    with pytest.raises(ScenarioError, match=r"width: m = 7 is odd.*choose 8"):
        build_scenario({"kind": "lazy", "width": 7})


def test_new_data_bring_their_target_unless_one_is_asked_for():
    assert LazyScenario().replace(data="circle").target == "waves"
    assert LazyScenario().replace(data="circle", target="sine3").target == "sine3"
    with pytest.raises(ScenarioError, match="target: 'step' does not go with data = 'circle'"):
        replaced(LazyScenario(), data="circle", target="step")


def test_a_new_objective_brings_start_and_minimizer_of_its_dimension():
    plane = DescentScenario().replace(objective="quadratic_2d")
    assert (len(plane.start), len(plane.minimizer)) == (2, 2)
    back = plane.replace(objective="huber")
    assert (len(back.start), len(back.minimizer)) == (1, 1)
    asked = DescentScenario().replace(objective="rosenbrock", start=(0.5, 0.25))
    assert asked.start == (0.5, 0.25)


def test_values_in_force_follow_the_changes():
    run = LazyScenario(learning_rate=1.0)
    run = run.with_change(10, "learning_rate", 0.5).with_change(20, "learning_rate", 0.25)
    in_force = [run.value_at("learning_rate", k) for k in (0, 9, 10, 19, 20, 1000)]
    assert in_force == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    assert run.without_changes() == LazyScenario(learning_rate=0.25)


def test_a_drag_on_a_paused_run_is_one_change():
    run = LazyScenario()
    for value in (0.2, 0.3, 0.4):
        run = run.with_change(5, "learning_rate", value)
    assert run.changes == (Change(step=5, name="learning_rate", value=0.4),)


def test_a_change_forgets_those_that_would_have_come_later():
    run = LazyScenario().with_change(50, "learning_rate", 0.3)
    assert [c.step for c in run.with_change(7, "learning_rate", 0.2).changes] == [7]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([{"step": 1, "name": "width", "value": 4.0}], "'width' cannot change during a run"),
        ([{"step": 1, "name": "learning_rate", "value": 0.0}], "must be greater than 0"),
        (
            [
                {"step": 9, "name": "learning_rate", "value": 1.0},
                {"step": 2, "name": "learning_rate", "value": 2.0},
            ],
            "increasing order",
        ),
        ([{"step": -1, "name": "learning_rate", "value": 1.0}], "changes.0.step: -1"),
        ([{"step": 1, "name": "learning_rate"}], "changes.0.value: it is missing"),
        ([3], "changes.0: 3 is not allowed: it must be a table"),
        (3, "changes: 3 is not allowed: it must be a list"),
    ],
)
def test_wrong_changes_are_named(changes: object, sentence: str):
    with pytest.raises(ScenarioError) as caught:
        build_scenario({"kind": "lazy", "changes": changes})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        ({"width": 10}, 30),  # line: inputs (x, 1), 10 · (2 + 1)
        ({"width": 10, "bias": True}, 40),
        ({"width": 10, "data": "teacher", "dimension": 7}, 80),
        ({"width": 10, "data": "circle", "target": "waves"}, 40),
        ({"width": 4, "network": "mlp", "hidden_layers": 3, "initialization": "plain"}, 44),
        ({"width": 4, "network": "mlp", "hidden_layers": 3}, 88),  # doubled: two nets
    ],
)
def test_the_number_of_weights(values: dict[str, object], weights: int):
    scenario = LazyScenario.model_validate(values)
    assert scenario.n_parameters == weights


def test_the_number_of_weights_is_that_of_the_network_built():
    from lazygui.simulation.build import build_simulation

    for values in (
        {"data": "circle", "target": "sine3", "bias_feature": False, "bias": True},
        {"network": "mlp", "hidden_layers": 2, "width": 5, "bias": True},
        {"network": "mlp", "hidden_layers": 1, "width": 5, "initialization": "centred"},
        {"data": "digits", "samples": 10},
    ):
        scenario = LazyScenario.model_validate(values)
        simulation = build_simulation(scenario)
        assert simulation.facts["n_parameters"] == scenario.n_parameters


def test_memory_grows_with_the_sizes():
    # At the least the activations σ(Z), m×n, and the weights with their start and gradient.
    wide = LazyScenario(width=1_000_000, samples=50)
    assert wide.memory_bytes() > 8 * (50 * 1_000_000 + 3 * wide.n_parameters)
    small, large = LeastSquaresScenario(), LeastSquaresScenario(samples=1000, features=1000)
    assert large.memory_bytes() > 1000**2 * 8 * 2 > small.memory_bytes()


def test_a_rank_fits_its_matrix_and_follows_it():
    scenario = LeastSquaresScenario(samples=12, features=8, rank=5)
    assert (scenario.true_rank, LeastSquaresScenario(samples=12, features=8).true_rank) == (5, 8)
    assert scenario.replace(features=3).rank == 3
    assert scenario.replace(features=20).rank == 5
    with pytest.raises(ValueError, match="rank: 9 is more than X, 8 by 12, can have"):
        scenario.replace(rank=9)


def test_another_draw_takes_the_next_seed():
    assert DescentScenario(seed=4).redrawn().seed == 5
    assert DescentScenario(seed=2**32 - 1).redrawn().seed == 0
