"""Level sets of a landscape."""

from __future__ import annotations

import contourpy
import numpy as np
import pytest

from lazygui.views.level_sets import level_lines, levels

X, Y = np.linspace(-2.0, 2.0, 41), np.linspace(-1.0, 3.0, 31)


def landscape(kind: str) -> np.ndarray:
    x, y = np.meshgrid(X, Y)
    heights = {"bowl": x**2 + 5 * y**2, "valley": (1 - x) ** 2 + 100 * (y - x**2) ** 2}
    found = heights["valley" if kind == "with holes" else kind]
    if kind == "with holes":
        found[5:9, 12:20] = np.nan
        found[20, :] = np.inf
    return found


@pytest.mark.parametrize("kind", ["bowl", "valley", "with holes"])
def test_the_lines_are_those_of_contourpy(kind: str):
    heights = landscape(kind)
    marks = levels(heights, 0.0, 12)
    x, y, joined = level_lines(X, Y, heights, marks)
    generator = contourpy.contour_generator(X, Y, np.ma.masked_invalid(heights))
    lines = [line for mark in marks for line in generator.lines(float(mark)) if len(line) > 1]
    assert len(lines) >= 12
    np.testing.assert_array_equal(np.column_stack([x, y]), np.concatenate(lines))
    ends = np.flatnonzero(~joined)
    np.testing.assert_array_equal(np.diff(ends, prepend=-1), [len(line) for line in lines])


def test_a_circle_is_where_its_height_says():
    x, y = np.meshgrid(X, X)
    px, py, joined = level_lines(X, X, x**2 + y**2, np.array([1.0]))
    assert np.hypot(px, py) == pytest.approx(1.0, abs=2e-3)
    assert joined.sum() == len(px) - 1


def test_nothing_to_show_is_no_line():
    for heights, marks in ((np.ones((1, 9)), [0.5]), (np.ones((9, 9)), [])):
        x, y, joined = level_lines(np.arange(9.0), np.arange(9.0), heights, np.array(marks))
        assert len(x) == len(y) == len(joined) == 0
