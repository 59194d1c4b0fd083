"""Batches are made as often as the screen can use them and the engine can afford."""

from __future__ import annotations

import pytest

from lazygui.engine.dispatch import LONGEST_WAIT, PATIENCE_SECONDS, SHARE, Dispatch
from lazygui.engine.pace import FRAME_SECONDS


def test_the_first_goes_at_once():
    made = Dispatch()
    assert made.due(is_recorded=False) == 0.0
    made.sent(5.0, 5.5, is_recorded=False)
    made.reset()
    assert made.due(is_recorded=False) == made.due(is_recorded=True) == 0.0


def test_cheap_ones_go_once_a_frame_recorded_or_not():
    made = Dispatch()
    made.sent(10.0, 10.0 + 0.5 * SHARE * FRAME_SECONDS, is_recorded=False)
    assert made.due(is_recorded=True) == pytest.approx(10.0 + FRAME_SECONDS)
    assert made.due(is_recorded=False) == made.due(is_recorded=True)


def test_dear_ones_take_their_share_of_the_time():
    made = Dispatch()
    made.sent(10.0, 10.0 + 0.02, is_recorded=True)
    assert made.due(is_recorded=True) == pytest.approx(10.0 + 0.02 / SHARE)


@pytest.mark.parametrize("seconds", [0.004, 0.02])
def test_where_a_row_is_dear_a_recorded_step_is_waited_for_but_not_for_long(seconds: float):
    made = Dispatch()
    made.sent(10.0, 10.0 + seconds, is_recorded=False)
    made.sent(20.0, 20.0 + 0.0001, is_recorded=True)
    assert made.due(is_recorded=True) == pytest.approx(20.0 + FRAME_SECONDS)
    patience = min(seconds / SHARE, PATIENCE_SECONDS)
    assert made.due(is_recorded=False) == pytest.approx(20.0 + FRAME_SECONDS + patience)


@pytest.mark.parametrize(("seconds", "wait"), [(0.5, LONGEST_WAIT), (4.0, 8.0)])
def test_the_dearest_of_all_leave_the_window_without_news_for_seconds_only(
    seconds: float, wait: float
):
    made = Dispatch()
    made.sent(10.0, 10.0 + seconds, is_recorded=True)
    assert made.due(is_recorded=True) == pytest.approx(10.0 + wait)
