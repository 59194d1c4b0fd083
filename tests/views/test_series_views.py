"""Curves of recorded scalars."""

from __future__ import annotations

import numpy as np
import pytest

from tests.views import histories
from tests.views.showing import by_name


class TestSeries:
    def test_curves_hold_the_columns(self, shown):
        history = histories.lazy(rows=300)
        view = shown(by_name("training_loss"), history)
        assert list(view.traces) == [
            "loss", "loss_linearized", "test_loss", "test_loss_linearized",
        ]  # fmt: skip
        for column, trace in view.traces.items():
            assert np.array_equal(trace.y, history[column])
            assert np.array_equal(trace.x, history["time"])

    def test_a_ghost_is_the_previous_run(self, shown):
        before = histories.lazy(rows=100, scale=10.0)
        view = shown(by_name("displacement"), histories.lazy(rows=300), before)
        ghost = view.ghosts["displacement"]
        assert np.array_equal(ghost.y[1:], before["displacement"][1:])
        assert any("previous" in entry.text for entry in view.header.legend.entries)

    def test_a_ghost_of_another_kind_is_left_out(self, shown):
        view = shown(by_name("training_loss"), histories.lazy(rows=30), histories.descent())
        assert view.ghosts == {}

    def test_time_or_step(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        view.set_time(False)
        assert np.array_equal(view.traces["loss"].x, history["step"])
        assert "step" in view.plot.bottom.labelText

    def test_new_rows_are_drawn_and_the_range_follows(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        later = histories.lazy_columns(np.arange(50.0, 500.0))
        histories.append(history, later, (histories.lazy_frame(499, 1.0),))
        view.refresh()
        assert len(view.traces["loss"].x) == 500
        assert view.plot.box.viewRange()[0][1] >= np.log10(history["time"][-1])

    def test_the_users_zoom_is_kept_until_asked_otherwise(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("training_loss"), history)
        view.plot.box.setXRange(0.0, 0.5, padding=0)
        view.plot.box.sigRangeChangedManually.emit([True, True])
        assert not view.header.reset.isHidden()
        histories.append(history, histories.lazy_columns(np.arange(50.0, 90.0)))
        view.refresh()
        assert view.plot.box.viewRange()[0] == pytest.approx([0.0, 0.5])
        view.header.reset.click()
        assert view.header.reset.isHidden()
        assert view.plot.box.viewRange()[0][1] > 1.0

    def test_the_range_fits_when_the_run_is_over(self, shown):
        history = histories.lazy(rows=50)
        view = shown(by_name("displacement"), history)
        histories.append(history, histories.lazy_columns(np.arange(50.0, 60.0)))
        history.scenario = history.scenario.replace(steps=59)
        view.refresh()
        high = np.log10(history["time"][-1])
        assert view.plot.box.viewRange()[0][1] - high < 0.2

    def test_a_log_axis_leaves_out_zeros(self, shown):
        view = shown(by_name("displacement"), histories.lazy(rows=50))
        assert view.history["displacement"][0] == 0.0
        assert view.plot.box.viewRange()[1][0] > -13.0
        view.set_log_y(False)
        assert view.traces["displacement"].y[0] == 0.0


class TestModes:
    def test_dots_are_measured_and_lines_predicted(self, shown):
        history = histories.least_squares()
        view = shown(by_name("modes"), history)
        for k, mode in enumerate(view.chosen):
            assert np.array_equal(view.measured[k].y, history["modes"][:, mode])
            assert np.array_equal(view.predicted[k].y, history["modes_predicted"][:, mode])

    def test_many_modes_are_thinned_with_the_extremes_kept(self, shown):
        view = shown(by_name("modes"), histories.least_squares(rank=60))
        assert len(view.chosen) == 8
        assert view.chosen[0] == 0
        assert view.chosen[-1] == 59

    def test_the_range_stops_at_rounding(self, shown):
        view = shown(by_name("modes"), histories.least_squares(rows=2000))
        assert view.plot.box.viewRange()[1][0] > -25.0
