"""One run of a sweep, made to its end and told in one row of numbers."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import Column
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.protocol import Simulation

Row = dict[str, float]

SLICE_SECONDS = 0.05
_STEPS_MADE = Column("steps_made", "k", "steps made")
_DIVERGED = Column("diverged", "diverged", "diverged", log=False)
_KNOWN_FACTS = {
    "kappa": ("κ(w<sub>0</sub>)", "laziness"),
    "residual_norm": ("‖αh(w<sub>0</sub>) − y‖", "residual at the start"),
    "differential_norm": ("‖Dh(w<sub>0</sub>)‖", "norm of the differential"),
    "second_differential_norm": ("‖D²h(w<sub>0</sub>)‖", "norm of the second differential"),
    "lambda_max": ("λ<sub>max</sub>", "largest eigenvalue of the tangent kernel"),
    "kernel_error": ("‖Θ<sub>0</sub> − Θ<sub>∞</sub>‖/‖Θ<sub>∞</sub>‖", "kernel error"),
}


class RunMeter:
    """What is measured of every run: the columns of the sweep, and how to fill them.

    Each scalar column of the base gives its final value and the largest and smallest over the
    recorded rows; facts of the diagnosis are measured where `metrics` or `abscissa` name them.
    Raises ScenarioError for a metric that no run gives.
    """

    def __init__(self, sweep: SweepScenario) -> None:
        self._sweep = sweep
        first = build_simulation(sweep.run(0))
        try:
            swept = {axis.name for axis in sweep.axes}
            scalar = [c for c in first.columns[2:] if not c.shape and c.name not in swept]
            self._names = tuple(column.name for column in scalar)
            self._facts = self._wanted_facts(first)
        finally:
            first.close()
        measured = [made for column in scalar for made in _of_column(column)]
        axes = [_axis_column(sweep, axis.name) for axis in sweep.axes]
        facts = [_fact_column(name) for name in self._facts]
        self.columns = (*axes, _STEPS_MADE, _DIVERGED, *measured, *facts)
        self._measured = tuple(column.name for column in (*measured, *facts))

    def _wanted_facts(self, simulation: Simulation) -> tuple[str, ...]:
        known = {form.name for name in self._names for form in _of_column(Column(name, "", ""))}
        known |= {axis.name for axis in self._sweep.axes} | {"steps_made", "diverged"}
        asked = dict.fromkeys((*self._sweep.metrics, self._sweep.abscissa))
        missing = [name for name in asked if name and name not in known]
        if not missing:
            return ()
        facts = {**simulation.facts, **simulation.diagnose()}
        numbers = {name for name, value in facts.items() if _is_number(value)}
        faults = [
            Fault(
                "abscissa" if name == self._sweep.abscissa else "metrics",
                f"no run gives a number '{name}'{did_you_mean(name, known | numbers)}",
            )
            for name in missing
            if name not in numbers
        ]
        if faults:
            raise ScenarioError(faults)
        return tuple(missing)

    def row(self, index: int, stop: threading.Event) -> Row | None:
        """Make a run; None when `stop` was set before its end."""
        run = self._sweep.run(index)
        simulation = build_simulation(run)
        try:
            measured = self._measure(simulation, stop)
        finally:
            simulation.close()
        if measured is None:
            return None
        head = {axis.name: float(getattr(run, axis.name)) for axis in self._sweep.axes}
        return head | measured

    def _measure(self, simulation: Simulation, stop: threading.Event) -> Row | None:
        simulation.skip_frames()
        highest = dict.fromkeys(self._names, math.nan)
        lowest = dict(highest)
        steps = 16
        while True:
            started = time.perf_counter()
            batch = simulation.advance(steps)
            _widen(batch.rows, self._names, highest, lowest)
            if simulation.outcome is not None:
                break
            if stop.is_set():
                return None
            seconds = time.perf_counter() - started
            steps = max(1, int(min(steps * SLICE_SECONDS / max(seconds, 1e-6), 64 * steps)))
        diverged = simulation.outcome is Outcome.DIVERGED
        row = {"steps_made": float(simulation.step), "diverged": float(diverged)}
        if diverged:
            return row | dict.fromkeys(self._measured, math.nan)
        last = batch.tail or {}
        _widen(last, self._names, highest, lowest)
        for name in self._names:
            final = float(last.get(name, math.nan))
            row |= {name: final, f"max_{name}": highest[name], f"min_{name}": lowest[name]}
        return row | self._measured_facts(simulation)

    def _measured_facts(self, simulation: Simulation) -> Row:
        facts = simulation.facts
        if any(name not in facts for name in self._facts):
            facts = {**facts, **simulation.diagnose()}
        return {name: _as_number(facts.get(name)) for name in self._facts}


def where(sweep: SweepScenario, index: int) -> str:
    """The place of a run in words: "scale = 100, seed = 3"."""
    run = sweep.run(index)
    return ", ".join(f"{axis.name} = {getattr(run, axis.name):.6g}" for axis in sweep.axes)


def _of_column(column: Column) -> tuple[Column, Column, Column]:
    name, symbol, title = column.name, column.symbol, column.title
    return (
        column,
        Column(f"max_{name}", f"max {symbol}", f"largest {title}", column.unit, log=column.log),
        Column(f"min_{name}", f"min {symbol}", f"smallest {title}", column.unit, log=column.log),
    )


def _axis_column(sweep: SweepScenario, name: str) -> Column:
    item = type(sweep.base).parameter(name)
    return Column(name, item.symbol, item.title, item.unit, log=item.log)


def _fact_column(name: str) -> Column:
    symbol, title = _KNOWN_FACTS.get(name, (name.replace("_", " "), name.replace("_", " ")))
    return Column(name, symbol, title)


def _widen(rows: Mapping[str, Any], names: Iterable[str], high: Row, low: Row) -> None:
    for name in names:
        values = np.atleast_1d(rows.get(name, ()))
        if len(values):
            high[name] = float(np.fmax(high[name], np.fmax.reduce(values)))
            low[name] = float(np.fmin(low[name], np.fmin.reduce(values)))


def _is_number(value: Any) -> bool:
    return value is None or (np.ndim(value) == 0 and isinstance(value, int | float | np.number))


def _as_number(value: Any) -> float:
    return float(value) if _is_number(value) and value is not None else math.nan
