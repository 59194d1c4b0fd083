"""Slopes of theory against theory.md's measured tables, and fits against numpy.polyfit."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.claims.slopes import (
    ASYMPTOTIC_SCALE,
    asymptotic_from,
    fit_of,
    means_of,
    theory_slope,
)
from lazygui.scenarios.kinds import build_scenario
from tests.claims.lazy_runs import made_up, sweep_of

SCALES = {"name": "scale", "start": 1.0, "stop": 1e4, "count": 9, "spacing": "log"}
WIDTHS = {"name": "width", "values": [16, 64, 256]}
GAINS = {"name": "gain", "values": [1.0, 2.0, 4.0]}
SEEDS = {"name": "seed", "start": 0, "stop": 2, "count": 3}


@pytest.mark.parametrize(
    ("initialization", "slopes"),
    [
        ("centred", (-1, -2, -1, -1, -1)),
        ("doubled", (-1, -2, -2, -2, -1)),
        ("plain", (0, 0, 1, 0, 0)),
    ],
)
def test_powers_of_the_scale(initialization, slopes):
    sweep = sweep_of({"initialization": initialization}, [SCALES, SEEDS])
    names = ("max_displacement", "max_weight_gap", "max_output_gap", "kernel_drift", "kappa")
    assert tuple(theory_slope(sweep, name) for name in names) == slopes


@pytest.mark.parametrize(
    ("parameterization", "slopes"),
    [
        ("ntk", (-0.5, 0, -0.5, -1)),
        ("standard", (-1, -0.5, -1, -2)),
        ("mean-field", (0, 0.5, 0, 0)),
    ],
)
def test_powers_of_the_width(parameterization, slopes):
    sweep = sweep_of({"parameterization": parameterization}, [WIDTHS])
    names = ("kappa", "displacement", "max_relative_displacement", "max_kernel_drift")
    assert tuple(theory_slope(sweep, name) for name in names) == slopes


def test_the_initial_size_of_a_homogeneous_network():
    sweep = sweep_of({"activation": "relu"}, [GAINS])
    assert theory_slope(sweep, "kappa") == -2
    assert theory_slope(sweep, "max_displacement") == -1
    assert theory_slope(sweep, "max_relative_displacement") == -2
    assert theory_slope(sweep_of({"activation": "tanh"}, [GAINS]), "kappa") is None


@pytest.mark.parametrize("metric", ["loss", "max_loss", "test_loss", "steps_made", ""])
def test_no_theory_for_other_metrics(metric):
    assert theory_slope(sweep_of({}, [SCALES]), metric) is None


def test_no_theory_for_a_scatter_or_another_axis():
    assert theory_slope(sweep_of({}, [SCALES], abscissa="loss"), "kappa") is None
    assert theory_slope(sweep_of({}, [SEEDS]), "kappa") is None
    deep = {"network": "mlp", "initialization": "centred"}
    assert theory_slope(sweep_of(deep, [WIDTHS]), "kappa") is None
    # Where the network travels, no power of the width is known.
    assert theory_slope(sweep_of({"scale": 0.1}, [WIDTHS]), "max_relative_displacement") is None


def test_the_noise_floor_is_proportional_to_a_constant_step_size():
    rates = {"name": "learning_rate", "values": [0.01, 0.02, 0.04]}
    sgd = {"kind": "sweep", "metrics": ["mean_gap"], "base": {"kind": "sgd"}, "axes": [rates]}
    assert theory_slope(build_scenario(sgd), "mean_gap") == 1
    assert theory_slope(build_scenario(sgd), "step") is None
    sgd["base"]["schedule"] = "harmonic"
    assert theory_slope(build_scenario(sgd), "mean_gap") is None


def test_powers_are_fitted_from_where_they_hold():
    assert asymptotic_from("scale") == ASYMPTOTIC_SCALE
    assert asymptotic_from("width") == asymptotic_from("gain") == 0


def test_a_fit_takes_the_mean_over_the_other_axes():
    sweep = sweep_of({}, [SCALES, SEEDS])
    history = made_up(sweep, loss=lambda run: run.scale**-1.5 * (1 + run.seed))
    places, means = means_of(history, "loss")
    np.testing.assert_allclose(places, np.geomspace(1, 1e4, 9), rtol=1e-12)
    np.testing.assert_allclose(means, 2 * places**-1.5, rtol=1e-12)
    fit = fit_of(history, "loss")
    assert fit.slope == pytest.approx(-1.5, abs=1e-12)
    assert fit.points == 9


def test_a_fit_starts_at_its_lower_end():
    sweep = sweep_of({}, [SCALES])
    history = made_up(sweep, loss=lambda run: 1 / run.scale if run.scale > 30 else 7.0)
    assert fit_of(history, "loss", 30.0).slope == pytest.approx(-1, abs=1e-12)
    assert abs(fit_of(history, "loss").slope + 1) > 0.05


def test_diverged_runs_do_not_count():
    sweep = sweep_of({}, [SCALES, SEEDS])
    history = made_up(
        sweep,
        loss=lambda run: 1 / run.scale if run.seed else 1e9,
        diverged=lambda run: run.seed == 0,
    )
    assert fit_of(history, "loss").slope == pytest.approx(-1, abs=1e-12)
