"""The same scenario gives the same bytes, however the steps are split, replayed or rewound."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.files import dumps, loads
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.simulation.records import as_bytes, record, run

RUNS: dict[str, dict[str, Any]] = {
    "quadratic": {"kind": "descent", "steps": 3000, "learning_rate": 0.01},
    "absolute": {"kind": "descent", "objective": "absolute", "steps": 2500},
    "rosenbrock": {
        "kind": "descent",
        "objective": "rosenbrock",
        "start": (-1.0, 1.5),
        "learning_rate": 1e-3,
        "steps": 4000,
    },
    "diverging": {"kind": "descent", "learning_rate": 2.3, "steps": 3000},
    "overparameterized": {"kind": "least-squares", "steps": 3000, "learning_rate": 0.7},
    "underparameterized": {
        "kind": "least-squares",
        "samples": 12,
        "features": 5,
        "steps": 2500,
        "condition": 400.0,
    },
    "sparse": {"kind": "least-squares", "steps": 2500, "record_every": 700},
    "diverging-least-squares": {"kind": "least-squares", "learning_rate": 2.2, "steps": 9000},
    "two-layer": {"kind": "lazy", "width": 10, "steps": 1500, "learning_rate": 1.0},
    "centred-huber": {
        "kind": "lazy",
        "width": 8,
        "loss": "huber",
        "initialization": "centred",
        "data": "circle",
        "target": "waves",
        "scale": 5.0,
        "steps": 1000,
    },
    "teacher-relu": {
        "kind": "lazy",
        "width": 12,
        "data": "teacher",
        "dimension": 4,
        "activation": "relu",
        "test_samples": 9,
        "bias": True,
        "steps": 1200,
    },
    "float32": {"kind": "lazy", "width": 6, "dtype": "float32", "steps": 900},
    "digits-logistic": {
        "kind": "lazy",
        "width": 6,
        "data": "digits",
        "samples": 20,
        "test_samples": 20,
        "loss": "logistic",
        "steps": 850,
    },
    "deep": {"kind": "lazy", "network": "mlp", "width": 5, "hidden_layers": 2, "steps": 850},
    "erf": {"kind": "lazy", "width": 6, "activation": "erf", "steps": 850},
    "diverging-network": {
        "kind": "lazy",
        "width": 10,
        "learning_rate": 40.0,
        "steps": 900,
    },
}
ALL = pytest.mark.parametrize("name", RUNS)


def scenario_of(name: str) -> Scenario:
    return build_scenario(RUNS[name])


def random_parts(rng: random.Random, total: int) -> list[int]:
    """Step counts of all sizes, some zero, that together exceed the run's steps."""
    parts: list[int] = []
    while sum(parts) <= total:
        parts.append(rng.choice((0, 1, 2, 3, rng.randint(1, 40), rng.randint(1, total))))
    return parts


def run_with_changes(scenario: Scenario, rng: random.Random) -> History:
    """A live run: parts of random length, between them now and then another learning rate."""
    simulation = build_simulation(scenario)
    history = History(simulation.scenario, simulation.columns)
    for steps in random_parts(rng, scenario.steps):
        if simulation.outcome is not None:
            break
        for _ in range(rng.choice((0, 0, 1, 2))):
            factor = rng.choice((0.5, 0.9, 1.0, 1.1))
            change = simulation.change("learning_rate", scenario.learning_rate * factor)
            history.record_change(change)
        history.append(simulation.advance(steps))
    while simulation.outcome is None:
        history.append(simulation.advance(scenario.steps))
    assert history.scenario == simulation.scenario
    return history


@ALL
def test_splitting_the_steps_changes_no_bit(name: str):
    scenario, rng = scenario_of(name), random.Random(name)
    whole = as_bytes(run(scenario))
    for _ in range(3):
        assert as_bytes(run(scenario, *random_parts(rng, scenario.steps))) == whole


@ALL
def test_a_run_with_live_changes_is_replayed_from_its_scenario(name: str):
    rng = random.Random(name)
    for _ in range(2):
        live = run_with_changes(scenario_of(name), rng)
        replayed = run(loads(dumps(live.scenario)))
        assert as_bytes(replayed) == as_bytes(live)


def test_a_change_taken_back_before_the_next_step_leaves_no_trace():
    scenario = scenario_of("overparameterized")
    simulation = build_simulation(scenario)
    history = History(scenario, simulation.columns)
    history.append(simulation.advance(100))
    for value in (0.3, 0.9, 0.7):
        simulation.change("learning_rate", value)
    history.append(simulation.advance(scenario.steps))
    assert as_bytes(history) == as_bytes(run(scenario))


@ALL
def test_a_snapshot_comes_back_to_the_same_bits(name: str):
    """Across a change of the learning rate too: restored, the run meets it again."""
    scenario = scenario_of(name)
    scenario = scenario.with_change(60, "learning_rate", 0.8 * scenario.learning_rate)
    simulation = build_simulation(scenario)
    simulation.advance(47)
    snapshot = simulation.snapshot()
    first = simulation.advance(93)
    outcome, step = simulation.outcome, simulation.step
    simulation.advance(11)
    simulation.restore(snapshot)
    assert simulation.step == 47
    again = simulation.advance(93)
    assert (simulation.outcome, simulation.step) == (outcome, step)
    assert first.rows.keys() == again.rows.keys()
    for column in first.rows:
        assert first.rows[column].tobytes() == again.rows[column].tobytes()
        assert first.tail[column].tobytes() == again.tail[column].tobytes()
    assert first.now is not None
    assert again.now is not None
    for array in first.now.arrays:
        assert first.now.arrays[array].tobytes() == again.now.arrays[array].tobytes()


def test_a_snapshot_is_a_copy():
    simulation = build_simulation(scenario_of("two-layer"))
    simulation.advance(5)
    snapshot = simulation.snapshot()
    before = snapshot.state["w"].copy()
    simulation.advance(50)
    assert (snapshot.state["w"] == before).all()
    with pytest.raises(TypeError):
        snapshot.state["w"] = before  # type: ignore[index]


def test_looking_changes_nothing():
    """κ, snapshots and empty advances between the steps leave the records alone."""
    scenario = scenario_of("two-layer")
    simulation = build_simulation(scenario)

    def parts():
        for _ in range(6):
            simulation.diagnose()
            simulation.snapshot()
            yield 0
            yield 30

    assert as_bytes(record(simulation, parts())) == as_bytes(run(scenario))


def test_another_seed_gives_another_run():
    first = scenario_of("two-layer")
    assert as_bytes(run(first)) != as_bytes(run(first.replace(seed=1)))


def test_a_file_of_data_gives_the_same_run_wherever_it_lies(tmp_path: Path):
    rng, bytes_of_runs = np.random.default_rng(0), set()
    table = "\n".join(["a,b,y", *(",".join(map(repr, row.tolist())) for row in rng.random((9, 3)))])
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "data.csv"
        file.write_text(table, encoding="utf-8")
        values = {"kind": "lazy", "data": "csv", "data_file": str(file), "samples": 6}
        bytes_of_runs.add(as_bytes(run(build_scenario({**values, "width": 4, "steps": 50}))))
    assert len(bytes_of_runs) == 1
