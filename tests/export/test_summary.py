"""The summary of a run: strict JSON, with what was measured."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version

import numpy as np
import pytest

from lazygui import __version__
from lazygui.export.summary import dumps, plain, summary
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from tests.simulation.records import record


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def test_a_lazy_run_is_summed_up():
    scenario = LazyScenario(width=6, scale=4.0, steps=40)
    simulation = build_simulation(scenario)
    history = record(simulation, [])
    history.record_facts(simulation.diagnose())
    text = dumps(summary(history, Outcome.STEP_LIMIT, "Done.", 2.0, ("a notice",)))
    read = json.loads(text, parse_constant=refuse_constant)
    assert read["kind"] == "lazy"
    assert read["outcome"] == "step_limit"
    assert read["sentence"] == "Done."
    assert read["steps"] == 40
    assert read["notices"] == ["a notice"]
    assert read["wall_seconds"] == 2.0
    assert read["steps_per_second"] == 20.0
    assert read["final"]["step"] == 40
    assert read["final"]["loss"] == history["loss"][-1]
    laziness = read["laziness"]
    product = laziness["residual_norm"] * laziness["second_differential_norm"] / 4.0
    assert laziness["kappa"] == pytest.approx(product / laziness["differential_norm"] ** 2)
    assert laziness["lambda_max"] == pytest.approx(laziness["differential_norm"] ** 2)
    assert read["setting"]["n_parameters"] == 18
    assert read["versions"]["lazygui"] == __version__
    assert read["versions"]["python"] == platform.python_version()
    assert read["versions"]["numpy"] == version("numpy")


def test_vectors_are_lists_and_a_run_without_kappa_has_none():
    history = record(build_simulation(DescentScenario(steps=2, learning_rate=0.5)), [])
    read = json.loads(dumps(summary(history, Outcome.STEP_LIMIT, "Done.", 0.0, ())))
    assert read["final"]["iterate"] == [pytest.approx(0.4 + 2.6 / 4)]
    assert read["laziness"] == {}
    assert read["steps_per_second"] is None


def test_numbers_that_are_not_finite_are_named():
    """An infinite loss of the linearization beside a network that catapults is a fair result."""
    values = {"a": np.array([1.5, np.inf]), "b": np.float64("nan"), "c": -np.inf, "d": np.int64(3)}
    text = dumps({name: plain(value) for name, value in values.items()})
    read = json.loads(text, parse_constant=refuse_constant)
    assert read == {"a": [1.5, "inf"], "b": "nan", "c": "-inf", "d": 3}


def test_what_is_not_json_is_not_written():
    with pytest.raises(ValueError, match="JSON"):
        dumps({"loss": float("nan")})


def test_greek_letters_stay_readable():
    assert "η" in dumps({"sentence": "η"})
