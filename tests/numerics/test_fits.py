"""Power laws through points, against numpy's polynomial fit with its covariance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lazygui.numerics.fits import loglog_fit, means_over


@pytest.mark.parametrize("count", [3, 4, 13, 200])
@pytest.mark.parametrize("slope", [-2.0, -0.5, 0.0, 1.0])
def test_slope_intercept_and_error_are_those_of_polyfit(count: int, slope: float):
    rng = np.random.default_rng(count)
    x = np.geomspace(1.0, 1e4, count)
    y = 3.0 * x**slope * np.exp(0.1 * rng.standard_normal(count))
    (expected, intercept), covariance = np.polyfit(np.log(x), np.log(y), 1, cov=True)
    fit = loglog_fit(x, y)
    assert fit.points == count
    np.testing.assert_allclose(
        [fit.slope, fit.intercept, fit.error],
        [expected, intercept, math.sqrt(covariance[0, 0])],
        rtol=1e-9,
        atol=1e-12,
    )


def test_only_positive_finite_points_count():
    x = [1.0, 10.0, 100.0, 0.0, -1.0, 5.0, 5.0, math.inf, math.nan]
    y = [2.0, 0.2, 0.02, 7.0, 7.0, 0.0, -1.0, 7.0, 7.0]
    fit = loglog_fit(x, y)
    assert fit.points == 3
    assert fit.slope == pytest.approx(-1.0, abs=1e-14)
    assert fit.intercept == pytest.approx(math.log(2.0))


@pytest.mark.parametrize("x", [[], [2.0], [2.0, 2.0, 2.0]])
def test_points_at_one_place_determine_no_line(x: list[float]):
    fit = loglog_fit(x, [3.0, 4.0, 5.0][: len(x)])
    assert math.isnan(fit.slope)
    assert math.isnan(fit.error)


def test_two_points_have_a_slope_and_no_error():
    fit = loglog_fit([1.0, 10.0], [5.0, 500.0])
    assert fit.slope == pytest.approx(2.0)
    assert math.isnan(fit.error)


def test_means_leave_out_what_is_not_finite():
    x = [2.0, 1.0, 2.0, 1.0, 3.0, math.nan]
    y = [4.0, 1.0, 8.0, math.nan, math.inf, 1.0]
    places, means = means_over(x, y)
    assert places.tolist() == [1.0, 2.0]
    assert means.tolist() == [1.0, 6.0]
    assert [len(part) for part in means_over([], [])] == [0, 0]
