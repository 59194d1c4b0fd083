"""The history of a run: bounded, evenly thinned, independent of batching, read-only."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazygui.scenarios.base import Change
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import Batch, Column, Frame, History, Store

STEP = Column("step", "k", "step")
PAIR = Column("pair", "w", "pair", shape=(2,))


def store_of(count: int, capacity: int, cuts: list[int]) -> Store:
    """A store offered the rows 0..count-1 in pieces."""
    store = Store((STEP, PAIR), capacity)
    edges = [0, *sorted(min(cut, count) for cut in cuts), count]
    for start, end in pairwise(edges):
        steps = np.arange(start, end, dtype=float)
        store.extend({"step": steps, "pair": np.stack([steps, -steps], axis=1)})
    return store


def kept_by_hand(count: int, capacity: int) -> list[int]:
    """Row by row: a full list keeps every third, and from then on a third as many come in."""
    kept: list[int] = []
    stride = 1
    for row in range(count):
        if row % stride == 0:
            kept.append(row)
            if len(kept) == capacity:
                kept, stride = kept[::3], stride * 3
    return kept


@given(
    st.integers(0, 3000),
    st.integers(4, 200),
    st.lists(st.integers(0, 3000), max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_does_not_depend_on_batching(count: int, capacity: int, cuts: list[int]):
    store = store_of(count, capacity, cuts)
    assert store.column("step").tolist() == kept_by_hand(count, capacity)
    assert store.column("pair")[:, 1].tolist() == [-k for k in kept_by_hand(count, capacity)]


def test_a_full_store_is_thinned_evenly_and_keeps_the_first():
    store = store_of(100_000, 300, [])
    steps = store.column("step")
    assert len(steps) < 300
    assert steps[0] == 0
    gaps = np.unique(np.diff(steps))
    assert len(gaps) == 1
    assert gaps[0] == 3 ** round(np.log(gaps[0]) / np.log(3))
    assert steps[-1] > 100_000 - gaps[0] - 1


def batch(first: int, last: int, recorded: list[int]) -> Batch:
    rows = np.array(recorded, dtype=float)
    frames = tuple(Frame(k, {"f": np.array([k])}) for k in recorded)
    now = Frame(last, {"f": np.array([last])})
    return Batch(first, last, {"step": rows}, {"step": np.array(float(last))}, frames, now)


def history(trace: int = 20_000, frames: int = 600) -> History:
    return History(DescentScenario(), (STEP,), trace_capacity=trace, frame_capacity=frames)


def test_the_newest_row_is_there_whether_recorded_for_good_or_not():
    record = history()
    record.append(batch(0, 4, [0, 3]))
    assert record["step"].tolist() == [0, 3, 4]
    record.append(batch(4, 6, [6]))
    assert record["step"].tolist() == [0, 3, 6]
    assert record.latest("step") == 6
    assert len(record) == 3
    record.append(batch(6, 8, []))
    assert record["step"].tolist() == [0, 3, 6, 8]
    assert record.latest("step") == 8
    assert record.last_step == 8


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(5, 60))
@settings(max_examples=60, deadline=None)
def test_a_thinned_history_ends_with_the_newest_row_and_frame(jumps: list[int], capacity: int):
    record, step = history(capacity, capacity), 0
    for jump in jumps:
        record.append(batch(step, step + jump, list(range(step + 1, step + jump + 1))))
        step += jump
    steps = record["step"]
    assert steps[-1] == step
    assert (np.diff(steps) > 0).all()
    assert len(steps) <= capacity + 1
    assert len(record.frames) <= capacity
    assert record.frames[0].step == 1
    assert record.now is not None
    assert record.now.step == step
    spacing = np.diff([frame.step for frame in record.frames])
    assert len(set(spacing.tolist())) <= 1


def test_arrays_are_read_only():
    record = history()
    record.append(batch(0, 4, [0, 3]))
    with_tail = record["step"]
    record.append(batch(4, 6, [6]))
    for values in (with_tail, record["step"]):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1.0


def test_an_array_given_away_does_not_change_when_more_is_recorded():
    record = history(trace=9)
    record.append(batch(0, 8, list(range(8))))
    given_away = record["step"]
    before = given_away.tolist()
    for step in range(8, 60):
        record.append(batch(step, step + 1, [step]))
    assert given_away.tolist() == before


@pytest.mark.parametrize("recorded", [7, 8])
def test_a_history_at_rest_stays_as_it_was_however_far_the_run_goes_on(recorded: int):
    record = history(trace=9, frames=9)
    record.append(batch(0, 7, list(range(recorded))))
    still = record.at_rest()
    before = [frame.step for frame in record.frames]
    for step in range(8, 60):
        record.append(batch(step, step + 1, [step]))
    record.record_facts({"kappa": 1.0})
    record.record_change(Change(step=3, name="learning_rate", value=0.01))
    assert still["step"].tolist() == list(range(8))
    assert [frame.step for frame in still.frames] == before
    assert (still.last_step, still.now.step if still.now else -1) == (7, 7)
    assert "kappa" not in still.facts
    assert still.scenario == DescentScenario()


def test_a_batch_cannot_be_changed_by_who_receives_it():
    from lazygui.simulation.build import build_simulation

    made = build_simulation(LazyScenario(steps=5)).advance(5)
    assert made.now is not None
    for mapping in (made.rows, made.tail, made.now.arrays):
        with pytest.raises(TypeError):
            mapping["loss"] = np.zeros(1)  # type: ignore[index]


def test_changes_are_noted_in_the_scenario():
    record = history()
    record.record_change(Change(step=3, name="learning_rate", value=0.5))
    assert record.scenario.value_at("learning_rate", 3) == 0.5
    assert record.scenario.value_at("learning_rate", 2) == 0.1


def test_names_of_columns_facts_and_frames_are_provided():
    record = history()
    assert record.provides == {"step"}
    record.append(batch(0, 1, [1]))
    before = record.revision
    record.record_facts({"kappa": 0.5})
    assert record.provides == {"step", "kappa", "f"}
    assert record.revision == before + 1
    assert "step" in record
    assert "loss" not in record
    assert record.column("step") is STEP
    with pytest.raises(KeyError):
        record.column("loss")


def test_rows_come_in_order():
    record = history()
    record.append(batch(0, 4, [0, 3]))
    assert [row["step"] for row in record.rows()] == [0, 3, 4]


def test_nothing_is_recorded_yet():
    record = history()
    assert len(record) == 0
    assert record["step"].tolist() == []
    with pytest.raises(IndexError):
        record.latest("step")
