"""The slice of the loss and the loss between permuted copies."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from lazygui.simulation.history import Frame, History
from lazygui.style import themes
from lazygui.views.colour_key import CORNERS, ColourKey
from lazygui.views.loss_along_line import LossAlongLine
from lazygui.views.loss_slice import LossSlice, logarithm, shades, shown_heights
from lazygui.views.registry import every_view
from tests.views import histories
from tests.views.landscape_histories import landscape, landscape_frame
from tests.views.showing import paint

BOTH = pytest.mark.parametrize("kind", [LossSlice, LossAlongLine])
THEMES = list(themes.THEMES.values())


def with_arrays(history: History, **arrays) -> History:
    """The same history with a newer frame in which some arrays are others."""
    frame = Frame(100, {**history.now.arrays, **arrays})
    rows = {name: values[:1] * 0 + 100.0 for name, values in _rows(history).items()}
    histories.append(history, rows, (frame,))
    return history


def _rows(history: History) -> dict[str, np.ndarray]:
    return {column.name: np.array(history[column.name]) for column in history.columns}


@BOTH
class TestBoth:
    def test_is_offered_where_there_are_slices_only(self, kind):
        assert kind in every_view()
        assert kind.suits(landscape())
        assert not kind.suits(histories.lazy(rows=5))

    @pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
    def test_draws_in_every_theme(self, shown, kind, theme):
        view = shown(kind, landscape())
        view.set_theme(theme)
        picture = view.image(1.0)
        colours = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 290, 3)}
        assert len(colours) > 8
        assert picture.pixelColor(20, 316).name() == theme.surface

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 5e-324])
    def test_survives_values_that_cannot_be_drawn(self, shown, kind, value):
        history = landscape()
        view = shown(kind, history)
        arrays = {name: np.full_like(a, value) for name, a in history.now.arrays.items()}
        with_arrays(history, **arrays)
        for log in (False, True):
            if view.can_log:
                view.set_log_y(log)
            view.redraw()
            paint(view)
        (x0, x1), (y0, y1) = view.plot.box.viewRange()
        assert np.isfinite([x0, x1, y0, y1, x1 - x0, y1 - y0]).all()
        view.summary()

    @pytest.mark.parametrize("name", ["slice_loss", "line_loss"])
    def test_survives_single_holes(self, shown, kind, name):
        history = landscape()
        values = np.array(history.now.arrays[name])
        values.flat[[0, 7]] = np.inf, np.nan
        paint(shown(kind, with_arrays(history, **{name: values})))

    @pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 2), (2000, 30)])
    def test_survives_any_size(self, shown, kind, size):
        view = shown(kind, landscape())
        view.setMinimumSize(0, 0)
        view.resize(*size)
        QApplication.processEvents()
        view.redraw()
        paint(view)

    def test_survives_a_history_without_rows(self, shown, kind):
        full = landscape()
        paint(shown(kind, History(full.scenario, full.columns, full.facts)))

    def test_tells_numbers_to_those_who_do_not_see_it(self, shown, kind):
        view = shown(kind, landscape())
        assert view.accessibleDescription() == view.summary()
        assert any(letter.isdigit() for letter in view.summary())
        assert "<" not in view.summary()


class TestSlice:
    def test_markers_are_where_the_frame_says(self, shown):
        view = shown(LossSlice, landscape())
        assert (view.weights.x[-1], view.weights.y[-1]) == pytest.approx((0.0, 0.0))
        assert (view.start.x[0], view.start.y[0]) == (0.3, 0.5)
        assert view.copies.x.tolist() == [1.0, 0.6]
        assert (view.middle.x[0], view.middle.y[0]) == (0.5, 0.0)
        assert len(view.path.x) == 9

    @pytest.mark.parametrize("plane", ["random", "pca"])
    def test_copies_that_are_not_in_the_plane_are_not_drawn(self, shown, plane):
        view = shown(LossSlice, landscape(plane=plane))
        assert len(view.copies.x) == len(view.middle.x) == 0
        assert len(view.header.legend.entries) == 2

    def test_the_range_is_that_of_the_grid(self, shown):
        (x0, x1), (y0, y1) = shown(LossSlice, landscape()).plot.box.viewRange()
        assert (x0, x1, y0, y1) == pytest.approx((-0.5, 1.5, -0.6, 1.4))

    def test_the_axes_tell_the_variance_explained(self, shown):
        history = landscape(plane="pca")
        view = shown(LossSlice, with_arrays(history, slice_variance=np.array([0.981, 0.013])))
        x, y = view.labels(history)
        assert x == "from <i>w</i> to <i>Pw</i> (98.1 % of variance)"
        assert y == "across (1.3 %)"
        assert view._said == (x, y)

    def test_a_slice_that_is_shown_is_not_computed_again(self, shown, monkeypatch):
        history = landscape()
        view = shown(LossSlice, history)
        calls = []
        monkeypatch.setattr(view, "_fill", lambda *arrays: calls.append(arrays))
        with_arrays(history)
        view.refresh()
        assert calls == []
        with_arrays(history, slice_loss=2 * history.now.arrays["slice_loss"])
        view.refresh()
        assert len(calls) == 1

    def test_heights_are_logarithms_and_what_has_none_is_left_out(self):
        loss = np.array([[1.0, 10.0], [np.inf, np.nan], [-1.0, 0.0]])
        heights = logarithm(loss)
        np.testing.assert_array_equal(heights[:2], [[0.0, 1.0], [np.nan, np.nan]])
        assert np.isnan(heights[2, 0])
        assert heights[2, 1] < -200
        low, high = shown_heights(heights)
        assert high - low == pytest.approx(6.0)
        assert shown_heights(np.full((2, 2), np.nan)) == (0.0, 0.0)

    @pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
    def test_what_has_no_height_shows_the_surface(self, theme):
        colours = shades(np.array([[0.0, np.nan, 1.0]]), 0.0, 1.0, theme)
        surface = np.array([int(theme.surface[k : k + 2], 16) / 255 for k in (1, 3, 5)])
        np.testing.assert_allclose(colours[0, 1, :3], surface, atol=2e-3)
        assert np.abs(colours[0, 0] - colours[0, 2]).max() > 0.2

    def test_the_key_shows_the_ends_of_the_scale(self, shown):
        view = shown(LossSlice, landscape())
        low, high = (float(text) for text in view.key.ends)
        loss = landscape_frame(0, 1.0).arrays["slice_loss"]
        assert low == pytest.approx(loss.min(), rel=0.05)
        assert loss.max() / 2 < high <= loss.max()


class TestKey:
    @pytest.mark.parametrize("corner", CORNERS)
    def test_keeps_off_a_path_that_ends_in_its_corner(self, corner):
        key = ColourKey(themes.LIGHT)
        key.keep_off(np.array([[0.5, 0.5], corner]), (0.0, 0.0), (1.0, 1.0))
        assert key._corner != corner

    def test_stays_where_nothing_is_near(self):
        key = ColourKey(themes.LIGHT)
        key.keep_off(np.array([[0.0, 0.0], [np.nan, 1.0]]), (0.0, 0.0), (1.0, 1.0))
        assert key._corner == (1, 1)


class TestLine:
    def test_the_barrier_reaches_from_the_ends_to_the_top(self, shown):
        view = shown(LossAlongLine, landscape())
        assert view.barrier.visible
        (x0, y0), (x1, y1) = view.barrier.tails[0], view.barrier.tips[0]
        assert (x0, x1) == pytest.approx((0.5, 0.5))
        assert (y0, y1) == pytest.approx((1e-3, 1e-3 + 1 / 48))

    def test_a_convex_loss_has_no_barrier(self, shown):
        history = landscape()
        t = history.now.arrays["line_position"]
        view = shown(LossAlongLine, with_arrays(history, line_loss=(t - 0.4) ** 2))
        assert not view.barrier.visible
        assert view.chord.y[0] == pytest.approx(0.16)
        assert view.chord.y[-1] == pytest.approx(0.36)

    def test_a_steep_linearization_leaves_room_for_the_network(self, shown):
        history = landscape()
        t = history.now.arrays["line_position"]
        view = shown(LossAlongLine, with_arrays(history, line_loss_linearized=1e6 * (1 + t**2)))
        _, (_, top) = view.plot.box.viewRange()
        assert top < 0.1
