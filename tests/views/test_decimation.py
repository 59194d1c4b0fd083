"""Curves with few points that look as the full ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazygui.views.decimation import dashes, decimate, ordered, segments, simplify


@pytest.mark.parametrize("count", [0, 1, 2, 10, 1000, 20_000])
def test_at_most_two_points_per_column(count):
    x = np.arange(float(count))
    xd, yd = decimate(x, np.sin(x), np.linspace(0, max(count, 1), 301))
    assert len(xd) == len(yd) <= 2 * 303
    assert (np.diff(xd) >= 0).all()


@given(st.integers(0, 2**32 - 1), st.integers(300, 3000), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_extremes_of_every_column_survive(seed, count, bins):
    y = np.random.default_rng(seed).standard_cauchy(count)
    x = np.arange(len(y), dtype=float)
    edges = np.linspace(0.0, float(len(y)), bins + 1)
    xd, yd = decimate(x, y, edges)
    for low, high in itertools.pairwise(edges):
        inside, kept = (x >= low) & (x < high), (xd >= low) & (xd < high)
        assert yd[kept].max() == y[inside].max()
        assert yd[kept].min() == y[inside].min()


def test_a_single_spike_survives_among_many_points():
    y = np.zeros(20_000)
    y[12_345] = 7.0
    _, yd = decimate(np.arange(20_000.0), y, np.linspace(0, 20_000, 400))
    assert yd.max() == 7.0


def test_nan_is_passed_over():
    y = np.ones(5000)
    y[1000:1050] = np.nan
    _, yd = decimate(np.arange(5000.0), y, np.linspace(0, 5000, 101))
    assert np.nanmin(yd) == np.nanmax(yd) == 1.0


def test_only_what_is_shown_is_kept_with_its_neighbours():
    x = np.arange(1000.0)
    xd, _ = decimate(x, x, np.linspace(400.0, 420.0, 101))
    assert xd[0] == 399.0
    assert xd[-1] >= 420.0
    assert len(xd) < 30


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([3.0, 1.0, 2.0], [1.0, 2.0, 3.0]),
        ([np.nan, 1.0], [1.0]),
        ([np.inf, 1.0, -np.inf], [1.0]),
        ([], []),
        ([1.0, 1.0], [1.0, 1.0]),
    ],
)
def test_points_are_put_in_order(x, expected):
    xo, yo = ordered(np.array(x), np.array(x))
    assert xo.tolist() == yo.tolist() == expected


@pytest.mark.parametrize("shape", [np.sin, np.cos, np.sqrt, np.square])
def test_a_simplified_curve_is_within_half_a_pixel(shape):
    px = np.linspace(0.0, 400.0, 800)
    py = 100.0 * shape(px / 100.0)
    sx, sy = simplify(px, py)
    assert len(sx) < 0.35 * len(px)
    assert np.abs(np.interp(px, sx, sy) - py).max() < 0.5
    assert (sx[0], sx[-1]) == (px[0], px[-1])


def test_a_zigzag_is_not_simplified():
    px = np.arange(100.0)
    py = np.where(np.arange(100) % 2 == 0, 0.0, 50.0)
    sx, _ = simplify(px, py)
    assert len(sx) == 100


def test_a_vertical_spike_is_not_taken_for_a_straight_line():
    px = np.full(40, 5.0)
    py = np.where(np.arange(40) % 2 == 0, 0.0, 50.0)
    assert simplify(px, py)[1].max() == 50.0


@pytest.mark.parametrize("pattern", [(5.0, 3.0), (6.0, 2.5, 1.0, 2.5), (1.2, 2.0)])
def test_dashes_cover_their_share_of_the_curve(pattern):
    angle = np.linspace(0, 6.0, 300)
    px, py = 100 * np.cos(angle), 100 * np.sin(angle)
    pieces = dashes(px, py, pattern)
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    share = sum(pattern[::2]) / sum(pattern)
    assert lengths.sum() == pytest.approx(share * 600.0, rel=0.02)


def test_the_first_dash_of_a_straight_line_ends_where_the_pattern_says():
    pieces = dashes(np.array([0.0, 20.0]), np.zeros(2), (5.0, 3.0))
    assert pieces[:, [0, 2]].tolist() == [[0.0, 5.0], [8.0, 13.0], [16.0, 20.0]]


def test_segments_join_neighbours():
    joined = segments(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 4.0]))
    assert joined.tolist() == [[0.0, 0.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0]]
