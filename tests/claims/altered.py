"""Finished demos, and the same histories with something falsified."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from lazygui.claims.claim import Claim, Reading
from lazygui.claims.judging import judged
from lazygui.headless import run
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Batch, Frame, History

Change = Callable[[History], History]


def finished(scenario: Scenario) -> History:
    """The history of a whole run."""
    history, interrupted = run(build_simulation(scenario))
    assert not interrupted
    return history


@lru_cache(maxsize=64)
def demo(name: str) -> History:
    """The history of a demo's run, made once; don't change it."""
    return finished(entry(name).scenario)


def reading(claims: tuple[Claim, ...], name: str, history: History) -> Reading:
    """What the claim of that id reads."""
    (claim,) = [claim for claim in claims if claim.id == name]
    return judged(claim, history)


def altered(
    history: History,
    *,
    facts: dict[str, Any] | None = None,
    arrays: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]] = dict,
    scenario: dict[str, Any] | None = None,
    **columns: Callable[[np.ndarray], np.ndarray],
) -> History:
    """The same history with columns or frames replaced by a function of them, or other facts."""
    described = history.scenario.replace(**scenario) if scenario else history.scenario
    made = History(described, history.columns, {**history.facts, **(facts or {})})
    rows = {column.name: np.array(history[column.name]) for column in history.columns}
    for name, function in columns.items():
        rows[name] = np.asarray(function(rows[name]), dtype=float)
    kept = [Frame(frame.step, arrays(dict(frame.arrays))) for frame in history.frames]
    now = history.now
    assert now is not None
    last = Frame(now.step, arrays(dict(now.arrays)))
    tail = {name: values[-1] for name, values in rows.items()}
    made.append(Batch(0, history.last_step, rows, tail, tuple(kept), last))
    return made


def nudged(share: float, first: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """Every third row from `first` on a `share` larger."""

    def change(values: np.ndarray) -> np.ndarray:
        made = values.copy()
        made[first::3] *= 1 + share
        return made

    return change
