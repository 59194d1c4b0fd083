"""From data to pixels, and the masking of what can't be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.views.window import LARGEST, Window, bounds, drawable, ordered_bounds

NAN, INF = np.nan, np.inf

# Array, drawable values on a linear axis, drawable values on a log axis.
BAD_ARRAYS = {
    "empty": ([], [], []),
    "one": ([2.0], [2.0], [2.0]),
    "zero": ([0.0], [0.0], []),
    "minus zero": ([-0.0], [0.0], []),
    "all zeros": ([0.0] * 4, [0.0] * 4, []),
    "one nan": ([NAN], [], []),
    "all nan": ([NAN] * 3, [], []),
    "nan first": ([NAN, 1.0], [1.0], [1.0]),
    "nan last": ([1.0, NAN], [1.0], [1.0]),
    "nan between": ([1.0, NAN, 3.0], [1.0, 3.0], [1.0, 3.0]),
    "one inf": ([INF], [], []),
    "one -inf": ([-INF], [], []),
    "both inf": ([INF, -INF], [], []),
    "diverging": ([1.0, 1e200, INF, NAN], [1.0, 1e200], [1.0, 1e200]),
    "1e308": ([1e308], [], []),
    "-1e308": ([-1e308, 1.0], [1.0], [1.0]),
    "just drawable": ([1e300], [1e300], [1e300]),
    "tiny": ([5e-324], [5e-324], [5e-324]),
    "negative": ([-1.0, -2.0], [-1.0, -2.0], []),
    "signs": ([-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [1.0]),
    "huge and tiny": ([1e-300, 1e300], [1e-300, 1e300], [1e-300, 1e300]),
    "constant": ([3.0] * 5, [3.0] * 5, [3.0] * 5),
    "alternating": ([1e308, -1e308] * 3, [], []),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
@pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
class TestMasking:
    def test_only_drawable_values_remain(self, name, log):
        values, linear, positive = BAD_ARRAYS[name]
        axis = drawable(np.array(values), log=log)
        kept = axis[~np.isnan(axis)]
        expected = np.log10(positive) if log else linear
        assert kept == pytest.approx(np.array(expected))
        assert len(axis) == len(values)

    def test_bounds_are_those_of_the_drawable_values(self, name, log):
        values, linear, positive = BAD_ARRAYS[name]
        kept = np.log10(positive) if log else np.array(linear)
        found = bounds(np.array(values, dtype=float), log=log)
        if len(kept) == 0:
            assert found is None
        else:
            assert found == pytest.approx((kept.min(), kept.max()))

    def test_pixels_are_finite_or_nan_and_never_far(self, name, log):
        values = np.array(BAD_ARRAYS[name][0], dtype=float)
        window = Window((0.0, 1.0), (0.0, 1.0), 300.0, 200.0, log_x=log, log_y=log)
        for pixels in window.pixels(values, values):
            assert not np.isinf(pixels).any()
            assert (np.abs(pixels[np.isfinite(pixels)]) < 1e5).all()


def test_ordered_bounds_skip_what_a_log_axis_has_not():
    assert ordered_bounds(np.array([0.0, 1.0, 100.0]), log=True) == pytest.approx((0.0, 2.0))
    assert ordered_bounds(np.array([0.0, 1.0, 100.0]), log=False) == (0.0, 100.0)
    assert ordered_bounds(np.array([0.0, 0.0]), log=True) is None
    assert ordered_bounds(np.array([]), log=False) is None


def test_corners_of_the_window_are_corners_of_the_picture():
    window = Window((0.0, 2.0), (-1.0, 1.0), 400.0, 300.0, log_x=True)
    px, py = window.pixels(np.array([1.0, 10.0, 100.0]), np.array([-1.0, 0.0, 1.0]))
    assert px == pytest.approx([0.0, 200.0, 400.0])
    assert py == pytest.approx([300.0, 150.0, 0.0])
    assert window.axis_point(200.0, 150.0) == pytest.approx((1.0, 0.0))


def test_the_limit_is_the_one_of_view_ranges():
    assert np.finfo(float).max > 2 * LARGEST
