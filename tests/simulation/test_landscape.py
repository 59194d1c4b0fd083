"""Slices in the frames of a run, against the loss computed here at the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.scenarios.landscape import LandscapeScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.landscape import LandscapeSimulation
from tests.simulation.records import as_bytes, record, run

PLANES = ("permuted", "random", "pca")
SMALL = {"width": 6, "samples": 5, "learning_rate": 1.0, "resolution": 9}


def simulation_of(**values) -> LandscapeSimulation:
    simulation = build_simulation(LandscapeScenario.model_validate({**SMALL, **values}))
    assert isinstance(simulation, LandscapeSimulation)
    return simulation


def loss(simulation: LandscapeSimulation, w: np.ndarray) -> float:
    """½‖αh(w) − y‖²_F of two layers without biases, written out."""
    scenario, X = simulation.scenario, simulation.data.inputs
    m, d = scenario.width, X.shape[1]
    h = np.tanh(X @ w[: m * d].reshape(m, d).T) @ w[m * d :] / np.sqrt(m)
    return float(np.mean((scenario.scale * h - simulation.data.targets) ** 2) / 2)


def test_the_run_is_that_of_the_lazy_scenario():
    values = {"width": 6, "samples": 5, "learning_rate": 1.0, "steps": 200}
    history, lazy = run(LandscapeScenario(**values)), run(LazyScenario(**values))
    for column in lazy.columns:
        assert np.array_equal(history[column.name], lazy[column.name])


def test_the_columns_compare_w_with_a_permuted_copy():
    simulation = simulation_of(steps=150, scale=2.0)
    history = record(simulation, [])
    w = simulation.snapshot().state["w"]
    a, c = w[:12].reshape(6, 2), w[12:]
    places = simulation._permutation
    order = places[12:] - 12
    assert (order != np.arange(6)).all()
    copy = np.concatenate((a[order].ravel(), c[order]))
    assert np.array_equal(w[places], copy)
    assert history.latest("permuted_loss") == pytest.approx(loss(simulation, copy), rel=1e-12)
    middle = loss(simulation, (w + copy) / 2)
    assert history.latest("midpoint_loss") == pytest.approx(middle, rel=1e-12)
    ends = loss(simulation, w)
    along = [loss(simulation, (1 - t) * w + t * copy) for t in np.linspace(0, 1, 41)]
    assert history.latest("barrier") == pytest.approx(max(along) - ends, rel=1e-9)


@pytest.mark.parametrize("plane", PLANES)
def test_the_final_slice_is_the_loss_around_the_final_weights(plane):
    simulation = simulation_of(steps=150, plane=plane)
    frame = record(simulation, []).now
    assert frame is not None
    arrays, w = frame.arrays, simulation.snapshot().state["w"]
    assert arrays["slice_loss"].shape == (9, 9)
    x, y, place = arrays["slice_x"], arrays["slice_y"], arrays["slice_path"][-1]
    np.testing.assert_allclose(place, [0.0, 0.0], atol=1e-12)
    # The plane is known by the weights, the copies and the path; a corner tests its directions.
    plane_of, _ = simulation._plane(
        np.stack((w, *(w[p] for p in _powers(simulation._permutation)))),
        np.stack((*simulation.snapshot().state["path"], w)),
    )
    corner = plane_of.points(x[-1:], y[:1])[0]
    assert arrays["slice_loss"][0, -1] == pytest.approx(loss(simulation, corner), rel=1e-9)
    assert arrays["line_loss"][10] == pytest.approx(loss(simulation, w), rel=1e-9)
    assert ((x[0] <= 0) & (x[-1] >= 0) & (y[0] <= 0) & (y[-1] >= 0)).all()


def _powers(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return places, places[places]


def test_the_copies_are_two_corners_of_the_permuted_slice():
    frame = record(simulation_of(steps=60), []).now
    assert frame is not None
    marks = frame.arrays["slice_points"]
    np.testing.assert_allclose(marks[:2], [[0, 0], [1, 0]], atol=1e-12)
    assert marks[2, 1] > 0.1


def test_the_path_s_components_explain_most_of_a_lazy_path():
    scenario = LandscapeScenario(**{**SMALL, "width": 200}, plane="pca", steps=400)
    frame = run(scenario).now
    assert frame is not None
    first, second = frame.arrays["slice_variance"]
    assert first > second > 0
    assert 0.9 < first + second <= 1 + 1e-12


def test_the_linearization_is_convex_along_the_line():
    frame = record(simulation_of(steps=100, scale=3.0), []).now
    assert frame is not None
    values = frame.arrays["line_loss_linearized"]
    second = np.diff(values, 2)
    assert (second > 0).all()
    np.testing.assert_allclose(second, second[0], rtol=1e-6)  # a parabola


def test_a_slice_on_the_way_is_around_the_newest_point_of_the_path():
    simulation = simulation_of(steps=5000)
    simulation.advance(1000)
    path = simulation.snapshot().state["path"]
    # Steps 0 to 24, 27 to 72 by 3, 81 to 216 by 9, 243 to 648 by 27, 729 to 972 by 81.
    assert len(path) == 25 + 16 + 16 + 16 + 4
    frame = simulation.collect().now
    assert frame is not None
    middle = frame.arrays["line_loss"][10]
    assert middle == pytest.approx(loss(simulation, path[-1]), rel=1e-12)
    assert len(frame.arrays["slice_path"]) == len(path)


@pytest.mark.parametrize(
    "values",
    [{"plane": plane} for plane in PLANES]
    + [
        {"network": "mlp", "width": 4, "plane": "pca"},
        {"learning_rate": 40.0},
        {"learning_rate": 1e9, "plane": "pca"},
        {"dtype": "float32", "plane": "random"},
        {"width": 2, "initialization": "plain", "loss": "huber"},
    ],
    ids=str,
)
def test_splitting_the_steps_changes_no_bit(values):
    scenario = LandscapeScenario.model_validate({**SMALL, "steps": 400, **values})
    with np.errstate(all="ignore"):
        whole = as_bytes(run(scenario))
        assert as_bytes(run(scenario, 1, 0, 73, 2, 100)) == whole


def test_a_snapshot_brings_the_path_back():
    simulation = simulation_of(plane="pca", steps=500)
    simulation.advance(100)
    snapshot = simulation.snapshot()
    first = simulation.advance(200).now
    simulation.restore(snapshot)
    simulation.change("learning_rate", 0.1)
    other = simulation.advance(200).now
    simulation.restore(snapshot)
    simulation.scenario = simulation.scenario.without_changes().replace(learning_rate=1.0)
    again = simulation.advance(200).now
    assert first is not None
    assert other is not None
    assert again is not None
    for name, array in first.arrays.items():
        assert array.tobytes() == again.arrays[name].tobytes()
    assert not np.array_equal(first.arrays["slice_loss"], other.arrays["slice_loss"])


def test_wide_networks_get_a_coarser_slice_on_the_way():
    values = {"width": 512, "samples": 64, "resolution": 81, "steps": 40}
    simulation = simulation_of(**values)
    frame = simulation.advance(4).now
    assert frame is not None
    assert frame.arrays["slice_loss"].shape == (5, 5)
    last = simulation.advance(40).now
    assert last is not None
    assert last.arrays["slice_loss"].shape == (29, 29)


class TestChecks:
    @pytest.mark.parametrize("bias", [False, True])
    @pytest.mark.parametrize("layers", [0, 1, 4])
    def test_both_errors_are_rounding(self, bias, layers):
        deep = {"network": "mlp", "hidden_layers": layers} if layers else {}
        simulation = simulation_of(bias=bias, scale=3.0, initialization="centred", **deep)
        simulation.advance(20)
        facts = simulation.diagnose()
        assert facts["composition_error"] < 1e-13
        assert facts["gradient_error"] < 1e-6
        assert "kappa" in facts

    def test_a_wrong_gradient_is_found(self, monkeypatch):
        simulation = simulation_of()
        simulation.advance(5)
        vjp = type(simulation.network).vjp
        monkeypatch.setattr(
            type(simulation.network), "vjp", lambda self, w, X, r: 1.01 * vjp(self, w, X, r)
        )
        assert simulation._gradient_check()["gradient_error"] == pytest.approx(0.0099, rel=0.01)

    def test_wrong_outputs_are_found(self, monkeypatch):
        simulation = simulation_of()
        simulation.advance(5)
        outputs = simulation._trainer.outputs()
        outputs[2] += 1e-3 * simulation.facts["output_size"]
        monkeypatch.setattr(type(simulation._trainer), "outputs", lambda self: outputs)
        assert simulation._composition_check()["composition_error"] == pytest.approx(1e-3, rel=0.01)


def test_the_memory_of_path_and_slices_is_counted():
    scenario = LandscapeScenario(resolution=81)
    lazy = LazyScenario(width=12, samples=12)
    assert scenario.memory_bytes() - lazy.memory_bytes() > 8 * 600 * 81**2
