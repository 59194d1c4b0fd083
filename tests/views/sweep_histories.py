"""Synthetic histories of sweeps, made without running anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.history import Batch, Column, History

SYMBOLS = {
    "max_displacement": "max ‖w − w<sub>0</sub>‖",
    "max_weight_gap": "max ‖w − w̄‖",
    "max_output_gap": "max ‖αh − αh̄‖",
    "kappa": "κ",
    "output_gap": "‖αh − αh̄‖",
    "seed": "seed",
    "width": "m",
    "scale": "α",
}
TITLES = {
    "max_displacement": "largest displacement",
    "max_weight_gap": "largest gap of weights",
    "max_output_gap": "largest gap of outputs",
    "kappa": "laziness criterion",
    "output_gap": "final gap of outputs",
    "width": "width",
    "scale": "scale",
}
SLOPES = {"max_displacement": -1.0, "max_weight_gap": -2.0, "max_output_gap": -1.0}
BASE = {"kind": "lazy", "width": 64, "samples": 10, "steps": 100}
SCALE = {"name": "scale", "start": 1.0, "stop": 1e4, "count": 13, "spacing": "log"}
SEED = {"name": "seed", "start": 0, "stop": 9, "count": 10, "spacing": "linear"}
WIDTH = {"name": "width", "values": [16, 32, 64, 128, 256, 512]}


def sweep(
    *axes: dict[str, Any], done: int | None = None, lost: tuple[int, ...] = (),
    metrics: tuple[str, ...] = tuple(SLOPES), abscissa: str = "",
) -> History:  # fmt: skip
    """A sweep of which `done` runs are finished and those in `lost` diverged."""
    data = {"kind": "sweep", "metrics": list(metrics), "abscissa": abscissa}
    scenario = build_scenario({**data, "base": BASE, "axes": list(axes or (SCALE, SEED))})
    values = {axis.name: axis.values() for axis in scenario.axes}
    names = ("step", "time", *values, "steps_made", "diverged", *SLOPES, "kappa", "output_gap")
    columns = tuple(Column(n, SYMBOLS.get(n, n), TITLES.get(n, n)) for n in names)
    facts = {
        "axes": tuple((a.name, a.values(), a.log) for a in scenario.axes),
        "runs": scenario.steps,
    }
    history = History(scenario, columns, facts)
    finish(history, range(scenario.steps if done is None else done), lost)
    return history


def rows_of(history: History, runs: range, lost: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
    """What these runs would have recorded, by laws with known slopes."""
    run = np.array(runs, dtype=np.intp)
    shape = tuple(len(axis.values()) for axis in history.scenario.axes)
    places = np.unravel_index(run, shape, order="F")
    values = {
        axis.name: axis.values()[place]
        for axis, place in zip(history.scenario.axes, places, strict=True)
    }
    nothing = np.ones(len(run))
    alpha, width = values.get("scale", 30.0 * nothing), values.get("width", 64.0 * nothing)
    seed = values.get("seed", 0.0 * nothing)
    noise = np.exp(0.3 * np.sin(12.9898 * (1 + seed) + 0.2 * np.log(alpha)))
    rows = {"step": run + 1.0, "time": run + 1.0, **values}
    rows |= {"steps_made": 100.0 * nothing, "diverged": np.isin(run, lost).astype(float)}
    rows["max_displacement"] = 1.4 * noise * alpha**-1.0
    rows["max_weight_gap"] = 0.6 * noise**1.5 * alpha**-2.0 * (width / 64) ** -0.5
    rows["max_output_gap"] = 0.1 * noise * alpha**-1.0 * (width / 64) ** -0.5
    rows["kappa"] = 3.0 * noise**2 / alpha / np.sqrt(width / 64)
    rows["output_gap"] = 0.05 * noise / alpha
    for name in (*SLOPES, "kappa", "output_gap"):
        rows[name] = np.where(rows["diverged"] != 0, np.nan, rows[name])
    return rows


def finish(history: History, runs: range, lost: tuple[int, ...] = ()) -> None:
    """Hand a history the rows of these runs."""
    if len(runs) == 0:
        return
    rows = rows_of(history, runs, lost)
    tail = {name: values[-1] for name, values in rows.items()}
    history.append(Batch(runs[0], runs[-1] + 1, rows, tail))
