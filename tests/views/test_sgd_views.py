"""Gradient cloud, iterates of all runs, quantile band and chords."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from lazygui.scenarios.sgd import SgdScenario
from lazygui.simulation.history import Batch, Frame, History
from lazygui.style import themes
from lazygui.views.chords import Chords
from lazygui.views.gradient_cloud import GradientCloud
from lazygui.views.iterate_cloud import IterateCloud
from lazygui.views.quantile_band import QuantileBand
from lazygui.views.registry import views_for
from tests.simulation.records import run
from tests.views.showing import paint

VIEWS = (GradientCloud, IterateCloud, QuantileBand, Chords)
ALL = pytest.mark.parametrize("kind", VIEWS)


def history_of(**values) -> History:
    return run(SgdScenario(**{"runs": 30, "steps": 300, **values}))


def spoiled(history: History, value: float) -> History:
    """The same run with a newest row and frame full of `value`."""
    tail = {c.name: np.full(c.shape, value) for c in history.columns}
    step = history.last_step + 1
    tail |= {"step": np.asarray(float(step)), "time": np.asarray(0.1 * step)}
    frame = Frame(step, {k: np.full_like(a, value) for k, a in history.now.arrays.items()})
    rows = {name: v[None] for name, v in tail.items()}
    history.append(Batch(step, step, rows, tail, (), frame))
    return history


def test_each_suits_a_run_of_sgd():
    offered = views_for(history_of())
    assert set(VIEWS) <= set(offered)


@ALL
@pytest.mark.parametrize("theme", themes.THEMES.values(), ids=lambda theme: theme.name)
def test_draws_in_every_theme(shown, kind, theme):
    made = shown(kind, history_of(), history_of(seed=1))
    made.set_theme(theme)
    QApplication.processEvents()
    picture = made.image(1.0)
    colours = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 290, 3)}
    assert len(colours) > 8
    assert any(letter.isdigit() for letter in made.summary())
    assert "<" not in made.summary()


@ALL
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0])
def test_survives_values_that_cannot_be_drawn(shown, kind, value):
    history = history_of()
    made = shown(kind, history)
    spoiled(history, value)
    for log in (False, True):
        if made.can_log:
            made.set_log_x(log)
            made.set_log_y(log)
        made.redraw()
        paint(made)
    assert np.isfinite(made.plot.box.viewRange()).all()
    made.summary()


@ALL
def test_survives_a_single_row_and_none(shown, kind):
    full = history_of(steps=1)
    paint(shown(kind, History(full.scenario, full.columns, full.facts)))
    paint(shown(kind, full))


def test_the_mean_of_the_cloud_is_the_tip_of_the_gradient(shown):
    history = history_of()
    view = shown(GradientCloud, history)
    cloud = history.now.arrays["sample_gradients"]
    np.testing.assert_array_equal(view.samples.x, cloud[:, 0])
    np.testing.assert_allclose([view.mean.x[0], view.mean.y[0]], view.gradient.tips[0], rtol=1e-10)
    assert view.gradient.tails.tolist() == [[0.0, 0.0]]
    assert f"{len(cloud)} gradients" in view.summary()


def test_the_cloud_of_gradients_is_always_in_sight(shown):
    history = history_of()
    view = shown(GradientCloud, history)
    for factor in (30.0, 1e-3):
        arrays = {k: factor * a for k, a in history.now.arrays.items()}
        tail = {c.name: history.latest(c.name) for c in history.columns}
        step = history.last_step
        history.append(Batch(step, step, {n: v[None][:0] for n, v in tail.items()}, tail, (),
                             Frame(step, arrays)))  # fmt: skip
        view.refresh()
        reach = np.abs(arrays["sample_gradients"]).max()
        (x0, x1), (y0, y1) = view.plot.box.viewRange()
        assert min(-x0, x1, -y0, y1) >= reach or factor < 1
        assert max(x1, y1) < 1000 * max(reach, 1e-2)


def test_iterates_of_all_runs_lie_over_the_level_sets(shown):
    history = history_of()
    view = shown(IterateCloud, history)
    places = history.now.arrays["iterates"]
    np.testing.assert_array_equal(view.cloud.x, places[:, 0])
    np.testing.assert_array_equal(view.cloud.y, places[:, 1])
    layers = view.plot.canvas.layers
    order = [layers.index(x) for x in (view.contours, view.path, view.cloud, view.current)]
    assert order == sorted(order)
    assert len(view.contours.x) > 100
    assert "30 runs" in view.summary()


def test_the_band_holds_the_quantiles(shown):
    history = history_of()
    view = shown(QuantileBand, history)
    np.testing.assert_array_equal(view.band.low, history["gap_low"])
    np.testing.assert_array_equal(view.band.high, history["gap_high"])
    np.testing.assert_array_equal(view.traces["gap_median"].y, history["gap_median"])
    y0, y1 = view.plot.box.viewRange()[1]
    assert y0 <= np.log10(history["gap_low"].min())
    assert np.log10(history["gap_high"].max()) <= y1
    names = [entry.text for entry in view.legend(history)]
    assert names[:2] == ["median", "10 % to 90 % of the runs"]
    assert "expected mean" in names


def test_without_a_theory_there_is_no_line_for_it(shown):
    history = history_of(sampling="shuffled")
    view = shown(QuantileBand, history)
    assert set(view.traces) == {"gap_median", "mean_gap"}


def test_the_band_is_filled_between_its_edges(shown):
    history = history_of()
    view = shown(QuantileBand, history)
    view.traces.clear()
    view.plot.canvas.layers[:] = [view.band]
    picture = view.image(1.0)
    filled = view.band.colour.name()
    canvas = view.plot.canvas
    window = canvas.shown()
    row = len(history) * 2 // 3
    middle = np.sqrt(history["gap_low"][row] * history["gap_high"][row])
    px, py = window.pixels(history["step"][row : row + 1], np.array([middle]))
    corner = view.plot.mapTo(
        view, view.plot.mapFromScene(view.plot.box.sceneBoundingRect().topLeft())
    )
    inside = picture.pixelColor(corner.x() + int(px[0]), corner.y() + int(py[0])).name()
    assert inside == filled


def test_chords_show_every_pair(shown):
    history = history_of()
    view = shown(Chords, history)
    excess = history.facts["chord_excess"]
    assert len(view.curves.x) == excess.size
    assert (~view.curves.connect).sum() == len(excess)
    assert view.curves.y.max() <= 1e-12
