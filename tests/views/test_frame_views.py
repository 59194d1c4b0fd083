"""Outputs, differences and neurons of the newest frame."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.simulation.history import Frame
from tests.views import histories
from tests.views.showing import by_name


class TestFrames:
    def test_outputs_hold_the_newest_frame_and_the_data(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("outputs"), history)
        arrays = history.now.arrays
        assert np.array_equal(view.network.y, arrays["grid_outputs"])
        assert np.array_equal(view.linearization.y, arrays["grid_outputs_linearized"])
        assert np.array_equal(view.data.y, history.facts["targets"])
        assert np.array_equal(view.data.x, history.facts["sample_coordinates"])

    def test_a_diverging_output_leaves_the_plot_and_the_data_stay_visible(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("outputs"), history)
        arrays = {name: 1e9 * a for name, a in history.now.arrays.items()}
        histories.append(
            history, histories.lazy_columns(np.arange(100.0, 101.0)), (Frame(100, arrays),)
        )
        view.refresh()
        assert view.plot.box.viewRange()[1][1] < 100.0

    def test_a_linearization_that_leaves_alone_does_not_flatten_the_network(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("outputs"), history)
        low, high = view.plot.box.viewRange()[1]
        arrays = dict(history.now.arrays)
        arrays["grid_outputs_linearized"] = 1e9 * arrays["grid_outputs_linearized"]
        histories.append(
            history, histories.lazy_columns(np.arange(100.0, 101.0)), (Frame(100, arrays),)
        )
        view.refresh()
        after = view.plot.box.viewRange()[1]
        assert after[1] - after[0] < 5.0 * (high - low)

    def test_the_difference_is_network_minus_linearization(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("difference"), history)
        arrays = history.now.arrays
        expected = arrays["grid_outputs"] - arrays["grid_outputs_linearized"]
        assert np.array_equal(view.curve.y, expected)
        assert f"{np.abs(expected).max():.2g}" in view.summary()

    def test_agreement_has_the_linearization_across(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("agreement"), history)
        assert np.array_equal(view.samples.x, history.now.arrays["outputs_linearized"])
        assert np.array_equal(view.samples.y, history.now.arrays["outputs"])
        assert view.plot.box.viewRange()[0] == pytest.approx(view.plot.box.viewRange()[1])

    def test_sample_differences_are_stems(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("sample_difference"), history)
        arrays = history.now.arrays
        assert np.array_equal(view.stems.y, arrays["outputs"] - arrays["outputs_linearized"])
        assert view.stems.x.tolist() == list(range(1, 13))

    def test_neurons_are_parted_by_sign_and_leave_trails(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("neurons"), history)
        places, signs = history.now.arrays["neurons"], history.now.arrays["neuron_outputs"]
        assert np.array_equal(view.positive.x, places[signs >= 0, 0])
        assert np.array_equal(view.negative.y, places[signs < 0, 1])
        last = history.frames[-1].arrays["neurons"][:, 0]
        for trail, chosen in zip(view.trails, (signs >= 0, signs < 0), strict=True):
            breaks = np.flatnonzero(~trail.connect)
            assert trail.x[breaks] == pytest.approx(last[chosen])
        assert len(view.teachers[0].tips) == 2
        assert len(view.teachers[1].tips) == 1

    def test_neurons_keep_circles_round(self, shown):
        view = shown(by_name("neurons"), histories.lazy(rows=100))
        window = view.plot.canvas.shown()
        dx, dy = window.lengths(1.0, 1.0)
        assert dx == pytest.approx(-dy, rel=1e-6)
