"""Which steps are recorded: dense at first, ever thinner, never only the even ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.schedule import Schedule


def recorded(schedule: Schedule, last: int) -> list[int]:
    steps = [0]
    while (after := schedule.next_after(steps[-1])) <= last:
        steps.append(after)
    return steps


def test_the_first_steps_are_all_recorded():
    assert recorded(Schedule(4), 12) == list(range(13))


def test_then_every_third_then_every_ninth():
    assert recorded(Schedule(4), 100)[12:] == [12, *range(15, 37, 3), *range(45, 100, 9)]


@given(st.integers(0, 10**9), st.integers(1, 500))
def test_strides_are_odd(step: int, resolution: int):
    assert Schedule(resolution).stride(step) % 2 == 1


def test_an_alternating_sequence_is_seen_on_both_sides():
    signs = [(-1) ** k for k in recorded(Schedule(256), 100_000)]
    late = signs[len(signs) // 2 :]
    assert abs(np.mean(late)) < 0.05


@pytest.mark.parametrize("last", [10**4, 10**6, 10**8])
def test_records_grow_like_the_logarithm_of_the_steps(last: int):
    count = len(recorded(Schedule(256), last))
    predicted = 256 * (3 + 2 * np.log(last / 768) / np.log(3))
    assert abs(count - predicted) < 2 * 256


@given(st.integers(8, 400), st.integers(0, 10**8))
def test_every_time_scale_keeps_its_resolution(resolution: int, step: int):
    """Around step k the records lie at most k/resolution apart."""
    stride = Schedule(resolution).stride(step)
    assert stride == 1 or stride * resolution <= step


@given(st.integers(1, 10**6), st.integers(0, 10**7))
def test_a_fixed_stride_is_kept(every: int, step: int):
    after = Schedule(256, every).next_after(step)
    assert after % every == 0
    assert 0 < after - step <= every


@given(st.integers(1, 300), st.lists(st.integers(0, 5000), min_size=1, max_size=8))
def test_the_steps_do_not_depend_on_where_one_looks_from(resolution: int, looks: list[int]):
    schedule = Schedule(resolution)
    steps = recorded(schedule, 20_000)
    for look in looks:
        assert schedule.next_after(look) == next(k for k in steps if k > look)


@pytest.mark.parametrize("every", [0, 7])
def test_the_steps_between_are_those_met_one_by_one(every: int):
    schedule = Schedule(16, every)
    assert schedule.between(5, 5, 10) == []
    found = schedule.between(5, 1000, 10**6)
    assert found == [step for step in range(6, 1001) if schedule.next_after(step - 1) == step]
    assert schedule.between(5, 1000, 3) == found[:3]


@pytest.mark.parametrize("asked", [1, 7, 100, 1000])
def test_steps_are_rounded_down_to_a_recorded_one(asked: int):
    simulation = build_simulation(LazyScenario(steps=10_000, record_every=30))
    simulation.advance(25)
    made = simulation.rounded(asked)
    assert 1 <= made <= asked
    assert (25 + made) % 30 == 0 or made == asked < 5
    assert asked - made < 30
