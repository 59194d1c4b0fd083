"""Runs on fresh samples: repeatable, split at will, and what their scenario refuses."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import as_bytes, run


def scenario(**values):
    usual = {"kind": "population", "dimension": 5, "samples": 20, "width": 10, "data_seed": 7}
    return build_scenario({**usual, "activation": "relu", "steps": 60, **values})


def test_the_loss_falls_on_samples_never_seen():
    history = run(scenario(learning_rate=2.0, steps=600, window=20))
    assert history["test_loss"][-1] < 0.2 * history["test_loss"][0]
    assert history["loss"][-1] == pytest.approx(history["test_loss"][-1], rel=0.5)


def test_the_doubled_start_predicts_zero():
    history = run(scenario(steps=1))
    simulation = build_simulation(scenario())
    targets = simulation.data.test_targets
    assert history["test_loss"][0] == pytest.approx(0.5 * np.mean(targets**2), rel=1e-12)
    assert history["displacement"][0] == 0


def test_records_do_not_depend_on_how_steps_are_split():
    assert as_bytes(run(scenario())) == as_bytes(run(scenario(), 1, 7, 20))


def test_a_snapshot_brings_back_every_bit():
    simulation = build_simulation(scenario())
    simulation.advance(20)
    kept = simulation.snapshot()
    first = simulation.advance(20)
    simulation.restore(kept)
    again = simulation.advance(20)
    for name, value in first.tail.items():
        np.testing.assert_array_equal(value, again.tail[name])


def test_another_seed_draws_other_batches_for_the_same_teacher():
    one, other = build_simulation(scenario()), build_simulation(scenario(seed=1))
    np.testing.assert_array_equal(one.facts["teacher_rows"], other.facts["teacher_rows"])
    assert one.advance(5).tail["loss"] != other.advance(5).tail["loss"]


def test_a_run_that_blows_up_stops_where_it_was_finite():
    simulation = build_simulation(scenario(learning_rate=1e6, steps=200))
    while simulation.outcome is None:
        simulation.advance(50)
    assert simulation.outcome is Outcome.DIVERGED
    assert np.isfinite(simulation.collect().tail["loss"])


def test_the_diagnosis_is_that_of_the_first_batch():
    simulation = build_simulation(scenario())
    facts = simulation.diagnose()
    inputs, targets = simulation._trainer.stream.batch(0)
    assert facts["residual_norm"] == pytest.approx(np.sqrt(np.mean(targets**2)), rel=1e-12)
    jacobian = simulation.network.jacobian(simulation._w0, inputs)
    norm = np.linalg.norm(jacobian, 2) / np.sqrt(len(inputs))
    assert facts["differential_norm"] == pytest.approx(norm, rel=1e-10)
    assert simulation.facts["lambda_max"] == pytest.approx(norm**2, rel=1e-10)


def test_neurons_in_the_plane_are_shown():
    simulation = build_simulation(scenario(dimension=2))
    frame = simulation.advance(1).now
    assert frame.arrays["neurons"].shape == (10, 2)


def test_it_survives_its_file():
    assert loads(dumps(scenario(gain=0.3))) == scenario(gain=0.3)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"data": "line"}, "data"),
        ({"network": "mlp"}, "network"),
        ({"initialization": "centred"}, "initialization"),
        ({"width": 11}, "width"),
        ({"window": 0}, "window"),
    ],
)
def test_what_it_cannot_run_is_refused(values, field):
    with pytest.raises(ScenarioError, match=field):
        scenario(**values)
