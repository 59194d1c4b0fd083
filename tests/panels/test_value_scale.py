from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazygui.panels.value_scale import ValueScale
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario

RATE = ValueScale.of(Scenario.parameter("learning_rate"))
WIDTH = ValueScale.of(LazyScenario.parameter("width"))
ANGLE = ValueScale.of(DescentScenario.parameter("angle"))


def test_log_axis_is_linear_in_the_logarithm() -> None:
    # The range is 1e-3 to 1e1: four decades.
    for decade in range(5):
        assert RATE.position(10.0 ** (decade - 3)) == pytest.approx(decade / 4)
    assert RATE.value_at(0.75) == pytest.approx(1.0, rel=5e-3)


def test_linear_axis() -> None:
    assert ANGLE.position(0.0) == 0.5
    assert ANGLE.value_at(0.75) == 45.0


def test_ends_are_exact() -> None:
    assert (RATE.value_at(-1), RATE.value_at(2)) == (1e-3, 10.0)
    assert (WIDTH.value_at(0), WIDTH.value_at(1)) == (2.0, 2048.0)


@given(st.floats(0, 1))
def test_widths_are_whole(position: float) -> None:
    assert WIDTH.value_at(position).is_integer()


def test_a_billion_values_have_no_slider() -> None:
    assert not ValueScale.of(Scenario.parameter("record_every")).has_slider
    assert ValueScale.of(LazyScenario.parameter("digit")).has_slider


def test_position_of_what_a_log_axis_lacks() -> None:
    assert RATE.position(0.0) == -math.inf


def test_log_step_is_a_twentieth_of_a_decade() -> None:
    assert RATE.stepped(0.1, 1) == pytest.approx(0.1 * 10 ** (1 / 20), rel=5e-3)
    assert RATE.stepped(0.1, 20) == 1.0


@pytest.mark.parametrize("value", [0.001, 0.1, 0.112, 1.0, 7.94])
def test_up_and_down_cancel(value: float) -> None:
    assert RATE.stepped(RATE.stepped(value, 1), -1) == value


@given(st.integers(1, 10**8), st.sampled_from([-5, -1, 1, 5]))
def test_whole_numbers_move_by_one_at_least(value: int, count: int) -> None:
    moved = WIDTH.stepped(float(value), count)
    assert moved.is_integer()
    if value == 1 and count < 0:
        assert moved == 1
    else:
        assert (moved - value) * count >= abs(count) / 5


@pytest.mark.parametrize(
    ("scale", "value", "words"),
    [
        (RATE, 0.0, "η must be greater than 0"),
        (RATE, -1.0, "η must be greater than 0"),
        (RATE, 2e12, "η must be at most 1e12"),
        (WIDTH, 0.0, "m must be at least 1"),
        (WIDTH, 2.5, "m must be a whole number"),
        (ANGLE, 181.0, "θ must be at most 180"),
        (RATE, 1e-300, None),
        (WIDTH, 3.0, None),
    ],
)
def test_bounds_are_explained(scale: ValueScale, value: float, words: str | None) -> None:
    assert scale.fault(value) == words


def test_bounds_in_words() -> None:
    assert RATE.bounds_text() == "above 0, up to 1e12"
    assert ANGLE.bounds_text() == "-180 to 180"
    assert ValueScale().bounds_text() == ""


def test_no_slider_says_so() -> None:
    with pytest.raises(ValueError, match="no slider range"):
        ValueScale().position(1.0)
