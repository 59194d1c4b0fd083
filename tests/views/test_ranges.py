"""Ranges that grow in steps, ticks and what they say."""

from __future__ import annotations

import math

import pytest

from lazygui.views.axis import Axis, power_of_ten
from lazygui.views.ranges import grown, padded, union


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.0, 1.0), (0.0, 0.0), (5.0, 5.0), (-1e300, 1e300), (1e-300, 1e-300), (1.0, 1.0 + 1e-15),
     (-3.0, -3.0), (1e99, 1e99)],
)  # fmt: skip
def test_a_padded_range_is_finite_and_has_the_data_inside(low, high):
    first, last = padded(low, high)
    assert math.isfinite(last - first)
    assert first < last
    assert first <= max(low, -1e100)
    assert last >= min(high, 1e100)


def test_a_range_stays_while_the_data_are_inside():
    assert grown((0.0, 1.0), 0.2, 0.9) == (0.0, 1.0)


def test_a_range_grows_only_on_the_side_that_data_left():
    low, high = grown((0.0, 1.0), 0.2, 1.1)
    assert low == 0.0
    assert high > 1.3


def test_a_curve_that_grows_to_a_thousandfold_changes_the_range_seldom():
    shown, changes = (0.0, 1.0), 0
    for value in range(1, 1001):
        wider = grown(shown, 0.0, float(value))
        changes += wider != shown
        shown = wider
    assert changes < 30


def test_union_leaves_out_what_is_unknown():
    assert union([None, (0.0, 1.0), (-1.0, 0.5)]) == (-1.0, 1.0)
    assert union([None]) is None
    assert union([]) is None


@pytest.mark.parametrize(
    ("exponent", "text"), [(-12, "10⁻¹²"), (-1, "0.1"), (0, "1"), (1, "10"), (2, "10²")]
)
def test_powers_of_ten_are_typeset(exponent, text):
    assert power_of_ten(exponent) == text


class TestAxis:
    @pytest.fixture
    def axis(self, qapp):
        return Axis("left")

    @pytest.mark.parametrize(
        ("low", "high", "size", "ticks"),
        [
            (0.0, 1.0, 300.0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (-1.0, 1.0, 150.0, ["−1.0", "−0.5", "0", "0.5", "1.0"]),
            (0.0, 200_000.0, 150.0, ["0", "1·10⁵", "2·10⁵"]),
        ],
    )
    def test_linear_ticks(self, axis, low, high, size, ticks):
        step, values = axis.tickValues(low, high, size)[0]
        texts = axis.tickStrings(values, 1.0, step)
        assert [text for text in texts if text in ticks] == ticks

    def test_whole_decades_on_a_log_axis(self, axis):
        axis.setLogMode(x=False, y=True)
        spacing, values = axis.tickValues(-4.2, 1.3, 400.0)[0]
        texts = axis.tickStrings(values, 1.0, spacing)
        assert texts == ["10⁻⁴", "10⁻³", "10⁻²", "0.1", "1", "10"]

    def test_a_short_log_axis_has_the_numbers_between(self, axis):
        axis.setLogMode(x=False, y=True)
        spacing, values = axis.tickValues(-1.0, 0.3, 400.0)[0]
        assert (
            axis.tickStrings(values, 1.0, spacing) == ["0.1", "0.2", "0.5", "1", "2"][: len(values)]
        )

    @pytest.mark.parametrize("size", [0.0, 1.0, 10.0, 1e4])
    @pytest.mark.parametrize(
        ("low", "high"), [(0, 0), (math.nan, 1), (0, math.inf), (-300, 300), (0, 1e-300), (3, 1)]
    )
    def test_no_range_asks_for_too_many_ticks(self, axis, low, high, size):
        for log in (False, True):
            axis.setLogMode(x=False, y=log)
            assert sum(len(values) for _, values in axis.tickValues(low, high, size)) < 400
